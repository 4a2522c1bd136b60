"""How people sign in at a federated domain, each way told once as a flow."""

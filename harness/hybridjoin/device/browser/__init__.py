"""A browser without a script engine: how people sign in at a federated domain by way of its pages."""

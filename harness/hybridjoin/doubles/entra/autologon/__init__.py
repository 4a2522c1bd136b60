"""Entra's own token service for the people of a managed domain with Seamless single sign-on."""

"""Entra's side of a sign-in by browser: to the domain's identity provider, back with its answer, and a code for it."""

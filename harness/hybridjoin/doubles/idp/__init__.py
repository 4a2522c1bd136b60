"""The reference identity provider, good or bad in a named way."""

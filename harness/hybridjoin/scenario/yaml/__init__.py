"""YAML with its places, and the mistakes in it."""

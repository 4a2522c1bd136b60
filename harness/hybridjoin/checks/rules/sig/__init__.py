"""The assertion's signature."""

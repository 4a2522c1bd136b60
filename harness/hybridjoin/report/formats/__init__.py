"""The pictures that other programs read."""

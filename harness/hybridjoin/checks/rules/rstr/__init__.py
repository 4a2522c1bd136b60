"""The token service's answer."""

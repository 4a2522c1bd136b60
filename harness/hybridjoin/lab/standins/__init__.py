"""The doubles as a lab runs them."""

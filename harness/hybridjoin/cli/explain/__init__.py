"""What something is, and what is wrong with it."""

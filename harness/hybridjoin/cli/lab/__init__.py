"""Labs and the machine."""

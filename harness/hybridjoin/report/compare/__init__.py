"""What differs between two runs, or two documents."""

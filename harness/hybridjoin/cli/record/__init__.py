"""What is done with the record of a run."""

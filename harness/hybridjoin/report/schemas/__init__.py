"""What the members of records and events mean: the sentences of their schemas."""

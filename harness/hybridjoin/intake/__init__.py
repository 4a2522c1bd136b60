"""What people hand in, read: a domain's federation settings, a captured assertion."""

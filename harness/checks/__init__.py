"""The requirement registry: one sentence of one specification, one small function that reads evidence."""

"""What a flow brought to light, parsed: what checks, screens and records read."""

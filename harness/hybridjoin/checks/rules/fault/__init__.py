"""How refusals are worded."""

"""A certification: what it asks at a place, how it is judged, and what it came to."""

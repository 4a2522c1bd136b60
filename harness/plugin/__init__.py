"""The pytest door: collects scenario files as tests."""

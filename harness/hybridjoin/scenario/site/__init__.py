"""The site file, and what is kept beside it."""

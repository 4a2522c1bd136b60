"""Explanations, metadata and mutations, told apart from any run."""

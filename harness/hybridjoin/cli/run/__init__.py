"""Scenarios and joins."""

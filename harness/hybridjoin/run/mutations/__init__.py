"""Mutations of a good assertion: every fault, and who catches it."""

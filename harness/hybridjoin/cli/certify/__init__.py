"""Certifying a site, and proving the checks."""

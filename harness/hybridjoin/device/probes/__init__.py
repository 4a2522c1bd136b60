"""Probes: single questions to an IdP that no join asks, sans-io like the join and driven by the same hands."""

"""The engine: scenario, site, device, verdicts, told as events."""

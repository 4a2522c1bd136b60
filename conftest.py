"""Wires the plugin for this checkout: `pytest scenarios/` runs the scenario files."""

pytest_plugins = ["hybridjoin.plugin"]

"""The pytest door: `*.scenario.yaml` files are collected, one item for each scenario, and fixtures for tests in Python.

This module is imported by every pytest run of the environment, so it holds the options and nothing heavy:
the engine is loaded by pytest's own plugin loader as soon as a scenario file shows up or a fixture is asked for.
Everything it adds to pytest carries our name, so that a project's own options, marks and fixtures stay its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from hybridjoin.plugin.fixtures import (
    hybridjoin_device,
    hybridjoin_entra,
    hybridjoin_idp,
    hybridjoin_join,
    hybridjoin_lab,
    hybridjoin_site,
)
from hybridjoin.plugin.options import FLAGS, OPTIONS, SUFFIX, ini_key, loaded_engine, owns_workers, scenario_files

__all__ = [
    "hybridjoin_device",
    "hybridjoin_entra",
    "hybridjoin_idp",
    "hybridjoin_join",
    "hybridjoin_lab",
    "hybridjoin_site",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a scenario run, each on the command line and in the project's configuration file."""
    group = parser.getgroup("hybridjoin", "hybrid join scenarios")
    for option, metavar, text in OPTIONS:
        group.addoption(option, metavar=metavar, help=text)
        parser.addini(ini_key(option), text, type="string", default="")
    for option, text in FLAGS:
        group.addoption(option, action="store_true", help=text)
        parser.addini(ini_key(option), text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Name our mark; load the engine in the controller of an xdist run, which collects nothing but owns the lab."""
    config.addinivalue_line("markers", "hybridjoin: a scenario of hybridjoin, collected from a *.scenario.yaml file")
    if owns_workers(config) and any(scenario_files(config)):
        loaded_engine(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the scenario files."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return cast("pytest.Collector", loaded_engine(parent.config).ScenarioFile.from_parent(parent, path=file_path))

"""The pytest door: `*.scenario.yaml` files are collected, one item for each scenario.

This module is imported by every pytest run of the environment, so it holds the options and nothing heavy:
the engine is loaded by pytest's own plugin loader as soon as a scenario file shows up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest

SUFFIX: Final = ".scenario.yaml"
_ENGINE: Final = "hybridjoin.plugin.engine"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a scenario run."""
    group = parser.getgroup("hybridjoin", "hybrid join scenarios")
    group.addoption("--lab", metavar="BACKEND", help="what runs the lab's domain controller: docker or process")
    group.addoption("--site", metavar="FILE", type=Path, help="run against the place that a *.site.yaml file names")
    group.addoption("--report-dir", metavar="DIR", type=Path, help="where reports are written (default: reports)")


def pytest_configure(config: pytest.Config) -> None:
    """Load the engine in the controller of an xdist run, which collects nothing itself but owns the lab."""
    if owns_workers(config) and any(scenario_files(config)):
        _engine(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the scenario files."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return cast("pytest.Collector", _engine(parent.config).ScenarioFile.from_parent(parent, path=file_path))


def _engine(config: pytest.Config) -> Any:  # noqa: ANN401 - a module
    config.pluginmanager.import_plugin(_ENGINE)
    return config.pluginmanager.get_plugin(_ENGINE)


def owns_workers(config: pytest.Config) -> bool:
    """Whether this is the controller of several pytest processes."""
    return bool(config.getoption("numprocesses", default=None)) and not is_worker(config)


def is_worker(config: pytest.Config) -> bool:
    """Whether this is one of several pytest processes that run items."""
    return hasattr(config, "workerinput")


def scenario_files(config: pytest.Config) -> Iterator[Path]:
    """Return the scenario files below what the command line names."""
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        elif path.name.endswith(SUFFIX):
            yield path

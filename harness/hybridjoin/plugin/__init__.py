"""The pytest door: `*.scenario.yaml` files are collected, one item for each scenario, and fixtures for tests in Python.

This module is imported by every pytest run of the environment, so it holds the options and nothing heavy:
the engine is loaded by pytest's own plugin loader as soon as a scenario file shows up or a fixture is asked for.
Everything it adds to pytest carries our name, so that a project's own options, marks and fixtures stay its own.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest

SUFFIX: Final = ".scenario.yaml"
LAB_OPTION: Final = "--hybridjoin-lab"
SITE_OPTION: Final = "--hybridjoin-site"
REPORT_OPTION: Final = "--hybridjoin-report-dir"
_ENGINE: Final = "hybridjoin.plugin.engine"
_OPTIONS: Final = (
    (LAB_OPTION, "BACKEND", "what runs the lab's domain controller: docker or process"),
    (SITE_OPTION, "FILE", "run against the place that a *.site.yaml file names, instead of a lab"),
    (REPORT_OPTION, "DIR", "where reports of scenarios are written (default: reports, below the root directory)"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a scenario run, each on the command line and in the project's configuration file."""
    group = parser.getgroup("hybridjoin", "hybrid join scenarios")
    for option, metavar, text in _OPTIONS:
        group.addoption(option, metavar=metavar, help=text)
        parser.addini(_ini_key(option), text, type="string", default="")


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


def loaded_engine(config: pytest.Config) -> Any:  # noqa: ANN401 - a module
    """Return the engine, loaded and registered with pytest."""
    config.pluginmanager.import_plugin(_ENGINE)
    return config.pluginmanager.get_plugin(_ENGINE)


def setting(config: pytest.Config, option: str) -> str:
    """Return what the command line says, or else the project's configuration file, or an empty text."""
    return config.getoption(option) or str(config.getini(_ini_key(option)))


def path_setting(config: pytest.Config, option: str) -> Path | None:
    """Return a path: from the command line it counts from here, from a configuration file from that file's folder."""
    named = config.getoption(option)
    if named:
        return Path(named)
    written = str(config.getini(_ini_key(option)))
    folder = config.inipath.parent if config.inipath else config.rootpath
    return folder / written if written else None


def _ini_key(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")


def owns_workers(config: pytest.Config) -> bool:
    """Whether this is the controller of several pytest processes."""
    return bool(config.getoption("numprocesses", default=None)) and not is_worker(config)


def is_worker(config: pytest.Config) -> bool:
    """Whether this is one of several pytest processes that run items."""
    return hasattr(config, "workerinput")


def scenario_files(config: pytest.Config) -> Iterator[Path]:
    """Yield the scenario files below what the command line names; pytest's own rule says which folders are left out."""
    left_out = config.getini("norecursedirs")
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        if path.name.endswith(SUFFIX):
            yield path
            continue
        for folder, below, files in os.walk(path):
            below[:] = sorted(name for name in below if not any(fnmatch.fnmatch(name, rule) for rule in left_out))
            yield from (Path(folder, name) for name in sorted(files) if name.endswith(SUFFIX))

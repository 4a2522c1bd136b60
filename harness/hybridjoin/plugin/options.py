"""What the plugin's modules know of pytest's configuration; light, for every pytest run imports it."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

SUFFIX: Final = ".scenario.yaml"
LAB_OPTION: Final = "--hybridjoin-lab"
SITE_OPTION: Final = "--hybridjoin-site"
REPORT_OPTION: Final = "--hybridjoin-report-dir"
ANONYMISE_OPTION: Final = "--hybridjoin-anonymise"
_ENGINE: Final = "hybridjoin.plugin.engine"
OPTIONS: Final = (
    (LAB_OPTION, "BACKEND", "what runs the lab's domain controller: docker or process"),
    (SITE_OPTION, "FILE", "run against the place that a *.site.yaml file names, instead of a lab"),
    (REPORT_OPTION, "DIR", "where reports of scenarios are written (default: reports, below the root directory)"),
)
FLAGS: Final = (
    (
        ANONYMISE_OPTION,
        "call hosts, domains, accounts, GUIDs, SIDs and addresses otherwise in the reports, which judge as they did",
    ),
)


def loaded_engine(config: pytest.Config) -> Any:  # noqa: ANN401 - a module
    """Return the engine, loaded and registered with pytest."""
    config.pluginmanager.import_plugin(_ENGINE)
    return config.pluginmanager.get_plugin(_ENGINE)


def setting(config: pytest.Config, option: str) -> str:
    """Return what the command line says, or else the project's configuration file, or an empty text."""
    return config.getoption(option) or str(config.getini(ini_key(option)))


def is_set(config: pytest.Config, option: str) -> bool:
    """Whether the command line, or else the project's configuration file, says so."""
    return bool(config.getoption(option) or config.getini(ini_key(option)))


def path_setting(config: pytest.Config, option: str) -> Path | None:
    """Return a path: from the command line it counts from here, from a configuration file from that file's folder."""
    named = config.getoption(option)
    if named:
        return Path(named)
    written = str(config.getini(ini_key(option)))
    folder = config.inipath.parent if config.inipath else config.rootpath
    return folder / written if written else None


def ini_key(option: str) -> str:
    """Return the key of an option in a project's configuration file."""
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

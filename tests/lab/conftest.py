"""One domain for all tests of this room, and a state directory that is theirs alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from hybridjoin.lab.domain import Domain
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file

ROOT = Path(__file__).parent.parent.parent
Tool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def state() -> Iterator[Path]:
    """A state directory with a short path: samba's sockets live below it."""
    folder, before = Path(tempfile.mkdtemp(prefix="hj-")), os.environ.get(STATE_VARIABLE)
    os.environ[STATE_VARIABLE] = str(folder)
    yield folder
    os.environ.pop(STATE_VARIABLE)
    if before is not None:
        os.environ[STATE_VARIABLE] = before
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def lab_file() -> LabFile:
    return load_lab_file(ROOT / "scenarios" / "default.lab.yaml")


@pytest.fixture(scope="session")
def domain(lab_file: LabFile, state: Path) -> Iterator[Domain]:
    with ProcessBackend().start(lab_file) as running:
        yield running


@pytest.fixture
def tool_for() -> Callable[[Domain, Path], Tool]:
    """Make a runner of Kerberos and LDAP tools for a domain, with a ticket cache in a folder."""
    return _tool_for


@pytest.fixture
def tool(domain: Domain, tmp_path: Path) -> Tool:
    """Run a Kerberos or LDAP tool against the domain of all tests, with a ticket cache of its own."""
    return _tool_for(domain, tmp_path)


def _tool_for(domain: Domain, folder: Path, extra: Mapping[str, str] | None = None) -> Tool:
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "KRB5_CONFIG": str(domain.directory.krb5_config),
        "KRB5CCNAME": f"FILE:{folder / 'ccache'}",
        "LDAPTLS_CACERT": str(domain.ca_file),
        "LDAPSASL_NOCANON": "on",
        **(extra or {}),
    }

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)

    return run

"""One lab for this room's tests: a real Samba AD, and the doubles behind TLS."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hybridjoin.lab.domain import Domain
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.scenario.lab.load import load_lab_file

DEFAULT_LAB = Path(__file__).parent.parent.parent / "scenarios" / "default.lab.yaml"


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """A warm lab, with a state directory of its own: samba's sockets need a short path."""
    folder, before = Path(tempfile.mkdtemp(prefix="hj-")), os.environ.get(STATE_VARIABLE)
    os.environ[STATE_VARIABLE] = str(folder)
    try:
        with Lab(load_lab_file(DEFAULT_LAB), backend=ProcessBackend()) as running:
            yield running
    finally:
        os.environ.pop(STATE_VARIABLE)
        if before is not None:
            os.environ[STATE_VARIABLE] = before
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def domain(lab: Lab) -> Domain:
    return lab.domain

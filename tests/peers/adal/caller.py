"""ADAL for Python, which Microsoft keeps no longer and scripts still use: a person by name and password."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.peers import by_password, python
from tests.peers.callers import Caller, Told
from tests.peers.hall import Hall

HERE = Path(__file__).parent


def visit(brought: Path, hall: Hall) -> Iterator[Told]:
    """Sign carol in."""
    yield "sign-in-username", list(by_password.faults(by_password.program(HERE / "glue.py", brought, hall), hall))


CALLER = Caller(
    name="adal",
    title="ADAL for Python 1.2.7",
    lock="adal.txt",
    fetch=partial(python.fetch, lock=HERE / "adal.txt"),
    doors={"sign-in-username": by_password.WORKS},
    visit=visit,
)

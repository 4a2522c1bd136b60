"""MSAL for Python, Microsoft's own client of today: a person by name and password."""

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
    name="msal",
    title="MSAL for Python 1.39.0",
    lock="msal.txt",
    fetch=partial(python.fetch, lock=HERE / "msal.txt"),
    doors={"sign-in-username": by_password.WORKS},
    visit=visit,
)

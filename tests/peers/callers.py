"""Callers: clients of other houses at our doubles, each in a folder of its own that tells everything in `caller.py`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hybridjoin.model.flows import FLOWS
from tests.peers.catalogue import HERE

if TYPE_CHECKING:
    from tests.peers.hall import Hall

Told = tuple[str, Sequence[str]]
"""A door, by its flow's name, and what was wrong there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A client of another house, which comes through doors of the identity provider and the tenant of ours.

    `doors` says of each, by its flow's name, what has to work there; `refused_at` names those where it gets nothing,
    with words of what it says then. `visit` goes through them, given the folder that it was brought into, and yields
    each door with what was wrong there.
    """

    name: str
    title: str
    lock: str
    fetch: Callable[[Path], None]
    doors: Mapping[str, str]
    visit: Callable[[Path, Hall], Iterator[Told]]
    refused_at: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where everything of this caller lies."""
        return HERE / self.name


def callers() -> dict[str, Caller]:
    """Return every caller by its name: each folder that holds a `caller.py` is one."""
    names = sorted(path.parent.name for path in HERE.glob("*/caller.py"))
    return {name: importlib.import_module(f"tests.peers.{name}.caller").CALLER for name in names}


def doors() -> tuple[str, ...]:
    """Return the doors that any caller comes through, in the order of the flows."""
    used = {door for caller in callers().values() for door in caller.doors}
    return tuple(flow.name for flow in FLOWS if flow.name in used)

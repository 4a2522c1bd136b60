"""roadlib as a caller: which of its answers belongs to which door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.peers.callers import Caller, Told
from tests.peers.hall import Hall
from tests.peers.roadlib.guest import ROADLIB, faults, visit

STEPS = {
    "token v1": "join",
    "token v2.0": "join",
    "join type 6": "join",
    "person's token": "sign-in-username",
    "person's registration token": "work-account",
    "join type 0": "work-account",
    "join type 4": "work-account",
    "join type 6 of a person": "work-account",
    "primary refresh token": "prt",
    "synchronized join": "managed-join",
    "removal": "leave",
    "both removed": "leave",
}


def doors_of(found: list[str]) -> Iterator[Told]:
    """Say of each door what was wrong there; what is of no step is the join's, which is most of it."""
    for door in DOORS:
        yield door, [fault for fault in found if STEPS.get(fault.partition(": ")[0], "join") == door]


def visited(brought: Path, hall: Hall) -> Iterator[Told]:
    """Let it do all that it can, in a network of its own once more: its double notes what it was asked."""
    yield from doors_of(list(faults(visit(brought, hall.folder))))


DOORS = {
    "join": "a computer's token at both endpoints, and join type 6 by it",
    "sign-in-username": "a person's token by realm, metadata and usernamemixed",
    "prt": "a primary refresh token by the assertion, in a request that the device signs",
    "work-account": "join types 0 and 4 by a person's token, which is refused for type 6",
    "managed-join": "the synchronized join, by SID and userCertificate's key",
    "leave": "removal by the certificate of each device",
}
CALLER = Caller(name="roadlib", title=ROADLIB.title, lock=ROADLIB.lock, fetch=ROADLIB.fetch, doors=DOORS, visit=visited)

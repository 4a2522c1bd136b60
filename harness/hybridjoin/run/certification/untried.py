"""The doors of a certification in the end: which were tried, why others were not, and what is not known for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.model.door_row import DoorRow, DoorState
from hybridjoin.model.flows import find_flow
from hybridjoin.model.verdict import NotTested, Outcome, Untested, Verdict
from hybridjoin.run.certification.doors import DOORS, Door
from hybridjoin.run.certification.requirement_rows import Judgement
from hybridjoin.run.certification.signing_in import person_of
from hybridjoin.run.certification.tried import Gathered

_WHY: Final = {
    DoorState.NOT_OFFERED: "the identity provider does not offer the door",
    DoorState.NOBODY: "the site file names nobody who signs in (people)",
    DoorState.NO_DEVICE: "no device has joined, and a logon is one on a joined device",
    DoorState.LEFT_OUT: "it is none of the doors that were asked for (--doors)",
    DoorState.NOT_REACHED: "the certification ended before it",
}


def door_rows(found: Gathered) -> tuple[DoorRow, ...]:
    """Return what became of each door that there is."""
    return tuple(_row(door, found) for door in DOORS)


def _row(door: Door, found: Gathered) -> DoorRow:
    state = _state(door, found)
    by_default = state is DoorState.LEFT_OUT and not found.plan.demanded
    return door.row(state, (by_default and door.by_name) or _WHY.get(state, ""))


def _state(door: Door, found: Gathered) -> DoorState:
    if door not in found.plan.doors:
        return DoorState.LEFT_OUT
    ways = [tried for tried in found.tried if tried.flow is door.flow]
    if ways:
        return DoorState.TRIED if ways[0].offered else DoorState.NOT_OFFERED
    nobody = found.site is not None and person_of(found.plan, found.site) is None
    if door.flow.table.persons and nobody:
        return DoorState.NOBODY
    no_device = door.on_device and found.device is None and not found.interrupted
    return DoorState.NO_DEVICE if no_device else DoorState.NOT_REACHED


def of_untried(doors: Iterable[DoorRow], requirements: Iterable[Requirement]) -> Iterator[Judgement]:
    """Say of each requirement why a door that was not tried has not answered it; any other answer is louder.

    What a door would have answered that was not reached any more is left open.
    """
    rows = tuple(doors)
    ahead = [find_flow(row.flow) for row in rows if row.state is DoorState.NOT_REACHED]
    open_still = {item.id for table in ahead if table is not None for item in BOOK.of_flow(table)}
    asked = tuple(item for item in requirements if item.id not in open_still)
    for row in rows:
        table = find_flow(row.flow)
        if row.state in {DoorState.TRIED, DoorState.NOT_REACHED} or table is None:
            continue
        own = {item.id for item in BOOK.of_flow(table)}
        why = NotTested(reason=Untested.NOT_GIVEN, detail=f"the door '{row.door}' was not tried: {row.why}")
        silent = tuple(
            Verdict(
                requirement=item.id,
                level=item.level,
                outcome=Outcome.SKIPPED,
                sentence=item.sentence,
                not_tested=why,
            )
            for item in asked
            if item.id in own
        )
        yield Judgement(label=row.door, verdicts=silent)

"""Holds what was found against a site's lists: what is forgiven, what did not happen, what is past its date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from hybridjoin.model.record import DeviationRow
from hybridjoin.model.requirement_row import DeviationList, RequirementRow
from hybridjoin.model.verdict import BROKEN, Outcome
from hybridjoin.scenario.site.adapter import Adapter
from hybridjoin.scenario.site.deviation_file import LISTS, Deviation

DID_NOT_HAPPEN: Final = "did not happen"
PAST_ITS_DATE: Final = "past its date"
SUGGESTED_DAYS: Final = 90
_LONGEST_REASON: Final = 120

Undecided = Callable[[RequirementRow], bool]
"""Tells whether a skipped requirement says nothing about a row, because something else kept us from asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The requirements, with what is forgiven marked, and the rows of the lists with what became of them."""

    requirements: tuple[RequirementRow, ...]
    deviations: tuple[DeviationRow, ...]


def hold_against(
    requirements: Sequence[RequirementRow], deviations: Iterable[Deviation], *, today: date, undecided: Undecided
) -> Held:
    """Mark what the lists forgive; a row past its date forgives nothing, and flapping rows neither fail nor heal.

    Rows about requirements that were not selected are left out: this run has nothing to say about them.
    """
    asked = [row for row in deviations if any(row.names(item.id) for item in requirements)]
    valid = [row for row in asked if row.expires >= today]
    marked = tuple(_marked(item, valid) for item in requirements)
    told = tuple(_told(row, [item for item in marked if row.names(item.id)], today, undecided) for row in asked)
    return Held(requirements=marked, deviations=told)


def _marked(item: RequirementRow, valid: list[Deviation]) -> RequirementRow:
    row = next((row for row in valid if row.names(item.id)), None)
    return item if row is None or item.outcome not in BROKEN else replace(item, deviation=row.list)


def _told(row: Deviation, named: list[RequirementRow], today: date, undecided: Undecided) -> DeviationRow:
    happened = any(item.outcome in BROKEN for item in named)
    problem = ""
    if row.expires < today:
        problem = PAST_ITS_DATE
    elif not happened and row.list is not DeviationList.FLAPPING and _decided(named, undecided):
        problem = DID_NOT_HAPPEN
    return DeviationRow(
        requirement=row.requirement,
        list=row.list,
        owner=row.owner,
        reason=row.reason,
        expires=row.expires,
        happened=happened,
        problem=problem,
        place=row.place,
    )


def _decided(named: list[RequirementRow], undecided: Undecided) -> bool:
    return not any(
        item.outcome is Outcome.INTERRUPTED or (item.outcome is Outcome.SKIPPED and undecided(item)) for item in named
    )


def suggest(
    requirements: Iterable[RequirementRow], *, adapter: Adapter | None, owner: str, today: date, fresh: bool
) -> str:
    """Return rows for what is broken and forgiven by no list, ready to paste; `fresh` where the lists are empty.

    Where they are not, each list's rows come under a comment that names the list, for a key cannot stand twice.
    """
    rows: dict[str, list[str]] = {name: [] for name in LISTS}
    for item in requirements:
        if item.outcome not in BROKEN or item.deviation:
            continue
        starter = adapter.starter(item.id) if adapter else None
        name = starter.list.value if starter else DeviationList.KNOWN.value
        rows[name].append(_pasted(item, starter.reason if starter else "", owner, today))
    parts = [
        (f"{name}:\n" if fresh else f"# under `{name}:`\n") + "".join(texts) for name, texts in rows.items() if texts
    ]
    return "".join(parts)


def _pasted(item: RequirementRow, reason: str, owner: str, today: date) -> str:
    why = reason or item.found or f"{item.outcome}: {item.sentence}"
    if len(why) > _LONGEST_REASON:
        why = f"{why[:_LONGEST_REASON]}…"
    return (
        f"  - requirement: {item.id} # {item.sentence}\n"
        f"    owner: {_quoted(owner)}\n"
        f"    reason: {_quoted(why)}\n"
        f"    expires: {today + timedelta(days=SUGGESTED_DAYS)}\n"
    )


def _quoted(text: str) -> str:
    """Write text as a double-quoted YAML scalar on one line."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'

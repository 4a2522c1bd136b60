"""Finds in a recorded message what a place names: its first line, a header, or a line of its body laid out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hybridjoin.model.where import Spot, Where
from hybridjoin.report.drawn import DrawnMessage
from hybridjoin.report.page.pretty import Line, lay_out
from hybridjoin.report.where_text import field_words

_ATTRIBUTE: Final = re.compile(r"\s(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NAMING: Final = frozenset({"name", "id", "attributename"})
_DISTINGUISHED_NAME: Final = "dn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What of a message is marked: a line of its body or a header, both from 0; with neither its first line."""

    header: int | None = None
    line: int | None = None


FIRST_LINE: Final = Target()


def find_spot(where: Where, message: DrawnMessage) -> Target | None:
    """Return what of a message a place names, or None where that does not stand in it."""
    match where.spot:
        case Spot.MESSAGE | Spot.STATUS:
            return FIRST_LINE
        case Spot.HEADER:
            names = [name.lower() for name, _ in message.headers]
            wanted = where.name.lower()
            return Target(header=names.index(wanted)) if wanted in names else None
        case Spot.ENTRY | Spot.TICKET | Spot.MEMBER:
            wanted = field_words(where).lower() or _DISTINGUISHED_NAME
            found = _first(message.body, lambda line: line.member.lower() == wanted)
            return FIRST_LINE if found is None and not where.name else found
        case Spot.ELEMENT:
            lines = _lines(message.body)
            inside = _of_assertion(lines, where.assertion) if where.assertion else range(len(lines))
            return next((Target(line=at) for at in inside if _is_element(lines[at], where)), None)


def local_name(name: str) -> str:
    """Return a name as a message bears it, without its prefix or the way to it: `Spn` of `Identity/Spn`."""
    return name.rpartition(":")[2].rpartition("/")[2]


def _first(body: str, is_meant: Callable[[Line], bool]) -> Target | None:
    return next((Target(line=at) for at, line in enumerate(_lines(body)) if is_meant(line)), None)


@lru_cache(maxsize=32)
def _lines(body: str) -> tuple[Line, ...]:
    return tuple(lay_out(body))


def _of_assertion(lines: Sequence[Line], number: int) -> range:
    """Return the lines of one of several assertions, from its start tag to its end; none where it is not shown."""
    starts = [at for at, line in enumerate(lines) if line.tag and line.name == "Assertion"]
    if number > len(starts):
        return range(0)
    begin = starts[number - 1]
    outside = (at for at in range(begin + 1, len(lines)) if lines[at].depth <= lines[begin].depth)
    return range(begin, next(outside, len(lines)))


def _is_element(line: Line, where: Where) -> bool:
    """Tell whether a line is the start tag that a place names, or holds the attribute that it names."""
    if not line.tag or (where.line and not line.first <= where.line <= line.last):
        return False
    wanted = local_name(where.name)
    attributes = [(match[1], match[2] or match[3] or "") for match in _ATTRIBUTE.finditer(line.tag)]
    if not wanted:
        return any(name.lower() in _NAMING and value == where.label for name, value in attributes)
    if line.name != wanted:
        return not where.label and any(name == wanted for name, _ in attributes)
    return not where.label or any(where.label in pair for pair in attributes)

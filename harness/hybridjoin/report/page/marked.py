"""Sets off the offending elements in a message that is laid out for reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hybridjoin.model.where import Where
from hybridjoin.report.page.pretty import Line, cut_short, lay_out

_ATTRIBUTE = re.compile(r"\s(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_WHOLE_ELEMENT = 8
_NAMING = frozenset({"name", "id", "attributename"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A body with its marks; `found` are the numbers of the spots that are in it."""

    text: Markup
    found: frozenset[int]


def mark_spots(body: str, spots: Sequence[tuple[Where, str]], prefix: str) -> Marked:
    """Lay a body out and mark spots, each with words for why; spot number n becomes the element `<prefix>.n`."""
    lines = lay_out(body)
    marks: dict[int, list[Markup]] = {}
    covered: set[int] = set()
    found = set()
    for number, (spot, why) in enumerate(spots):
        at = _find(lines, spot)
        if at is None:
            continue
        found.add(number)
        marks.setdefault(at, []).append(
            Markup('<mark class="spot" tabindex="-1" id="{}.{}" data-why="{}">').format(prefix, number, why)
        )
        covered.update(range(at, _end(lines, at) + 1))
    text = Markup("\n").join(_line(line.text, marks.get(at, []), at in covered) for at, line in enumerate(lines))
    return Marked(text=text + cut_short(body, lines), found=frozenset(found))


def _line(text: Markup, opening: Sequence[Markup], covered: bool) -> Markup:  # noqa: FBT001 - private, and read beside its call
    if opening:
        return Markup("").join(opening) + text + Markup("</mark>") * len(opening)
    return Markup('<mark class="spot">') + text + Markup("</mark>") if covered else text


def _find(lines: Sequence[Line], spot: Where) -> int | None:
    return next((at for at, line in enumerate(lines) if _is_meant(line, spot)), None)


def local_name(name: str) -> str:
    """Return a name as a message bears it, without its prefix or the way to it: `Spn` of `Identity/Spn`."""
    return name.rpartition(":")[2].rpartition("/")[2]


def _is_meant(line: Line, spot: Where) -> bool:
    wanted = local_name(spot.name)
    if line.member:
        return line.member == wanted
    if not line.tag:
        return False
    if spot.line and not line.first <= spot.line <= line.last:
        return False
    attributes = [(match[1], match[2] or match[3] or "") for match in _ATTRIBUTE.finditer(line.tag)]
    if not wanted:
        return any(name.lower() in _NAMING and value == spot.label for name, value in attributes)
    if line.name != wanted:
        return not spot.label and any(name == wanted for name, _ in attributes)
    return not spot.label or any(spot.label in pair for pair in attributes)


def _end(lines: Sequence[Line], at: int) -> int:
    """Return the last line of the element that begins at a line; of a long one only its start tag is marked."""
    if not lines[at].opens:
        return at
    for end in range(at + 1, min(at + _WHOLE_ELEMENT, len(lines))):
        if lines[end].depth <= lines[at].depth:
            return end
    return at

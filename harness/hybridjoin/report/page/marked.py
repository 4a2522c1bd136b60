"""Sets off the offending lines of a message that is laid out for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from hybridjoin.report.page.pretty import Line, cut_short, lay_out

_WHOLE_ELEMENT = 8


def mark_lines(body: str, reasons: Mapping[int, str], prefix: str) -> Markup:
    """Lay a body out and mark lines, each with words for why; line number n becomes the element `<prefix>.n`.

    An element is marked to its end, a long one at its start tag only.
    """
    lines = lay_out(body)
    covered = {inside for at in reasons for inside in range(at, _end(lines, at) + 1)}
    text = Markup("\n").join(
        _line(line.text, _opening(prefix, at, reasons[at]) if at in reasons else Markup(), at in covered)
        for at, line in enumerate(lines)
    )
    return text + cut_short(body, lines)


def _opening(prefix: str, at: int, why: str) -> Markup:
    return Markup('<mark class="spot" tabindex="-1" id="{}.{}" data-why="{}">').format(prefix, at, why)


def _line(text: Markup, opening: Markup, covered: bool) -> Markup:  # noqa: FBT001 - private, and read beside its call
    if opening:
        return opening + text + Markup("</mark>")
    return Markup('<mark class="spot">') + text + Markup("</mark>") if covered else text


def _end(lines: Sequence[Line], at: int) -> int:
    """Return the last line of the element that begins at a line; of a long one only its start tag is marked."""
    if not lines[at].opens:
        return at
    for end in range(at + 1, min(at + _WHOLE_ELEMENT, len(lines))):
        if lines[end].depth <= lines[at].depth:
            return end
    return at

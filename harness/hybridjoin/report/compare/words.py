"""A comparison in words: plain lines for a terminal, Markdown for a pull request, JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from hybridjoin.model.shown import shown
from hybridjoin.report.compare.runs import Change, ChangeKind, ComparedRun, Comparison, Topic

FORMAT = "hybridjoin-comparison/1"
_HEADINGS = {
    Topic.REQUIREMENT: "Requirements",
    Topic.SCENARIO: "Scenarios",
    Topic.JOIN: "Joins",
    Topic.CLAIM: "Claims",
}
_SIGNS = {ChangeKind.NEW: "✕", ChangeKind.FIXED: "✓", ChangeKind.CHANGED: "~"}
_WORSE = _SIGNS[ChangeKind.NEW]
_FEW = 3


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        "format": FORMAT,
        "differs": bool(comparison.changes),
        "counts": {kind: comparison.count(kind) for kind in ChangeKind},
        **asdict(comparison),
    }


def comparison_text(comparison: Comparison) -> str:
    """Write the comparison in plain lines."""
    return "\n".join(_lines(shown(comparison))) + "\n"


def comparison_markdown(comparison: Comparison) -> str:
    """Write the comparison as Markdown; what peers said is escaped."""
    comparison = shown(comparison)
    lines = [f"**{summary(comparison)}**", "", "| | run | tool | site | profile | at |", "|---|---|---|---|---|---|"]
    for name, side in (("A", comparison.before), ("B", comparison.after)):
        cells = (name, side.run_id, side.tool, side.site, side.profile, side.started_at)
        lines.append(_row(cells))
    lines += [f"\n> {_escaped(note)}" for note in comparison.notes]
    for topic, heading in _HEADINGS.items():
        rows = [item for item in comparison.changes if item.topic is topic]
        if not rows:
            continue
        lines += ["", f"### {heading}", "", "| | what | A | B | note |", "|---|---|---|---|---|"]
        lines += [_row((item.kind, item.name, item.before, item.after, _note(item))) for item in rows]
    return "\n".join(lines) + "\n"


def summary(comparison: Comparison) -> str:
    """Say in one line how the two runs differ."""
    if not comparison.changes:
        return "No difference"
    counts = ((comparison.count(kind), kind) for kind in ChangeKind)
    return ", ".join(f"{number} {kind}" for number, kind in counts if number)


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"A  {_side(comparison.before)}"
    yield f"B  {_side(comparison.after)}"
    yield from (f"!  {note}" for note in comparison.notes)
    for topic, heading in _HEADINGS.items():
        rows = [item for item in comparison.changes if item.topic is topic]
        if rows:
            yield ""
            yield heading
        for item in rows:
            sign = _WORSE if item.worse else _SIGNS[item.kind]
            yield f"{sign} {item.kind:<7}  {item.name}"
            yield f"      A  {item.before}"
            yield f"      B  {item.after}"
            if note := _note(item):
                yield f"         {note}"
    yield ""
    yield summary(comparison)


def _side(side: ComparedRun) -> str:
    profile = f", profile {side.profile}" if side.profile else ""
    return f"{side.run_id}  {side.site}{profile}, {side.started_at}, {side.tool}"


def _note(item: Change) -> str:
    shown = ", ".join(item.scenarios[:_FEW])
    more = len(item.scenarios) - _FEW
    places = f"in {shown}{f' and {more} more' if more > 0 else ''}" if shown else ""
    return " · ".join(part for part in (item.note, places) if part)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Keep a peer's words from becoming markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{char}" if char in "\\|`*_[]~!#@" else char for char in text)

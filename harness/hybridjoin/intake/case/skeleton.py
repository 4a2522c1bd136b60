"""Two screens of `dsregcmd /join /debug` side by side, whatever laboratory or house they come from.

What differs from place to place (ids, times, hosts, addresses, names) becomes a placeholder; codes, statuses, phases
and labels stay. Prompts, blank lines and a console's line breaks are no part of a screen, and the log that Windows
prints a second time, backwards, counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice
from typing import Final

from hybridjoin.intake.case.screen_lines import (
    CORRELATED,
    END,
    Builds,
    LineForm,
    Weight,
    form_of,
    status_form,
)
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.dsregcmd_debug import LINE
from hybridjoin.intake.files.fact import Basis
from hybridjoin.intake.files.text_lines import TextLine, clean, unwrap

LIMIT_ROWS: Final = 500
"""Rows of a screen that are compared; one has about a hundred."""
_STAMP: Final = re.compile(r"(?:\[[^\]]{8,30}\] ?)+")
# No line break stands between the request id and the line that follows it.
_GLUED: Final = re.compile(r"(.*?ClientRequestId: ?[^\s:]{0,40}?)(DsrCmdAccountMgr::.*)")
_LOGGED: Final = ("AdalLog:", "GetStatus returned failure")
_MISSING_DEVICE: Final = ("0x801c03f2", "0x801c03f3")


@dataclass(frozen=True, slots=True, kw_only=True)
class SkeletonRow:
    """A line of a screen: `text` has the placeholders, `said` is the line as it stood, `line` where, counted from 1."""

    text: str
    said: str
    line: int
    form: LineForm


class RowLikeness(StrEnum):
    """How a row of one screen stands to its neighbour on the other."""

    SAME = "same"
    BUILD = "another build"
    ASIDE = "tells nothing of the failure"
    PARTED = "parted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One or two rows that stand for each other; `why` says what explains a difference, `basis` how that is known."""

    theirs: SkeletonRow | None
    ours: SkeletonRow | None
    likeness: RowLikeness
    why: str = ""
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenComparison:
    """Two screens, row by row."""

    rows: tuple[ComparedRow, ...]

    @property
    def parting(self) -> ComparedRow | None:
        """The first row where they part materially."""
        return next((row for row in self.rows if row.likeness is RowLikeness.PARTED), None)

    @property
    def alike(self) -> bool:
        """Whether nothing parts them but builds and notes."""
        return self.parting is None


def skeleton(lines: Iterable[str]) -> tuple[SkeletonRow, ...]:
    """Return what is left of a screen without its place and time, as far as a screen goes."""
    return tuple(islice(_once(_rows(lines)), LIMIT_ROWS))


def _rows(lines: Iterable[str]) -> Iterator[SkeletonRow]:
    read = [TextLine(number, _cleaned(text)) for number, text in enumerate(lines, start=1)]
    ended = False
    for line in unwrap(read, LINE):
        for part in _parts(line.text):
            form = status_form(part) if ended else form_of(part)
            if form is not None:
                ended = ended or form.text == END
                yield SkeletonRow(text=form.text, said=part, line=line.number, form=form)


def _cleaned(text: str) -> str:
    """Undo what mails and terminals did, as often as it was done."""
    while (cleaner := clean(text)) != text:
        text = cleaner
    return text


def _parts(text: str) -> tuple[str, ...]:
    bare = _STAMP.sub("", text.strip(), count=1)
    glued = _GLUED.fullmatch(bare)
    return glued.groups() if glued is not None else (bare,)


def _once(rows: Iterable[SkeletonRow]) -> Iterator[SkeletonRow]:
    """Leave out the log's second telling: lines of the log behind a correlation id that were told before it."""
    told: set[str] = set()
    again = False
    for row in rows:
        again = row.text == CORRELATED or (again and row.text.startswith(_LOGGED))
        if not (again and row.text in told and row.text != CORRELATED):
            told.add(row.text)
            yield row


def compare(theirs: Iterable[str], ours: Iterable[str]) -> ScreenComparison:
    """Lay two screens side by side and say where they part.

    A line that only some builds print parts nothing, nor does a note of a step, nor how a failure is framed; a
    screen that was cut short says nothing of what would have followed.
    """
    left, right = skeleton(theirs), skeleton(ours)
    rows = [_judged(mine, other) for mine, other in _aligned(left, right)]
    if not any(row.text == END for row in left):
        rows = list(_beyond(rows))
    return ScreenComparison(rows=tuple(rows))


def _aligned(
    left: tuple[SkeletonRow, ...], right: tuple[SkeletonRow, ...]
) -> Iterator[tuple[SkeletonRow | None, SkeletonRow | None]]:
    """Pair rows of one text, and between those the ones that stand in one slot."""
    for tag, a, b, c, d in _opcodes([row.text for row in left], [row.text for row in right]):
        if tag == "equal":
            yield from zip(left[a:b], right[c:d], strict=True)
        else:
            yield from _by_slot(left[a:b], right[c:d])


def _by_slot(
    left: tuple[SkeletonRow, ...], right: tuple[SkeletonRow, ...]
) -> Iterator[tuple[SkeletonRow | None, SkeletonRow | None]]:
    for tag, a, b, c, d in _opcodes([row.form.slot for row in left], [row.form.slot for row in right]):
        if tag == "equal":
            yield from zip(left[a:b], right[c:d], strict=True)
        else:
            yield from ((row, None) for row in left[a:b])
            yield from ((None, row) for row in right[c:d])


def _opcodes(left: list[str], right: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, left, right, autojunk=False).get_opcodes()


def _judged(theirs: SkeletonRow | None, ours: SkeletonRow | None) -> ComparedRow:
    """Say what a pair of rows comes to, or a row that only one screen has."""
    likeness, why, basis = _verdict(theirs, ours)
    return ComparedRow(theirs=theirs, ours=ours, likeness=likeness, why=why, basis=basis)


def _verdict(theirs: SkeletonRow | None, ours: SkeletonRow | None) -> tuple[RowLikeness, str, Basis | None]:
    rows = [row for row in (theirs, ours) if row is not None]
    if len({row.text for row in rows}) == 1 and len(rows) > 1:
        return RowLikeness.SAME, "", None
    bound = next((row.form for row in rows if row.form.builds is not Builds.ALL), None)
    if bound is not None:
        return RowLikeness.BUILD, f"{bound.builds} print this", bound.basis
    if len(rows) > 1 and _of_a_missing_device(rows):
        words = "older builds say 0x801c03f2 where newer ones say 0x801c03f3, of a device that is not there"
        return RowLikeness.BUILD, words, bases.LAB_SCREENS
    weights = {row.form.weight for row in rows}
    if Weight.TELLING in weights:
        return RowLikeness.PARTED, "", None
    if Weight.FRAMING in weights:
        return RowLikeness.ASIDE, "the frame of a failure, not its cause", rows[0].form.basis
    return RowLikeness.ASIDE, "a note of a step, not its outcome", bases.SCREENS


def _of_a_missing_device(rows: list[SkeletonRow]) -> bool:
    """Tell whether two rows differ in nothing but the two codes that builds have for one refusal."""
    older, newer = _MISSING_DEVICE
    same = len({row.text.replace(older, newer) for row in rows}) == 1
    return same and any(newer in row.text for row in rows)


def _beyond(rows: list[ComparedRow]) -> Iterator[ComparedRow]:
    """Forgive what follows the last row of a screen that was cut short, be it in the middle of that row."""
    last = max((at for at, row in enumerate(rows) if row.theirs is not None), default=-1)
    for at, row in enumerate(rows):
        if row.likeness is RowLikeness.PARTED and (at > last or (at == last and _is_begun(row))):
            yield replace(row, likeness=RowLikeness.ASIDE, why="their screen was cut short before this")
        else:
            yield row


def _is_begun(row: ComparedRow) -> bool:
    return row.theirs is not None and row.ours is not None and row.ours.text.startswith(row.theirs.text)

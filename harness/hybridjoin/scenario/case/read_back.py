"""A case folder read back: its facts and screens, as they were when it was written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.case.screens import screens_of
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Basis, Fact, Strength
from hybridjoin.intake.files.part import PartKind, RawPart
from hybridjoin.model.verdict import Certainty
from hybridjoin.scenario.case.case_file import FILE_NAME, CaseFactModel, CasePartModel, load_case

LIMIT_PART: Final = 16 * 1024 * 1024
"""Octets of a message or screen that are read back."""
_WRITE_AGAIN: Final = "write the case anew with hybridjoin import PATH… -o CASE"


def read_case(folder: Path) -> tuple[FactView, tuple[RawPart, ...]]:
    """Return the facts of a case folder with its screens, and all messages that are kept in it.

    Raises:
        UsageError: it is no case folder, or something in it cannot be read.
    """
    if not (folder / FILE_NAME).is_file():
        problem = f"expected a case folder with {FILE_NAME} in it, found none"
        raise UsageError(Mistake(place=str(folder), problem=problem, hint=_WRITE_AGAIN))
    model = load_case(folder / FILE_NAME)
    facts = tuple(map(_fact, model.facts))
    parts = tuple(_part(folder, item) for item in model.parts)
    return FactView(facts, screens_of(facts, parts)), parts


def _fact(model: CaseFactModel) -> Fact:
    about, _, name = model.fact.partition(".")
    file, line = _place(model.at)
    return Fact(
        about=about,
        name=name,
        value=model.value,
        file=file,
        line=line,
        basis=Basis(certainty=Certainty(model.rule), source=model.source),
        of=model.of,
        strength=Strength(model.witness),
        times=model.times,
    )


def _place(at: str) -> tuple[str, int]:
    """Take `file:line` apart; of a file without lines the name alone stands there."""
    file, colon, line = at.rpartition(":")
    return (file, int(line)) if colon and re.fullmatch(r"[0-9]{1,9}", line) else (at, 0)


def _part(folder: Path, item: CasePartModel) -> RawPart:
    """Read a part, from no place but the case's own folder."""
    path = (folder / item.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        problem = f"expected a file below the case's folder, found {item.file!r}"
        raise UsageError(Mistake(place=str(folder / FILE_NAME), problem=problem, hint=_WRITE_AGAIN))
    file, line = _place(item.at)
    try:
        with path.open("rb") as opened:
            body = opened.read(LIMIT_PART)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise UsageError(Mistake(place=str(folder / item.file), problem=problem, hint=_WRITE_AGAIN)) from error
    return RawPart(kind=PartKind(item.kind), file=file, line=line, body=body)

"""A matrix of mutations on paper: JSON for machines, Markdown for people, both files whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from hybridjoin.errors import LabError
from hybridjoin.model.mutation import Fate, MutationMatrix, MutationRow
from hybridjoin.model.shown import harmless, shown
from hybridjoin.model.verdict import Outcome

_ORDER = (Fate.MISSED, Fate.ALARM, Fate.CAUGHT, Fate.HARMLESS, Fate.NOT_APPLICABLE)
_TITLES = {
    Fate.MISSED: "Missed by our checks",
    Fate.ALARM: "Harmless, and a MUST was said to be broken all the same",
    Fate.CAUGHT: "Caught",
    Fate.HARMLESS: "Harmless",
    Fate.NOT_APPLICABLE: "Not applicable to this assertion",
}
_SOFTER = {Outcome.WARNING: "!", Outcome.REVIEW: "?"}


def matrix_json(matrix: MutationMatrix) -> str:
    """Write the matrix down for machines, the derived `nobody` and `unheard` of each row with it."""
    document = asdict(matrix)
    for plain, row in zip(document["rows"], matrix.rows, strict=True):
        plain |= {"nobody": row.nobody, "unheard": row.unheard}
    return harmless(json.dumps(document, indent=1, ensure_ascii=False, default=_plain)) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"a matrix holds no {type(value).__name__}")


def catchers(row: MutationRow) -> str:
    """Name the requirements that spoke, a warning with `!` and a review with `?` behind it."""
    return " ".join(item.requirement + _SOFTER.get(item.outcome, "") for item in row.caught_by)


def prediction(row: MutationRow) -> str:
    """Say what Entra would answer, and how well that is known."""
    entra = row.entra
    if entra is None:
        return ""
    return f"{entra.code} {entra.certainty}" if entra.code else f"accepted: {entra.accepted_as}"


def remark(row: MutationRow) -> str:
    """Say what else is to be said: checks that fell over or kept silent, a named mistake, or a reason."""
    if row.interrupted:
        return f"a check fell over: {'; '.join(row.interrupted)}"
    if row.fate is Fate.MISSED:
        who = "nobody" if row.nobody else "no check of ours"
        return f"{who}: {', '.join(row.unheard)} ought to speak"
    return "; ".join(row.mistakes) or row.reason


def summary(matrix: MutationMatrix) -> str:
    """Count the mutants by what became of them."""
    counts = ", ".join(f"{len(matrix.of(fate))} {fate.value}" for fate in _ORDER if matrix.of(fate))
    return f"{len(matrix.rows)} mutations of {matrix.source}: {counts}"


def matrix_markdown(matrix: MutationMatrix) -> str:
    """Write the matrix down for people."""
    return "\n".join(_lines(shown(matrix))) + "\n"


def _lines(matrix: MutationMatrix) -> Iterator[str]:
    yield "# Mutations"
    yield ""
    yield f"{summary(matrix)}."
    yield ""
    yield f"Started {_plain(matrix.started_at)}, {matrix.elapsed_s:.1f} s, seed {matrix.seed}, {matrix.tool}."
    yield f"The good assertion, signed again: sha256 `{matrix.control.sha256}`."
    yield "A `!` behind a requirement is a warning, a `?` a review."
    for fate in _ORDER:
        rows = matrix.of(fate)
        if not rows:
            continue
        yield from ("", f"## {_TITLES[fate]}", "")
        yield "| Mutation | What it does | Caught by | Entra | Remark | sha256 |"
        yield "|---|---|---|---|---|---|"
        for row in rows:
            cells = (row.id, row.sentence, catchers(row), prediction(row), remark(row), row.sha256[:12])
            yield "| " + " | ".join(_cell(item) for item in cells) + " |"


def _cell(text: str) -> str:
    """Keep a text inside its cell."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def write_matrix(matrix: MutationMatrix, folder: Path) -> tuple[Path, Path]:
    """Write `mutations.json` and `mutations.md` into a folder and return both.

    Raises:
        LabError: the folder cannot be written to.
    """
    texts = {"mutations.json": matrix_json(matrix), "mutations.md": matrix_markdown(matrix)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [_write(folder / name, text) for name, text in texts.items()]
    except OSError as error:
        raise LabError(
            f"the matrix could not be written under {folder}: {error.strerror or error}",
            remedy="name a directory you may write to with --report",
        ) from error
    return written[0], written[1]


def _write(file: Path, text: str) -> Path:
    draft = file.with_name(f".{file.name}-{secrets.token_hex(6)}")
    try:
        draft.write_bytes(text.encode("utf-8", "replace"))
        os.replace(draft, file)  # noqa: PTH105 - Path.replace would do the same; os.replace says atomic
    finally:
        draft.unlink(missing_ok=True)
    return file

"""The screens that came along, by the attempt that printed each."""

from __future__ import annotations

from collections.abc import Iterable

from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.part import PartKind, RawPart
from hybridjoin.model.redact import redact_text


def screens_of(facts: Iterable[Fact], parts: Iterable[RawPart]) -> dict[str, tuple[str, ...]]:
    """Return the lines of each attempt's screen, secrets masked; of two screens of one attempt, the longer one's."""
    kept = {part.place: part for part in parts if part.kind is PartKind.SCREEN}
    found: dict[str, tuple[str, ...]] = {}
    for fact in facts:
        part = kept.get(fact.place) if fact.key == "attempt.screen" else None
        if part is not None:
            lines = tuple(redact_text(part.body.decode("utf-8", "replace")).splitlines())
            found[fact.of] = max(lines, found.get(fact.of, ()), key=len)
    return found

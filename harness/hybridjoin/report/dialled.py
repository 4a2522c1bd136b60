"""What was bent of a scenario's surroundings, in words: the error, what Windows shows, what mends it."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.model.dialled import AttemptRecord, BendRecord
from hybridjoin.model.record import ScenarioRecord

_FEW = 4


def dial_rows(item: ScenarioRecord) -> tuple[tuple[str, str], ...]:
    """Return what is told of a scenario's bends, its attempts, and what the servers noted last: name and words."""
    return (
        *(row for bend in item.dial for row in _bend(bend)),
        *(("attempt", attempt_words(attempt)) for attempt in item.attempts),
        *((each.who, each.line) for each in item.heard[-_FEW:]),
    )


def attempt_words(attempt: AttemptRecord) -> str:
    """Say in a line how an attempt ended."""
    minutes = round(attempt.after_s / 60)
    why = f": {attempt.reason}" if attempt.reason else ""
    codes = f" ({', '.join(attempt.codes)})" if attempt.codes else ""
    return f"after {minutes // 60}:{minutes % 60:02d} h {attempt.result or 'not finished'}{why}{codes}"


def shown_words(bend: BendRecord) -> str:
    """Say in a line what Windows shows of a bend, and how sure that is."""
    where = ", ".join(part for part in (bend.phase and f"phase {bend.phase}", bend.code, bend.event) if part)
    return f"{f'{where}: ' if where else ''}{bend.shows} ({bend.certainty})"


def _bend(bend: BendRecord) -> Iterator[tuple[str, str]]:
    yield "bent", f"{bend.sentence} ({bend.name})"
    if bend.error:
        yield "error", f"{bend.error}: {bend.meaning}"
    yield "windows", shown_words(bend)
    yield "in the field", bend.mending.cause
    yield from (("what mends it", words) for words in bend.mending.remedies)

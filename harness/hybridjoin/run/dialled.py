"""What a record says of the bends of a scenario: the table's row, the error's meaning, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable

from hybridjoin.knowledge.article import Cause
from hybridjoin.knowledge.dial import MENDING
from hybridjoin.knowledge.lookup import find
from hybridjoin.model.dial.row import DialRow
from hybridjoin.model.dial.table import DIAL
from hybridjoin.model.dialled import BendRecord, MendingRecord
from hybridjoin.scenario.scenario import Bend


def dialled(bends: Iterable[Bend]) -> tuple[BendRecord, ...]:
    """Return what is said of each bend."""
    return tuple(bend_record(DIAL[bend.name]) for bend in bends)


def bend_record(row: DialRow) -> BendRecord:
    """Return a row of the dial with what is known of its error and its cause."""
    article, shown = find(row.error) if row.error else None, row.shown
    return BendRecord(
        name=row.name,
        sentence=row.sentence,
        place=row.place.value,
        undone=row.undone,
        error=row.error,
        meaning=article.meaning if article else "",
        mending=_mending(MENDING[row.name]),
        phase=shown.phase.value if shown.phase else "",
        code=shown.code,
        event=shown.event,
        shows=shown.words,
        certainty=shown.certainty,
        source=shown.source,
    )


def _mending(cause: Cause) -> MendingRecord:
    remedies = tuple(f"{fix.vendor}: {fix.words}" if fix.vendor else fix.words for fix in cause.fixes)
    return MendingRecord(cause=cause.sentence, proof=cause.proof, remedies=remedies)

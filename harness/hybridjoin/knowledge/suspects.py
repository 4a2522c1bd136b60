"""What may have brought a customer's symptom about: single changes that a scenario can make.

What the evidence excludes is left out, and so is whatever would not end in this symptom. A join by Entra Kerberos, the
AD FS registration on the premises and other kinds of join have no suspects: the IdP takes no part in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Strength
from hybridjoin.knowledge.suspect import Standing, Suspect
from hybridjoin.knowledge.suspect_claims import CLAIM_SUSPECTS
from hybridjoin.knowledge.suspect_dial import DIAL_SUSPECTS
from hybridjoin.knowledge.suspect_row import Finder, SuspectRow, either, key, told_by, value
from hybridjoin.knowledge.suspect_settings import SETTINGS_SUSPECTS

SUSPECTS: Final[tuple[SuspectRow, ...]] = (*CLAIM_SUSPECTS, *DIAL_SUSPECTS, *SETTINGS_SUSPECTS)
"""Every change that is known to end a join in some way."""

_ORDER: Final = tuple(Standing)
_ANOTHER_JOIN: Final[Finder] = either(
    value("attempt.token_for", "enterprise"), value("attempt.drs_instance", "^ent$"), key("attempt.other_join")
)


def suspects(view: FactView, symptom: Symptom) -> Iterator[Suspect]:
    """Yield the changes that would bring a symptom about: the proven first, then the supported, then the possible."""
    if _ANOTHER_JOIN(FactView(symptom.because)) or _ANOTHER_JOIN(_attempt_of(view, symptom)):
        return
    told = told_by(symptom)
    rows = (row for row in SUSPECTS if row.explains & told)
    found = [suspect for row in rows if (suspect := _stands(row, view)) is not None]
    yield from sorted(found, key=lambda item: _ORDER.index(item.standing))


def _attempt_of(view: FactView, symptom: Symptom) -> FactView:
    """Return the facts of the attempt that the symptom is of."""
    attempts = {fact.of for fact in symptom.because if fact.about == "attempt"}
    return FactView(fact for fact in view.all if fact.of in attempts)


def _stands(row: SuspectRow, view: FactView) -> Suspect | None:
    """Return the suspect as the evidence stands to it; None where a fact excludes it, or nothing speaks for it."""
    if row.signs.excluded(view):
        return None
    proof = tuple(fact for fact in row.signs.proven(view) if fact.strength is Strength.PROVES)
    support = row.signs.supported(view) or row.signs.proven(view)
    if not (proof or support or row.alone):
        return None
    standing = Standing.PROVEN if proof else Standing.SUPPORTED if support else Standing.POSSIBLE
    return Suspect(
        id=row.id,
        kind=row.kind,
        sentence=row.sentence,
        change=row.bent(view),
        standing=standing,
        cause=row.cause,
        because=proof or support,
    )

"""What to do about a refusal, in a sentence or two: by the code that came, and by what the evidence proves."""

from __future__ import annotations

from typing import Final

from hybridjoin.knowledge.diagnosis import explain_join
from hybridjoin.knowledge.standing import CLAIM_OF, CauseStanding, RankedCause
from hybridjoin.model.record import JoinRecord

_FEW: Final = 2


def advice(join: JoinRecord) -> str:
    """Return what mends the causes that are proven; where none is, what would decide about the likeliest."""
    found = explain_join(join)
    causes = found.causes if found is not None else ()
    proven = [item for item in causes if item.standing is CauseStanding.PROVEN]
    if proven:
        return " ".join(" ".join(filter(None, _told(item))) for item in proven[:_FEW])
    likeliest = next((item.cause for item in causes if item.standing is CauseStanding.OPEN), None)
    if likeliest is not None:
        return f"Nothing that was seen proves a cause. The likeliest: {likeliest.sentence} To decide: {likeliest.proof}"
    if causes:
        return "This join rules out every cause that is known of this code: read the server's own words."
    return "Nothing is known of this answer: read the server's own words, and Microsoft's list of error codes."


def _told(item: RankedCause) -> tuple[str, str, str]:
    """Return the cause, the claims that it is about where it does not name them, and what mends it."""
    named = dict.fromkeys(CLAIM_OF.get(one.requirement, "") for one in item.evidence)
    here = [name for name in named if name and name not in item.cause.sentence]
    return item.cause.sentence, f"Here: {', '.join(here)}." if here else "", _mending(item)


def _mending(item: RankedCause) -> str:
    """Return what mends a cause for everybody; else what the broken requirement says, which names the consoles."""
    everybody = next((fix.words for fix in item.cause.fixes if not fix.vendor), "")
    return everybody or next((one.remedy for one in item.evidence if one.remedy), "")

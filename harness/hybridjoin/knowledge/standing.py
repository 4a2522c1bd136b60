"""What a record's evidence says about a cause: proven, ruled out, or not decided; pure, by the cause's deciders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hybridjoin.knowledge.article import Cause, Decider
from hybridjoin.model.claim_states import states
from hybridjoin.model.verdict import ClaimRow, Outcome, Verdict

# What proves a cause; what is left to a person's judgement (review) proves none.
PROVING: Final = frozenset({Outcome.FAILED, Outcome.WARNING})
# Which claim a requirement is about, where it is about one.
CLAIM_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CLAIM-01": "accounttype",
        "CLAIM-02": "accounttype",
        "CLAIM-03": "onpremobjectguid",
        "CLAIM-04": "onpremobjectguid",
        "CLAIM-05": "primarysid",
        "CLAIM-06": "primarysid",
        "CLAIM-07": "ImmutableID",
        "CLAIM-08": "ImmutableID",
        "CLAIM-09": "Subject",
        "CLAIM-12": "issuerid",
        "CLAIM-13": "UPN",
    }
)
_WRONG_NAME: Final = "wrong-name"
_NO_VALUE: Final = frozenset({"missing", "absent"})
# No join reads the domain's settings in Entra, so that these can neither prove nor rule out anything there.
_NOT_OF_A_JOIN: Final = "FED-"


class CauseStanding(StrEnum):
    """What the evidence says about a cause."""

    PROVEN = "proven"
    OPEN = "not decided"
    RULED_OUT = "ruled out"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCause:
    """A cause with what the record says about it; `evidence` are the verdicts that prove it, `codes` the answers."""

    cause: Cause
    standing: CauseStanding
    article: str
    evidence: tuple[Verdict, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a record brings to decide with: its verdicts, its claims, and the ids of the articles of its codes."""

    verdicts: Collection[Verdict]
    claims: Collection[ClaimRow] = ()
    codes: Collection[str] = ()


def judge(cause: Cause, article: str, evidence: Evidence) -> RankedCause:
    """Say what the evidence makes of a cause."""
    codes = tuple(name for name in cause.codes if name in evidence.codes)
    answers = [(decider, _answer(decider, evidence)) for decider in cause.deciders]
    proving = {decider.requirement for decider, standing in answers if standing is CauseStanding.PROVEN}
    if proving or codes:
        standing = CauseStanding.PROVEN
    elif _ruled_out(answers):
        standing = CauseStanding.RULED_OUT
    else:
        standing = CauseStanding.OPEN
    verdicts = tuple(item for item in evidence.verdicts if item.requirement in proving and item.outcome in PROVING)
    return RankedCause(cause=cause, standing=standing, article=article, evidence=verdicts, codes=codes)


def _ruled_out(answers: Collection[tuple[Decider, CauseStanding]]) -> bool:
    """Tell whether everything that a join can say about a cause speaks against it, and it can say something."""
    heard = [standing for decider, standing in answers if not decider.requirement.startswith(_NOT_OF_A_JOIN)]
    return bool(heard) and all(standing is CauseStanding.RULED_OUT for standing in heard)


def _answer(decider: Decider, evidence: Evidence) -> CauseStanding:
    verdict = next((item for item in evidence.verdicts if item.requirement == decider.requirement), None)
    fits = _fits(decider, evidence.claims) if decider.state else None
    if verdict is not None and verdict.outcome in PROVING:
        if fits is False:
            return CauseStanding.RULED_OUT  # it is broken, in another way than this cause says
        return CauseStanding.PROVEN if decider.proves and (fits or not decider.state) else CauseStanding.OPEN
    kept = verdict is not None and verdict.outcome is Outcome.PASSED
    return CauseStanding.RULED_OUT if kept or _nothing_to_be_wrong(decider, evidence.claims) else CauseStanding.OPEN


def _rows(decider: Decider, claims: Collection[ClaimRow]) -> list[ClaimRow]:
    name = decider.claim or CLAIM_OF.get(decider.requirement, "")
    return [row for row in claims if not name or row.name == name]


def _fits(decider: Decider, claims: Collection[ClaimRow]) -> bool | None:
    """Tell whether the claim came in the decider's way; None where no claims were compared with a directory."""
    rows = _rows(decider, claims)
    if not rows:
        return None
    if decider.state == _WRONG_NAME:
        # A requirement about the place is broken and the namespace is right: the name is all that is left.
        return any(row.found and row.found_namespace == row.namespace for row in rows)
    return any(decider.state in states(row) for row in rows)


def _nothing_to_be_wrong(decider: Decider, claims: Collection[ClaimRow]) -> bool:
    """Tell whether a claim is not there at all, so that there is no value of it that could be wrong."""
    if decider.state in {"", "missing"}:
        return False
    rows = _rows(decider, claims)
    return bool(rows) and all(_NO_VALUE.intersection(states(row)) for row in rows)

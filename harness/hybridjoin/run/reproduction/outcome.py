"""How a join in the lab ended, in the words of a symptom, and how far the two agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.skeleton import ScreenComparison, compare
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.model.record import FailureRecord, FlowResult, JoinRecord, JoinResult
from hybridjoin.model.recorded import HttpReplyRecord

_AADSTS: Final = "AADSTS"
# How a join of ours ends that went the customer's road; a road that nobody knows is none to compare.
_ENDS: Final[Mapping[Road, JoinResult]] = MappingProxyType(
    {
        Road.FEDERATION: JoinResult.FEDERATED,
        Road.FALLBACK: JoinResult.SYNCHRONIZED,
        Road.SYNCHRONIZED: JoinResult.SYNCHRONIZED,
        Road.NOT_JOINED: JoinResult.FAILED,
    }
)


class Agreement(StrEnum):
    """How far an outcome is the symptom: the same, the phase and one code of it, or another one."""

    SAME = "the same symptom"
    IN_PART = "the symptom in part"
    OTHER = "another outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabOutcome:
    """How a join ended; what does not apply is empty or None.

    `codes` are HRESULTs, the nearest to the fault first: a customer's evidence may know only one around it. `screen` is
    that of `/join /debug`, with the block at its end.
    """

    result: FlowResult
    phase: str = ""
    codes: tuple[str, ...] = ()
    aadsts: int | None = None
    http_status: int | None = None
    screen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomMatch:
    """An outcome held against the symptom; `differs` names what is not alike, `comparison` is of their screens."""

    agreement: Agreement
    outcome: LabOutcome
    differs: tuple[str, ...] = ()
    comparison: ScreenComparison | None = None


def match_of(symptom: Symptom, join: JoinRecord) -> SymptomMatch:
    """Hold a join against a symptom: its failure, or that of its fallback, whichever is more like it."""
    comparison = compare(symptom.transcript, join.debug_screen) if symptom.transcript else None
    found = [_match(symptom, outcome, comparison) for outcome in _outcomes(join)]
    order = list(Agreement)
    return min(found, key=lambda item: (order.index(item.agreement), len(item.differs)))


def _outcomes(join: JoinRecord) -> Iterator[LabOutcome]:
    failures = [item for item in (join.failure, join.fallback_failure) if item is not None]
    for failure in failures:
        codes = [item.code for item in failure.codes]
        aadsts = next((code for code in codes if code.startswith(_AADSTS)), "")
        yield LabOutcome(
            result=join.result,
            phase=failure.phase.value,
            codes=tuple(code.lower() for code in codes if code.lower().startswith("0x")),
            aadsts=int(aadsts.removeprefix(_AADSTS)) if aadsts else None,
            http_status=_status(join, failure),
            screen=join.debug_screen,
        )
    if not failures:
        yield LabOutcome(result=join.result, screen=join.debug_screen)


def _status(join: JoinRecord, failure: FailureRecord) -> int | None:
    replies = [
        exchange.reply.status
        for exchange in join.exchanges
        if exchange.step is failure.step and isinstance(exchange.reply, HttpReplyRecord)
    ]
    return replies[-1] if replies else None


def _match(symptom: Symptom, outcome: LabOutcome, comparison: ScreenComparison | None) -> SymptomMatch:
    told: dict[str, tuple[object, tuple[object, ...]]] = {
        "phase": (symptom.phase, (outcome.phase,)),
        "code": (symptom.code.lower(), outcome.codes),
        "AADSTS": (symptom.aadsts, (outcome.aadsts,)),
        "HTTP status": (symptom.http_status, (outcome.http_status,)),
        "how it ended": (_ENDS.get(symptom.road), (outcome.result,)),
    }
    differs = [name for name, (theirs, ours) in told.items() if theirs not in ("", None) and theirs not in ours]
    if comparison is not None and not comparison.alike:
        differs.append("the screen")
    return SymptomMatch(
        agreement=_agreement(symptom, differs), outcome=outcome, differs=tuple(differs), comparison=comparison
    )


def _agreement(symptom: Symptom, differs: list[str]) -> Agreement:
    if not differs:
        return Agreement.SAME
    codes = [("code", symptom.code), ("AADSTS", symptom.aadsts)]
    one = any(value and name not in differs for name, value in codes)
    return Agreement.IN_PART if "phase" not in differs and one else Agreement.OTHER

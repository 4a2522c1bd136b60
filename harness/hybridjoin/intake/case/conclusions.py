"""What the facts prove together: by which road a computer was joined, in which phase an attempt failed, with what code.

`AzureAdJoined : YES` and event 306 prove neither road: a fallback to the synchronized join ends in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.remark_row import joined_outside_a_domain
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, Strength

_NOT_THE_CAUSE: Final = frozenset({"0xcaa1000e", "0xcaa90006"})


class Road(StrEnum):
    """How an attempt went."""

    FEDERATION = "by federation"
    FALLBACK = "by fallback"
    SYNCHRONIZED = "synchronized"
    NOT_JOINED = "not joined"
    PERSON = "by a person"
    OTHER = "another kind of join"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """An answer, the facts that it rests on, and how sure it is; `times` attempts without a screen came to the same."""

    question: str
    answer: str
    of: str
    because: tuple[Fact, ...]
    basis: Basis
    strength: Strength = Strength.PROVES
    times: int = 1


@dataclass(frozen=True, slots=True)
class _Witness:
    """A row of the table: where each of these facts is there, and none of `without`, the road is this one."""

    road: Road
    wanted: tuple[str, ...]
    without: tuple[str, ...] = ()
    basis: Basis = bases.PING
    strength: Strength = Strength.PROVES


# Held against an attempt from the first to the last.
_WITNESSES: Final[tuple[_Witness, ...]] = (
    _Witness(Road.OTHER, ("attempt.other_join",), basis=bases.SCREENS),
    _Witness(Road.FALLBACK, ("attempt.federated_failed", "attempt.sync_done")),
    _Witness(Road.FEDERATION, ("attempt.federated_done",), ("attempt.federated_failed",)),
    _Witness(Road.NOT_JOINED, ("attempt.sync_failed",), basis=bases.LAB_SCREENS),
    _Witness(Road.NOT_JOINED, ("attempt.join_code",), basis=bases.LAB_SCREENS),
    _Witness(Road.SYNCHRONIZED, ("attempt.sync_done",)),
    _Witness(Road.NOT_JOINED, ("attempt.discover_code",), basis=bases.NOTES),
    _Witness(Road.NOT_JOINED, ("attempt.pre_check_words",), basis=bases.SCREENS),
    _Witness(Road.NOT_JOINED, ("attempt.dc_code",), basis=bases.SCREENS),
    _Witness(Road.NOT_JOINED, ("attempt.federated_failed",), ("attempt.cut_short",)),
    _Witness(Road.NOT_JOINED, ("attempt.event_phase",), basis=bases.EVENT_TEXTS),
)
_UNDECIDED: Final = (
    "attempt.federated_failed", "attempt.succeeded", "attempt.inner_code", "device.joined",
)  # fmt: skip

# Which fact says the phase, the most telling first; an empty phase is the fact's own value.
_PHASES: Final[tuple[tuple[str, str, Basis], ...]] = (
    ("attempt.phase", "", bases.SCREENS),
    ("last_attempt.phase", "", bases.DSREGCMD),
    ("attempt.pre_check_words", "pre-check", bases.SCREENS),
    ("attempt.dc_code", "pre-check", bases.SCREENS),
    ("attempt.discover_code", "discover", bases.NOTES),
    ("attempt.scp_code", "discover", bases.NOTES),
    ("attempt.kerberos_join", "auth", bases.LAB_SCREENS),
    ("attempt.federated_failed", "auth", bases.PING),
    ("attempt.inner_code", "auth", bases.PING),
    ("attempt.fatal", "auth", bases.SCREENS),
    ("attempt.aadsts", "auth", bases.PING),
    ("attempt.join_code", "join", bases.LAB_SCREENS),
    ("attempt.sync_failed", "join", bases.LAB_SCREENS),
    ("attempt.join_error", "join", bases.LAB_SCREENS),
    ("attempt.event_phase", "", bases.EVENT_TEXTS),
)
# Where the codes of a failure stand, the nearest to the fault first.
_CODES: Final = (
    "attempt.aadsts", "attempt.inner_code", "attempt.scp_code", "attempt.discover_code", "attempt.dc_code",
    "attempt.adal_code", "attempt.join_code", "attempt.sync_failed", "last_attempt.aadsts", "last_attempt.client_code",
    "last_attempt.server_subcode", "last_attempt.server_code", "attempt.join_error_subcode", "attempt.exit_code",
    "attempt.hresult",
)  # fmt: skip
_REGISTRATION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fed": "a federated join was tried",
        "sync": "a synchronized join was tried",
        "fallback_sync": "a synchronized join was tried after a federated or Kerberos attempt had failed",
    }
)


def conclusions(view: FactView) -> Iterator[Conclusion]:
    """Yield what can be concluded of each attempt, and of the last failed one that /status shows."""
    yield from _attempts(view)
    if view.has("last_attempt.phase", "last_attempt.client_code"):
        for of in dict.fromkeys(fact.of for fact in view.of("last_attempt.phase", "last_attempt.client_code")):
            seen = view.attempt(of)
            yield from _phase(seen, of)
            yield from _codes(seen, of)
            yield from _registration(seen, of)
    if not view.has_about("attempt") and view.has("device.joined"):
        yield _state(view)


def _attempts(view: FactView) -> Iterator[Conclusion]:
    """Conclude attempt by attempt; a log that tells the same failure for days tells it once, with its number."""
    groups: dict[tuple[tuple[str, str], ...], list[tuple[Conclusion, ...]]] = {}
    for number, (of, seen) in enumerate(view.by_attempt().items()):
        found = (_road(seen, of), *_phase(seen, of), *_codes(seen, of))
        alike = tuple((item.question, item.answer) for item in found)
        key = (("screen", str(number)),) if seen.has("attempt.screen") else alike
        groups.setdefault(key, []).append(found)
    for group in groups.values():
        yield from (replace(item, times=len(group)) for item in group[0])


def _road(view: FactView, of: str) -> Conclusion:
    for row in _WITNESSES:
        if all(view.has(key) for key in row.wanted) and not view.has(*row.without):
            because = tuple(fact for key in row.wanted for fact in view.of(key)[:1])
            return Conclusion(
                question="road", answer=row.road, of=of, because=because, basis=row.basis, strength=row.strength
            )
    because = tuple(fact for key in _UNDECIDED for fact in view.of(key)[:1])
    return Conclusion(question="road", answer=Road.UNDECIDED, of=of, because=because, basis=bases.PING)


def _state(view: FactView) -> Conclusion:
    """Conclude from /status alone: whether a device is joined, and not by which road where it is in a domain."""
    joined, outside = view.matching("device.joined", "^YES$"), joined_outside_a_domain(view)
    road = Road.UNDECIDED if joined else Road.NOT_JOINED
    return Conclusion(
        question="road",
        answer=Road.PERSON if outside and len(outside) == len(joined) else road,
        of="",
        because=(joined or view.of("device.joined"))[:1],
        basis=bases.DSREGCMD,
    )


def _phase(view: FactView, of: str) -> Iterator[Conclusion]:
    for key, phase, basis in _PHASES:
        found = view.of(key)[:1]
        if found:
            yield Conclusion(question="phase", answer=phase or found[0].value, of=of, because=found, basis=basis)
            return


def _codes(view: FactView, of: str) -> Iterator[Conclusion]:
    found = [fact for fact in view.of(*_CODES) if fact.value.lower() not in _NOT_THE_CAUSE]
    fallen = found or list(view.of(*_CODES))
    if fallen:
        codes = list(dict.fromkeys(fact.value for fact in fallen))
        shown = tuple({fact.value: fact for fact in reversed(fallen)}.values())[::-1]
        yield Conclusion(question="codes", answer=", ".join(codes), of=of, because=shown, basis=shown[0].basis)


def _registration(view: FactView, of: str) -> Iterator[Conclusion]:
    found = view.of("last_attempt.registration_type")[:1]
    if found:
        words = _REGISTRATION.get(found[0].value.lower(), f"the type {found[0].value} is not known")
        basis = bases.LAB_SCREENS if "fallback" in found[0].value else bases.DSREGCMD
        yield Conclusion(question="last failed attempt", answer=words, of=of, because=found, basis=basis)

"""What the customer saw, in the words in which a run of ours is judged: how an attempt ended, and its screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.conclusions import Conclusion, Road, conclusions
from hybridjoin.intake.case.objects import moment_of_facts
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Fact
from hybridjoin.protocol.times import parse_instant

_FAILED: Final = frozenset({Road.FALLBACK, Road.NOT_JOINED})
# What says that an attempt failed whose end is not known.
_SIGNS: Final = (
    "attempt.federated_failed", "attempt.inner_code", "attempt.fatal", "attempt.aadsts", "attempt.adal_code",
    "attempt.exit_code",
)  # fmt: skip
_PROBE: Final = "attempt.kerberos_join"  # a try by Entra Kerberos, beside which another road was gone
_OUTER: Final = frozenset({"0xcaa1000e", "0xcaa90006"})
_CODE: Final = r"^AADSTS[0-9]{1,9}$"
# Where the server's status of a phase stands; that of a fallback is no answer to the federated join.
_STATUS: Final[Mapping[str, str]] = MappingProxyType(
    {"auth": "attempt.token_http_status", "join": "attempt.join_http_status"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """How one attempt ended; what no line of the evidence tells is empty or None.

    `phase` is dsregcmd's (`pre-check`, `discover`, `auth`, `join`), `code` the HRESULT nearest to the fault as
    `0xcaa20003`, `aadsts` Entra's number without its letters, `http_status` what the refusing server answered.
    `transcript` holds the lines of `dsregcmd /join /debug` in their order, secrets masked; `because` the facts behind
    all this.
    """

    road: Road
    phase: str = ""
    code: str = ""
    aadsts: int | None = None
    http_status: int | None = None
    transcript: tuple[str, ...] = ()
    because: tuple[Fact, ...] = ()


def symptom_of(view: FactView, concluded: Iterable[Conclusion]) -> Symptom | None:
    """Return how the attempt ended that matters: of those that failed, the last one whose screen there is.

    Where no screen of a failed attempt came along it is the last failed one, or else the last one that /status shows. A
    fallback counts as a failed federated attempt. None where nothing is known to have failed.
    """
    answers: dict[str, list[Conclusion]] = {}
    for item in concluded:
        answers.setdefault(item.of, []).append(item)
    failed = [
        (of, seen, own)
        for of, seen in view.by_attempt().items()
        if _failed(seen, own := answers.get(of) or list(conclusions(seen)), view)
    ]
    shown = _shown_by_status(view, answers)
    if not failed or (shown is not None and all(seen.has(_PROBE) for _, seen, _ in failed)):
        return shown
    of, seen, own = _the_one_that_matters(failed)
    return _symptom(seen, own, seen.screens.get(of, ()))


def _failed(seen: FactView, own: Iterable[Conclusion], whole: FactView) -> bool:
    road = next((item.answer for item in own if item.question == "road"), "")
    if road == Road.UNDECIDED:
        return seen.has(*_SIGNS)
    return road in _FAILED or (road == Road.SYNCHRONIZED and _was_to_be_federated(seen, whole))


def _was_to_be_federated(seen: FactView, whole: FactView) -> bool:
    """Tell whether Windows took the managed road although a domain of the tenant is federated."""
    told = whole.has("federation.issuer_uri") or whole.matching("domain.authentication", "^Federated$")
    return bool(told and seen.matching("realm.type", "^Managed$"))


_Attempt = tuple[str, FactView, list[Conclusion]]


def _the_one_that_matters(failed: list[_Attempt]) -> _Attempt:
    """Choose a federated join before a probe of Entra Kerberos, one with a screen before one without, the last one."""
    best = max(_worth(seen, of) for of, seen, _ in failed)
    chosen = [item for item in failed if _worth(item[1], item[0]) == best]
    moments = [_moment(seen) for _, seen, _ in chosen]
    if all(moments):
        late = max(range(len(chosen)), key=lambda at: (moments[at] or datetime.min.replace(tzinfo=UTC), at))
        return chosen[late]
    return chosen[-1]


def _worth(seen: FactView, of: str) -> tuple[bool, bool]:
    return not seen.has(_PROBE), of in seen.screens


def _moment(seen: FactView) -> datetime | None:
    told = [parse_instant(fact.value) for fact in seen.of("event.at", "attempt.at")]
    known = [item for item in (*told, moment_of_facts(seen)) if item is not None and item.tzinfo]
    return max(known, default=None)


def _symptom(seen: FactView, own: list[Conclusion], transcript: tuple[str, ...]) -> Symptom:
    phase = next((item for item in own if item.question == "phase"), None)
    codes = next((item for item in own if item.question == "codes"), None)
    road = next(item for item in own if item.question == "road")
    aadsts = (*seen.matching("attempt.aadsts", _CODE), *seen.matching("last_attempt.aadsts", _CODE))[:1]
    status = tuple(_refusals(seen, phase.answer if phase is not None else ""))[:1]
    facts = (fact for item in (road, phase, codes) if item is not None for fact in item.because)
    return Symptom(
        road=Road(road.answer),
        phase=phase.answer if phase is not None else "",
        code=_nearest(seen, codes.answer if codes is not None else ""),
        aadsts=int(aadsts[0].value.removeprefix("AADSTS")) if aadsts else None,
        http_status=int(status[0].value) if status else None,
        transcript=transcript,
        because=tuple(dict.fromkeys((*facts, *aadsts, *status))),
    )


def _refusals(seen: FactView, phase: str) -> Iterator[Fact]:
    for fact in seen.of(_STATUS.get(phase, ""), "last_attempt.http_status"):
        if re.fullmatch("[45][0-9]{2}", fact.value):
            yield fact


def _nearest(seen: FactView, codes: str) -> str:
    """Return the innermost HRESULT; of a log that stops before it is summed up, the first one that is no wrapper."""
    summed = [code for code in codes.lower().split(", ") if code.startswith("0x")]
    logged = [fact.value.lower() for fact in seen.of("attempt.hresult")]
    inner = [value for value in (*summed, *logged) if value not in _OUTER]
    return next(iter((*inner, *summed, *logged)), "")


def _shown_by_status(view: FactView, answers: Mapping[str, list[Conclusion]]) -> Symptom | None:
    """Read the last failed attempt that /status shows, which it does on a device that is not joined."""
    screens = list(dict.fromkeys(fact.of for fact in view.of("last_attempt.phase", "last_attempt.client_code")))
    if not screens:
        return None
    of = screens[-1]
    seen = view.attempt(of)
    proof = seen.of("last_attempt.phase", "last_attempt.client_code")[:1]
    joined = seen.matching("device.joined", "^YES$")
    road = Conclusion(
        question="road",
        answer=Road.UNDECIDED if joined else Road.NOT_JOINED,
        of=of,
        because=proof,
        basis=proof[0].basis,
    )
    return _symptom(seen, [road, *answers.get(of, ())], ())

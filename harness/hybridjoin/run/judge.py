"""Compares a join with what its scenario expects, and says for each line what came instead and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.sign_in import refusal_of
from hybridjoin.model import claim_states
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.exchange import Breakdown, HttpReply, TicketReply, Transcript
from hybridjoin.model.likeness import unlike
from hybridjoin.model.record import ExpectationRecord, FailureRecord, JoinRecord, JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import ClaimRow, Outcome, Verdict
from hybridjoin.protocol.mex import MexEndpoint
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.scenario.scenario import Expectation, Expected
from hybridjoin.scenario.variables import Value, resolve

NOTHING: Final = "nothing"
_FEW: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a join left behind, as the judge looks at it; `values` are the variables of the live directory.

    `heard` is what the lab's servers have noted of it, `attempts` how many there have been, this one counted.
    """

    join: JoinRecord
    parts: Parts
    transcript: Transcript
    values: Mapping[str, Value]
    heard: tuple[HeardLine, ...] = ()
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was found where an expectation looks; `verdict` is the one that it is about, where it is about one."""

    met: bool
    found: str
    step: Step | None = None
    explanation: str = ""
    verdict: Verdict | None = None


def judge_expectations(expectations: Iterable[Expectation], judged: Judged) -> tuple[ExpectationRecord, ...]:
    """Return what became of each expectation, in the order they were written."""
    return tuple(_judge(expectation, judged) for expectation in expectations)


def _judge(expectation: Expectation, judged: Judged) -> ExpectationRecord:
    try:
        wanted = _resolved(expectation, judged.values)
    except KeyError as missing:
        finding = Observation(met=False, found=f"the live directory holds no {missing.args[0]}")
        return _record(expectation, expectation.wanted, finding)
    return _record(expectation, wanted, _FINDERS[expectation.about](expectation, wanted, judged))


def _resolved(expectation: Expectation, values: Mapping[str, Value]) -> tuple[str, ...]:
    if expectation.about is Expected.OTHER_VERDICTS:
        return expectation.wanted
    return tuple(resolve(text, values) for text in expectation.wanted)


def _record(expectation: Expectation, wanted: tuple[str, ...], finding: Observation) -> ExpectationRecord:
    odd = None if finding.met else finding.verdict
    return ExpectationRecord(
        name=expectation.name,
        place=expectation.place,
        expected=_said(expectation, wanted),
        found=finding.found,
        met=finding.met,
        step=finding.step,
        explanation="" if finding.met else finding.explanation,
        where=odd.where if odd else None,
        not_tested=odd.not_tested if odd else None,
        about=expectation.about.value,
        target=expectation.target,
        wanted=expectation.wanted,
    )


def _said(expectation: Expectation, wanted: tuple[str, ...]) -> str:
    if expectation.about is Expected.OTHER_VERDICTS:
        return "no requirement failed" + (f" besides {', '.join(wanted)}" if wanted else "")
    text = ", ".join(wanted)
    return f"AADSTS{text}" if expectation.about is Expected.AADSTS else text


def _join(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    join = judged.join
    step = join.failure.step if join.failure else _last_step(join)
    met = join.result.value == wanted[0]
    return Observation(met=met, found=join.result.value, step=step, explanation=_why(join))


def _last_step(join: JoinRecord) -> Step:
    """Return the step that a flow ends with where nothing fails."""
    return [row.step for row in join.flow if row.instead_of is None][-1]


def _why(join: JoinRecord) -> str:
    """Say in one breath why the join ended as it did, with the claims that are wrong by name."""
    if join.failure is None:
        return ""
    parts = [join.failure.reason]
    if join.result is JoinResult.SYNCHRONIZED:
        parts.append("the synchronized join then hid it")
    elif join.fallback_failure:
        parts.append(f"the synchronized join failed too: {join.fallback_failure.reason}")
    parts.extend(claim_states.told(row) for row in join.claims if row.outcome is Outcome.FAILED)
    if join.failure.remedy:
        parts.append(f"what to try: {join.failure.remedy}")
    return "; ".join(parts)


def _of_failure(
    read: Callable[[FailureRecord], str], *, contained: bool = False, fallback: bool = False
) -> Callable[[Expectation, tuple[str, ...], Judged], Observation]:
    def find(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
        failure = judged.join.fallback_failure if fallback else judged.join.failure
        if failure is None:
            kind = "the synchronized join did not fail" if fallback else "nothing failed"
            return Observation(met=False, found=kind, explanation=_why(judged.join))
        found = read(failure)
        met = wanted[0].lower() in found.lower() if contained else wanted[0] == found
        return Observation(met=met, found=found or NOTHING, step=failure.step, explanation=_why(judged.join))

    return find


def _code(expectation: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    fallback = expectation.about is Expected.FALLBACK_CODE
    failure = judged.join.fallback_failure if fallback else judged.join.failure
    if failure is None:
        return Observation(met=False, found="no code, for nothing failed")
    codes = [f"{code.code} {code.symbol}".strip() for code in failure.codes if code.code.startswith("0x")]
    shown = any(wanted[0] in line.lower() for line in judged.join.debug_screen)
    met = shown or any(code.lower().startswith(wanted[0]) for code in codes)
    return Observation(met=met, found=", ".join(codes) or NOTHING, step=failure.step, explanation=_why(judged.join))


def _aadsts(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    error, at = refusal_of(judged.parts)
    if error is None:
        return Observation(met=False, found="no error of the token endpoint", explanation=_why(judged.join))
    found = f"AADSTS{error.code}" if error.code is not None else error.error or f"HTTP {error.http_status}"
    return Observation(met=str(error.code) == wanted[0], found=found, step=at, explanation=_why(judged.join))


def _fault(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    fault = judged.parts.get(SoapFault)
    if fault is None:
        return Observation(met=False, found="no SOAP fault", explanation=_why(judged.join))
    found = fault.subcode or fault.code
    return Observation(met=found == wanted[0], found=found, step=Step.RST, explanation=fault.reason)


def _kerberos(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    broken = [(each.reply, each.step) for each in judged.transcript.exchanges if isinstance(each.reply, Breakdown)]
    for reply, step in broken:
        if reply.kind == wanted[0]:
            return Observation(met=True, found=reply.kind, step=step)
    found = ", ".join(reply.kind for reply, _ in broken) or "no Kerberos error"
    first = broken[0][1] if broken else None
    return Observation(met=False, found=found, step=first, explanation=_why(judged.join))


def _http_status(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    failure = judged.join.failure
    step = failure.step if failure else _last_step(judged.join)
    exchange = judged.transcript.find(step)
    if exchange is None or not isinstance(exchange.reply, HttpReply):
        return Observation(met=False, found="no HTTP reply", step=step, explanation=_why(judged.join))
    found = str(exchange.reply.status)
    return Observation(met=found == wanted[0], found=found, step=step, explanation=_why(judged.join))


def _heard(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    told = "\n".join(item.line for item in judged.heard)
    found = "; ".join(item.line for item in judged.heard[-_FEW:]) or NOTHING
    return Observation(met=wanted[0].lower() in told.lower(), found=found, explanation=_why(judged.join))


def _attempts(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    found = str(judged.attempts)
    return Observation(met=found == wanted[0], found=found, explanation=_why(judged.join))


def _trust(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    endpoint = judged.parts.get(MexEndpoint)
    found = endpoint.trust.value if endpoint and endpoint.trust else "no endpoint chosen"
    return Observation(met=found == wanted[0], found=found, step=Step.MEX, explanation=_why(judged.join))


def _ticket(about: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    ticket = judged.parts.get(TicketReply)
    found = str(getattr(ticket, about.about.value)) if ticket else "no ticket"
    return Observation(met=found == wanted[0], found=found, step=Step.TICKET, explanation=_why(judged.join))


def _claim(expectation: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    row = next((row for row in judged.join.claims if row.name == expectation.target), None)
    if row is None:
        found = "no assertion to read it from" if not judged.join.claims else "nothing is known of this claim"
        return Observation(met=False, found=found, step=Step.RST, explanation=_why(judged.join))
    met, found = _claim_facet(expectation.about, row, wanted)
    return Observation(met=met, found=found, step=Step.RST, explanation=_odd(expectation.about, row, wanted))


def _odd(about: Expected, row: ClaimRow, wanted: tuple[str, ...]) -> str:
    """Say what tells a claim from the one that was expected, where that is not seen; else what is wrong with it."""
    pairs = zip(row.found, wanted, strict=False) if about is Expected.CLAIM_VALUES else ()
    words = next((odd for mine, right in pairs if (odd := _unlike(mine, right))), "")
    return f"{row.name}: {words}" if words else claim_states.told(row)


def _unlike(found: str, wanted: str) -> str:
    odd = unlike(wanted, found)
    return unlike(found, wanted) or (f"in what was expected, {odd}" if odd else "")


def _claim_facet(about: Expected, row: ClaimRow, wanted: tuple[str, ...]) -> tuple[bool, str]:
    if about is Expected.CLAIM_STATE:
        states = claim_states.states(row)
        return wanted[0] in states, states[0]
    if about is Expected.CLAIM_NAMESPACE:
        return row.found_namespace == wanted[0], row.found_namespace or NOTHING
    if about is Expected.CLAIM_VALUES:
        return row.found == wanted, ", ".join(row.found) or NOTHING
    return wanted[0].lower() in row.mistake.lower(), row.mistake or "no mistake that has a name"


def _verdict(expectation: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    verdict = next((item for item in judged.join.verdicts if item.requirement == expectation.target), None)
    if verdict is None:
        return Observation(met=False, found="no verdict of that id")
    words = f" Expected {verdict.expected or NOTHING}, found {verdict.found or NOTHING}"
    return Observation(
        met=verdict.outcome.value == wanted[0],
        found=verdict.outcome.value,
        explanation=verdict.sentence + (words if verdict.not_tested is None else ""),
        verdict=verdict,
    )


def _other_verdicts(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    fell = [item for item in judged.join.verdicts if item.outcome is Outcome.FAILED and item.requirement not in wanted]
    if not fell:
        return Observation(met=True, found="no other requirement failed")
    words = "; ".join(f"{item.requirement}: {item.sentence} Found {item.found or NOTHING}" for item in fell)
    return Observation(met=False, found=", ".join(item.requirement for item in fell), explanation=words)


def _screen(_: Expectation, wanted: tuple[str, ...], judged: Judged) -> Observation:
    line = " ".join(wanted[0].split())
    lines = [*judged.join.debug_screen, *judged.join.status_screen]
    if any(line in " ".join(shown.split()) for shown in lines):
        return Observation(met=True, found=wanted[0])
    return Observation(met=False, found="no such line", explanation=_why(judged.join))


_FINDERS: Final[Mapping[Expected, Callable[[Expectation, tuple[str, ...], Judged], Observation]]] = MappingProxyType(
    {
        **dict.fromkeys((Expected.JOIN, Expected.SIGN_IN, Expected.LEAVE, Expected.REGISTRATION), _join),
        Expected.PHASE: _of_failure(lambda failure: failure.phase.value),
        Expected.STEP: _of_failure(lambda failure: failure.step.value),
        Expected.REASON: _of_failure(lambda failure: failure.reason, contained=True),
        Expected.SERVER_MESSAGE: _of_failure(lambda failure: failure.server_message, contained=True),
        Expected.CODE: _code,
        Expected.AADSTS: _aadsts,
        Expected.FAULT: _fault,
        Expected.KERBEROS: _kerberos,
        Expected.HTTP_STATUS: _http_status,
        Expected.HEARD: _heard,
        Expected.ATTEMPTS: _attempts,
        Expected.TRUST: _trust,
        **dict.fromkeys((Expected.TICKET_ETYPE, Expected.TICKET_KVNO), _ticket),
        Expected.FALLBACK_STEP: _of_failure(lambda failure: failure.step.value, fallback=True),
        Expected.FALLBACK_CODE: _code,
        Expected.FALLBACK_REASON: _of_failure(lambda failure: failure.reason, contained=True, fallback=True),
        Expected.CLAIM_STATE: _claim,
        Expected.CLAIM_NAMESPACE: _claim,
        Expected.CLAIM_VALUES: _claim,
        Expected.CLAIM_MISTAKE: _claim,
        Expected.VERDICT: _verdict,
        Expected.OTHER_VERDICTS: _other_verdicts,
        Expected.SCREEN: _screen,
    }
)

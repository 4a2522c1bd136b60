"""Mutation testing of the checks: every mutant goes through our own checks and through the Entra double's judge."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import hybridjoin
from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.checks.rules import BOOK
from hybridjoin.doubles.entra.judge import DeviceSubject, Refusal
from hybridjoin.doubles.idp.signing import SigningIdentity, signer
from hybridjoin.errors import PeerError
from hybridjoin.evidence.facts import RegistrationProblems, TrustedCertificates
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.mutation import SCHEMA, Catch, Fate, MutationMatrix, MutationRow, Prediction
from hybridjoin.model.verdict import BROKEN, Certainty, Level, Outcome, Verdict
from hybridjoin.mutations import CannotApply, Mutant, Operator, control, make, unsigned
from hybridjoin.protocol import names, rstr, xml
from hybridjoin.protocol.enrolment import Registration
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import SignatureReading, read_signature
from hybridjoin.run.mutations.entra_judge import EntraJudge

CONTROL = "control"
_AREAS = frozenset({"RSTR", "SAML", "SIG", "CLAIM"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A good assertion with the evidence around it and when it came, and the key that signs mutants."""

    source: str
    parts: Parts
    received_at: datetime
    identity: SigningIdentity


def run_mutations(
    baseline: Baseline,
    mutations: Sequence[tuple[Operator, ...]],
    *,
    seed: int = 0,
    on_row: Callable[[MutationRow], None] = lambda _: None,
) -> MutationMatrix:
    """Judge every mutation of a good assertion.

    Raises:
        PeerError: there is no assertion to mutate, or it is refused even when nothing is wrong with it.
    """
    started_at, start = datetime.now(UTC), time.perf_counter()
    matrix = _Matrix(baseline)
    rows = []
    for operators in mutations:
        row = matrix.row(operators)
        on_row(row)
        rows.append(row)
    return MutationMatrix(
        schema=SCHEMA,
        tool=f"hybridjoin {hybridjoin.__version__}",
        source=baseline.source,
        started_at=started_at,
        elapsed_s=time.perf_counter() - start,
        seed=seed,
        control=matrix.control_row,
        rows=tuple(rows),
    )


def missed(matrix: MutationMatrix) -> tuple[MutationRow, ...]:
    """Return the rows for which the harness has to be mended: faults that its checks let by, or fell over."""
    return tuple(item for item in matrix.rows if item.fate is Fate.MISSED or item.interrupted)


class _Matrix:
    """What all rows are compared with: the control, judged once."""

    def __init__(self, baseline: Baseline) -> None:
        response = baseline.parts.get(TokenResponse)
        if response is None or response.assertion is None:
            outcome = baseline.parts.get(FlowOutcome)
            why = f": {outcome.failure.reason}" if outcome is not None and outcome.failure is not None else ""
            raise PeerError(f"expected a SAML 1.1 assertion to mutate, found none{why}", where="RSTR")
        self._parts, self._good = baseline.parts, response
        self._sign = signer(baseline.identity)
        self._bare = unsigned(xml.parse(response.assertion_xml, where="assertion"))
        self._requirements = tuple(item for item in BOOK if item.area in _AREAS)
        self._entra = EntraJudge(baseline.parts, now=baseline.received_at)
        mutant = control(self._bare, self._sign)
        self._before = self._judge(mutant)
        self._octets = _digest(mutant)
        self.control_row = MutationRow(
            id=CONTROL,
            sentence="The good assertion, signed again.",
            area=CONTROL,
            fate=Fate.HARMLESS,
            meant_for=(),
            caught_by=tuple(_catch(item) for item in self._before.verdicts.values() if item.outcome in BROKEN),
            entra=self._before.entra,
            mistakes=self._before.mistakes,
            reason="",
            sha256=self._octets,
        )
        if self._before.entra.code:
            words = f"{self._before.entra.code} ({self._before.entra.rule})"
            raise PeerError(
                f"expected a good assertion to start from, found one that Entra refuses: {words}", where="RSTR"
            )

    def row(self, operators: tuple[Operator, ...]) -> MutationRow:
        """Make one mutant and have it judged."""
        row = _blank(operators)
        try:
            mutant = make(self._bare, operators, self._sign)
        except CannotApply as cannot:
            return replace(row, reason=cannot.reason)
        digest = _digest(mutant)
        if digest == self._octets:
            return replace(row, sha256=digest, reason="the mutant's octets are those of the good assertion")
        seen = self._judge(mutant)
        news = [item for item in seen.verdicts.values() if self._is_new(item)]
        caught = tuple(_catch(item) for item in news if item.outcome in BROKEN)
        harmless = next((item.harmless for item in operators if item.harmless), "")
        return replace(
            row,
            fate=_fate(caught, row.meant_for, harmless=bool(harmless)),
            caught_by=caught,
            entra=seen.entra,
            mistakes=tuple(item for item in seen.mistakes if item not in self._before.mistakes),
            reason=harmless,
            sha256=digest,
            interrupted=tuple(
                f"{item.requirement}: {item.not_tested.detail}"
                for item in news
                if item.outcome is Outcome.INTERRUPTED and item.not_tested is not None
            ),
        )

    def _is_new(self, verdict: Verdict) -> bool:
        before = self._before.verdicts[verdict.requirement]
        return verdict.outcome is not before.outcome or (verdict.outcome in BROKEN and verdict.found != before.found)

    def _judge(self, mutant: Mutant) -> _Seen:
        response = _carrying(self._good, mutant)
        parts = _with(self._parts, response)
        return _Seen(
            verdicts={item.requirement: item for item in checks.judge(parts, self._requirements)},
            mistakes=tuple(f"{row.name}: {row.mistake}" for row in claim_rows(parts) if row.mistake),
            entra=self._ask_entra(response.assertion_xml),
        )

    def _ask_entra(self, assertion: bytes) -> Prediction:
        answer = self._entra.ask(assertion)
        if isinstance(answer, Refusal):
            rule = answer.rule
            return Prediction(
                code=f"AADSTS{rule.code}",
                symbol=rule.symbol,
                rule=rule.id,
                certainty=Certainty(rule.certainty.value),
                accepted_as="",
            )
        kind = "device" if isinstance(answer, DeviceSubject) else "user"
        return Prediction(code="", symbol="", rule="", certainty=None, accepted_as=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What checks, claim table and Entra said of one mutant."""

    verdicts: dict[str, Verdict]
    mistakes: tuple[str, ...]
    entra: Prediction


def _blank(operators: tuple[Operator, ...]) -> MutationRow:
    return MutationRow(
        id=" + ".join(item.id for item in operators),
        sentence=" ".join(item.sentence for item in operators),
        area=" + ".join(dict.fromkeys(item.area.value for item in operators)),
        fate=Fate.NOT_APPLICABLE,
        meant_for=tuple(sorted({wanted for item in operators for wanted in item.catches})),
        caught_by=(),
        entra=None,
        mistakes=(),
        reason="",
        sha256="",
    )


def _fate(caught: tuple[Catch, ...], meant_for: Iterable[str], *, harmless: bool) -> Fate:
    """A fault is caught by a requirement that is there for it; what others say of it besides is welcome."""
    if harmless:
        alarm = any(item.level is Level.MUST and item.outcome is Outcome.FAILED for item in caught)
        return Fate.ALARM if alarm else Fate.HARMLESS
    spoke = {item.requirement for item in caught}
    return Fate.CAUGHT if spoke.intersection(meant_for) else Fate.MISSED


def _catch(verdict: Verdict) -> Catch:
    return Catch(requirement=verdict.requirement, level=verdict.level, outcome=verdict.outcome, found=verdict.found)


def _digest(mutant: Mutant) -> str:
    return hashlib.sha256(b"".join(mutant.tokens)).hexdigest()


def _carrying(good: TokenResponse, mutant: Mutant) -> TokenResponse:
    """Return the good response as it would have been with the mutant in it."""
    read = rstr.parse_reply(enveloped(mutant.tokens), http_status=good.http_status, content_type=good.content_type)
    if not isinstance(read, TokenResponse):
        raise TypeError("a response with a token was read as a fault")
    return replace(
        good,
        assertions=read.assertions,
        assertion=read.assertion,
        assertion_xml=read.assertion_xml,
        borrowed_namespaces=read.borrowed_namespaces,
        encrypted=read.encrypted,
        token_elements=read.token_elements,
    )


def _with(parts: Parts, response: TokenResponse) -> Parts:
    """Return the parts of a flow in which this response came, up to the point where its assertion is sent on."""
    assertion, trusted = response.assertion, parts.get(TrustedCertificates)
    signature = None
    if assertion is not None:
        signature = read_signature(
            response.assertion_xml,
            assertion_id=assertion.assertion_id,
            trusted_certificates=trusted.certificates if trusted is not None else (),
            issued_at=assertion.issue_instant,
        )
    until_sent = parts.without(Assertion, SignatureReading, Token, EntraError, Registration, RegistrationProblems)
    return until_sent.but(response, assertion, signature, FlowOutcome())


def enveloped(tokens: tuple[bytes, ...]) -> bytes:
    """Write the smallest response around tokens."""
    trust, name = names.TRUST_13, "RequestSecurityTokenResponse"
    head = f'<t:{name}Collection xmlns:t="{trust}"><t:{name}><t:RequestedSecurityToken>'.encode()
    tail = f"</t:RequestedSecurityToken></t:{name}></t:{name}Collection>".encode()
    return head + b"".join(tokens) + tail

"""From what a join left behind to the record that every report is drawn from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hybridjoin.device.flow_run import FlowRun
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.evidence.work_account import WorkAccountEvidence
from hybridjoin.knowledge.advice import advice
from hybridjoin.model.record import CodeRecord, FailureRecord, JoinRecord
from hybridjoin.model.recorded import keep
from hybridjoin.model.verdict import Certainty, ClaimRow, Verdict, WindowsCode
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.mex import MexEndpoint
from hybridjoin.protocol.oauth import EntraError


def collect_join(
    *,
    device: str,
    evidence: JoinEvidence,
    run: FlowRun[JoinEvidence],
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],
) -> JoinRecord:
    """Return one join as plain data: what every flow leaves, and what only a computer has."""
    registration = evidence.registration
    return replace(
        collect_flow(device=device, evidence=evidence, run=run, verdicts=verdicts, claims=claims),
        fallback_failure=failure_record(evidence.fallback_failure),
        device_id=registration.device_id if registration else "",
        trust=_trust(evidence.endpoint),
    )


def collect_sign_in(
    *,
    device: str,
    evidence: SignInEvidence,
    run: FlowRun[SignInEvidence],
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],
) -> JoinRecord:
    """Return one sign-in at a token service as plain data; `device` is the user's name."""
    record = collect_flow(device=device, evidence=evidence, run=run, verdicts=verdicts, claims=claims)
    return replace(record, trust=_trust(evidence.endpoint))


def collect_registration(
    *,
    device: str,
    evidence: WorkAccountEvidence,
    run: FlowRun[WorkAccountEvidence],
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],
) -> JoinRecord:
    """Return one registration by a person as plain data; `device` is the person's name."""
    registration, logon = evidence.registration, evidence.logon
    return replace(
        collect_flow(device=device, evidence=evidence, run=run, verdicts=verdicts, claims=claims),
        device_id=registration.device_id if registration else "",
        trust=_trust(logon.endpoint if logon else None),
    )


def collect_flow(
    *,
    device: str,
    evidence: FlowEvidence,
    run: FlowRun[Any],
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],
) -> JoinRecord:
    """Return what every flow leaves behind as plain data; `device` is the name of whoever went through it."""
    transcript = run.transcript
    record = JoinRecord(
        device=device,
        result=evidence.result,
        failure=failure_record(evidence.failure),
        fallback_failure=None,
        exchanges=tuple(keep(exchange) for exchange in transcript.exchanges),
        verdicts=verdicts,
        claims=claims,
        debug_screen=run.debug_screen,
        status_screen=run.status_screen,
        client_request_id=evidence.client_request_id,
        moments=transcript.moments,
        identifiers=transcript.identifiers,
        readings=transcript.readings,
        circumstances=transcript.circumstances,
    )
    return _advised(record, evidence.failure)


def _trust(endpoint: MexEndpoint | None) -> str:
    return endpoint.trust.value if endpoint and endpoint.trust else ""


def _advised(record: JoinRecord, failure: Failure | None) -> JoinRecord:
    """Say what to do about a refusal of Entra's: that takes its number and all the verdicts, not the step alone."""
    if record.failure is None or failure is None or not isinstance(failure.server, EntraError):
        return record
    return replace(record, failure=replace(record.failure, remedy=advice(record)))


def failure_record(failure: Failure | None) -> FailureRecord | None:
    """Return a failure with its codes, the nearest to the fault first."""
    if failure is None:
        return None
    told = (code for code in (failure.cause, failure.wrapper) if code is not None)
    codes = [_windows(code) for code in told if not windows.is_unknown(code)]
    server = failure.server
    if isinstance(server, EntraError) and server.code is not None:
        codes.insert(0, _aadsts(server))
    return FailureRecord(
        phase=failure.phase,
        step=failure.step,
        reason=failure.reason,
        codes=tuple(codes),
        server_message=server_message(failure),
        remedy=failure.remedy,
    )


def server_message(failure: Failure) -> str:
    """Return the peer's own words."""
    server = failure.server
    if server is None:
        return ""
    if isinstance(server, EntraError):
        return server.description
    if isinstance(server, EnrolmentError):
        return f"{server.error_type}: {server.message}"
    return server.reason


def _windows(code: WindowsCode) -> CodeRecord:
    return CodeRecord(
        code=str(code), symbol=code.symbol, meaning=code.meaning, certainty=code.certainty, source=code.source
    )


def _aadsts(error: EntraError) -> CodeRecord:
    words = error.description.partition(": ")[2].partition("Trace ID:")[0].strip()
    return CodeRecord(
        code=f"AADSTS{error.code}",
        symbol=error.error,
        meaning=words,
        certainty=Certainty.OBSERVED,
        source="the token endpoint's own answer",
    )

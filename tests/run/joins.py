"""Joins made by hand, for whoever judges or records them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from hybridjoin.device.flow_run import FlowRun
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import Exchange, HttpReply, HttpRequest, Transcript
from hybridjoin.model.record import JoinRecord, JoinResult
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import Certainty, ClaimRow, Level, Outcome, Verdict, WindowsCode
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.mex import Credential, MexEndpoint, Trust
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.run.collect import collect_join

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
GUID = uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444")
GUID_BASE64 = "UUEMXKriXkOYeql655jERA=="
SID = "S-1-5-21-1-2-3-1260"
STS = "https://sts.example.test/sts"
ACCOUNT_TYPE = "http://schemas.microsoft.com/ws/2012/01"

COMPUTER = Computer(
    dn="CN=WS01,CN=Computers,DC=example,DC=test",
    name="WS01",
    object_guid=GUID,
    object_sid=SID,
    sam_account_name="WS01$",
    dns_host_name="ws01.example.test",
)

INVALID_GRANT = WindowsCode(
    code=0xCAA20003, symbol="ERROR_ADAL_SERVER_ERROR_INVALID_GRANT", meaning="Entra refused the assertion",
    certainty=Certainty.DOCUMENTED, source="a table",
)  # fmt: skip
WRAPPER = WindowsCode(
    code=0xCAA1000E, symbol="", meaning="the outer code", certainty=Certainty.OBSERVED, source="a transcript"
)
NOT_FOUND = WindowsCode(
    code=0x801C03F2, symbol="DSREG_E_DIRECTORY_FAILURE", meaning="no such device", certainty=Certainty.DOCUMENTED,
    source="a table",
)  # fmt: skip

ENDPOINT = MexEndpoint(
    url=STS, trust=Trust.V13, credential=Credential.WINDOWS, soap_action=None, binding="b", port="p", spn=None, line=1
)

ENTRA_ERROR = EntraError(
    http_status=400,
    error="invalid_grant",
    description="AADSTS51004: The user account {EUII Hidden} does not exist. Trace ID: 1 Correlation ID: 2",
    code=51004,
    trace_id="1",
    correlation_id="2",
    timestamp="2026-07-14 12:00:00Z",
    raw="{}",
)

REFUSED = Failure(
    phase=Phase.AUTH,
    step=Step.TOKEN,
    reason="Entra refused the assertion: AADSTS51004",
    cause=INVALID_GRANT,
    wrapper=WRAPPER,
    server=ENTRA_ERROR,
    remedy="compare the claims",
)

GOOD_ROW = ClaimRow(
    name="primarysid", namespace="urn:sid", expected=(SID,), found=(SID,), found_namespace="urn:sid",
    outcome=Outcome.PASSED,
)  # fmt: skip
MISPLACED_ROW = ClaimRow(
    name="accounttype", namespace=ACCOUNT_TYPE, expected=("DJ",), found=("DJ",), found_namespace="urn:other",
    outcome=Outcome.FAILED, mistake="wrong namespace 'urn:other'",
)  # fmt: skip
LOST_ROW = ClaimRow(
    name="onpremobjectguid", namespace="urn:guid", expected=(GUID_BASE64,), found=(), found_namespace="",
    outcome=Outcome.FAILED,
)  # fmt: skip

VERDICTS = (
    Verdict(requirement="MEX-07", level=Level.MUST, outcome=Outcome.FAILED, sentence="Ids are unique.", found="twins"),
    Verdict(requirement="MEX-08", level=Level.SHOULD, outcome=Outcome.WARNING, sentence="A port names its SPN."),
    Verdict(requirement="RSTR-01", level=Level.MUST, outcome=Outcome.PASSED, sentence="It relates to the request."),
)

TRANSCRIPT = Transcript(
    exchanges=(
        Exchange(
            step=Step.RST, party=Party.IDP, request=HttpRequest(method="POST", url=STS, body=b"<rst/>"),
            reply=HttpReply(status=200, reason="OK", body=b"<rstr/>"), started_at=NOON, elapsed_s=0.0123,
        ),
        Exchange(
            step=Step.TOKEN, party=Party.ENTRA, request=HttpRequest(method="POST", url="https://login.example.test/token"),
            reply=HttpReply(status=400, reason="Bad Request"), started_at=NOON, elapsed_s=0.002,
        ),
    )
)  # fmt: skip


def evidence_of(failure: Failure | None = REFUSED, *, fallback_failure: Failure | None = None) -> JoinEvidence:
    """Evidence of a join that Entra refused, or of one that went well."""
    return JoinEvidence(
        result=JoinResult.FAILED if failure else JoinResult.FEDERATED,
        client_request_id="7b690c51-7ff3-4900-8875-18a409e1053e",
        started_at=NOON,
        fallback_enabled=False,
        applies_to="urn:federation:MicrosoftOnline",
        issuer="https://sts.example.test/issuer",
        computer=COMPUTER,
        endpoint=ENDPOINT,
        entra_error=ENTRA_ERROR if failure else None,
        failure=failure,
        fallback_failure=fallback_failure,
    )


def record_of(
    evidence: JoinEvidence, *, claims: tuple[ClaimRow, ...] = (GOOD_ROW, MISPLACED_ROW, LOST_ROW)
) -> JoinRecord:
    """The record of such a join."""
    run = FlowRun(
        evidence=evidence,
        transcript=TRANSCRIPT,
        debug_screen=("AdalLog:  HRESULT: 0xcaa90006", "DSREGCMD_END_STATUS", "             AzureAdJoined : NO"),
        status_screen=("                DomainName : EXAMPLE",),
    )
    return collect_join(device="WS01", evidence=evidence, run=run, verdicts=VERDICTS, claims=claims)

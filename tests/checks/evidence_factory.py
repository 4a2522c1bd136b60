"""Evidence of joins, parsed from real documents: a healthy one, and whatever a test bends of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hybridjoin.errors import Breakage
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, Proof, ServerProof, TicketReply
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UserPractice
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import Certainty, WindowsCode
from hybridjoin.protocol import discovery, enrolment, mex, oauth, realm, rstr, scp, signature
from hybridjoin.protocol.computer import Computer
from tests.checks.messages import kept
from tests.checks.probe_factory import healthy_probes
from tests.protocol.documents import (
    ANCHOR,
    CLAIMS,
    GUID,
    ISSUER,
    MESSAGE_ID,
    NOW,
    REALM,
    SID,
    STS_HOST,
    AssertionText,
    Claim,
    ReplyText,
    fault_12,
    sign,
    signer,
)
from tests.protocol.metadata import WAYS, Way, metadata
from tests.protocol.test_discovery_documents import DISCOVERY, TENANT
from tests.protocol.test_discovery_documents import REALM as REALM_DOCUMENT
from tests.protocol.test_enrolment import KEY, issue
from tests.protocol.test_oauth import REFUSAL, jwt

REQUEST_ID = str(REFUSAL["correlation_id"])
COMPUTER = Computer(
    dn="CN=WS01,CN=Computers,DC=hybridjoin,DC=test",
    name="WS01",
    object_guid=GUID,
    object_sid=SID,
    sam_account_name="WS01$",
    dns_host_name="ws01.hybridjoin.test",
    consistency_guid=ANCHOR.bytes_le,
)
TICKET = TicketReply(
    client="WS01$@HYBRIDJOIN.TEST",
    server=f"HTTP/{STS_HOST}@HYBRIDJOIN.TEST",
    ticket_etype="aes256-cts-hmac-sha1-96",
    session_etype="aes256-cts-hmac-sha1-96",
    starts_at=NOW,
    ends_at=NOW + timedelta(hours=10),
)
TOKEN_CLAIMS = {"aud": "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", "on_prem_id": str(GUID), "primary_sid": SID}


def discovered(document: dict[str, Any]) -> discovery.DrsDiscovery:
    body = json.dumps(document).encode()
    return kept(discovery.parse_discovery(body), body)


def realm_of(document: dict[str, Any]) -> realm.UserRealm:
    body = json.dumps(document).encode()
    return kept(realm.parse_realm(body), body)


def metadata_evidence(ways: Iterable[Way] = WAYS, *, body: bytes | None = None) -> dict[str, Any]:
    document = mex.parse_mex(metadata(ways) if body is None else body)
    return {"mex": document, "endpoint": mex.choose_windows(document)}


def reply_evidence(
    body: bytes, *, content_type: str = "application/soap+xml; charset=utf-8", trusted: tuple[bytes, ...] | None = None
) -> dict[str, Any]:
    answer = kept(rstr.parse_reply(body, http_status=200, content_type=content_type), body)
    assert isinstance(answer, rstr.TokenResponse)
    reading = None
    if answer.assertion is not None:
        reading = signature.read_signature(
            answer.assertion_xml,
            assertion_id=answer.assertion.assertion_id,
            trusted_certificates=(signer().certificate,) if trusted is None else trusted,
            issued_at=answer.assertion.issue_instant,
        )
    return {"response": answer, "signature": reading, "rstr_received_at": NOW + timedelta(seconds=1)}


def signed_evidence(text: AssertionText | None = None, **how: Any) -> dict[str, Any]:  # noqa: ANN401 as sign takes
    return reply_evidence(bytes(ReplyText(tokens=(sign(str(text or AssertionText()), **how),))))


def token_evidence(document: dict[str, Any] | None = None, *, status: int = 200) -> dict[str, Any]:
    good = {
        "access_token": jwt(dict(TOKEN_CLAIMS)),
        "token_type": "Bearer",
        "resource": "urn:ms-drs:enterpriseregistration.windows.net",
    }
    body = json.dumps(document or good).encode()
    answer = oauth.parse_token_reply(HttpReply(status=status, body=body))
    if isinstance(answer, oauth.EntraError):
        return {"token": None, "entra_error": kept(answer, body)}
    return {"token": kept(replace(answer, claims=oauth.read_jwt_claims(answer.access_token)), body)}


def registration_evidence(certificate: bytes) -> dict[str, Any]:
    body = json.dumps({"Certificate": {"RawBody": base64.b64encode(certificate).decode()}}).encode()
    answer = kept(enrolment.parse_join_reply(HttpReply(status=200, body=body)), body)
    assert isinstance(answer, enrolment.Registration)
    ours = enrolment.is_for(certificate, KEY)
    problems = enrolment.certificate_problems(answer, ours=ours, device_id=str(GUID), tenant_id=TENANT, now=NOW)
    return {"registration": answer, "registration_problems": problems}


def healthy() -> JoinEvidence:
    """A join in which every sentence that can be tested holds."""
    return JoinEvidence(
        result=JoinResult.FEDERATED,
        client_request_id=REQUEST_ID,
        started_at=NOW,
        fallback_enabled=True,
        applies_to=REALM,
        issuer=ISSUER,
        users=UserPractice(immutable_id=True),
        signing_certificates=(signer().certificate,),
        computer=COMPUTER,
        scp=scp.parse_scp(("azureADName:hybridjoin.test", f"azureADId:{TENANT}")),
        discovery=discovered(DISCOVERY),
        realm=realm_of(REALM_DOCUMENT),
        ticket=TICKET,
        message_id=MESSAGE_ID,
        server_proof=ServerProof(proof=Proof.GOOD),
        probes=healthy_probes(),
        **metadata_evidence(),
        **signed_evidence(),
        **token_evidence(),
        **registration_evidence(issue()),
    )


HEALTHY = healthy()


def bent(**changes: Any) -> JoinEvidence:  # noqa: ANN401 the fields of JoinEvidence
    """The healthy join with some of its evidence replaced."""
    return replace(HEALTHY, **changes)


def claiming(*claims: Claim) -> JoinEvidence:
    """The healthy join with other claims, signed again."""
    return bent(**signed_evidence(AssertionText(claims=claims or CLAIMS)))


def failing(
    step: Step,
    reason: str,
    *,
    breakage: Breakage | None = None,
    **changes: Any,  # noqa: ANN401 the fields of JoinEvidence
) -> JoinEvidence:
    """A join that ended at a step, with nothing of what comes after it."""
    order = {
        Step.COMPUTER: "computer",
        Step.SCP: "scp",
        Step.DISCOVER: "discovery",
        Step.REALM: "realm",
        Step.MEX: "mex",
        Step.TICKET: "ticket",
        Step.RST: "response",
        Step.TOKEN: "token",
        Step.JOIN: "registration",
    }
    steps = list(order)
    lost: dict[str, Any] = {order[later]: None for later in steps[steps.index(step) :]}
    if lost.get("mex", "") is None:
        lost["endpoint"] = None
    if "response" in lost:
        lost |= {"signature": None, "server_proof": None}
    failure = Failure(
        phase=Phase.AUTH,
        step=step,
        reason=reason,
        cause=WindowsCode(code=0xCAA90006, symbol="X", meaning="x", certainty=Certainty.ASSUMED, source="x"),
        breakage=breakage,
    )
    lost |= {"registration_problems": (), "result": JoinResult.FAILED, "failure": failure}
    return bent(**{**lost, **changes})


def unreadable(step: Step, words: str) -> JoinEvidence:
    """A join that ended because a reply could not be read."""
    return failing(step, words, unreadable=((step, words),))


def faulted(body: bytes | None = None, *, status: int = 500) -> JoinEvidence:
    """A join that the token service answered with a SOAP fault."""
    told = fault_12() if body is None else body
    fault = kept(rstr.parse_reply(told, http_status=status, content_type=""), told)
    assert isinstance(fault, rstr.SoapFault)
    return failing(Step.RST, "a fault", fault=fault)


def refused(**changes: object) -> JoinEvidence:
    """A join whose assertion Entra refused."""
    return failing(Step.TOKEN, "AADSTS51004", **token_evidence({**REFUSAL, **changes}, status=400))

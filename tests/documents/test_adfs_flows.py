"""AD FS in whole: joins with its documents, its domains' settings, its faults; nothing but what is listed is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.documents import federation_parts
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.intake.federation import read_settings
from hybridjoin.model.site import UserPractice
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.protocol.mex import parse_mex
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from tests.checks.evidence_factory import (
    COMPUTER,
    TICKET,
    bent,
    failing,
    metadata_evidence,
    realm_of,
    reply_evidence,
)
from tests.checks.probe_factory import token
from tests.documents.adfs_domains import settings
from tests.documents.adfs_metadata import HOST, MEX_URL, AdfsMetadata
from tests.documents.adfs_replies import COMPUTER_CLAIMS, ISSUER, AdfsReply, of_computer, refused
from tests.documents.judged import listed, told
from tests.documents.shapes import NO_ANCHOR, ONLY_2005, OTHER_IDENTITY, SHA1, Findings, Said
from tests.protocol.documents import NOW, T2005, signer
from tests.protocol.test_discovery_documents import REALM

SEVERAL = "http://contoso.example/adfs/services/trust/"
EXPIRED = signer("expired", expired=True)
REALM_OF_ADFS = {
    **REALM,
    "federation_metadata_url": MEX_URL,
    "federation_active_auth_url": f"https://{HOST}/adfs/services/trust/2005/usernamemixed",
}


def joined(reply: AdfsReply, document: AdfsMetadata | None = None, **changes: object) -> JoinEvidence:
    """A join at AD FS: its metadata, its ticket, its reply."""
    given = {
        "issuer": ISSUER,
        "computer": replace(COMPUTER, consistency_guid=None, user_principal_name="WS01$@contoso.example"),
        "realm": realm_of(REALM_OF_ADFS),
        "ticket": replace(TICKET, server=f"HTTP/{HOST}@HYBRIDJOIN.TEST"),
        **metadata_evidence(body=bytes(document or AdfsMetadata())),
        **reply_evidence(bytes(reply), trusted=(signer().certificate, EXPIRED.certificate)),
        "signing_certificates": (signer().certificate, EXPIRED.certificate),
    }
    return bent(**{**given, **changes})


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinShape:
    """A join and what is said of it."""

    evidence: Callable[[], JoinEvidence]
    findings: Findings = field(default_factory=dict)


EXPIRED_SAID = Said(
    level=Level.SHOULD, outcome=Outcome.WARNING, reason="AD FS goes on signing after its certificate ended"
)
JOINS: dict[str, JoinShape] = {
    "2012 R2 and later": JoinShape(evidence=lambda: joined(of_computer())),
    "several domains in one farm": JoinShape(evidence=lambda: joined(of_computer(issuer=SEVERAL), issuer=SEVERAL)),
    "February 2005 alone, SHA-1": JoinShape(
        evidence=lambda: joined(of_computer(trust=T2005, sha1=True), AdfsMetadata(in_13=())),
        findings={**ONLY_2005, **SHA1},
    ),
    "the three claims that are documented and no name": JoinShape(
        evidence=lambda: joined(of_computer(claims=COMPUTER_CLAIMS[:3], name_identifier=None), users=UserPractice()),
        findings=NO_ANCHOR,
    ),
    "the certificate has ended": JoinShape(
        evidence=lambda: joined(of_computer(by=EXPIRED)), findings={"SIG-10": EXPIRED_SAID}
    ),
    "the service account's user name": JoinShape(
        evidence=lambda: joined(of_computer(), AdfsMetadata(identity="<Upn>svc@contoso.example</Upn>")),
        findings=OTHER_IDENTITY,
    ),
}


@pytest.mark.parametrize("shape", JOINS.values(), ids=JOINS)
def test_of_a_join_nothing_else_is_said(shape: JoinShape) -> None:
    verdicts = checks.judge_flow(shape.evidence().parts)

    assert told(verdicts) == listed(shape.findings)
    assert sum(item.outcome is Outcome.PASSED for item in verdicts) > 150


def test_a_lower_case_message_id_needs_no_relates_to() -> None:
    answer = replace(token(), response=reply_evidence(bytes(AdfsReply()))["response"])
    evidence = joined(of_computer())
    probes = tuple(
        replace(item, answers=(answer,)) if item.probe == "rst-lower-case-message-id" else item
        for item in evidence.probes
    )

    verdicts = checks.judge_flow(replace(evidence, probes=probes).parts)

    assert answer.response is not None
    assert answer.response.relates_to is None
    assert told(verdicts) == {}


@pytest.mark.parametrize("trust", ["1.3", "2005"])
@pytest.mark.parametrize(
    ("reason", "subcode"),
    [
        ("MSIS7068: Access denied.", "FailedAuthentication"),
        ("MSIS3127: The specified request failed.", "RequestFailed"),
    ],
)
def test_of_ad_fs_faults_nothing_is_said_but_that_there_is_no_token(trust: str, reason: str, subcode: str) -> None:
    older = {"trust": T2005} if trust == "2005" else {}
    fault = parse_reply(refused(reason, subcode, **older), http_status=500, content_type="application/soap+xml")
    assert isinstance(fault, SoapFault)
    document = AdfsMetadata(in_13=()) if older else AdfsMetadata()
    ended = failing(Step.RST, f"the IdP answered with the SOAP fault: {reason}", fault=fault)
    evidence = replace(
        joined(of_computer()),
        response=None,
        signature=None,
        server_proof=None,
        token=None,
        registration=None,
        registration_problems=(),
        fault=fault,
        result=ended.result,
        failure=ended.failure,
        **metadata_evidence(body=bytes(document)),
    )

    found = told(checks.judge_flow(evidence.parts))

    assert found == {"RSTR-01": (Level.MUST, Outcome.FAILED), **listed(ONLY_2005 if older else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainShape:
    """A domain's settings, the day on which somebody looks at them, and what is said."""

    text: str
    reply: AdfsReply
    day: int = 0
    findings: Findings = field(default_factory=dict)


NO_MFA = Said(
    level=Level.MAY, outcome=Outcome.REVIEW, reason="Entra Connect has left FederatedIdpMfaBehavior empty for years"
)
MFA_ENFORCED = Said(
    level=Level.MAY,
    outcome=Outcome.REVIEW,
    reason="meant, where AD FS issues multipleauthn; else people go in a circle",
)
ENDED = {
    "FED-10": replace(EXPIRED_SAID, reason="AD FS signs with a certificate that has ended, and Entra has no other"),
    "FED-11": replace(EXPIRED_SAID, reason="no certificate stands ready to follow one that has ended"),
}
DOMAINS: Mapping[str, DomainShape] = {
    "as Entra Connect writes it": DomainShape(text=settings(mfa="acceptIfMfaDoneByFederatedIdp"), reply=of_computer()),
    "as AD FS' cmdlets wrote it": DomainShape(text=settings(), reply=of_computer(), findings={"FED-15": NO_MFA}),
    "one of several domains": DomainShape(
        text=settings(issuer=SEVERAL, mfa="acceptIfMfaDoneByFederatedIdp"), reply=of_computer(issuer=SEVERAL)
    ),
    "a certificate that has ended": DomainShape(
        text=settings(by=EXPIRED), reply=of_computer(by=EXPIRED), findings={"FED-15": NO_MFA, **ENDED}
    ),
    "two weeks before its end, the next one written by AD FS' rollover": DomainShape(
        text=settings(by=EXPIRED, following=signer(), mfa="enforceMfaByFederatedIdp"),
        reply=of_computer(by=EXPIRED),
        day=-15,
        findings={"FED-26": MFA_ENFORCED},
    ),
}


@pytest.mark.parametrize("shape", DOMAINS.values(), ids=DOMAINS)
def test_of_a_domain_nothing_else_is_said(shape: DomainShape) -> None:
    now: datetime = NOW + timedelta(days=shape.day)
    (read,) = read_settings(shape.text.encode(), place="settings.txt")
    response = parse_reply(bytes(shape.reply), http_status=200, content_type="")
    assert isinstance(response, TokenResponse)
    parts = federation_parts(read, now=now, document=parse_mex(bytes(AdfsMetadata())), response=response)

    verdicts = checks.judge(parts, BOOK.select("FED-*"))

    assert told(verdicts) == listed(shape.findings)
    assert {item.requirement for item in verdicts if item.outcome is Outcome.PASSED} >= {"FED-16", "FED-17", "FED-18"}


def test_no_list_of_ad_fs_fails_a_must() -> None:
    lists = [*(item.findings for item in JOINS.values()), *(item.findings for item in DOMAINS.values())]
    said = [one for findings in lists for one in findings.values()]

    assert said
    assert [one for one in said if one.outcome is Outcome.FAILED or len(one.reason.split()) < 6] == []

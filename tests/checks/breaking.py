"""For each requirement, evidence that breaks it; and evidence that keeps it where the healthy join is silent."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hybridjoin.errors import Breakage
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.exchange import HttpReply, Proof, ServerProof
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UserPractice
from hybridjoin.model.steps import Step
from hybridjoin.protocol import enrolment
from tests.checks.account_cases import WORK_BREAKING, WORK_PASSING
from tests.checks.bridge_cases import BRIDGE_BREAKING, BRIDGE_PASSING
from tests.checks.browser_cases import PASSIVE_BREAKING, PASSIVE_PASSING
from tests.checks.evidence_factory import (
    HEALTHY,
    TICKET,
    bent,
    claiming,
    discovered,
    failing,
    faulted,
    metadata_evidence,
    realm_of,
    refused,
    registration_evidence,
    reply_evidence,
    signed_evidence,
    token_evidence,
    unreadable,
)
from tests.checks.federation_cases import FEDERATION_BREAKING, FEDERATION_PASSING
from tests.checks.gateway_cases import GATEWAY_BREAKING, GATEWAY_PASSING
from tests.checks.leave_cases import LEAVE_BREAKING, LEAVE_PASSING
from tests.checks.managed_cases import MANAGED_BREAKING, MANAGED_PASSING
from tests.checks.messages import AnyEvidence, kept
from tests.checks.probe_factory import breaking_probes
from tests.checks.prt_cases import PRT_BREAKING, PRT_PASSING
from tests.checks.seamless_cases import SEAMLESS_BREAKING, SEAMLESS_PASSING
from tests.checks.sign_in_cases import USER_BREAKING, USER_PASSING
from tests.protocol.documents import (
    CLAIMS,
    DJ,
    GUID,
    ISSUER,
    LIVE_ID,
    NOW,
    SID,
    T13,
    T2005,
    UPN,
    WS2008,
    AssertionText,
    Claim,
    ReplyText,
    base64_guid,
    fault_12,
    instant,
    sign,
    signer,
    with_claim,
)
from tests.protocol.metadata import (
    CERTIFICATE_13,
    NAMESPACES,
    NEGOTIATE,
    USERNAME_13,
    WINDOWS_13,
    WINDOWS_2005,
    Way,
    definitions,
)
from tests.protocol.test_discovery_documents import DISCOVERY, REALM
from tests.protocol.test_enrolment import TRANSPORT, issue
from tests.protocol.test_oauth import jwt

Case = Callable[[], AnyEvidence]
SIGNED = sign(str(AssertionText()))
STRANGER = uuid.UUID("7754d487-1fc3-4206-9e95-ce012f1586e5")
HOUR = timedelta(hours=1)
SAML_2 = '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_2"/>'
ENCRYPTED = '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>'


def ways(*chosen: Way) -> Case:
    return lambda: bent(**metadata_evidence(chosen))


def windows(**changes: str | None) -> Case:
    return ways(replace(WINDOWS_13, **changes))  # type: ignore[arg-type] # the fields of Way, each a text


def said(**changes: object) -> Case:
    """An assertion whose text is bent, signed again."""
    return lambda: bent(**signed_evidence(AssertionText(**changes)))  # type: ignore[arg-type] # the fields of AssertionText


def answered(*tokens: str, **changes: object) -> Case:
    """A reply whose text is bent, around a good assertion where no other is given."""
    reply = ReplyText(tokens=tokens or (SIGNED,), **changes)  # type: ignore[arg-type] # the fields of ReplyText
    return lambda: bent(**reply_evidence(bytes(reply)))


def signed(**how: object) -> Case:
    return lambda: bent(**signed_evidence(AssertionText(), **how))


def resigned(old: str, new: str) -> Case:
    """A good signature with one spot of it changed afterwards."""
    assert old in SIGNED
    return lambda: bent(**reply_evidence(bytes(ReplyText(tokens=(SIGNED.replace(old, new),)))))


def claims(*given: Claim) -> Case:
    return lambda: claiming(*given)


def realm_says(**changes: str) -> Case:
    return lambda: bent(realm=realm_of({**REALM, **changes}))


def other_tenant() -> JoinEvidence:
    document = {**DISCOVERY, "TenantInfo": {"TenantId": str(STRANGER), "TenantName": "other.test"}}
    return bent(discovery=discovered(document))


def twice_signed() -> JoinEvidence:
    start, end = SIGNED.index("<ds:Signature"), SIGNED.index("</saml:Assertion>")
    twice = SIGNED.replace("</saml:Assertion>", SIGNED[start:end] + "</saml:Assertion>")
    return bent(**reply_evidence(bytes(ReplyText(tokens=(twice,)))))


def doubted() -> JoinEvidence:
    """The first verifier finds the signature good, the second does not."""
    reading = HEALTHY.signature
    assert reading is not None
    assert (reading.valid, reading.second_opinion) == (True, True)
    return bent(signature=replace(reading, second_opinion=False))


def refused_join() -> JoinEvidence:
    body = b'{"ErrorType": "DirectoryError", "Message": "not found"}'
    error = kept(enrolment.parse_join_reply(HttpReply(status=400, body=body)), body)
    return failing(Step.JOIN, "DirectoryError", enrolment_error=error)


def fallen_back() -> JoinEvidence:
    failed = refused()
    return replace(failed, result=JoinResult.SYNCHRONIZED, registration=HEALTHY.registration)


def token_about(**changed: str) -> Case:
    document = {"access_token": jwt({"aud": "urn:other", **changed}), "resource": "urn:other"}
    return lambda: bent(**token_evidence(document))


def borrowed() -> JoinEvidence:
    declared = ' xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"'
    plain = str(AssertionText(declare=False))
    return bent(**reply_evidence(bytes(ReplyText(tokens=(plain,), response_declarations=declared))))


SIGNATURE = SIGNED[SIGNED.index("<ds:Signature") : SIGNED.index("</saml:Assertion>")]
SIGNATURE_FIRST = SIGNED.replace(SIGNATURE, "").replace("<saml:Conditions", SIGNATURE + "<saml:Conditions")
TWIN_BINDINGS = (WINDOWS_13, replace(WINDOWS_2005, name=WINDOWS_13.name, policy=""))
TWIN_POLICIES = (WINDOWS_13, replace(USERNAME_13, policy=WINDOWS_13.policy_text()))
UTILITY_POLICY = (
    WINDOWS_13.policy_text()
    .replace("wsu:Id", "u:Id")
    .replace("><wsp:ExactlyOne", f' xmlns:u="{NAMESPACES["wsu"]}"><wsp:ExactlyOne', 1)
)
LOST_BINDING = definitions().replace('binding="tns:Windows2005"', 'binding="tns:Lost"')
WITHOUT_ADDRESSES = re.sub(r"<\w+:address .*?/>|<\w+:EndpointReference.*?</\w+:EndpointReference>", "", definitions())
UNDEFINED = definitions().replace('message="tns:In13"', 'message="tns:Lost"')
NOT_SENT = ServerProof(proof=Proof.NOT_SENT, words="it did not answer with a token")
OTHER_MECHANISM = ServerProof(proof=Proof.OTHER_MECHANISM, words="expected supportedMech 1.2.840.48018.1.2.2")
SUBJECT = f"<saml:Subject><saml:NameIdentifier>{base64_guid(GUID)}</saml:NameIdentifier></saml:Subject>"
EXTRA = (
    '<saml:Attribute AttributeName="a" AttributeNamespace="urn:x"><saml:AttributeValue>7</saml:AttributeValue>'
    "</saml:Attribute>"
)
SECOND_STATEMENT = (
    "<saml:AuthenticationStatement",
    f"<saml:AttributeStatement>{SUBJECT}{EXTRA}</saml:AttributeStatement><saml:AuthenticationStatement",
)
SECOND_AUDIENCE = ("</saml:Audience>", "</saml:Audience><saml:Audience>urn:other</saml:Audience>")
LOCALITY = (
    "</saml:AuthenticationStatement>",
    '<saml:SubjectLocality IPAddress="127.0.0.77"/></saml:AuthenticationStatement>',
)
BIG_ENDIAN = base64.b64encode(GUID.bytes).decode()

BREAKING: dict[str, Case] = {
    "AD-01": lambda: failing(Step.COMPUTER, "KDC_ERR_CLIENT_REVOKED"),
    "SCP-01": lambda: unreadable(Step.SCP, "no azureADId"),
    "DISC-01": lambda: failing(Step.DISCOVER, "HTTP 404"),
    "DISC-02": other_tenant,
    "REALM-01": realm_says(account_type="Managed"),
    "REALM-02": realm_says(federation_metadata_url="http://sts.hybridjoin.test/mex"),
    "REALM-03": realm_says(federation_protocol="SAML"),
    "MEX-01": lambda: failing(Step.MEX, "HTTP 404"),
    "MEX-02": lambda: unreadable(Step.MEX, "expected well-formed XML"),
    "MEX-32": lambda: failing(Step.MEX, "no complete answer within 20 s", breakage=Breakage.TIMEOUT),
    "MEX-03": ways(USERNAME_13),
    "MEX-04": ways(USERNAME_13),
    "MEX-05": ways(replace(WINDOWS_2005, scheme="http"), WINDOWS_13),
    "MEX-06": ways(WINDOWS_2005),
    "MEX-07": ways(*TWIN_POLICIES),
    "MEX-08": ways(*TWIN_BINDINGS),
    "MEX-09": ways(WINDOWS_13, replace(WINDOWS_2005, reference='<wsp:PolicyReference URI="#lost"/>')),
    "MEX-33": lambda: bent(**metadata_evidence(body=WITHOUT_ADDRESSES.encode())),
    "MEX-10": lambda: bent(**metadata_evidence(body=LOST_BINDING.encode())),
    "MEX-11": windows(prefix=""),
    "MEX-12": windows(epr=""),
    "MEX-13": windows(spn="host/other.test"),
    "MEX-14": windows(action="urn:issue"),
    "MEX-15": windows(prefix=""),
    "MEX-16": ways(WINDOWS_13),
    "MEX-17": windows(soap="soap11"),
    "MEX-18": windows(assertions=NEGOTIATE),
    "MEX-19": windows(host="elsewhere.test"),
    "MEX-20": lambda: bent(**metadata_evidence(body=UNDEFINED.encode())),
    "KRB-01": lambda: failing(Step.TICKET, "KDC_ERR_S_PRINCIPAL_UNKNOWN", **metadata_evidence()),
    "KRB-02": lambda: bent(ticket=replace(TICKET, ticket_etype="rc4-hmac")),
    "KRB-03": lambda: bent(ticket=replace(TICKET, session_etype="rc4-hmac")),
    "KRB-04": lambda: bent(ticket=replace(TICKET, server="HTTP/other.test@HYBRIDJOIN.TEST")),
    "RSTR-01": faulted,
    "RSTR-02": lambda: unreadable(Step.RST, "found an HTML page"),
    "RSTR-18": lambda: failing(Step.RST, "no complete answer within 20 s", breakage=Breakage.TIMEOUT),
    "RSTR-03": answered(soap="http://schemas.xmlsoap.org/soap/envelope/"),
    "RSTR-04": answered(trust=T2005),
    "RSTR-05": answered(collection=False),
    "RSTR-19": answered(trust=T2005, collection=True),
    "RSTR-21": answered(SIGNED, "\n  "),
    "RSTR-20": answered(token_type="urn:oasis:names:tc:SAML:2.0:assertion"),
    "MEX-35": lambda: bent(users=UserPractice(smart_cards=True)),
    "MEX-37": ways(replace(WINDOWS_13, policy=UTILITY_POLICY)),
    "SAML-16": answered(sign(str(AssertionText()).replace(*SECOND_STATEMENT))),
    "SAML-17": answered(sign(str(AssertionText()).replace(*SECOND_AUDIENCE))),
    "SAML-18": answered(sign(str(AssertionText()).replace(*LOCALITY))),
    "RSTR-06": answered(action=f"{T13}/RSTR/Issue"),
    "RSTR-07": answered(relates_to="urn:uuid:other"),
    "RSTR-08": answered(SAML_2),
    "RSTR-09": answered(SIGNED, SIGNED),
    "RSTR-10": answered(token_type=None),
    "RSTR-11": answered(key_type=f"{T13}/SymmetricKey"),
    "RSTR-12": answered(applies_to="urn:other"),
    "RSTR-13": answered(lifetime=None),
    "RSTR-14": answered(reference="_other"),
    "RSTR-15": borrowed,
    "RSTR-16": lambda: bent(**reply_evidence(bytes(ReplyText(tokens=(SIGNED,))), content_type="text/html")),
    "RSTR-17": answered(ENCRYPTED),
    "FAULT-01": lambda: faulted(fault_12("")),
    "FAULT-02": lambda: faulted(fault_12("Oops")),
    "FAULT-03": lambda: faulted(status=200),
    "SAML-01": said(version=("1", "0")),
    "SAML-02": said(issuer=f"{ISSUER}/"),
    "SAML-03": said(assertion_id="7d05360e"),
    "SAML-04": said(window=None),
    "SAML-05": said(window=(instant(NOW - 3 * HOUR), instant(NOW - 2 * HOUR))),
    "SAML-06": said(issued=instant(NOW + HOUR)),
    "SAML-07": said(issued="yesterday"),
    "SAML-08": said(audience="urn:other"),
    "SAML-09": said(confirmation="urn:oasis:names:tc:SAML:1.0:cm:holder-of-key"),
    "SAML-10": said(claims=()),
    "SAML-11": said(authentication=False),
    "SAML-12": said(name_format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
    "SAML-13": said(second_name_identifier="somebody else"),
    "SAML-14": claims(*with_claim("accounttype", ("", f"{DJ}/accounttype", ("DJ",)))),
    "SAML-15": answered(SIGNATURE_FIRST),
    "SIG-01": answered(str(AssertionText())),
    "SIG-02": resigned(">DJ<", ">User<"),
    "SIG-03": signed(by=signer("stranger")),
    "SIG-04": signed(sha1=True),
    "SIG-05": signed(sha1=True),
    "SIG-06": signed(uri=""),
    "SIG-07": signed(inclusive=True),
    "SIG-08": signed(transforms=1),
    "SIG-09": signed(key_info=False),
    "SIG-10": signed(by=signer("old", expired=True)),
    "SIG-11": signed(one_line=False),
    "SIG-12": signed(by=signer("weak", bits=1024)),
    "SIG-13": twice_signed,
    "SIG-14": doubted,
    "CLAIM-01": claims(*with_claim("accounttype", (WS2008, "accounttype", ("DJ",)))),
    "CLAIM-02": claims(*with_claim("accounttype", (DJ, "accounttype", ("dj",)))),
    "CLAIM-03": claims(*with_claim("onpremobjectguid")),
    "CLAIM-04": claims(*with_claim("onpremobjectguid", (CLAIMS[3][0], "onpremobjectguid", (BIG_ENDIAN,)))),
    "CLAIM-05": claims(*with_claim("primarysid", ("urn:x", "primarysid", (SID,)))),
    "CLAIM-06": claims(*with_claim("primarysid", (WS2008, "primarysid", (SID[:-4] + "515",)))),
    "CLAIM-07": claims(*with_claim("ImmutableID", ("urn:x", "ImmutableID", CLAIMS[0][2]))),
    "CLAIM-08": claims(*with_claim("ImmutableID", (LIVE_ID, "ImmutableID", (base64_guid(STRANGER),)))),
    "CLAIM-09": said(name_identifier=base64_guid(STRANGER)),
    "CLAIM-10": claims(*CLAIMS, CLAIMS[2]),
    "CLAIM-11": claims(*with_claim("accounttype", (DJ, "accounttype", ("DJ", "DJ")))),
    "CLAIM-12": claims(*CLAIMS, (WS2008, "issuerid", ("http://other.test/",))),
    "CLAIM-13": claims(*with_claim("UPN", (UPN, "UPN", ("WS02$@hybridjoin.test",)))),
    "TOKEN-01": refused,
    "TOKEN-02": token_about(),
    "TOKEN-03": token_about(primary_sid="S-1-5-21-1-2-3-4"),
    "TOKEN-04": lambda: refused(correlation_id="another"),
    "JOIN-01": refused_join,
    "JOIN-02": lambda: bent(**registration_evidence(issue(key=TRANSPORT))),
    "JOIN-03": lambda: bent(**registration_evidence(issue(device=STRANGER, name=str(STRANGER)))),
    "JOIN-04": fallen_back,
    "HTTP-07": lambda: bent(server_proof=NOT_SENT),
    "HTTP-08": lambda: bent(server_proof=OTHER_MECHANISM),
    **breaking_probes(HEALTHY),
    **FEDERATION_BREAKING,
    **GATEWAY_BREAKING,
    **USER_BREAKING,
    **MANAGED_BREAKING,
    **LEAVE_BREAKING,
    **PASSIVE_BREAKING,
    **BRIDGE_BREAKING,
    **PRT_BREAKING,
    **WORK_BREAKING,
    **SEAMLESS_BREAKING,
}

PASSING: dict[str, Case] = {
    "FAULT-01": faulted,
    "FAULT-02": faulted,
    "FAULT-03": faulted,
    "RSTR-19": answered(trust=T2005, collection=False),
    "MEX-35": lambda: bent(users=UserPractice(smart_cards=True), **metadata_evidence((WINDOWS_13, CERTIFICATE_13))),
    "CLAIM-12": claims(*CLAIMS, (WS2008, "issuerid", (ISSUER,))),
    "TOKEN-04": refused,
    **FEDERATION_PASSING,
    **GATEWAY_PASSING,
    **USER_PASSING,
    **MANAGED_PASSING,
    **LEAVE_PASSING,
    **PASSIVE_PASSING,
    **BRIDGE_PASSING,
    **PRT_PASSING,
    **WORK_PASSING,
    **SEAMLESS_PASSING,
}

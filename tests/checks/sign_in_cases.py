"""Evidence of sign-ins by password and by ticket: healthy ones, and for each USER requirement one that breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignedInUser, SignInEvidence
from hybridjoin.model.flows import SIGN_IN_INTEGRATED
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import mex, realm, rstr
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.windows import UNKNOWN
from tests.checks.evidence_factory import HEALTHY, realm_of, reply_evidence, token_evidence
from tests.checks.messages import kept
from tests.protocol.documents import (
    GUID,
    ISSUER,
    LIVE_ID,
    MESSAGE_ID,
    NOW,
    REALM,
    STS_HOST,
    T2005,
    AssertionText,
    Claim,
    ReplyText,
    base64_guid,
    fault_12,
    instant,
    sign,
    signer,
)
from tests.protocol.metadata import NAMESPACES, USERNAME_13, WAYS, WINDOWS_13, Way, metadata
from tests.protocol.test_discovery_documents import REALM as REALM_DOCUMENT

NAME = "carol@hybridjoin.test"
WINDOWS_METHOD = "urn:federation:authentication:windows"
PASSWORD_METHOD = "urn:oasis:names:tc:SAML:1.0:am:password"
UPN: Claim = ("http://schemas.xmlsoap.org/claims", "UPN", (NAME,))
IMMUTABLE_ID: Claim = (LIVE_ID, "ImmutableID", (base64_guid(GUID),))
UNPREFIXED = sign(re.sub("(</?)saml:", r"\1", str(AssertionText())).replace("xmlns:saml=", "xmlns="))
INHERITED = USERNAME_13.assertions.replace(f' xmlns:sp="{NAMESPACES["sp"]}"', "")
Case = Callable[[], SignInEvidence]
OTHER_GUID = UUID("11111111-2222-4333-8444-555555555555")
LATER = NOW + timedelta(hours=1)
REASON = "The name or the password is wrong."
AUTHENTICATION = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod"
INSIDE = ("http://schemas.microsoft.com/ws/2012/01", "insidecorporatenetwork")
REFERENCES = ("http://schemas.microsoft.com/claims", "authnmethodsreferences")
ISSUER_ID = ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "issuerid")
DAYS_LEFT = ("http://schemas.microsoft.com/ws/2012/01", "passwordexpirationdays")
REALM_WITH_ACTIVE = {**REALM_DOCUMENT, "federation_active_auth_url": f"https://{STS_HOST}{USERNAME_13.path}"}
USERNAME_2005 = replace(USERNAME_13, name="Username2005", path="/trust/2005/usernamemixed", trust=T2005)


def assertion(**changes: object) -> AssertionText:
    given: dict[str, Any] = {
        "claims": (UPN, IMMUTABLE_ID), "name_identifier": base64_guid(GUID), "method": PASSWORD_METHOD, **changes
    }  # fmt: skip
    return AssertionText(**given)


def reply(text: AssertionText, **changes: object) -> dict[str, Any]:
    return reply_evidence(bytes(ReplyText(tokens=(sign(str(text)),), **changes)))  # type: ignore[arg-type]


def offered(*ways: Way) -> dict[str, Any]:
    document = mex.parse_mex(metadata(ways or WAYS))
    return {"mex": document, "endpoint": mex.choose(document, Credential.USERNAME)}


def signed_in(**changes: Any) -> SignInEvidence:  # noqa: ANN401 the fields of SignInEvidence
    """A sign-in in which every sentence that can be tested holds, with some of its evidence replaced."""
    healthy = SignInEvidence(
        result=SignInResult.SIGNED_IN,
        user=SignedInUser(name=NAME, client_id="04b07795-8ddb-461a-bbee-02f9e1bf7b46", scope="openid"),
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14",
        started_at=NOW - timedelta(seconds=1),
        applies_to=REALM,
        issuer=ISSUER,
        signing_certificates=(signer().certificate,),
        realm=realm_of(REALM_WITH_ACTIVE),
        message_id=MESSAGE_ID,
        **offered(),
        **reply(assertion()),
        **token_evidence(),
    )
    return replace(healthy, **changes)


def signed_in_by_ticket(**changes: Any) -> SignInEvidence:  # noqa: ANN401 the fields of SignInEvidence
    """The same by the ticket of the logon."""
    document = mex.parse_mex(metadata(WAYS))
    ticket = replace(HEALTHY.ticket, client="carol@HYBRIDJOIN.TEST") if HEALTHY.ticket is not None else None
    healthy = signed_in(
        flow=SIGN_IN_INTEGRATED.name,
        credential=Credential.WINDOWS,
        mex=document,
        endpoint=mex.choose(document, Credential.WINDOWS),
        ticket=ticket,
        server_proof=HEALTHY.server_proof,
        **reply(assertion(method=WINDOWS_METHOD)),
    )
    return replace(healthy, **changes)


def said(**changes: object) -> Case:
    return lambda: signed_in(**reply(assertion(**changes)))


def claimed(namespace: str, name: str, value: str) -> Case:
    return said(claims=(UPN, IMMUTABLE_ID, (namespace, name, (value,))))


def rewritten(old: str, new: str) -> Case:
    text = str(assertion())
    assert old in text
    return lambda: signed_in(**reply_evidence(bytes(ReplyText(tokens=(sign(text.replace(old, new)),)))))


def realm_with(member: str, value: str) -> realm.UserRealm:
    return realm_of({**REALM_WITH_ACTIVE, member: value})


def mistyped(old: str = "", new: str = "") -> SignInEvidence:
    """A sign-in with a wrong password that was refused as it ought to be, with one text of the refusal replaced."""
    body = fault_12("FailedAuthentication", reason=REASON, relates_to=MESSAGE_ID)
    assert old.encode() in body
    body = body.replace(old.encode(), new.encode()) if old else body
    answer = kept(rstr.parse_reply(body, http_status=500, content_type="application/soap+xml"), body)
    assert isinstance(answer, rstr.SoapFault)
    failure = Failure(phase=Phase.AUTH, step=Step.RST, reason=answer.reason, cause=UNKNOWN, server=answer)
    return _refused(answer, failure)


def page_instead() -> SignInEvidence:
    return _refused(None, Failure(phase=Phase.AUTH, step=Step.RST, reason="HTTP 500 with a page", cause=UNKNOWN))


def _refused(fault: rstr.SoapFault | None, failure: Failure) -> SignInEvidence:
    return signed_in(
        result=SignInResult.NOT_SIGNED_IN, mistyped=True, response=None, signature=None, token=None,
        fault=fault, failure=failure,
    )  # fmt: skip


def typed(token_type: str) -> Case:
    return lambda: signed_in(**reply(assertion(), token_type=token_type))


USER_BREAKING: dict[str, Case] = {
    "USER-01": lambda: signed_in(**offered(WINDOWS_13)),
    "USER-02": said(name_identifier=None, claims=(UPN,)),
    "USER-03": said(name_identifier=str(GUID), claims=(UPN,)),
    "USER-04": typed("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"),
    "USER-05": said(method=WINDOWS_METHOD),
    "USER-06": said(claims=(IMMUTABLE_ID,)),
    "USER-07": said(name_identifier=base64_guid(OTHER_GUID)),
    "USER-08": said(claims=(UPN, IMMUTABLE_ID, IMMUTABLE_ID)),
    "USER-09": said(claims=(UPN, UPN, IMMUTABLE_ID)),
    "USER-10": said(method="http://schemas.microsoft.com/claims/multipleauthn"),
    "USER-11": claimed(*INSIDE, "TRUE"),
    "USER-12": claimed(*REFERENCES, f"{AUTHENTICATION}/windows"),
    "USER-13": claimed(*ISSUER_ID, "http://sub.hybridjoin.test/adfs/services/trust/"),
    "USER-14": claimed(*DAYS_LEFT, "soon"),
    "USER-15": rewritten(f'AuthenticationInstant="{instant(NOW)}"', f'AuthenticationInstant="{instant(LATER)}"'),
    "USER-16": lambda: signed_in(**offered(USERNAME_2005)),
    "USER-17": lambda: signed_in(realm=realm_with("federation_metadata_url", "https://sts.test/mex?id=x")),
    "USER-18": lambda: signed_in(**offered(replace(USERNAME_13, path="/sts?x=1"))),
    "USER-19": lambda: signed_in(**offered(replace(USERNAME_13, path="/sts?x=1&amp;y=2"))),
    "USER-20": lambda: signed_in(realm=realm_with("federation_active_auth_url", "https://sts.test/else")),
    "USER-21": lambda: signed_in(**reply_evidence(bytes(ReplyText(tokens=(UNPREFIXED,))))),
    "USER-22": lambda: signed_in(mistyped=True),
    "USER-23": page_instead,
    "USER-24": lambda: mistyped("FailedAuthentication", "RequestFailed"),
    "USER-25": lambda: mistyped(REASON, "no: [masked 9 characters 1a2b]"),
    "USER-27": lambda: signed_in(**offered(replace(USERNAME_13, assertions=INHERITED))),
    "USER-26": lambda: mistyped(MESSAGE_ID, "urn:uuid:another"),
}
USER_PASSING: dict[str, Case] = dict.fromkeys(USER_BREAKING, signed_in) | {
    "USER-11": claimed(*INSIDE, "true"),
    "USER-12": claimed(*REFERENCES, f"{AUTHENTICATION}/password"),
    "USER-13": claimed(*ISSUER_ID, ISSUER),
    "USER-14": claimed(*DAYS_LEFT, "12"),
    **dict.fromkeys(("USER-22", "USER-23", "USER-24", "USER-25", "USER-26"), mistyped),
}

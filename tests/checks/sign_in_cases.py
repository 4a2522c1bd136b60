"""Evidence of sign-ins by password and by ticket: healthy ones, and for each USER requirement one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hybridjoin.evidence.sign_in import SignedInUser, SignInEvidence
from hybridjoin.model.flows import SIGN_IN_INTEGRATED
from hybridjoin.model.record import SignInResult
from hybridjoin.protocol import mex, realm
from hybridjoin.protocol.mex import Credential
from tests.checks.evidence_factory import HEALTHY, reply_evidence, token_evidence
from tests.checks.messages import kept
from tests.protocol.documents import (
    GUID,
    ISSUER,
    LIVE_ID,
    MESSAGE_ID,
    NOW,
    REALM,
    AssertionText,
    Claim,
    ReplyText,
    base64_guid,
    sign,
    signer,
)
from tests.protocol.metadata import WAYS, WINDOWS_13, Way, metadata
from tests.protocol.test_discovery_documents import REALM as REALM_DOCUMENT

NAME = "carol@hybridjoin.test"
WINDOWS_METHOD = "urn:federation:authentication:windows"
PASSWORD_METHOD = "urn:oasis:names:tc:SAML:1.0:am:password"
UPN: Claim = ("http://schemas.xmlsoap.org/claims", "UPN", (NAME,))
IMMUTABLE_ID: Claim = (LIVE_ID, "ImmutableID", (base64_guid(GUID),))
Case = Callable[[], SignInEvidence]


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
    body = json.dumps(REALM_DOCUMENT).encode()
    healthy = SignInEvidence(
        result=SignInResult.SIGNED_IN,
        user=SignedInUser(name=NAME, client_id="04b07795-8ddb-461a-bbee-02f9e1bf7b46", scope="openid"),
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14",
        started_at=NOW - timedelta(seconds=1),
        applies_to=REALM,
        issuer=ISSUER,
        signing_certificates=(signer().certificate,),
        realm=kept(realm.parse_realm(body), body),
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


def typed(token_type: str) -> Case:
    return lambda: signed_in(**reply(assertion(), token_type=token_type))


USER_BREAKING: dict[str, Case] = {
    "USER-01": lambda: signed_in(**offered(WINDOWS_13)),
    "USER-02": said(name_identifier=None, claims=(UPN,)),
    "USER-03": said(name_identifier=str(GUID), claims=(UPN,)),
    "USER-04": typed("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"),
    "USER-05": said(method=WINDOWS_METHOD),
    "USER-06": said(claims=(IMMUTABLE_ID,)),
}
USER_PASSING: dict[str, Case] = dict.fromkeys(USER_BREAKING, signed_in)

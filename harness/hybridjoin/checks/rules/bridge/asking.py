"""What a bridge asks with: its redirect URI, its secret, and whether the answer belongs to the question."""

from __future__ import annotations

import re

from hybridjoin.checks.requirement import Finding, expect, requirement
from hybridjoin.evidence.bridge import CodeRequest
from hybridjoin.model.reading import ClientSecretReading
from hybridjoin.model.relying_party import RelyingParty
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Side, Where
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.authorization import AuthorizationResponse
from hybridjoin.protocol.passive import PassiveForm

_LONGEST_URI = 256
_NOT_ALLOWED = re.compile(r"[!$'(),;]")
_ASKED = Where(step=Step.SIGN_IN_PAGE, side=Side.REQUEST)


@requirement(
    "BRIDGE-11",
    Level.MUST,
    "MS-REPLY Maximum URI length",
    remedy="Take the redirect URI that the bridge shows, whole, and register it with the type Web.",
    verified=True,
)
def the_redirect_uri_can_be_registered(party: RelyingParty) -> Finding:
    """The redirect URI is one that Entra lets be registered: https, at most 256 characters, none of them forbidden."""
    parts = split_address(party.redirect_uri)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    good = (parts.scheme == "https" or (local and parts.scheme == "http")) and len(party.redirect_uri) <= _LONGEST_URI
    found = _NOT_ALLOWED.search(party.redirect_uri)
    expected = "https, at most 256 characters, and none of ! $ ' ( ) , ;"
    return expect(good and found is None, expected=expected, found=party.redirect_uri, where=_ASKED)


@requirement(
    "BRIDGE-12",
    Level.MUST,
    "RFC6749 4.1.2",
    remedy="Look for a proxy or page between Entra and the bridge that drops or rewrites parameters.",
    verified=True,
)
def state_comes_back(asked: CodeRequest, response: AuthorizationResponse, form: PassiveForm | None) -> Finding:
    """The answer carries the state that the request was sent with."""
    found = "another one" if response.state else "none"
    same = response.state == asked.state
    return expect(same, expected="the state that was sent", found=asked.state if same else found, where=_answered(form))


@requirement(
    "BRIDGE-13",
    Level.MUST,
    "RFC6749 4.1.2",
    remedy="Look who answers in Entra's place: the code went to an address that nobody registered.",
    verified=True,
)
def the_code_goes_to_the_redirect_uri(
    party: RelyingParty, response: AuthorizationResponse, form: PassiveForm | None
) -> Finding:
    """The code comes to the redirect URI of the request, and to no other address."""
    same = response.target == party.redirect_uri
    return expect(same, expected=party.redirect_uri, found=response.target, where=_answered(form))


def _answered(form: PassiveForm | None) -> Where:
    """Return the message that brought the code: what Entra said to the IdP's form, where the way led by an IdP."""
    return Where(step=Step.SIGN_IN if form is None else Step.WRESULT)


@requirement(
    "BRIDGE-14",
    Level.MUST,
    "P14E Steps",
    remedy="Under Certificates & secrets make a new client secret, copy its Value at once (not the Secret ID, and not "
    "the application's client ID, as step 6 of PingOne's page has it), and paste it into Client Secret.",
    verified=True,
)
def the_secret_is_a_secrets_value(secret: ClientSecretReading, _: RelyingParty) -> Finding:
    """What was pasted as client secret is a secret's Value: neither the client ID nor a Secret ID."""
    found = "the client ID" if secret.is_client_id else "a GUID, as a Secret ID is" if secret.is_guid else "no GUID"
    good = not (secret.is_client_id or secret.is_guid)
    return expect(good, expected="a secret's Value", found=found, where=Where(step=Step.TOKEN, side=Side.REQUEST))

"""Signing a user in by name and password, told once: from the realm of the name to the user's access token.

It is what a program with a password does that uses Microsoft's libraries, and what Windows does at the logon of a
federated user: ask Entra whose the name is, ask the IdP's metadata for its `usernamemixed` endpoint, trade name and
password there for a SAML assertion, and the assertion at Entra for a token. The RequestSecurityToken is the one of
MSAL, for the bytes of Windows' own are not public. There is no Kerberos in it and no directory: the device need not be
joined to anything, and nothing is tried again with other credentials.

The password is in two places alone: in the credentials, which print without it, and in the body of one request,
which the driver masks before it is kept. A token service that repeats it in its refusal must not bring it into the
evidence either, so that each of its words that is kept is searched for every secret that is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from hybridjoin.device.needs import Flow, NewId, Now, Send, ask
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.device.steps.grant import trade
from hybridjoin.device.steps.metadata import fetch_metadata
from hybridjoin.device.steps.response import demand_assertion, read_response, read_signature
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignedInUser, SignInEvidence
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.flows import SIGN_IN_USERNAME
from hybridjoin.model.hiding import hide, hide_text
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step
from hybridjoin.protocol import mex, names, oauth, realm, rst, windows
from hybridjoin.protocol.mex import Credential, MexDocument, MexEndpoint, Trust
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.username_token import with_username_token

_REALM = SIGN_IN_USERNAME.row(Step.REALM)
_MEX = SIGN_IN_USERNAME.row(Step.MEX)
_RST = SIGN_IN_USERNAME.row(Step.RST)
_TOKEN = SIGN_IN_USERNAME.row(Step.TOKEN)

NOT_KEPT = "(not kept)"  # the password of a sign-in that is gone through again from its record
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRAPH_SCOPE = "https://graph.microsoft.com/User.Read openid profile"

SignInBuilder = EvidenceBuilder[SignInEvidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user principal name and its password; the password is not printed.

    Raises:
        UsageError: one of them cannot be written in XML, or the name is not one that a realm can be asked for.
    """

    name: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        mistakes = []
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", self.name):
            problem = f"expected a user principal name such as carol@contoso.example, found {self.name!r}"
            mistakes.append(Mistake(place="user", problem=problem))
        if not self.password or not self.password.isprintable():
            problem = "expected a password of printable characters, found none, or a control character in it"
            mistakes.append(Mistake(place="password", problem=problem, hint="one line, without its line break"))
        if mistakes:
            raise UsageError(*mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInContext:
    """Who signs in where, with which program; `trust` restricts the endpoint to one version of WS-Trust."""

    credentials: Credentials
    site: Site
    trust: Trust | None = None
    client_id: str = AZURE_CLI
    scope: str = GRAPH_SCOPE


def sign_in(context: SignInContext, builder: SignInBuilder) -> Flow[SignInEvidence]:
    """Sign the user in, or find out why that cannot be."""
    yield from _begin(context, builder)
    try:
        found = yield from ask_realm(context, builder)
        document = yield from read_metadata(context, builder, found)
        endpoint, trust = choose_endpoint(context, builder, document)
        response = yield from request_token(context, builder, endpoint, trust)
        token = yield from trade_assertion(context, builder, response)
        builder.keep(token=token, result=SignInResult.SIGNED_IN)
    except StepFailed as end:
        _keep_failure(builder, end.failure)
    return builder.evidence


def _begin(context: SignInContext, builder: SignInBuilder) -> Flow[None]:
    """Start the evidence with what is known before anybody was asked."""
    request_id = yield from ask(NewId())
    builder.begin(
        SignInEvidence(
            result=SignInResult.NOT_SIGNED_IN,
            user=SignedInUser(name=context.credentials.name, client_id=context.client_id, scope=context.scope),
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
            applies_to=names.MICROSOFT_ONLINE,
            issuer=context.site.idp.issuer,
            signing_certificates=context.site.idp.signing_certificates,
        )
    )


def ask_realm(context: SignInContext, builder: SignInBuilder) -> Flow[UserRealm]:
    """Ask Entra whose the user's name is: a federated domain's, or one that Entra signs in itself.

    Raises:
        StepFailed: Entra does not answer, or the domain is not federated.
    """
    user = quote(context.credentials.name, safe="@")
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.login_url}/common/userrealm/{user}?{urlencode({'api-version': '1.0'})}",
        headers=(("Accept", "application/json"), ("client-request-id", builder.evidence.client_request_id)),
    )
    reply = yield from demand(Send(request=request, at=_REALM))
    if reply.status != 200:
        raise StepFailed(_no_realm(f"user realm discovery answered HTTP {reply.status}"))
    found = builder.read(
        _REALM,
        lambda: realm.parse_realm(reply.body),
        lambda error: _no_realm(f"the user realm document cannot be read: {error.problem}"),
    )
    builder.keep(realm=found)
    if not found.federated:
        raise StepFailed(_not_federated(context, found))
    return found


def read_metadata(context: SignInContext, builder: SignInBuilder, found: UserRealm) -> Flow[MexDocument]:
    """Fetch the IdP's metadata from the URL that the realm names, or the site file in its place."""
    document = yield from fetch_metadata(builder, _MEX, context.site.idp.mex_url or found.metadata_url)
    builder.keep(mex=document)
    return document


def choose_endpoint(context: SignInContext, builder: SignInBuilder, document: MexDocument) -> tuple[MexEndpoint, Trust]:
    """Choose the endpoint that takes a UsernameToken: WS-Trust 1.3 before February 2005, as every client does.

    Raises:
        StepFailed: the metadata offers no such endpoint.
    """
    endpoint = mex.choose(document, Credential.USERNAME, context.trust)
    if endpoint is None or endpoint.trust is None:
        wanted = f" for WS-Trust {context.trust}" if context.trust else ""
        reason = f"the metadata offers no https endpoint for user name and password{wanted}"
        remedy = "publish a usernamemixed port whose policy asserts a UsernameToken over HTTPS"
        raise StepFailed(failure(_MEX, reason, windows.code(0xCAA90023), remedy=remedy))
    builder.keep(endpoint=endpoint)
    return endpoint, endpoint.trust


def request_token(
    context: SignInContext, builder: SignInBuilder, endpoint: MexEndpoint, trust: Trust
) -> Flow[TokenResponse]:
    """Send name and password, and read what came: the answer, and whether the assertion's signature holds."""
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    builder.keep(message_id=message_id)
    plain = rst.build_rst(
        trust=trust, shape="msal", to=endpoint.url, applies_to=builder.evidence.applies_to, message_id=message_id
    )
    body = with_username_token(
        plain,
        user_name=context.credentials.name,
        password=context.credentials.password,
        created=(yield from ask(Now())),
    )
    headers = (("Content-Type", rst.CONTENT_TYPE), ("SOAPAction", rst.soap_action(trust)))
    request = HttpRequest(method="POST", url=endpoint.url, headers=headers, body=body)
    reply = yield from demand(Send(request=request, at=_RST))
    builder.keep(rstr_received_at=(yield from ask(Now())))
    remedy = "look in the IdP's log for this fault: a wrong, expired or locked password answers like a broken service"
    response = read_response(builder, _RST, reply, remedy_of_fault=remedy)
    builder.keep(response=response)
    demand_assertion(_RST, response)
    assertion = response.assertion
    with builder.tolerating(Step.RST):
        if assertion is not None:
            trusted = context.site.idp.signing_certificates
            builder.keep(signature=(yield from read_signature(assertion, response, trusted)))
    return response


def trade_assertion(context: SignInContext, builder: SignInBuilder, response: TokenResponse) -> Flow[Token]:
    """Trade the assertion for the user's access token at the v2.0 endpoint, as MSAL does."""
    request = HttpRequest(
        method="POST",
        url=f"{context.site.entra.login_url}/organizations/oauth2/v2.0/token",
        headers=(
            ("Accept", "application/json"),
            ("Content-Type", oauth.CONTENT_TYPE),
            ("client-request-id", builder.evidence.client_request_id),
            ("return-client-request-id", "true"),
        ),
        body=oauth.build_user_grant(response.assertion_xml, client_id=context.client_id, scope=context.scope),
    )
    return (yield from trade(builder, _TOKEN, request))


def _keep_failure(builder: SignInBuilder, end: Failure) -> None:
    """Keep why the user was not signed in, and the peer's own words as a part that checks can ask for."""
    found = hide(end)
    words = tuple((step, hide_text(text)) for step, text in builder.evidence.unreadable)
    builder.keep(failure=found, unreadable=words)
    match found.server:
        case SoapFault():
            builder.keep(fault=found.server)
        case EntraError():
            builder.keep(entra_error=found.server)


def _no_realm(reason: str) -> Failure:
    """Entra does not say whose the name is."""
    return failure(_REALM, reason, windows.code(0xCAA90018), remedy="look at the name after the @, and for a proxy")


def _not_federated(context: SignInContext, found: UserRealm) -> Failure:
    """Nobody but Entra could check this password."""
    domain = found.domain_name or context.credentials.name.rpartition("@")[2]
    kind = found.account_type or "(nothing)"
    return failure(
        _REALM,
        f"Entra calls the domain {domain} {kind!r}: there is no IdP to sign {context.credentials.name} in at",
        windows.UNKNOWN,  # no failure to a client, which goes on to show the password to Entra itself
        remedy="sign in with a name of a verified, federated domain of the tenant",
    )

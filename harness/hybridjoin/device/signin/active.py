"""Signing a user in at a token service, told once: from the realm of the name to the user's access token.

It is what a program does that uses Microsoft's libraries, and what Windows does at the logon of a federated user: ask
Entra whose the name is, find in the IdP's metadata the endpoint for what it has to show, trade that there for a SAML
assertion, and the assertion at Entra for a token. Doors of one domain differ in what is shown: `Way` is what a module
of this room says of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Flow, NewId, Now, Send, ask
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import demand, failure, keep_failure
from hybridjoin.device.steps.grant import trade
from hybridjoin.device.steps.metadata import fetch_metadata
from hybridjoin.device.steps.response import demand_assertion, read_response, read_signature
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignedInUser, SignInEvidence
from hybridjoin.model.exchange import Headers, HttpReply, HttpRequest
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import Site
from hybridjoin.model.steps import FlowTable, Step, StepRow
from hybridjoin.protocol import mex, names, oauth, realm, rst, windows
from hybridjoin.protocol.mex import Credential, MexDocument, MexEndpoint, Trust
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import TokenResponse

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRAPH = "https://graph.microsoft.com"
GRAPH_SCOPE = "https://graph.microsoft.com/User.Read openid profile"

SignInBuilder = EvidenceBuilder[SignInEvidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInContext:
    """Who signs in where, by which user principal name, with which habits and for which program.

    `mistyped` says that the password is wrong on purpose.
    """

    name: str
    site: Site
    habits: Habits
    mistyped: bool = False
    client_id: str = AZURE_CLI
    scope: str = GRAPH_SCOPE


Show = Callable[[SignInContext, SignInBuilder, MexEndpoint, Trust], Flow[HttpReply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What one door differs in: its steps, what is shown there, and how.

    `show` sends the RequestSecurityToken with the credential. `no_endpoint` is Windows' code for metadata that offers
    no endpoint for it, `called` what that endpoint is for, `publish` what mends that; `look_at` is what to do about a
    fault. `realm` is the step of the realm's question, which a flow may ask a second time.
    """

    table: FlowTable
    credential: Credential
    show: Show
    no_endpoint: int
    called: str
    publish: str
    look_at: str
    realm: Step = Step.REALM

    def row(self, step: Step) -> StepRow:
        """Return the row of a step."""
        return self.table.row(step)


def sign_in(context: SignInContext, builder: SignInBuilder, way: Way) -> Flow[SignInEvidence]:
    """Sign the user in, or find out why that cannot be."""
    yield from begin(context, builder, way)
    try:
        response = yield from get_assertion(context, builder, way, (yield from ask_realm(context, builder, way)))
        token = yield from trade_assertion(context, builder, way, response)
        builder.keep(token=token, result=SignInResult.SIGNED_IN)
    except StepFailed as end:
        keep_failure(builder, end.failure)
    return builder.evidence


def get_assertion(context: SignInContext, builder: SignInBuilder, way: Way, found: UserRealm) -> Flow[TokenResponse]:
    """From the realm to the assertion of the domain's IdP."""
    document = yield from fetch_metadata(builder, way.row(Step.MEX), context.site.idp.mex_url or found.metadata_url)
    builder.keep(mex=document)
    endpoint, trust = choose_endpoint(context, builder, way, document)
    reply = yield from way.show(context, builder, endpoint, trust)
    return (yield from read_answer(context, builder, way, reply))


def begin(context: SignInContext, builder: SignInBuilder, way: Way) -> Flow[None]:
    """Start the evidence with what is known before anybody was asked."""
    request_id = yield from ask(NewId())
    builder.begin(
        SignInEvidence(
            result=SignInResult.NOT_SIGNED_IN,
            user=SignedInUser(name=context.name, client_id=context.client_id, scope=context.scope),
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
            applies_to=names.MICROSOFT_ONLINE,
            issuer=context.site.idp.issuer,
            signing_certificates=context.site.idp.signing_certificates,
            flow=way.table.name,
            credential=way.credential,
            mistyped=context.mistyped,
        )
    )


def ask_realm(context: SignInContext, builder: SignInBuilder, way: Way) -> Flow[UserRealm]:
    """Ask Entra whose the user's name is: a federated domain's, or one that Entra signs in itself.

    Raises:
        StepFailed: Entra does not answer, or the domain is not federated.
    """
    at, user = way.row(way.realm), quote(context.name, safe="@")
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.login_url}/common/userrealm/{user}?{urlencode({'api-version': '1.0'})}",
        headers=(
            ("Accept", "application/json"),
            ("client-request-id", builder.evidence.client_request_id),
            *context.habits.sku_header,
        ),
    )
    reply = yield from demand(Send(request=request, at=at))
    if reply.status != 200:
        raise StepFailed(_no_realm(at, f"user realm discovery answered HTTP {reply.status}"))
    found = builder.read(
        at,
        lambda: realm.parse_realm(reply.body),
        lambda error: _no_realm(at, f"the user realm document cannot be read: {error.problem}"),
    )
    builder.keep(realm=found)
    if not found.federated:
        raise StepFailed(_not_federated(at, context.name, found))
    return found


def choose_endpoint(
    context: SignInContext, builder: SignInBuilder, way: Way, document: MexDocument
) -> tuple[MexEndpoint, Trust]:
    """Choose the endpoint that takes what is shown: WS-Trust 1.3 before February 2005, as every client does.

    Raises:
        StepFailed: the metadata offers no such endpoint.
    """
    only, spoken = context.habits.trust, context.habits.shape.trusts
    versions = [trust for trust in spoken if only in (None, trust)]
    fitting = (mex.choose(document, way.credential, trust) for trust in versions)
    endpoint = next((item for item in fitting if item is not None), None)
    if endpoint is None or endpoint.trust is None:
        named = " or ".join(map(str, versions)) or str(only)
        wanted = f" for WS-Trust {named}" if len(versions) < len(Trust) else ""
        reason = f"the metadata offers no https endpoint for {way.called}{wanted}"
        raise StepFailed(failure(way.row(Step.MEX), reason, windows.code(way.no_endpoint), remedy=way.publish))
    builder.keep(endpoint=endpoint)
    return endpoint, endpoint.trust


def new_message(builder: SignInBuilder) -> Flow[str]:
    """Make the MessageID of the request that is about to be sent, and keep it."""
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    builder.keep(message_id=message_id)
    return message_id


def rst_headers(context: SignInContext, trust: Trust) -> Headers:
    """Return the headers of a library's RequestSecurityToken."""
    agent = context.habits.shape.user_agent
    own = (("User-Agent", agent),) if agent else ()
    return (*own, ("Content-Type", rst.CONTENT_TYPE), ("SOAPAction", rst.soap_action(trust)))


def read_answer(context: SignInContext, builder: SignInBuilder, way: Way, reply: HttpReply) -> Flow[TokenResponse]:
    """Read what the token service answered, and whether the assertion's signature holds.

    Raises:
        StepFailed: there is no SAML 1.1 assertion in it.
    """
    at = way.row(Step.RST)
    builder.keep(rstr_received_at=(yield from ask(Now())))
    response = read_response(builder, at, reply, remedy_of_fault=way.look_at)
    builder.keep(response=response)
    if not response.desktop_sso:
        demand_assertion(at, response)
    assertion = response.assertion
    with builder.tolerating(Step.RST):
        if assertion is not None:
            trusted = context.site.idp.signing_certificates
            builder.keep(signature=(yield from read_signature(assertion, response, trusted)))
    return response


def trade_assertion(context: SignInContext, builder: SignInBuilder, way: Way, response: TokenResponse) -> Flow[Token]:
    """Trade the assertion for the user's access token, at the endpoint and by the grant that the library chooses."""
    shape = context.habits.shape
    path = "oauth2/token" if shape.v1 else "oauth2/v2.0/token"
    request = HttpRequest(
        method="POST",
        url=f"{context.site.entra.login_url}/organizations/{path}",
        headers=(
            ("Accept", "application/json"),
            ("Content-Type", oauth.CONTENT_TYPE),
            ("client-request-id", builder.evidence.client_request_id),
            ("return-client-request-id", "true"),
            *context.habits.sku_header,
        ),
        body=oauth.build_user_grant(
            response.assertion_xml,
            client_id=context.client_id,
            wanted=("resource", GRAPH) if shape.v1 else ("scope", context.scope),
            grant_type=shape.grant_type(response.token_type or ""),
            padded=shape.padded,
        ),
    )
    return (yield from trade(builder, way.row(Step.TOKEN), request))


def _no_realm(at: StepRow, reason: str) -> Failure:
    """Entra does not say whose the name is."""
    return failure(at, reason, windows.code(0xCAA90018), remedy="look at the name after the @, and for a proxy")


def _not_federated(at: StepRow, name: str, found: UserRealm) -> Failure:
    """Nobody but Entra could check this user."""
    domain = found.domain_name or name.rpartition("@")[2]
    kind = found.account_type or "(nothing)"
    return failure(
        at,
        f"Entra calls the domain {domain} {kind!r}: there is no IdP to sign {name} in at",
        windows.UNKNOWN,  # no failure to a client, which goes on to show the password to Entra itself
        remedy="sign in with a name of a verified, federated domain of the tenant",
    )

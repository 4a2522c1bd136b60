"""Getting a token at the IdP: metadata, endpoint, ticket, RequestSecurityToken, and what came of it."""

from __future__ import annotations

import re

from hybridjoin.device.habits import RstShape
from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.needs import Flow, NewId, Now, Search, Send, Ticket, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.device.steps.metadata import fetch_metadata
from hybridjoin.device.steps.refused_ticket import refused_ticket
from hybridjoin.device.steps.response import demand_assertion, read_response, read_signature
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpRequest, SearchRequest, TicketRequest
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import computer, mex, names, rst, windows
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import MexDocument, MexEndpoint, Trust
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import TokenResponse

_REALM = HYBRID_JOIN.row(Step.REALM)
_MEX = HYBRID_JOIN.row(Step.MEX)
_TICKET = HYBRID_JOIN.row(Step.TICKET)
_RST = HYBRID_JOIN.row(Step.RST)
_SID_OWNER = HYBRID_JOIN.row(Step.SID_OWNER)
_SID = re.compile(r"S-1(?:-[0-9]{1,10}){2,15}")


def read_metadata(context: JoinContext, builder: JoinBuilder, realm: UserRealm) -> Flow[MexDocument]:
    """Fetch the IdP's metadata from the URL that the realm names, or the site file in its place.

    Raises:
        StepFailed: there is no address, or no document.
    """
    if not realm.federated:
        raise StepFailed(_managed(realm))
    url = context.site.idp.mex_url or realm.metadata_url or ""
    document = yield from fetch_metadata(builder, _MEX, url, headers=context.habits.agent_header)
    builder.keep(mex=document)
    return document


def choose_endpoint(context: JoinContext, builder: JoinBuilder, document: MexDocument) -> tuple[MexEndpoint, Trust]:
    """Choose the endpoint for integrated authentication as Windows (or MSAL) does.

    Raises:
        StepFailed: the metadata offers no such endpoint.
    """
    if context.habits.rst_shape is RstShape.MSAL and context.habits.trust is None:
        endpoint = mex.choose_msal(document)
    else:
        endpoint = mex.choose_windows(document, context.habits.trust)
    if endpoint is None or endpoint.trust is None:
        wanted = f" for WS-Trust {context.habits.trust}" if context.habits.trust else ""
        reason = f"the metadata offers no https endpoint for integrated Windows authentication{wanted}"
        remedy = "publish a windowstransport port whose policy asserts http:NegotiateAuthentication"
        raise StepFailed(failure(_MEX, reason, windows.code(0xCAA90022), remedy=remedy))
    builder.keep(endpoint=endpoint)
    return endpoint, endpoint.trust


def request_token(
    context: JoinContext, builder: JoinBuilder, endpoint: MexEndpoint, trust: Trust
) -> Flow[TokenResponse]:
    """Get a ticket for the endpoint's host, send the RST with it, and read the answer.

    Raises:
        StepFailed: there is no ticket, no answer, or no token in it.
    """
    host = host_of(endpoint.url)
    ticket = Ticket(request=TicketRequest(service="HTTP", host=host), at=_TICKET)
    builder.keep(ticket=(yield from demand(ticket)))
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    builder.keep(message_id=message_id)
    request = _rst(context, builder, endpoint, trust, message_id)
    reply = yield from demand(Send(request=request, at=_RST, as_computer=True))
    builder.keep(rstr_received_at=(yield from ask(Now())))
    if reply.status == 401:
        raise StepFailed(refused_ticket(_RST, reply))
    remedy = "look in the IdP's log for this fault; check the account mapping of the computer"
    if reply.server_proof is not None:
        builder.keep(server_proof=reply.server_proof)
    response = read_response(builder, _RST, reply, remedy_of_fault=remedy)
    builder.keep(response=response)
    demand_assertion(_RST, response)
    return response


def judge_assertion(context: JoinContext, builder: JoinBuilder, response: TokenResponse) -> Flow[None]:
    """Read the signature and find whose SID was claimed: evidence only, Windows forwards the assertion unread."""
    assertion = response.assertion
    if assertion is None:
        return
    with builder.tolerating(Step.RST):
        builder.keep(signature=(yield from read_signature(assertion, response, context.site.idp.signing_certificates)))
    name = names.CLAIM_PRIMARY_SID[1].lower()
    claimed = [value.strip() for item in assertion.attributes if item.name.lower() == name for value in item.values]
    own = builder.evidence.computer
    for sid in dict.fromkeys(claimed):
        if own is not None and sid != own.object_sid and _SID.fullmatch(sid):
            yield from _find_owner(context, builder, sid)
            return


def _rst(
    context: JoinContext, builder: JoinBuilder, endpoint: MexEndpoint, trust: Trust, message_id: str
) -> HttpRequest:
    """Write the RST; only MSAL adds SOAPAction, the Windows stand-ins do not."""
    headers = [*context.habits.agent_header, ("Content-Type", rst.CONTENT_TYPE)]
    if context.habits.rst_shape is RstShape.MSAL:
        headers.append(("SOAPAction", rst.soap_action(trust)))
    body = rst.build_rst(
        trust=trust,
        shape=context.habits.rst_shape.value,
        to=endpoint.url,
        applies_to=builder.evidence.applies_to,
        message_id=message_id,
    )
    return HttpRequest(method="POST", url=endpoint.url, headers=tuple(headers), body=body)


def _find_owner(context: JoinContext, builder: JoinBuilder, sid: str) -> Flow[None]:
    """Look up who owns a SID that is not the computer's; not finding anybody is an answer too."""
    request = SearchRequest(
        base=context.site.directory.base_dn,
        filter=f"(objectSid={sid})",
        attributes=("objectClass", "sAMAccountName"),
    )
    with builder.tolerating(Step.SID_OWNER):
        reply = yield from ask(Search(request=request, at=_SID_OWNER))
        if reply.entries:
            builder.keep(sid_owner=computer.read_sid_owner(sid, reply.entries[0]))


def _managed(realm: UserRealm) -> Failure:
    """A managed domain has no IdP to ask.

    The realm was discovered, and Windows stands before the token by now: the step's own phase is behind it.
    """
    return failure(
        _REALM,
        f"the domain {realm.domain_name} is managed: there is no IdP to ask",
        windows.assumed(0xCAA9001F, "inferred from the symbol: Windows makes the synchronized join at once"),
        remedy="let the SCP's azureADName name a federated domain",
        phase=Phase.AUTH,
    )

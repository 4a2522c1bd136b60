"""Getting a token at the IdP: metadata, endpoint, ticket, RequestSecurityToken, and what came of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hybridjoin.device.habits import RstShape
from hybridjoin.device.join.discover import JoinContext
from hybridjoin.device.join.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.device.join.failures import demand, judging, soap_fault, wrapper
from hybridjoin.device.needs import Flow, NewId, Now, ReadSignature, Search, Send, Ticket, ask
from hybridjoin.errors import KerberosError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, HttpRequest, SearchRequest, TicketRequest
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import computer, mex, names, negotiate, rst, rstr, windows
from hybridjoin.protocol.mex import MexDocument, MexEndpoint, Trust
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse

_SID = re.compile(r"S-1(?:-[0-9]{1,10}){2,15}")


def fetch_metadata(context: JoinContext, builder: EvidenceBuilder, realm: UserRealm) -> Flow[MexDocument]:
    """Fetch the IdP's metadata from the URL that the realm names, or the site file in its place."""
    if not realm.federated:
        raise StepFailed(_managed(realm))
    url = context.site.idp.mex_url or realm.metadata_url
    if not url:
        raise StepFailed(_at_mex("the user realm names no metadata URL", windows.code(0xCAA9001A), _SET_MEX_URI))
    if urlsplit(url).scheme != "https":
        raise StepFailed(_at_mex(f"the metadata URL {url} is not https", windows.code(0xCAA90020), _SET_MEX_URI))
    request = HttpRequest(method="GET", url=url, headers=(("Accept", "text/xml, application/xml"),))
    reply = yield from demand(Send(request=request, step=Step.MEX, party=Party.IDP), phase=Phase.AUTH, step=Step.MEX)
    if reply.status != 200:
        reason = f"the metadata URL {url} answered HTTP {reply.status}"
        raise StepFailed(
            _at_mex(reason, windows.http_status(reply.status), "open the URL in a browser; it needs no sign-in")
        )
    document = builder.read(
        Step.MEX,
        lambda: mex.parse_mex(reply.body),
        lambda error: _at_mex(
            f"the metadata cannot be read: {error.problem}", windows.code(0xCAA9002C), "look what the URL really serves"
        ),
    )
    builder.note(mex=document)
    return document


def choose_endpoint(context: JoinContext, builder: EvidenceBuilder, document: MexDocument) -> tuple[MexEndpoint, Trust]:
    """Choose the endpoint for integrated authentication as Windows (or MSAL) does."""
    if context.habits.rst_shape is RstShape.MSAL and context.habits.trust is None:
        endpoint = mex.choose_msal(document)
    else:
        endpoint = mex.choose_windows(document, context.habits.trust)
    if endpoint is None or endpoint.trust is None:
        wanted = f" for WS-Trust {context.habits.trust}" if context.habits.trust else ""
        reason = f"the metadata offers no https endpoint for integrated Windows authentication{wanted}"
        remedy = "publish a windowstransport port whose policy asserts http:NegotiateAuthentication"
        raise StepFailed(_at_mex(reason, windows.code(0xCAA90022), remedy))
    builder.note(endpoint=endpoint)
    return endpoint, endpoint.trust


def request_token(
    context: JoinContext, builder: EvidenceBuilder, endpoint: MexEndpoint, trust: Trust
) -> Flow[TokenResponse]:
    """Get a ticket for the endpoint's host, send the RST with it, and read the answer."""
    host = urlsplit(endpoint.url).hostname or ""
    ticket = Ticket(request=TicketRequest(service="HTTP", host=host))
    builder.note(ticket=(yield from demand(ticket, phase=Phase.AUTH, step=Step.TICKET)))
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    builder.note(message_id=message_id)
    send = Send(
        request=_rst(context, builder, endpoint, trust, message_id), step=Step.RST, party=Party.IDP, as_computer=True
    )
    with judging(Phase.AUTH, Step.RST):
        reply = yield from ask(send)
    builder.note(rstr_received_at=(yield from ask(Now())))
    return _read_answer(builder, reply)


def judge_assertion(context: JoinContext, builder: EvidenceBuilder, response: TokenResponse) -> Flow[None]:
    """Read the signature and find whose SID was claimed: evidence only, Windows forwards the assertion unread."""
    assertion = response.assertion
    if assertion is None:
        return
    with builder.tolerating(Step.RST):
        signature = ReadSignature(
            assertion_xml=response.assertion_xml,
            assertion_id=assertion.assertion_id,
            trusted_certificates=context.site.idp.signing_certificates,
            issued_at=assertion.issue_instant,
        )
        builder.note(signature=(yield from ask(signature)))
    name = names.CLAIM_PRIMARY_SID[1].lower()
    claimed = [value.strip() for item in assertion.attributes if item.name.lower() == name for value in item.values]
    own = builder.evidence.computer
    for sid in dict.fromkeys(claimed):
        if own is not None and sid != own.object_sid and _SID.fullmatch(sid):
            yield from _find_owner(context, builder, sid)
            return


def _rst(
    context: JoinContext, builder: EvidenceBuilder, endpoint: MexEndpoint, trust: Trust, message_id: str
) -> HttpRequest:
    """Write the RST; only MSAL adds SOAPAction, the Windows stand-ins do not."""
    headers = [("Content-Type", rst.CONTENT_TYPE)]
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


def _read_answer(builder: EvidenceBuilder, reply: HttpReply) -> TokenResponse:
    """Tell a token response from a fault, a refusal and noise."""
    if reply.status == 401:
        raise StepFailed(_refused_ticket(reply))
    content_type = reply.header("content-type") or ""
    answer = builder.read(
        Step.RST,
        lambda: rstr.parse_reply(reply.body, http_status=reply.status, content_type=content_type),
        lambda error: _at_rst(
            f"HTTP {reply.status} with an answer that cannot be read: {error.problem}",
            windows.code(0xCAA90013) if reply.status == 200 else windows.http_status(reply.status),
            "look what the token service really answered",
        ),
    )
    if isinstance(answer, SoapFault):
        builder.note(fault=answer)
        raise StepFailed(soap_fault(answer))
    builder.note(response=answer)
    if answer.assertion is None:
        versions = ", ".join(sorted({item.version for item in answer.assertions})) or "none at all"
        reason = f"the token response holds no SAML 1.1 assertion (found: {versions})"
        raise StepFailed(_at_rst(reason, windows.code(0xCAA90002), "let the IdP issue SAML 1.1 for this relying party"))
    return answer


def _find_owner(context: JoinContext, builder: EvidenceBuilder, sid: str) -> Flow[None]:
    """Look up who owns a SID that is not the computer's; not finding anybody is an answer too."""
    request = SearchRequest(
        base=context.site.directory.base_dn,
        filter=f"(objectSid={sid})",
        attributes=("objectClass", "sAMAccountName"),
    )
    try:
        reply = yield from ask(Search(request=request, step=Step.SID_OWNER))
    except KerberosError as error:
        builder.unreadable(Step.SID_OWNER, str(error))
        return
    if reply.entries:
        builder.note(sid_owner=computer.read_sid_owner(sid, reply.entries[0]))


_SET_MEX_URI = "set the federated domain's metadataExchangeUri to the IdP's https metadata URL"


def _managed(realm: UserRealm) -> Failure:
    """A managed domain has no IdP to ask."""
    return Failure(
        phase=Phase.AUTH,
        step=Step.REALM,
        reason=f"the domain {realm.domain_name} is managed: there is no IdP to ask",
        cause=windows.assumed(0xCAA9001F, "inferred from the symbol: Windows makes the synchronized join at once"),
        wrapper=wrapper(Phase.AUTH),
        remedy="let the SCP's azureADName name a federated domain",
    )


def _at_mex(reason: str, cause: WindowsCode, remedy: str) -> Failure:
    """The metadata does not lead to an endpoint."""
    return Failure(
        phase=Phase.AUTH,
        step=Step.MEX,
        reason=reason,
        cause=cause,
        wrapper=wrapper(Phase.AUTH),
        remedy=remedy,
    )


def _at_rst(reason: str, cause: WindowsCode, remedy: str) -> Failure:
    """The token service's answer is of no use."""
    return Failure(
        phase=Phase.AUTH,
        step=Step.RST,
        reason=reason,
        cause=cause,
        wrapper=wrapper(Phase.AUTH),
        remedy=remedy,
    )


def _refused_ticket(reply: HttpReply) -> Failure:
    """Say why a 401 stands: nothing offered, only NTLM, or the ticket was refused."""
    offered = negotiate.offered_schemes(reply)
    schemes = ", ".join(offered) or "no scheme at all"
    if any(scheme.lower() == "negotiate" for scheme in offered):
        reason = "the IdP answered HTTP 401 to the ticket: its Kerberos acceptor refused it"
        remedy = "compare the service account's key (password, AES setting) with the IdP's keytab"
    else:
        reason = f"the IdP answered HTTP 401 and offers {schemes} instead of Negotiate"
        remedy = "enable Kerberos (WWW-Authenticate: Negotiate) on the windowstransport endpoint"
    return _at_rst(reason, windows.http_status(401), remedy)

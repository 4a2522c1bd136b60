"""Getting a token at the IdP: metadata, endpoint, ticket, RequestSecurityToken, and what came of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harness.device.discover import Told
from harness.device.failures import demand, judging, soap_fault, wrapper
from harness.device.habits import RstShape
from harness.device.needs import Flow, NewId, Now, Search, Send, Ticket, ask
from harness.device.notebook import Fell, Notebook
from harness.errors import KerberosError
from harness.model.exchange import HttpReply, HttpRequest, Party, SearchRequest, Step, TicketRequest
from harness.model.record import Phase
from harness.model.verdict import WindowsCode
from harness.protocol import computer, mex, names, negotiate, rst, rstr, signature, windows
from harness.protocol.evidence import Failure
from harness.protocol.mex import MexDocument, MexEndpoint, Trust
from harness.protocol.realm import UserRealm
from harness.protocol.rstr import SoapFault, TokenResponse

_SID = re.compile(r"S-1(?:-[0-9]{1,10}){2,15}")


def fetch_metadata(told: Told, book: Notebook, realm: UserRealm) -> Flow[MexDocument]:
    """Fetch the IdP's metadata from the URL that the realm names, or the site file in its place."""
    if not realm.federated:
        raise Fell(_managed(realm))
    url = told.site.idp.mex_url or realm.metadata_url
    if not url:
        raise Fell(_at_mex("the user realm names no metadata URL", windows.code(0xCAA9001A), _SET_MEX_URI))
    if urlsplit(url).scheme != "https":
        raise Fell(_at_mex(f"the metadata URL {url} is not https", windows.code(0xCAA90020), _SET_MEX_URI))
    request = HttpRequest(method="GET", url=url, headers=(("Accept", "text/xml, application/xml"),))
    reply = yield from demand(Send(request=request, step=Step.MEX, party=Party.IDP), phase=Phase.AUTH, step=Step.MEX)
    if reply.status != 200:
        reason = f"the metadata URL {url} answered HTTP {reply.status}"
        raise Fell(_at_mex(reason, windows.http_status(reply.status), "open the URL in a browser; it needs no sign-in"))
    document = book.read(
        Step.MEX,
        lambda: mex.parse_mex(reply.body),
        lambda error: _at_mex(
            f"the metadata cannot be read: {error.problem}", windows.code(0xCAA9002C), "look what the URL really serves"
        ),
    )
    book.note(mex=document)
    return document


def choose_endpoint(told: Told, book: Notebook, document: MexDocument) -> tuple[MexEndpoint, Trust]:
    """Choose the endpoint for integrated authentication as Windows (or MSAL) does."""
    if told.habits.rst_shape is RstShape.MSAL and told.habits.trust is None:
        endpoint = mex.choose_msal(document)
    else:
        endpoint = mex.choose_windows(document, told.habits.trust)
    if endpoint is None or endpoint.trust is None:
        wanted = f" for WS-Trust {told.habits.trust}" if told.habits.trust else ""
        reason = f"the metadata offers no https endpoint for integrated Windows authentication{wanted}"
        remedy = "publish a windowstransport port whose policy asserts http:NegotiateAuthentication"
        raise Fell(_at_mex(reason, windows.code(0xCAA90022), remedy))
    book.note(endpoint=endpoint)
    return endpoint, endpoint.trust


def request_token(told: Told, book: Notebook, endpoint: MexEndpoint, trust: Trust) -> Flow[TokenResponse]:
    """Get a ticket for the endpoint's host, send the RST with it, and read the answer."""
    host = urlsplit(endpoint.url).hostname or ""
    ticket = Ticket(request=TicketRequest(service="HTTP", host=host))
    book.note(ticket=(yield from demand(ticket, phase=Phase.AUTH, step=Step.TICKET)))
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    book.note(message_id=message_id)
    send = Send(request=_rst(told, book, endpoint, trust, message_id), step=Step.RST, party=Party.IDP, as_computer=True)
    with judging(Phase.AUTH, Step.RST):
        reply = yield from ask(send)
    book.note(rstr_received_at=(yield from ask(Now())))
    return _read_answer(book, reply)


def judge_assertion(told: Told, book: Notebook, response: TokenResponse) -> Flow[None]:
    """Read the signature and find whose SID was claimed: evidence only, Windows forwards the assertion unread."""
    assertion = response.assertion
    if assertion is None:
        return
    with book.tolerating(Step.RST):
        book.note(
            signature=signature.read_signature(
                response.assertion_xml,
                assertion_id=assertion.assertion_id,
                trusted_certificates=told.site.idp.signing_certificates,
                issued_at=assertion.issue_instant,
            )
        )
    name = names.CLAIM_PRIMARY_SID[1].lower()
    claimed = [value.strip() for item in assertion.attributes if item.name.lower() == name for value in item.values]
    own = book.evidence.computer
    for sid in dict.fromkeys(claimed):
        if own is not None and sid != own.object_sid and _SID.fullmatch(sid):
            yield from _find_owner(told, book, sid)
            return


def _rst(told: Told, book: Notebook, endpoint: MexEndpoint, trust: Trust, message_id: str) -> HttpRequest:
    """Write the RST; only MSAL adds SOAPAction, the Windows stand-ins do not."""
    headers = [("Content-Type", rst.CONTENT_TYPE)]
    if told.habits.rst_shape is RstShape.MSAL:
        headers.append(("SOAPAction", rst.soap_action(trust)))
    body = rst.build_rst(
        trust=trust,
        shape=told.habits.rst_shape.value,
        to=endpoint.url,
        applies_to=book.evidence.applies_to,
        message_id=message_id,
    )
    return HttpRequest(method="POST", url=endpoint.url, headers=tuple(headers), body=body)


def _read_answer(book: Notebook, reply: HttpReply) -> TokenResponse:
    """Tell a token response from a fault, a refusal and noise."""
    if reply.status == 401:
        raise Fell(_refused_ticket(reply))
    content_type = reply.header("content-type") or ""
    answer = book.read(
        Step.RST,
        lambda: rstr.parse_reply(reply.body, http_status=reply.status, content_type=content_type),
        lambda error: _at_rst(
            f"HTTP {reply.status} with an answer that cannot be read: {error.problem}",
            windows.code(0xCAA90013) if reply.status == 200 else windows.http_status(reply.status),
            "look what the token service really answered",
        ),
    )
    if isinstance(answer, SoapFault):
        book.note(fault=answer)
        raise Fell(soap_fault(answer))
    book.note(response=answer)
    if answer.assertion is None:
        versions = ", ".join(sorted({item.version for item in answer.assertions})) or "none at all"
        reason = f"the token response holds no SAML 1.1 assertion (found: {versions})"
        raise Fell(_at_rst(reason, windows.code(0xCAA90002), "let the IdP issue SAML 1.1 for this relying party"))
    return answer


def _find_owner(told: Told, book: Notebook, sid: str) -> Flow[None]:
    """Look up who owns a SID that is not the computer's; not finding anybody is an answer too."""
    request = SearchRequest(
        base=told.site.directory.base_dn,
        filter=f"(objectSid={sid})",
        attributes=("objectClass", "sAMAccountName"),
    )
    try:
        reply = yield from ask(Search(request=request, step=Step.SID_OWNER))
    except KerberosError as error:
        book.unreadable(Step.SID_OWNER, str(error))
        return
    if reply.entries:
        book.note(sid_owner=computer.read_sid_owner(sid, reply.entries[0]))


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

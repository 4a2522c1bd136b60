"""Signing a user in by the Kerberos ticket of the logon: MSAL's integrated Windows authentication on a domain machine.

No password is typed and none is sent: the user's own ticket for `HTTP/<host>` opens the IdP's `windowstransport`
endpoint, as the computer's does at a join. Several factors cannot be asked for on this way.
"""

from __future__ import annotations

from hybridjoin.device.needs import Flow, Send, Ticket
from hybridjoin.device.signin.active import SignInBuilder, SignInContext, Way, new_message, rst_headers
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand
from hybridjoin.device.steps.refused_ticket import refused_ticket
from hybridjoin.model.exchange import HttpReply, HttpRequest, TicketRequest
from hybridjoin.model.flows import SIGN_IN_INTEGRATED
from hybridjoin.model.steps import Step
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import Credential, MexEndpoint, Trust
from hybridjoin.protocol.user_rst import UserRequest, build_user_rst

_TICKET = SIGN_IN_INTEGRATED.row(Step.TICKET)
_RST = SIGN_IN_INTEGRATED.row(Step.RST)


def _show_ticket(
    context: SignInContext, builder: SignInBuilder, endpoint: MexEndpoint, trust: Trust
) -> Flow[HttpReply]:
    """Get a ticket for the endpoint's host and send the request with it.

    Raises:
        StepFailed: there is no ticket, or it is refused.
    """
    ticket = Ticket(request=TicketRequest(service="HTTP", host=host_of(endpoint.url)), at=_TICKET)
    builder.keep(ticket=(yield from demand(ticket)))
    message_id = yield from new_message(builder)
    applies_to = builder.evidence.applies_to
    asked = UserRequest(trust=trust, to=endpoint.url, applies_to=applies_to, message_id=message_id)
    body = build_user_rst(context.habits.shape, asked)
    request = HttpRequest(method="POST", url=endpoint.url, headers=rst_headers(context, trust), body=body)
    reply = yield from demand(Send(request=request, at=_RST, as_computer=True))
    if reply.status == 401:
        raise StepFailed(refused_ticket(_RST, reply))
    if reply.server_proof is not None:
        builder.keep(server_proof=reply.server_proof)
    return reply


BY_TICKET = Way(
    table=SIGN_IN_INTEGRATED,
    credential=Credential.WINDOWS,
    show=_show_ticket,
    no_endpoint=0xCAA90022,
    called="integrated Windows authentication",
    publish="publish a windowstransport port whose policy asserts http:NegotiateAuthentication",
    look_at="look in the IdP's log for this fault; check that people are looked up by the name in the ticket",
)

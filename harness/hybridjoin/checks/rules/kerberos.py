"""The service ticket for the IdP: that there is one, for the right host, with keys of today."""

from __future__ import annotations

from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import in_ticket
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.model.exchange import TicketReply
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import MexEndpoint

_AES = (
    "On the service account's Account tab select 'This account supports Kerberos AES 256 bit encryption', restart the "
    "IdP's gateway, and run klist purge on the clients; if that does not help, reset the account's password."
)


@requirement(
    "KRB-01",
    Level.MUST,
    "RFC4559 4.1",
    remedy="Register the name once: setspn -S HTTP/<host of the endpoint> <service account>.",
    verified=True,
)
def a_ticket_can_be_had(ticket: TicketReply | None, endpoint: MexEndpoint | None, outcome: FlowOutcome) -> Finding:
    """The KDC issues the computer a service ticket for HTTP at the endpoint's host."""
    words = outcome.failed_at(Step.TICKET)
    if words:
        host = host_of(reached(endpoint, outcome, Step.MEX).url)
        return broken(expected=f"a ticket for HTTP/{host}", found=words, where=in_ticket())
    return holds(reached(ticket, outcome, Step.TICKET).server, where=in_ticket("server"))


@requirement("KRB-02", Level.SHOULD, "PINGONE Kerberos service account and AES encryption", remedy=_AES, verified=True)
def ticket_is_encrypted_with_aes(ticket: TicketReply) -> Finding:
    """The service ticket is encrypted with AES."""
    found = ticket.ticket_etype
    return expect(_is_aes(found), expected="aes256-cts-hmac-sha1-96", found=found, where=in_ticket("ticket_etype"))


@requirement("KRB-03", Level.SHOULD, "PINGONE Kerberos service account and AES encryption", remedy=_AES)
def session_key_is_aes(ticket: TicketReply) -> Finding:
    """The session key of the service ticket is an AES key."""
    found = ticket.session_etype
    return expect(_is_aes(found), expected="aes256-cts-hmac-sha1-96", found=found, where=in_ticket("session_etype"))


def _is_aes(etype: str) -> bool:
    return etype.lower().startswith("aes")


@requirement(
    "KRB-04",
    Level.MUST,
    "RFC4559 4.1",
    remedy="setspn -S HTTP/<host of the endpoint> <the IdP's service account>; no alias of another host.",
    verified=True,
)
def ticket_is_for_the_endpoint(endpoint: MexEndpoint, ticket: TicketReply) -> Finding:
    """The service ticket names HTTP or host at the endpoint's own host."""
    host = host_of(endpoint.url)
    named = ticket.server.partition("@")[0].lower()
    same = named in {f"http/{host}", f"host/{host}"}
    return expect(same, expected=f"HTTP/{host}", found=ticket.server, where=in_ticket("server"))

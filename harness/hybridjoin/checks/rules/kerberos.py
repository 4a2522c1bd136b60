"""The service ticket for the IdP: that there is one, for the right host, with keys of today."""

from __future__ import annotations

from urllib.parse import urlsplit

from hybridjoin.checks.readings import endpoint_of, fell_at, ticket_of
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level

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
def a_ticket_can_be_had(evidence: JoinEvidence) -> Finding:
    """The KDC issues the computer a service ticket for HTTP at the endpoint's host."""
    words = fell_at(evidence, Step.TICKET)
    if words:
        host = urlsplit(endpoint_of(evidence).url).hostname
        return broken(expected=f"a ticket for HTTP/{host}", found=words, where="Kerberos, TGS exchange")
    return holds(ticket_of(evidence).server, where="Kerberos, TGS exchange")


@requirement("KRB-02", Level.SHOULD, "PINGONE Kerberos service account and AES encryption", remedy=_AES, verified=True)
def ticket_is_encrypted_with_aes(evidence: JoinEvidence) -> Finding:
    """The service ticket is encrypted with AES."""
    found = ticket_of(evidence).ticket_etype
    return expect(_is_aes(found), expected="aes256-cts-hmac-sha1-96", found=found, where="Kerberos, ticket")


@requirement("KRB-03", Level.SHOULD, "PINGONE Kerberos service account and AES encryption", remedy=_AES)
def session_key_is_aes(evidence: JoinEvidence) -> Finding:
    """The session key of the service ticket is an AES key."""
    found = ticket_of(evidence).session_etype
    return expect(_is_aes(found), expected="aes256-cts-hmac-sha1-96", found=found, where="Kerberos, session key")


def _is_aes(etype: str) -> bool:
    return etype.lower().startswith("aes")


@requirement(
    "KRB-04",
    Level.MUST,
    "RFC4559 4.1",
    remedy="setspn -S HTTP/<host of the endpoint> <the IdP's service account>; no alias of another host.",
    verified=True,
)
def ticket_is_for_the_endpoint(evidence: JoinEvidence) -> Finding:
    """The service ticket names HTTP or host at the endpoint's own host."""
    host = (urlsplit(endpoint_of(evidence).url).hostname or "").lower()
    server = ticket_of(evidence).server
    named = server.partition("@")[0].lower()
    same = named in {f"http/{host}", f"host/{host}"}
    return expect(same, expected=f"HTTP/{host}", found=server, where="Kerberos, ticket")

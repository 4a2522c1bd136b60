"""HTTP around the token service: the challenge, the server's own proof, and what the address does with odd requests."""

from __future__ import annotations

from hybridjoin.checks.readings import ANONYMOUS, PLAIN_PROBE, probe, probe_beside_plain, ticket_matters
from hybridjoin.checks.requirement import Finding, NotReached, broken, expect, holds, requirement
from hybridjoin.errors import Breakage
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import negotiate
from hybridjoin.protocol.negotiate import TokenKind

_CHALLENGE = "Answer a request without Authorization with 401 and WWW-Authenticate: Negotiate."
_OWN_MECH = "supportedMech"  # what the device's adapter says where an acceptor names another mechanism


def _offers(answer: ProbeAnswer) -> tuple[str, ...]:
    schemes = negotiate.offered_schemes(HttpReply(status=answer.status or 0, headers=answer.headers))
    return tuple(item.lower() for item in schemes)


def _unauthenticated(evidence: JoinEvidence, probe_id: str) -> ProbeAnswer:
    """The first answer to a probe without a ticket, of an endpoint that does not answer everything alike."""
    answer = probe(evidence, probe_id)[0]
    plain = probe(evidence, PLAIN_PROBE)[-1]
    if not plain.tokens and plain.status == answer.status != 401:
        raise NotReached(f"the endpoint answers every request alike: {answer.words}")
    return answer


def _challenge(evidence: JoinEvidence) -> ProbeAnswer:
    """The answer to a request without credentials, where it is a challenge."""
    answer = probe(evidence, ANONYMOUS)[0]
    if answer.status != 401:
        raise NotReached(f"the request without credentials is not challenged: {answer.words}")
    return answer


@requirement("HTTP-01", Level.MUST, "RFC4559 4.1", remedy=_CHALLENGE, verified=True)
def anonymous_request_is_challenged(evidence: JoinEvidence) -> Finding:
    """A request without credentials is answered with HTTP 401."""
    answer = _unauthenticated(evidence, ANONYMOUS)
    return expect(answer.status == 401, expected="HTTP 401", found=answer.words, where="RST, probe rst-anonymous")


@requirement("HTTP-02", Level.MUST, "MS-N2HT 2.2.1", remedy=_CHALLENGE, verified=True)
def negotiate_is_offered(evidence: JoinEvidence) -> Finding:
    """The challenge offers Negotiate."""
    offered = _offers(_challenge(evidence))
    found = ", ".join(offered) or "no scheme at all"
    return expect(
        "negotiate" in offered, expected="Negotiate", found=found, where="WWW-Authenticate, probe rst-anonymous"
    )


@requirement("HTTP-03", Level.SHOULD, "RFC4559 6", remedy="Switch NTLM off for the windowstransport endpoint.")
def ntlm_is_not_offered(evidence: JoinEvidence) -> Finding:
    """The challenge does not offer NTLM, which proves no computer and no server."""
    offered = _offers(_challenge(evidence))
    found = ", ".join(offered) or "no scheme at all"
    return expect(
        "ntlm" not in offered, expected="Negotiate alone", found=found, where="WWW-Authenticate, probe rst-anonymous"
    )


@requirement("HTTP-04", Level.SHOULD, "RFC4559 6", remedy="Take Basic and Digest off the windowstransport endpoint.")
def passwords_are_not_asked_for(evidence: JoinEvidence) -> Finding:
    """The challenge does not offer Basic or Digest: a computer has no password to type."""
    odd = sorted({"basic", "digest"} & set(_offers(_challenge(evidence))))
    found = ", ".join(odd) or "neither"
    return expect(not odd, expected="neither", found=found, where="WWW-Authenticate, probe rst-anonymous")


@requirement("HTTP-05", Level.MUST, "MS-N2HT 2.2.1", remedy="Send the first Negotiate challenge bare.", verified=True)
def first_challenge_is_bare(evidence: JoinEvidence) -> Finding:
    """The first Negotiate challenge carries no token."""
    found = _challenge(evidence).server_token
    return expect(
        found is TokenKind.NONE, expected="no token", found=found, where="WWW-Authenticate, probe rst-anonymous"
    )


@requirement(
    "HTTP-06",
    Level.MUST,
    "RFC4559 4.1",
    remedy="Let nothing behind the endpoint run before authentication.",
    verified=True,
)
def anonymous_request_gets_no_token(evidence: JoinEvidence) -> Finding:
    """A request without credentials gets no token."""
    answer = probe(evidence, ANONYMOUS)[0]
    return expect(not answer.tokens, expected="no token", found=answer.words, where="RST, probe rst-anonymous")


@requirement(
    "HTTP-07",
    Level.MUST,
    "RFC4559 5",
    remedy="Send the acceptor's last token with the answer: WWW-Authenticate: Negotiate <token>. A proxy may drop it.",
    verified=True,
)
def server_proves_itself(evidence: JoinEvidence) -> Finding:
    """The answer to an accepted ticket carries the server's own proof, as mutual authentication asks."""
    answer = probe(evidence, PLAIN_PROBE)[-1]
    where = f"WWW-Authenticate, probe {PLAIN_PROBE}"
    if answer.breakage.startswith(Breakage.MUTUAL_AUTHENTICATION) and _OWN_MECH not in answer.breakage:
        return broken(expected="a token that proves the server", found=answer.breakage, where=where)
    if not answer.tokens:
        raise NotReached(f"Windows' own request gets no token: {answer.words}")
    ticket_matters(evidence)
    found = answer.server_token
    return expect(found is not TokenKind.NONE, expected="a Negotiate token", found=found, where=where)


@requirement(
    "HTTP-08",
    Level.MUST,
    "MS-SPNG 3.2.5",
    remedy="Answer with supportedMech 1.2.840.48018.1.2.2 where the token of that mechanism was taken.",
    verified=True,
)
def microsofts_kerberos_is_named(evidence: JoinEvidence) -> Finding:
    """The server names the mechanism whose token it took: Microsoft's Kerberos, which Windows offers first."""
    answer = probe(evidence, PLAIN_PROBE)[-1]
    if _OWN_MECH in answer.breakage:
        return broken(expected="1.2.840.48018.1.2.2", found=answer.breakage, where=f"NegTokenResp, probe {PLAIN_PROBE}")
    if not answer.tokens:
        raise NotReached(f"Windows' own request gets no token: {answer.words}")
    ticket_matters(evidence)
    return holds("1.2.840.48018.1.2.2, or none, or a bare Kerberos token", where=f"NegTokenResp, probe {PLAIN_PROBE}")


@requirement("HTTP-09", Level.MUST, "MS-N2HT 2.2.1", remedy="Challenge an empty POST as any other.", verified=True)
def empty_request_is_challenged(evidence: JoinEvidence) -> Finding:
    """An empty POST without credentials is challenged with Negotiate, not judged by its body."""
    answer = _unauthenticated(evidence, "rst-empty-first")
    if probe(evidence, ANONYMOUS)[0].status != 401:
        raise NotReached("no request is challenged, which HTTP-01 judges")
    right = answer.status == 401 and "negotiate" in _offers(answer)
    if not right and answer.status == 401:
        raise NotReached("the challenge offers no Negotiate, which HTTP-02 judges")
    return expect(
        right, expected="HTTP 401 with Negotiate", found=answer.words, where="empty POST, probe rst-empty-first"
    )


@requirement(
    "HTTP-10", Level.SHOULD, "RFC4559 4.2", remedy="Accept a ticket that comes with the first request.", verified=True
)
def ticket_may_come_at_once(evidence: JoinEvidence) -> Finding:
    """A request that shows its ticket without waiting for a challenge is answered with a token."""
    answer = probe_beside_plain(evidence, "rst-at-once")[-1]
    return expect(answer.tokens, expected="a token", found=answer.words, where="RST, probe rst-at-once")


@requirement(
    "HTTP-11",
    Level.SHOULD,
    "MS-MAXTOKEN Cause",
    remedy="Raise the limit of request headers of the proxy and of the server: large_client_header_buffers, "
    "MaxRequestBytes, maxHttpHeaderSize.",
    verified=True,
)
def large_headers_are_taken(evidence: JoinEvidence) -> Finding:
    """Twelve kilobytes more of request headers do no harm: the ticket of a computer in many groups has as many."""
    answer = probe_beside_plain(evidence, "rst-large-header")[-1]
    return expect(answer.tokens, expected="a token", found=answer.words, where="RST, probe rst-large-header")


@requirement("HTTP-12", Level.SHOULD, "RFC9110 15.5.6", remedy="Answer GET with 405 and Allow: POST.", verified=True)
def get_is_no_server_error(evidence: JoinEvidence) -> Finding:
    """A GET to the token endpoint is refused as the client's mistake, not as a server error."""
    answer = _unauthenticated(evidence, "rst-get")
    right = answer.status is not None and 300 <= answer.status < 500
    return expect(right, expected="HTTP 405, or another of 4xx", found=answer.words, where="GET, probe rst-get")


@requirement("HTTP-13", Level.SHOULD, "SOAP12-2 7.5.2.1", remedy="Answer other media types with 415.", verified=True)
def other_media_type_is_answered_in_order(evidence: JoinEvidence) -> Finding:
    """A request of another media type is refused with a 4xx status or a fault, or simply answered."""
    answer = probe_beside_plain(evidence, "rst-media-type")[-1]
    status = answer.status or 0
    right = 400 <= status < 500 or answer.fault is not None or answer.tokens
    return expect(right, expected="HTTP 415, a fault or a token", found=answer.words, where="RST, probe rst-media-type")


@requirement(
    "HTTP-14",
    Level.SHOULD,
    "RFC2743 2.2.2",
    remedy="Give the acceptor the channel binding of the certificate that clients see, where a load balancer ends TLS "
    "too (AD FS: Set-AdfsProperties -ExtendedProtectionTokenCheck Allow, or Require).",
)
def ticket_of_another_channel_is_refused(evidence: JoinEvidence) -> Finding:
    """A ticket that is bound to another TLS channel gets no token: somebody in the middle may be passing it on."""
    ticket_matters(evidence)
    answer = probe_beside_plain(evidence, "rst-other-channel")[-1]
    where = "RST, probe rst-other-channel"
    return expect(not answer.tokens, expected="no token", found=answer.words, where=where)

"""HTTP around the token service: the challenge, the server's own proof, and what the address does with odd requests."""

from __future__ import annotations

from hybridjoin.checks.places import at_answer, at_header, response_header, response_status
from hybridjoin.checks.probed import (
    ANONYMOUS,
    PLAIN_PROBE,
    answers_beside_plain,
    answers_to,
    require_ticket_to_matter,
)
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.silence import inapplicable, judged_elsewhere, moot
from hybridjoin.evidence.probe import ProbeAnswer, Probes
from hybridjoin.model.exchange import HttpReply, Proof, ServerProof
from hybridjoin.model.verdict import Level
from hybridjoin.model.where import Where
from hybridjoin.protocol import negotiate
from hybridjoin.protocol.negotiate import TokenKind

_CHALLENGE = "Answer a request without Authorization with 401 and WWW-Authenticate: Negotiate."
_MS_KERBEROS = "1.2.840.48018.1.2.2"


def _offers(answer: ProbeAnswer) -> tuple[str, ...]:
    schemes = negotiate.offered_schemes(HttpReply(status=answer.status or 0, headers=answer.headers))
    return tuple(item.lower() for item in schemes)


def _unauthenticated(probes: Probes, probe: str) -> ProbeAnswer:
    """The first answer to a probe without a ticket, of an endpoint that does not answer everything alike."""
    answer = answers_to(probes, probe)[0]
    plain = answers_to(probes, PLAIN_PROBE)[-1]
    if not plain.tokens and plain.status == answer.status != 401:
        raise moot(probe, f"the endpoint answers every request alike: {answer.words}")
    return answer


def _challenge(probes: Probes) -> ProbeAnswer:
    """The answer to a request without credentials, where it is a challenge."""
    answer = answers_to(probes, ANONYMOUS)[0]
    if answer.status != 401:
        raise moot(ANONYMOUS, f"the request without credentials is not challenged: {answer.words}")
    return answer


def _accepted(probes: Probes, answer: ProbeAnswer) -> None:
    """Keep silent where no ticket was accepted, or none is needed."""
    if not answer.tokens:
        raise moot(PLAIN_PROBE, f"Windows' own request gets no token: {answer.words}")
    require_ticket_to_matter(probes)


def _offer_in(answer: ProbeAnswer, probe: str = ANONYMOUS) -> Where:
    return at_header(probe, answer, "WWW-Authenticate")


@requirement("HTTP-01", Level.MUST, "RFC4559 4.1", remedy=_CHALLENGE, verified=True)
def anonymous_request_is_challenged(probes: Probes) -> Finding:
    """A request without credentials is answered with HTTP 401."""
    answer = _unauthenticated(probes, ANONYMOUS)
    where = at_answer(ANONYMOUS, answer)
    return expect(answer.status == 401, expected="HTTP 401", found=answer.words, where=where)


@requirement("HTTP-02", Level.MUST, "MS-N2HT 2.2.1", remedy=_CHALLENGE, verified=True)
def negotiate_is_offered(probes: Probes) -> Finding:
    """The challenge offers Negotiate."""
    challenge = _challenge(probes)
    offered = _offers(challenge)
    found = ", ".join(offered) or "no scheme at all"
    return expect("negotiate" in offered, expected="Negotiate", found=found, where=_offer_in(challenge))


@requirement(
    "HTTP-03", Level.MAY, "MS-NLMP 5.1", remedy="Switch NTLM off for the windowstransport endpoint.", verified=True
)
def ntlm_is_not_offered(probes: Probes) -> Finding:
    """The challenge does not offer NTLM, which proves no computer and no server."""
    challenge = _challenge(probes)
    offered = _offers(challenge)
    found = ", ".join(offered) or "no scheme at all"
    return expect("ntlm" not in offered, expected="Negotiate alone", found=found, where=_offer_in(challenge))


@requirement("HTTP-04", Level.MAY, "RFC7617 4", remedy="Take Basic and Digest off the windowstransport endpoint.")
def passwords_are_not_asked_for(probes: Probes) -> Finding:
    """The challenge does not offer Basic or Digest: a computer has no password to type."""
    challenge = _challenge(probes)
    odd = sorted({"basic", "digest"} & set(_offers(challenge)))
    found = ", ".join(odd) or "neither"
    return expect(not odd, expected="neither", found=found, where=_offer_in(challenge))


@requirement("HTTP-05", Level.MUST, "MS-N2HT 2.2.1", remedy="Send the first Negotiate challenge bare.", verified=True)
def first_challenge_is_bare(probes: Probes) -> Finding:
    """The first Negotiate challenge carries no token."""
    challenge = _challenge(probes)
    found = challenge.server_token
    return expect(found is TokenKind.NONE, expected="no token", found=found, where=_offer_in(challenge))


@requirement(
    "HTTP-06",
    Level.MUST,
    "RFC4559 4.1",
    remedy="Let nothing behind the endpoint run before authentication.",
    verified=True,
)
def anonymous_request_gets_no_token(probes: Probes) -> Finding:
    """A request without credentials gets no token."""
    answer = answers_to(probes, ANONYMOUS)[0]
    return expect(not answer.tokens, expected="no token", found=answer.words, where=at_answer(ANONYMOUS, answer))


def _proof(probes: Probes | None, proof: ServerProof | None) -> tuple[ServerProof, Where]:
    """What the server proved where it took the join's own ticket, or that of Windows' own request; and where."""
    if proof is not None:
        return proof, response_status() if proof.proof is Proof.NOT_SENT else response_header("WWW-Authenticate")
    if probes is None:
        raise inapplicable("no ticket was shown")
    answer = answers_to(probes, PLAIN_PROBE)[-1]
    _accepted(probes, answer)
    if answer.server_proof is None:
        raise moot(PLAIN_PROBE, "no ticket was shown")
    return answer.server_proof, _offer_in(answer, PLAIN_PROBE)


@requirement(
    "HTTP-07",
    Level.SHOULD,
    "RFC4559 4.1",
    remedy="Send the acceptor's last token with the answer: WWW-Authenticate: Negotiate <token>. A proxy may drop it.",
    verified=True,
)
def server_proves_itself(probes: Probes | None, proof: ServerProof | None) -> Finding:
    """The answer to an accepted ticket carries the server's own proof, as mutual authentication asks."""
    found, where = _proof(probes, proof)
    if found.proof in {Proof.NOT_SENT, Proof.NOT_GOOD}:
        return broken(expected="a token that proves the server", found=found.words, where=where)
    return holds("a Negotiate token", where=where)


@requirement(
    "HTTP-08",
    Level.MUST,
    "MS-SPNG 3.2.5",
    remedy="Answer with supportedMech 1.2.840.48018.1.2.2 where the token of that mechanism was taken.",
    verified=True,
)
def microsofts_kerberos_is_named(probes: Probes | None, proof: ServerProof | None) -> Finding:
    """The server names the mechanism whose token it took: Microsoft's Kerberos, which Windows offers first."""
    found, where = _proof(probes, proof)
    if found.proof is Proof.OTHER_MECHANISM:
        return broken(expected=_MS_KERBEROS, found=found.words, where=where)
    return holds(f"{_MS_KERBEROS}, or none, or a bare Kerberos token", where=where)


@requirement("HTTP-09", Level.SHOULD, "MS-N2HT 2.2.1", remedy="Challenge an empty POST as any other.", verified=True)
def empty_request_is_challenged(probes: Probes) -> Finding:
    """An empty POST without credentials is challenged with Negotiate, not judged by its body."""
    probe = "rst-empty-first"
    answer = _unauthenticated(probes, probe)
    if answers_to(probes, ANONYMOUS)[0].status != 401:
        raise judged_elsewhere("HTTP-01", "no request is challenged")
    right = answer.status == 401 and "negotiate" in _offers(answer)
    if not right and answer.status == 401:
        raise judged_elsewhere("HTTP-02", "the challenge offers no Negotiate")
    where = at_answer(probe, answer, number=1)
    return expect(right, expected="HTTP 401 with Negotiate", found=answer.words, where=where)


@requirement(
    "HTTP-10", Level.SHOULD, "RFC4559 4.2", remedy="Accept a ticket that comes with the first request.", verified=True
)
def ticket_may_come_at_once(probes: Probes) -> Finding:
    """A request that shows its ticket without waiting for a challenge is answered with a token."""
    answer = answers_beside_plain(probes, "rst-at-once")[-1]
    return expect(answer.tokens, expected="a token", found=answer.words, where=at_answer("rst-at-once", answer))


@requirement(
    "HTTP-11",
    Level.SHOULD,
    "MS-MAXTOKEN Cause",
    remedy="Raise the limit of request headers of the proxy and of the server: large_client_header_buffers, "
    "MaxRequestBytes, maxHttpHeaderSize.",
    verified=True,
)
def large_headers_are_taken(probes: Probes) -> Finding:
    """Eight kilobytes more of request headers do no harm: the ticket of a computer in many groups has as many."""
    answer = answers_beside_plain(probes, "rst-large-header")[-1]
    return expect(answer.tokens, expected="a token", found=answer.words, where=at_answer("rst-large-header", answer))


@requirement("HTTP-12", Level.SHOULD, "RFC9110 15.5.6", remedy="Answer GET with 405 and Allow: POST.", verified=True)
def get_is_no_server_error(probes: Probes) -> Finding:
    """A GET to the token endpoint is refused as the client's mistake, not as a server error."""
    answer = _unauthenticated(probes, "rst-get")
    right = answer.status is not None and 300 <= answer.status < 500
    where = at_answer("rst-get", answer)
    return expect(right, expected="HTTP 405, or another of 4xx", found=answer.words, where=where)


@requirement("HTTP-13", Level.SHOULD, "SOAP12-2 7.5.2.1", remedy="Answer other media types with 415.", verified=True)
def other_media_type_is_answered_in_order(probes: Probes) -> Finding:
    """A request of another media type is refused with a 4xx status or a fault, or simply answered."""
    answer = answers_beside_plain(probes, "rst-media-type")[-1]
    status = answer.status or 0
    right = 400 <= status < 500 or answer.fault is not None or answer.tokens
    where = at_answer("rst-media-type", answer)
    return expect(right, expected="HTTP 415, a fault or a token", found=answer.words, where=where)


@requirement(
    "HTTP-14",
    Level.MAY,
    "RFC2743 2.2.2",
    remedy="Give the acceptor the channel binding of the certificate that clients see, where a load balancer ends TLS "
    "too (AD FS: Set-AdfsProperties -ExtendedProtectionTokenCheck Allow, or Require).",
)
def ticket_of_another_channel_is_refused(probes: Probes) -> Finding:
    """A ticket that is bound to another TLS channel gets no token: somebody in the middle may be passing it on."""
    require_ticket_to_matter(probes)
    answer = answers_beside_plain(probes, "rst-other-channel")[-1]
    where = at_answer("rst-other-channel", answer)
    return expect(not answer.tokens, expected="no token", found=answer.words, where=where)

"""What a token service has to refuse: each request is a good one with one thing wrong, so that only that can be why."""

from __future__ import annotations

from hybridjoin.checks.places import at_answer, at_header, at_last_answer, at_probe
from hybridjoin.checks.probed import answers_beside_plain, answers_to, require_ticket_to_matter
from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.silence import interrupted, moot
from hybridjoin.errors import Breakage
from hybridjoin.evidence.probe import ProbeAnswer, Probes
from hybridjoin.model.verdict import Level
from hybridjoin.protocol import names
from hybridjoin.protocol.negotiate import TokenKind
from hybridjoin.protocol.saml11 import Attribute

_PARSER = "Parse requests with a hardened XML reader: no DTD, no entities."


def _refused(probes: Probes, probe: str) -> Finding:
    """The last answer to a probe holds no token."""
    answer = answers_beside_plain(probes, probe)[-1]
    return expect(not answer.tokens, expected="a refusal", found=answer.words, where=at_answer(probe, answer))


def _two_alike(probes: Probes, probe: str) -> tuple[ProbeAnswer, ProbeAnswer]:
    """The answers to one and the same message, sent twice."""
    answers = answers_beside_plain(probes, probe)
    if len(answers) != 2 or answers[0].sent_digest != answers[1].sent_digest:
        raise interrupted(probe, "it did not send the same message twice")
    return answers[0], answers[1]


@requirement(
    "NEG-01", Level.SHOULD, "WST13 11", remedy="Issue tokens for registered relying parties only.", verified=True
)
def unknown_relying_party_gets_no_token(probes: Probes) -> Finding:
    """A request for a relying party that the IdP cannot know gets no token."""
    return _refused(probes, "rst-applies-to")


@requirement("NEG-02", Level.MUST, "WST13 3.1", remedy="Read RequestType; answer only what is spoken.", verified=True)
def unknown_request_type_gets_no_token(probes: Probes) -> Finding:
    """A request of an unknown RequestType gets no token."""
    return _refused(probes, "rst-request-type")


@requirement("NEG-03", Level.SHOULD, "WST13 4", remedy="Compare the Action header with the RequestType.", verified=True)
def contradicting_request_gets_no_token(probes: Probes) -> Finding:
    """A request whose Action says Renew and whose body says Issue gets no token."""
    return _refused(probes, "rst-action-mismatch")


@requirement("NEG-04", Level.SHOULD, "WST13 3.1", remedy="Refuse a TokenType that is not issued.", verified=True)
def unknown_token_type_gets_no_other_token(probes: Probes) -> Finding:
    """A request for an unknown TokenType does not get a token of another type."""
    return _refused(probes, "rst-unknown-token-type")


@requirement(
    "NEG-05", Level.MUST, "SOAP12 2.6", remedy="Refuse unknown header blocks with mustUnderstand.", verified=True
)
def header_that_must_be_understood_is_not_passed_over(probes: Probes) -> Finding:
    """A request with an unknown header block that must be understood is not processed."""
    return _refused(probes, "rst-must-understand")


@requirement(
    "NEG-06", Level.MUST, "SOAP12 2.8", remedy="Judge the namespace of the Envelope before all else.", verified=True
)
def unknown_soap_version_is_not_processed(probes: Probes) -> Finding:
    """A request in the envelope of an unknown SOAP version is not processed."""
    return _refused(probes, "rst-envelope")


@requirement("NEG-07", Level.MUST, "SOAP12 5", remedy=_PARSER, verified=True)
def malformed_request_gets_no_token(probes: Probes) -> Finding:
    """A request that is not well-formed XML gets no token."""
    return _refused(probes, "rst-malformed")


@requirement("NEG-08", Level.MUST, "SOAP12 5", remedy=_PARSER, verified=True)
def dtd_is_not_processed(probes: Probes) -> Finding:
    """A request with a DTD is refused; above all, the entities that it declares are not expanded."""
    return _refused(probes, "rst-dtd")


@requirement(
    "NEG-09",
    Level.SHOULD,
    "WSS11 10",
    remedy="Refuse what has expired by more than the clock skew allowed.",
    verified=True,
)
def stale_request_gets_no_token(probes: Probes) -> Finding:
    """A request whose Timestamp expired an hour ago gets no token."""
    return _refused(probes, "rst-stale")


@requirement(
    "NEG-10",
    Level.MUST,
    "RFC4120 3.2.3",
    remedy="Switch the acceptor's replay cache on, and share it between the nodes of a cluster.",
    verified=True,
)
def replayed_ticket_is_refused(probes: Probes) -> Finding:
    """An authenticator that was accepted once is refused the second time."""
    _, second = _two_alike(probes, "rst-replay")
    where = at_answer("rst-replay", second, number=2)
    return expect(not second.tokens, expected="HTTP 401", found=second.words, where=where)


@requirement("NEG-11", Level.MUST, "SAML11 1.2.3", remedy="Make a new AssertionID for each assertion.", verified=True)
def repeated_request_gets_no_repeated_id(probes: Probes) -> Finding:
    """The same request sent twice is refused, or answered with an assertion that has an id of its own."""
    probe = "rst-duplicate"
    answers = _two_alike(probes, probe)
    ids = [item.response.assertion.assertion_id for item in answers if item.response and item.response.assertion]
    if len(ids) < 2:
        return holds(answers[1].words, where=at_answer(probe, answers[1], number=2))
    where = at_probe(probe, "saml:Assertion", number=2)
    return expect(ids[0] != ids[1], expected="another AssertionID", found=ids[1], where=where)


@requirement(
    "NEG-12",
    Level.MUST,
    "MS-HYBRID Issue account type claim",
    remedy="Issue accounttype DJ to members of Domain Computers (-515) only.",
    verified=True,
)
def user_is_not_called_a_device(probes: Probes) -> Finding:
    """A user's ticket does not get a token that says accounttype DJ."""
    require_ticket_to_matter(probes)
    answer = answers_beside_plain(probes, "rst-user")[-1]
    if answer.kerberos_error:
        raise interrupted("rst-user", f"the user of the site file could not log on: {answer.kerberos_error}")
    claims = _account_types(answer)
    found = ", ".join(value.strip() for item in claims for value in item.values)
    lying = next((item for item in claims if "DJ" in {value.strip() for value in item.values}), None)
    if lying is not None:
        where = at_probe("rst-user", "saml:Attribute", label=lying.name)
        return broken(expected="a refusal, or another type", found=found, where=where)
    return holds(found or answer.words, where=at_answer("rst-user", answer))


def _account_types(answer: ProbeAnswer) -> tuple[Attribute, ...]:
    if answer.response is None or answer.response.assertion is None:
        return ()
    wanted = names.CLAIM_ACCOUNT_TYPE[1]
    return tuple(item for item in answer.response.assertion.attributes if item.name.lower() == wanted)


@requirement(
    "NEG-13",
    Level.MUST,
    "RFC4559 5",
    remedy="Let only an established security context reach the service.",
    verified=True,
)
def ntlm_message_gets_no_token(probes: Probes) -> Finding:
    """An NTLM message, which proves nothing yet, gets no token."""
    return _refused(probes, "rst-ntlm")


@requirement(
    "NEG-14", Level.MAY, "MS-NLMP 5.1", remedy="Switch NTLM off for the windowstransport endpoint.", verified=True
)
def ntlm_is_not_taken_up(probes: Probes) -> Finding:
    """An NTLM message is refused, not answered with NTLM's own challenge."""
    answer = answers_beside_plain(probes, "rst-ntlm")[-1]
    right = answer.server_token is not TokenKind.NTLM
    found = f"{answer.words}, token: {answer.server_token}"
    return expect(right, expected="a refusal", found=found, where=at_header("rst-ntlm", answer, "WWW-Authenticate"))


@requirement(
    "NEG-15",
    Level.MUST,
    "RFC4559 4.1",
    remedy="Let only an established security context reach the service.",
    verified=True,
)
def garbage_gets_no_token(probes: Probes) -> Finding:
    """A Negotiate token that is none gets no token."""
    return _refused(probes, "rst-garbage")


@requirement(
    "NEG-16", Level.SHOULD, "RFC9110 15.5.2", remedy="Answer an unreadable Negotiate token with 401.", verified=True
)
def garbage_is_no_server_error(probes: Probes) -> Finding:
    """A Negotiate token that is none is the client's mistake (4xx), not a server error."""
    answer = answers_beside_plain(probes, "rst-garbage")[-1]
    right = answer.status is not None and answer.status < 500
    where = at_answer("rst-garbage", answer)
    return expect(right, expected="HTTP 401 or 400", found=answer.words, where=where)


@requirement(
    "NEG-19",
    Level.SHOULD,
    "CWE 918",
    remedy="Answer on the request's own connection, or refuse: never send to an address that a request names.",
    verified=True,
)
def nothing_is_sent_elsewhere(probes: Probes) -> Finding:
    """A request whose ReplyTo and FaultTo name another host is answered on its own connection, or refused there."""
    probe = "rst-reply-elsewhere"
    answer = answers_beside_plain(probes, probe)[-1]
    if answer.status is None:
        raise moot(probe, f"there is no answer from which to tell: {answer.words}")
    here = answer.tokens or answer.fault is not None or answer.status >= 400
    found = answer.words if here else f"HTTP {answer.status} and no answer: it was sent there, or nowhere"
    return expect(here, expected="the answer, or a refusal", found=found, where=at_answer(probe, answer))


@requirement(
    "NEG-23",
    Level.SHOULD,
    "CWE 400",
    remedy="Bound the size of a request in front of the token service (64 KB hold every ticket), and answer 413.",
    verified=True,
)
def large_request_does_no_harm(probes: Probes) -> Finding:
    """A request of three megabytes is refused or answered in time, and Windows' own request gets its token after it."""
    probe = "rst-oversize"
    answers = answers_beside_plain(probes, probe)
    large, after = answers[0], answers[-1]
    for item in answers:
        if item.kerberos_error:
            raise moot(probe, f"the KDC gave no ticket for it: {item.kerberos_error}")
    if large.breakage.startswith(f"{Breakage.TIMEOUT}:"):
        where = at_answer(probe, large, number=1)
        return broken(expected="a refusal or an answer in time", found=large.words, where=where)
    return expect(
        bool(after.tokens),
        expected="a token for Windows' own request after it",
        found=f"{after.words} (the large one: {large.words})",
        where=at_last_answer(probe, answers),
    )


@requirement(
    "NEG-20",
    Level.MUST,
    "RFC4120 3.2.3",
    remedy="Let only a ticket that the service's own key decrypts reach the service.",
    verified=True,
)
def foreign_ticket_gets_no_token(probes: Probes) -> Finding:
    """A forged ticket of another realm, which no key of the service decrypts, gets no token."""
    return _refused(probes, "rst-foreign-ticket")


@requirement(
    "NEG-18", Level.MUST, "MS-KILE 3.3.5.6.3", remedy="Disable the account at every domain controller.", verified=True
)
def disabled_computer_gets_no_ticket(probes: Probes) -> Finding:
    """A disabled computer gets no ticket from the KDC, and so no token."""
    answers = answers_to(probes, "rst-disabled")
    right = answers[-1].kerberos_error or not answers[-1].tokens
    where = at_last_answer("rst-disabled", answers)
    return expect(right, expected="a refusal by the KDC", found=answers[-1].words, where=where)

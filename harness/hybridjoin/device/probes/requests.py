"""Probes of the token service: what it has to take from real clients, and what it has to refuse."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

from hybridjoin.device.habits import USER_AGENT
from hybridjoin.device.needs import Flow, Manner, NewId, Now, ask
from hybridjoin.device.probes.asking import Bend, Question, ask_ticket, ask_token
from hybridjoin.device.probes.probe import ProbeContext, ProbeNeed
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.protocol import mex, names, rst, rst_variants
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.foreign_ticket import foreign_ticket
from hybridjoin.protocol.mex import Credential, Trust

ProbeFlow = Callable[[ProbeContext], Flow[ProbeResult]]

# NTLMSSP NEGOTIATE_MESSAGE ([MS-NLMP] 2.2.1.1): flags only, no name, no workstation, nothing secret.
NTLM_NEGOTIATE = base64.b64encode(b"NTLMSSP\x00" + bytes.fromhex("0100000007820800") + bytes(16)).decode("ascii")
GARBAGE = base64.b64encode(b"hybridjoin probe: this is no security token").decode("ascii")
LARGE_HEADER_BYTES = 8 * 1024


def once(probe: str, question: Question) -> ProbeFlow:
    """Return the flow that asks one question."""

    def flow(context: ProbeContext) -> Flow[ProbeResult]:
        return ProbeResult(probe=probe, answers=((yield from ask_token(context, question)),))

    return flow


def bent(probe: str, bend: Bend) -> ProbeFlow:
    """Return the flow that sends Windows' request with one change."""
    return once(probe, Question(bend=bend))


def in_version(probe: str, trust: Trust) -> ProbeFlow:
    """Return the flow that asks the endpoint of one version of WS-Trust."""
    return once(probe, Question(trust=trust))


def with_token(probe: str, token: str) -> ProbeFlow:
    """Return the flow that shows a Negotiate token which is no ticket."""
    return once(probe, Question(as_computer=False, headers=(("Authorization", f"Negotiate {token}"),)))


def with_foreign_ticket(context: ProbeContext) -> Flow[ProbeResult]:
    """Show a ticket of another realm, for the service that is asked."""
    token = foreign_ticket(host_of(context.endpoints[context.trust].url))
    question = Question(as_computer=False, headers=(("Authorization", f"Negotiate {token}"),))
    return ProbeResult(probe="rst-foreign-ticket", answers=((yield from ask_token(context, question)),))


def with_soap_action(context: ProbeContext) -> Flow[ProbeResult]:
    """Add SOAPAction, as MSAL does."""
    question = Question(headers=(("SOAPAction", rst.soap_action(context.trust)),))
    return ProbeResult(probe="rst-soap-action", answers=((yield from ask_token(context, question)),))


def with_action_parameter(context: ProbeContext) -> Flow[ProbeResult]:
    """Add the action to the media type, as WCF does."""
    question = Question(content_type=f'{rst.CONTENT_TYPE}; action="{rst.soap_action(context.trust)}"')
    return ProbeResult(probe="rst-action-parameter", answers=((yield from ask_token(context, question)),))


def with_query(context: ProbeContext) -> Flow[ProbeResult]:
    """Add a parameter to the address, as some clients do with their request id."""
    question = Question(query=f"client-request-id={yield from ask(NewId())}")
    return ProbeResult(probe="rst-query", answers=((yield from ask_token(context, question)),))


def empty_first(context: ProbeContext) -> Flow[ProbeResult]:
    """Send an empty request to be challenged, then the real one with the ticket."""
    challenged = yield from ask_token(context, Question(empty=True, as_computer=False))
    answered = yield from ask_token(context, Question(manner=Manner.AT_ONCE))
    return ProbeResult(probe="rst-empty-first", answers=(challenged, answered))


def stale(context: ProbeContext) -> Flow[ProbeResult]:
    """Send a request that had expired an hour ago, in a header that must be understood: who reads it has to refuse it.

    Without mustUnderstand a service that reads no Timestamp would be right to issue a token.
    """
    now = yield from ask(Now())

    def bend(body: bytes) -> bytes:
        return rst_variants.with_timestamp(body, now - timedelta(hours=2), now - timedelta(hours=1), understood=True)

    return ProbeResult(probe="rst-stale", answers=((yield from ask_token(context, Question(bend=bend))),))


def fresh(context: ProbeContext) -> Flow[ProbeResult]:
    """Send a request with a Timestamp that is good for five minutes, as an older Windows client wrote it."""
    now = yield from ask(Now())

    def bend(body: bytes) -> bytes:
        return rst_variants.with_timestamp(body, now, now + timedelta(minutes=5), understood=False)

    return ProbeResult(probe="rst-timestamp", answers=((yield from ask_token(context, Question(bend=bend))),))


def duplicate(context: ProbeContext) -> Flow[ProbeResult]:
    """Send the same message two times, each with a ticket of its own."""
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    first = yield from ask_token(context, Question(), message_id=message_id)
    second = yield from ask_token(context, Question(), message_id=message_id)
    return ProbeResult(probe="rst-duplicate", answers=(first, second))


def replay(context: ProbeContext) -> Flow[ProbeResult]:
    """Send a message, then the same with the very token that was accepted."""
    message_id = f"urn:uuid:{yield from ask(NewId())}"
    first = yield from ask_token(context, Question(), message_id=message_id)
    if not first.tokens:
        return ProbeResult(
            probe="rst-replay",
            answers=(first,),
            skipped=f"there was no accepted token to show again: {first.words}",
        )
    second = yield from ask_token(context, Question(manner=Manner.AGAIN), message_id=message_id)
    return ProbeResult(probe="rst-replay", answers=(first, second))


def oversize(context: ProbeContext) -> Flow[ProbeResult]:
    """Send one request of three megabytes, with a ticket, and then Windows' own: it has to be answered as ever."""
    large = yield from ask_token(context, Question(bend=rst_variants.oversize, manner=Manner.AT_ONCE))
    after = yield from ask_token(context, Question())
    return ProbeResult(probe="rst-oversize", answers=(large, after))


def other_agent(context: ProbeContext) -> Flow[ProbeResult]:
    """Ask under the name of Windows' token client, and under none: a rule may look at nothing else."""
    windows = yield from ask_token(context, Question(agent=(("User-Agent", USER_AGENT),)))
    nobody = yield from ask_token(context, Question(agent=()))
    return ProbeResult(probe="rst-other-agent", answers=(windows, nobody))


def username_port(context: ProbeContext) -> Flow[ProbeResult]:
    """Send a request without name and password to the port for both: it is refused there, unless nobody is."""
    endpoint = mex.choose(context.document, Credential.USERNAME) if context.document is not None else None
    if endpoint is None:
        return ProbeResult(probe="username-port", skipped=ProbeNeed.USERNAME_ENDPOINT)
    question = Question(endpoint=endpoint, as_computer=False)
    return ProbeResult(probe="username-port", answers=((yield from ask_token(context, question)),))


def as_disabled(context: ProbeContext) -> Flow[ProbeResult]:
    """Ask the KDC for a ticket as a disabled computer; without one there is nothing to send."""
    ticket = yield from ask_ticket(context)
    if ticket.kerberos_error:
        return ProbeResult(probe="rst-disabled", answers=(ticket,))
    return ProbeResult(probe="rst-disabled", answers=(ticket, (yield from ask_token(context, Question()))))


def wrong_realm(probe: str) -> ProbeFlow:
    """Return the flow that asks for a token for somebody else."""
    return once(probe, Question(applies_to=rst_variants.UNKNOWN_RELYING_PARTY))


def typed(body: bytes) -> bytes:
    """Ask for SAML 1.1 in so many words."""
    return rst_variants.asking_for_token_type(body, names.SAML_11)


def oddly_typed(body: bytes) -> bytes:
    """Ask for a token type that nobody has."""
    return rst_variants.asking_for_token_type(body, rst_variants.UNKNOWN_TOKEN_TYPE)

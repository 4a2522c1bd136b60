"""The SSO State of `dsregcmd /status` after a person's logon: the token, or the diagnostics of its last attempt.

The rows of the diagnostics are those of Windows 10 21H1 and later (Microsoft: Troubleshoot primary refresh token
issues). The other sections of the screen say of a logon what they say of the join before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hybridjoin.device.screens.codes import inner
from hybridjoin.device.screens.diagnosis import Pairs, moment
from hybridjoin.device.screens.status import Lines, section
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.exchange import Exchange, HttpReply, HttpRequest, Transcript
from hybridjoin.model.site import Site
from hybridjoin.protocol.oauth import EntraError


def single_sign_on_lines(evidence: SignInEvidence, transcript: Transcript, *, site: Site, at: datetime) -> Lines:
    """Return the section as it stands after the logon; `at` is the device's clock then."""
    authority = f"{site.entra.login_url}/{site.entra.tenant_id}"
    token, failure = evidence.prt, evidence.failure
    if token is not None:
        until = at + timedelta(seconds=token.expires_in)
        rows: Pairs = (
            ("AzureAdPrt", "YES"),
            ("AzureAdPrtUpdateTime", moment(at)),
            ("AzureAdPrtExpiryTime", moment(until)),
            ("AzureAdPrtAuthority", authority),
            *_NO_ENTERPRISE,
        )
        return section("SSO State", rows)
    attempt = tuple(_attempt(evidence, transcript, failure)) if failure is not None else ()
    return section("SSO State", (("AzureAdPrt", "NO"), ("AzureAdPrtAuthority", authority), *attempt, *_NO_ENTERPRISE))


_NO_ENTERPRISE: Pairs = (("EnterprisePrt", "NO"), ("EnterprisePrtAuthority", ""))


def _attempt(evidence: SignInEvidence, transcript: Transcript, failure: Failure) -> Iterator[tuple[str, str]]:
    """The last attempt: what it ended with, and at which address."""
    yield "AcquirePrtDiagnostics", "PRESENT"
    yield "Previous Prt Attempt", moment(evidence.started_at)
    yield "Attempt Status", inner(failure)
    yield "User Identity", evidence.user.name
    yield "Credential Type", "Password"
    yield "Correlation ID", evidence.client_request_id
    exchange = transcript.find(failure.step)
    if exchange is not None:
        yield from _address(exchange)
    if isinstance(failure.server, EntraError):
        yield "Server Error Code", failure.server.error
        yield "Server Error Description", failure.server.description


def _address(exchange: Exchange) -> Iterator[tuple[str, str]]:
    if not isinstance(exchange.request, HttpRequest):
        return
    status = exchange.reply.status if isinstance(exchange.reply, HttpReply) else 0
    yield "Endpoint URI", exchange.request.url
    yield "HTTP Method", exchange.request.method
    yield "HTTP Error", "0x0"
    yield "HTTP status", str(status)

"""Each way a step can fail, in our words and in Windows' codes.

Which phase and which step a failure names follows from the step's row, so that no caller spells them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from hybridjoin.device.needs import Asking, Flow, ask
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.errors import Breakage, KerberosError, PeerUnreachable
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.hiding import hide, hide_text
from hybridjoin.model.steps import Party, Phase, StepRow
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.oauth import EntraError, error_of_a_page
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.protocol.throttle import Wait

Answer = TypeVar("Answer")

_NETWORK_REMEDY = {
    Breakage.TIMEOUT: "look whether the server hangs or a firewall drops the packets",
    Breakage.NAME_NOT_RESOLVED: "look the name up from the device's network",
    Breakage.REFUSED: "look whether the server listens on that address and port",
    Breakage.RESET: "look in the server's own log at the time of the request",
    Breakage.TLS: "renew or replace the server's certificate, or name its CA in the site file (--ca-file)",
    Breakage.TOO_LARGE: "look what the URL really serves",
    Breakage.REDIRECT: "configure the URL that the redirect leads to",
    Breakage.MUTUAL_AUTHENTICATION: "let the server answer the ticket with its own Negotiate token (RFC 4559, 5)",
    Breakage.MALFORMED: "look what really answers on that address and port",
}
# Entra answers a device itself; Microsoft asks that proxies let the computer account through and leave TLS alone there.
_LET_THROUGH = "let the computer account through the proxy that redirects it, and exempt this host from its inspection"


def failure(
    at: StepRow,
    reason: str,
    cause: WindowsCode,
    *,
    remedy: str = "",
    server: EntraError | EnrolmentError | SoapFault | None = None,
    breakage: Breakage | None = None,
    phase: Phase | None = None,
) -> Failure:
    """Return the failure of a step; `phase` is given only where Windows has left the phase of the row by then.

    Whatever fails while a token is acquired ends in the token client's outer code, which dsregcmd prints besides, and
    what fails while the tenant is looked for in the code of that search.
    """
    phase = phase or at.phase
    outer = windows.ADAL_WRAPPER if phase is Phase.AUTH else at.outer_code
    return Failure(
        phase=phase,
        step=at.step,
        reason=reason,
        cause=cause,
        wrapper=windows.code(outer) if outer is not None and outer != cause.code else None,
        server=server,
        remedy=remedy,
        breakage=breakage,
    )


def unreachable(at: StepRow, error: PeerUnreachable) -> Failure:
    """A peer gave no reply that could be kept; the token client has network codes of its own."""
    cause = windows.network(error.breakage, adal=at.phase is Phase.AUTH)
    remedy = _NETWORK_REMEDY[error.breakage]
    if error.breakage is Breakage.REDIRECT and at.party is Party.ENTRA:
        remedy = _LET_THROUGH
    return failure(at, error.problem, cause, remedy=remedy, breakage=error.breakage)


def no_ticket(at: StepRow, error: KerberosError) -> Failure:
    """The KDC or libkrb5 refused the computer."""
    if at.phase is Phase.AUTH:
        cause = windows.assumed(windows.HTTP_STATUS + 401, "inferred: without a ticket the IdP's 401 stands")
    else:
        cause = windows.assumed(0x801C001D, "inferred: without a ticket the SCP cannot be read")
    return failure(at, f"{error.words} ({error.code})", cause, remedy=error.remedy)


def soap_fault(at: StepRow, fault: SoapFault, *, remedy: str) -> Failure:
    """The IdP answered the RST with a fault, or Entra did in its place."""
    if fault.own_words:
        told = error_of_a_page(fault.own_words, http_status=fault.http_status)
        reason = f"Entra's own token service refused what was shown: AADSTS{told.code}"
        return failure(at, reason, windows.code(0xCAA90014), server=told)
    subcode = f" {fault.subcode}" if fault.subcode else ""
    reason = f"the IdP answered with the SOAP fault{subcode}: {fault.reason}"
    return failure(at, reason, windows.code(0xCAA90014), server=fault, remedy=remedy)


def entra_refusal(at: StepRow, error: EntraError, *, wait: Wait | None = None) -> Failure:
    """Entra refused the assertion; `wait` is for how long it asked to be left alone."""
    name = f"AADSTS{error.code}" if error.code is not None else error.error or f"HTTP {error.http_status}"
    reason = f"Entra refused the assertion: {name}"
    remedy = f"wait {wait}, then try again" if wait is not None else ""
    return failure(at, reason, windows.oauth_error(error.error), server=error, remedy=remedy)


@contextmanager
def judging(at: StepRow) -> Iterator[None]:
    """Turn a peer that cannot be reached, or a refused ticket, into the end of this step.

    Raises:
        StepFailed: the peer could not be reached, or the ticket was refused.
    """
    try:
        yield
    except PeerUnreachable as error:
        raise StepFailed(unreachable(at, error)) from error
    except KerberosError as error:
        raise StepFailed(no_ticket(at, error)) from error


def demand(need: Asking[Answer]) -> Flow[Answer]:
    """Ask for what the flow cannot go on without."""
    with judging(need.at):
        return (yield from ask(need))


def keep_failure(builder: EvidenceBuilder[Any], end: Failure) -> None:
    """Keep why a flow ended, without a secret, and the peer's own words."""
    found = hide(end)
    words = tuple((step, hide_text(text)) for step, text in builder.evidence.unreadable)
    builder.keep(failure=found, unreadable=words)
    keep_refusal(builder, found)


def keep_refusal(builder: EvidenceBuilder[Any], end: Failure) -> None:
    """Keep the peer's own words as a part that checks can ask for."""
    match end.server:
        case SoapFault():
            builder.keep(fault=end.server)
        case EntraError():
            builder.keep(entra_error=end.server)
        case EnrolmentError():
            builder.keep(enrolment_error=end.server)

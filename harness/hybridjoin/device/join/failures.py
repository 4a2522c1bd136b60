"""Each way a join can end, in our words and in Windows' codes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from hybridjoin.device.join.evidence_builder import StepFailed
from hybridjoin.device.needs import Flow, Need, ask
from hybridjoin.errors import Breakage, KerberosError, PeerUnreachable
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import windows
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.rstr import SoapFault

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


def unreachable(error: PeerUnreachable, *, phase: Phase, step: Step) -> Failure:
    """A peer gave no reply that could be kept."""
    adal = phase is Phase.AUTH
    return Failure(
        phase=phase,
        step=step,
        reason=error.problem,
        cause=windows.network(error.breakage, adal=adal),
        wrapper=wrapper(phase),
        remedy=_NETWORK_REMEDY[error.breakage],
        breakage=error.breakage,
    )


def wrapper(phase: Phase) -> WindowsCode | None:
    """Return the outer code that dsregcmd's summary line prints for a failure of that phase."""
    return windows.code(windows.ADAL_WRAPPER) if phase is Phase.AUTH else None


def no_ticket(error: KerberosError, *, phase: Phase, step: Step) -> Failure:
    """The KDC or libkrb5 refused the computer."""
    if phase is Phase.AUTH:
        why = "inferred: without a ticket the IdP's 401 stands"
        cause = windows.assumed(windows.HTTP_STATUS + 401, why)
    else:
        cause = windows.assumed(0x801C001D, "inferred: without a ticket the SCP cannot be read")
    return Failure(
        phase=phase,
        step=step,
        reason=f"{error.words} ({error.code})",
        cause=cause,
        wrapper=wrapper(phase),
        remedy=error.remedy,
    )


def soap_fault(fault: SoapFault) -> Failure:
    """The IdP answered the RST with a fault."""
    subcode = f" {fault.subcode}" if fault.subcode else ""
    return Failure(
        phase=Phase.AUTH,
        step=Step.RST,
        reason=f"the IdP answered with the SOAP fault{subcode}: {fault.reason}",
        cause=windows.code(0xCAA90014),
        wrapper=wrapper(Phase.AUTH),
        server=fault,
        remedy="look in the IdP's log for this fault; check the account mapping of the computer",
    )


def entra_refusal(error: EntraError) -> Failure:
    """Entra refused the assertion."""
    name = f"AADSTS{error.code}" if error.code is not None else error.error or f"HTTP {error.http_status}"
    return Failure(
        phase=Phase.AUTH,
        step=Step.TOKEN,
        reason=f"Entra refused the assertion: {name}",
        cause=windows.oauth_error(error.error),
        wrapper=wrapper(Phase.AUTH),
        server=error,
        remedy="compare the claim table with the requirements; the error text names a user even for a device",
    )


def enrolment_refusal(error: EnrolmentError, *, step: Step) -> Failure:
    """The registration service refused the device."""
    synchronized = step is Step.SYNC_JOIN
    return Failure(
        phase=Phase.JOIN,
        step=step,
        reason=f"the registration service answered {error.error_type or f'HTTP {error.http_status}'}: {error.message}",
        cause=windows.enrolment_error(error.error_type, error.http_status),
        server=error,
        remedy=(
            "let Entra Connect sync the computer (it needs a userCertificate), then join again"
            if synchronized
            else "compare the token's claims with what the registration service asks for"
        ),
    )


@contextmanager
def judging(phase: Phase, step: Step) -> Iterator[None]:
    """Turn a peer that cannot be reached, or a refused ticket, into the end of this step."""
    try:
        yield
    except PeerUnreachable as error:
        raise StepFailed(unreachable(error, phase=phase, step=step)) from error
    except KerberosError as error:
        raise StepFailed(no_ticket(error, phase=phase, step=step)) from error


def demand(need: Need[Answer], *, phase: Phase, step: Step) -> Flow[Answer]:
    """Ask for what the join cannot go on without."""
    with judging(phase, step):
        return (yield from ask(need))


Steps = Generator[Need[Any], Any, None]

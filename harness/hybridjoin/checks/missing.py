"""Why a part of evidence is missing: which step would have brought it, and what became of that step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from hybridjoin.checks.silence import Silence
from hybridjoin.evidence.facts import (
    ArrivedAt,
    Asked,
    DirectoryFacts,
    GatheredAt,
    ManagedDevice,
    OwnCertificates,
    RegistrationProblems,
    TrustedCertificates,
    TrustedIssuer,
)
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.probe import Probes
from hybridjoin.evidence.sign_in import LogonDevice, OwnTokenService, ShownPassword, SignedInUser
from hybridjoin.evidence.work_account import FirstLogon, RegistrationRequest
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_commands import DomainCommand
from hybridjoin.intake.gateway import GatewaySetup
from hybridjoin.intake.handed_out import SiblingDomains
from hybridjoin.model.exchange import ServerProof, TicketReply
from hybridjoin.model.flows import FLOWS, find_flow
from hybridjoin.model.reading import SessionKeyReading
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UserPractice
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Untested
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import Registration
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.prt import PrimaryRefreshToken, RequestNonce
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.scp import Scp
from hybridjoin.protocol.signature import SignatureReading

Part = TypeVar("Part")

# What may be missing though its step was good: the part that came in its place, and what is to be said then.
_INSTEAD: Final[Mapping[type, tuple[type, str]]] = MappingProxyType(
    {
        MexEndpoint: (MexDocument, "the metadata offers no endpoint that the device would choose"),
        Assertion: (TokenResponse, "the response holds no SAML 1.1 assertion"),
        SoapFault: (TokenResponse, "the token service answered without a fault"),
        EntraError: (Token, "Entra did not answer with an error"),
    }
)
# What no flow brings: somebody has to ask for it besides.
_BESIDE: Final[Mapping[type, NotTested]] = MappingProxyType(
    {
        GatewaySetup: NotTested(reason=Untested.NOT_GIVEN, detail="`hybridjoin gateway FILE` asks this of a gateway"),
        DomainCommand: NotTested(
            reason=Untested.NOT_GIVEN, detail="the settings were not read from the command that sets them"
        ),
        SiblingDomains: NotTested(reason=Untested.NOT_GIVEN, detail="the tenant's other domains were not given"),
        OwnTokenService: NotTested(
            reason=Untested.NOT_GIVEN, detail="nobody was led to Entra's own token service (Seamless SSO)"
        ),
        Probes: NotTested(
            reason=Untested.PROBE_NOT_ASKED,
            detail="no probes were sent: a join alone sends none, `hybridjoin certify` does",
        ),
        FederationSettings: NotTested(
            reason=Untested.NOT_GIVEN,
            detail="the domain's federation settings were not given (--federation FILE, or entra.federation in the "
            "site file)",
        ),
    }
)
# What a part is called that somebody who judges single documents has not given, where its type's name does not say it.
_NAMES: Final[Mapping[type, str]] = MappingProxyType(
    {
        ArrivedAt: "time of the reply",
        Asked: "request",
        Computer: "computer",
        DirectoryFacts: "computer",
        DrsDiscovery: "Discover document",
        EntraError: "error of Entra",
        GatheredAt: "day",
        ManagedDevice: "managed join",
        OwnCertificates: "certificate of the computer's own",
        JoinResult: "join",
        MexDocument: "metadata",
        MexEndpoint: "metadata",
        LogonDevice: "logon",
        FirstLogon: "first logon",
        RegistrationRequest: "registration by a person",
        PrimaryRefreshToken: "primary refresh token",
        Registration: "device certificate",
        RequestNonce: "nonce",
        SessionKeyReading: "session key",
        RegistrationProblems: "device certificate",
        ServerProof: "proof of the server",
        Scp: "service connection point",
        SignatureReading: "assertion",
        ShownPassword: "user",
        SignedInUser: "user",
        SoapFault: "fault",
        TicketReply: "ticket",
        Token: "access token",
        TrustedCertificates: "signing certificate",
        TrustedIssuer: "issuer",
        UserPractice: "word on what the IdP does for users",
    }
)


def why_missing(missing: tuple[type, ...], parts: Parts) -> NotTested:
    """Say why a check is not asked, of which parts are missing; what nobody asked for at all comes first."""
    beside = next((kind for kind in missing if kind in _BESIDE), None)
    if beside is not None:
        return _BESIDE[beside]
    kind, outcome = missing[0], parts.get(FlowOutcome)
    if kind is FlowOutcome:
        return NotTested(reason=Untested.NO_FLOW)
    if kind is SignatureReading and Assertion not in parts:
        kind = Assertion  # there is nothing that could have been signed
    untaken = next(filter(None, (_untaken(item, parts, outcome) for item in missing)), "")
    if untaken:
        return NotTested(reason=Untested.NOT_GIVEN, detail=untaken)
    instead, words = _INSTEAD.get(kind, (kind, ""))
    step = _step_of(instead, outcome)
    if words and instead in parts:
        return NotTested(reason=Untested.ABSENT, step=step or "", detail=words)
    if outcome is None or step is None or not (outcome.flow or outcome.unreadable_at(step)):
        return NotTested(reason=Untested.NOT_GIVEN, detail=f"no {_name_of(kind)} was given to compare with")
    return why_not(outcome, step)


def _untaken(kind: type, parts: Parts, outcome: FlowOutcome | None) -> str:
    """Say where a part would have come from that only some ways through a flow bring; empty where this one did."""
    made = find_flow(outcome.flow) if outcome is not None else None
    sometimes = made.sometimes if made is not None else {}
    row = sometimes.get(kind.__name__)
    if row is None or not sometimes.keys().isdisjoint(parts.names):
        return ""
    return f"the step '{row.step}' is made only where {row.only_where}"


def _name_of(kind: type) -> str:
    """Return what people call a part: the words of its type's name, where there is nothing better."""
    return _NAMES.get(kind) or re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()


def _step_of(kind: type, outcome: FlowOutcome | None) -> Step | None:
    """Return the step that brings a part in the flow that was made, or in any; None where no step of it does."""
    made = find_flow(outcome.flow) if outcome is not None else None
    rows = (row for flow in (FLOWS if made is None else (made,)) for row in flow)
    return next((row.step for row in rows if kind.__name__ in row.yields), None)


def why_not(outcome: FlowOutcome, step: Step) -> NotTested:
    """Say why a step brought nothing: the flow makes no such step, it was unreadable, the flow ended, or never came."""
    made = find_flow(outcome.flow)
    if made is not None and step not in made.steps:
        return NotTested(reason=Untested.NOT_GIVEN, detail=f"to {made.title} takes no step '{step}'")
    words = outcome.unreadable_at(step)
    if words:
        return NotTested(reason=Untested.UNREADABLE, step=step, detail=words)
    if outcome.failure is not None:
        return NotTested(reason=Untested.STEP_FAILED, step=outcome.failure.step, detail=outcome.failure.reason)
    return NotTested(reason=Untested.NOT_REACHED, step=step)


def reached(part: Part | None, outcome: FlowOutcome, step: Step) -> Part:
    """Return a part that a check is asked about even where it is missing.

    Raises:
        Silence: it did not come.
    """
    if part is None:
        raise Silence(why_not(outcome, step))
    return part

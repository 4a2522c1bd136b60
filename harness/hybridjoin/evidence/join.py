"""All that one join brought to light, parsed: what checks, screens and records read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hybridjoin.errors import Breakage
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.exchange import TicketReply
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol.computer import Computer, SidOwner
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import EnrolmentError, Registration
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.scp import Scp
from hybridjoin.protocol.signature import SignatureReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The first thing that ended the federated join (or the fallback).

    `cause` is the HRESULT nearest the fault, `wrapper` the outer one that dsregcmd prints in its
    summary line when there is one. `breakage` is how the exchange broke where no reply of it could be kept.
    """

    phase: Phase
    step: Step
    reason: str
    cause: WindowsCode
    wrapper: WindowsCode | None = None
    server: EntraError | EnrolmentError | SoapFault | None = None
    remedy: str = ""
    breakage: Breakage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The parsed evidence of one join; what was never reached is None.

    `unreadable` lists the steps whose reply could not be parsed, with the reader's words, so that the
    checks of the rest still run. `applies_to` is what the RST asked for. `http_status` is the status
    of the token endpoint's (or, when not reached, the last) reply. `source_anchor` is the attribute that Entra
    Connect is set to use: `mS-DS-ConsistencyGuid`, `objectGUID`, or `auto`, the former where it is set.
    `clock_offset_s` is how far the device's clock was set ahead on purpose: times it read are judged without it.
    `probes` are questions outside the join that somebody asked besides.
    `federation` holds the domain's settings in Entra where somebody gave them; no join reads them.
    """

    result: JoinResult
    client_request_id: str
    started_at: datetime
    fallback_enabled: bool
    applies_to: str
    issuer: str
    signing_certificates: tuple[bytes, ...] = ()
    computer: Computer | None = None
    scp: Scp | None = None
    discovery: DrsDiscovery | None = None
    realm: UserRealm | None = None
    mex: MexDocument | None = None
    endpoint: MexEndpoint | None = None
    ticket: TicketReply | None = None
    message_id: str = ""
    rstr_received_at: datetime | None = None
    response: TokenResponse | None = None
    fault: SoapFault | None = None
    signature: SignatureReading | None = None
    sid_owner: SidOwner | None = None
    token: Token | None = None
    entra_error: EntraError | None = None
    registration: Registration | None = None
    registration_problems: tuple[str, ...] = ()
    enrolment_error: EnrolmentError | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()
    failure: Failure | None = None
    fallback_failure: Failure | None = None
    source_anchor: str = "auto"
    clock_offset_s: int = 0
    probes: tuple[ProbeResult, ...] = ()
    federation: FederationSettings | None = None

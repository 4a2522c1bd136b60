"""All that one join brought to light, parsed: what screens and records read by name, and checks by type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.probe import ProbeResult, Probes
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.exchange import ServerProof, TicketReply
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UNTOLD, UserPractice
from hybridjoin.model.steps import Step
from hybridjoin.protocol.computer import Computer, SidOwner
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import EnrolmentError, Registration
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.scp import Scp
from hybridjoin.protocol.signature import SignatureReading


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinEvidence:
    """The parsed evidence of one join; what was never reached is None.

    `unreadable` lists the steps whose reply could not be parsed, with the reader's words, so that the
    checks of the rest still run. `applies_to` is what the RST asked for. `source_anchor` is the attribute that Entra
    Connect is set to use: `mS-DS-ConsistencyGuid`, `objectGUID`, or `auto`, the former where it is set.
    `clock_offset_s` is how far the device's clock was set ahead on purpose: times it read are judged without it.
    `users` is what the site's IdP is known to do for people.
    `probes` are questions outside the join that somebody asked besides.
    `flow` is the name of the table whose steps were gone through; `managed` and `own_certificates` are
    those of a managed join.
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
    server_proof: ServerProof | None = None
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
    users: UserPractice = UNTOLD
    clock_offset_s: int = 0
    probes: tuple[ProbeResult, ...] = ()
    federation: FederationSettings | None = None
    flow: str = HYBRID_JOIN.name
    managed: ManagedDevice | None = None
    own_certificates: OwnCertificates | None = None

    @property
    def assertion(self) -> Assertion | None:
        """The SAML 1.1 assertion of the token service's response."""
        return self.response.assertion if self.response is not None else None

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type."""
        registered = self.registration is not None
        return Parts.of(
            self.result,
            FlowOutcome(flow=self.flow, failure=self.failure, unreadable=self.unreadable),
            Asked(applies_to=self.applies_to, message_id=self.message_id, client_request_id=self.client_request_id),
            GatheredAt(at=self.started_at),
            TrustedIssuer(uri=self.issuer),
            self.users,
            TrustedCertificates(certificates=self.signing_certificates),
            self._directory_facts(),
            *(self.computer, self.scp, self.discovery, self.realm, self.mex, self.endpoint, self.ticket),
            *(self.server_proof, self._arrived_at()),
            *(self.response, self.assertion, self.fault, self.signature),
            *(self.token, self.entra_error),
            *(self.managed, self.own_certificates, self.registration, self.enrolment_error),
            RegistrationProblems(problems=self.registration_problems) if registered else None,
            Probes(results=self.probes) if self.probes else None,
            self.federation,
        )

    def _directory_facts(self) -> DirectoryFacts | None:
        if self.computer is None:
            return None
        return DirectoryFacts(computer=self.computer, source_anchor=self.source_anchor, sid_owner=self.sid_owner)

    def _arrived_at(self) -> ArrivedAt | None:
        if self.rstr_received_at is None:
            return None
        return ArrivedAt(at=self.rstr_received_at - timedelta(seconds=self.clock_offset_s))

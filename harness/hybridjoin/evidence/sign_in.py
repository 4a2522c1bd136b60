"""What a sign-in at a token service brought to light: records read it by name, checks by type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hybridjoin.evidence.facts import ArrivedAt, Asked, GatheredAt, TrustedCertificates, TrustedIssuer
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.exchange import ServerProof, TicketReply
from hybridjoin.model.flows import SIGN_IN_USERNAME
from hybridjoin.model.reading import SessionKeyReading
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol import names
from hybridjoin.protocol.address import host_of
from hybridjoin.protocol.mex import Credential, MexDocument, MexEndpoint
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.prt import PrimaryRefreshToken, RequestNonce
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import SignatureReading


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInUser:
    """Who signs in, by password or ticket; the name is the user principal name, the password is nowhere in evidence.

    `client_id` and `scope` say which program asked for a token, and for what.
    """

    name: str
    client_id: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPassword:
    """A password was shown, with this name; the password itself is nowhere in evidence."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MistypedPassword:
    """The password was wrong on purpose; `name` is whose it was."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogonDevice:
    """The joined device that somebody logs on to; `device_id` is what its certificate names."""

    device_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTokenService:
    """Entra is the token service itself (Seamless single sign-on); `metadata_url` is where the realm led.

    `refusal` is what it said to what was shown, None where it took that.
    """

    metadata_url: str
    refusal: EntraError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInEvidence:
    """The parsed evidence of one sign-in; what was never reached is None.

    `applies_to` is what the RST asked for, `message_id` its MessageID; `issuer` and `signing_certificates` (DER) are
    what the tenant trusts. `flow` is the door's, `credential` what was shown there; `ticket` and `server_proof` are
    there where it was a ticket; `device`, `nonce`, `prt` and `session_key` where it was a logon; `mistyped` says that a
    password was wrong on purpose. `unreadable` lists the steps whose reply could not be parsed, in the reader's words.
    """

    result: SignInResult
    user: SignedInUser
    client_request_id: str
    started_at: datetime
    applies_to: str
    issuer: str
    signing_certificates: tuple[bytes, ...] = ()
    realm: UserRealm | None = None
    mex: MexDocument | None = None
    endpoint: MexEndpoint | None = None
    message_id: str = ""
    rstr_received_at: datetime | None = None
    response: TokenResponse | None = None
    fault: SoapFault | None = None
    signature: SignatureReading | None = None
    token: Token | None = None
    entra_error: EntraError | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()
    failure: Failure | None = None
    flow: str = SIGN_IN_USERNAME.name
    credential: Credential = Credential.USERNAME
    ticket: TicketReply | None = None
    server_proof: ServerProof | None = None
    mistyped: bool = False
    device: LogonDevice | None = None
    nonce: RequestNonce | None = None
    prt: PrimaryRefreshToken | None = None
    session_key: SessionKeyReading | None = None

    @property
    def assertion(self) -> Assertion | None:
        """The SAML 1.1 assertion of the token service's response."""
        return self.response.assertion if self.response is not None else None

    @property
    def own_service(self) -> OwnTokenService | None:
        """Entra's own token service, where the realm led there."""
        url = self.realm.metadata_url if self.realm is not None else None
        if not url or host_of(url) != names.AUTOLOGON:
            return None
        return OwnTokenService(metadata_url=url, refusal=self.entra_error if self._refused_by_fault else None)

    @property
    def _refused_by_fault(self) -> bool:
        """Whether Entra refused as a token service, in a fault, and not at the token endpoint."""
        return self.failure is not None and self.failure.step is Step.RST

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type."""
        return Parts.of(
            self.result,
            self.user,
            ShownPassword(name=self.user.name) if self.credential is Credential.USERNAME else None,
            MistypedPassword(name=self.user.name) if self.mistyped else None,
            FlowOutcome(flow=self.flow, failure=self.failure, unreadable=self.unreadable),
            Asked(
                applies_to=self.applies_to,
                message_id=self.message_id,
                client_request_id=self.client_request_id,
                credential=self.credential,
            ),
            GatheredAt(at=self.started_at),
            TrustedIssuer(uri=self.issuer),
            TrustedCertificates(certificates=self.signing_certificates),
            self.own_service,
            *(self.realm, self.mex, self.endpoint, self.ticket, self.server_proof),
            ArrivedAt(at=self.rstr_received_at) if self.rstr_received_at is not None else None,
            *(self.response, self.assertion, self.fault, self.signature),
            *(self.token, None if self._refused_by_fault else self.entra_error),
            *(self.device, self.nonce, self.prt, self.session_key),
        )


def refusal_of(parts: Parts) -> tuple[EntraError | None, Step]:
    """Return what Entra refused with, if it did, and where: as a token service, or at the token endpoint."""
    service = parts.get(OwnTokenService)
    if service is not None and service.refusal is not None:
        return service.refusal, Step.RST
    return parts.get(EntraError), Step.TOKEN

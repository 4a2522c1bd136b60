"""What a sign-in by browser brought to light: records read it by name, checks by type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hybridjoin.evidence.facts import ArrivedAt, Asked, GatheredAt, TrustedCertificates, TrustedIssuer
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.sign_in import SignedInUser
from hybridjoin.model.flows import SIGN_IN_BROWSER
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol.federation_metadata import FederationMetadata
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.oauth import EntraError, Token
from hybridjoin.protocol.passive import PassiveForm, PassiveRequest
from hybridjoin.protocol.realm import SignInRealm
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.signature import SignatureReading


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveVisit:
    """A browser's way through the IdP: how often it was asked and sent on, what it showed, where the form came.

    `challenged` says that a ticket was asked for, `asked_to_type` that a page wanted a password; `rounds` counts how
    often Entra sent the browser there.
    """

    pages: int = 0
    redirects: int = 0
    rounds: int = 1
    challenged: bool = False
    asked_to_type: bool = False
    answered_at: Step = Step.PASSIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveResponse:
    """What stands in wresult, read as a token response; `problem` are the reader's words where it cannot be."""

    response: TokenResponse | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMetadata:
    """What stands at the address of the IdP's federation metadata, read as far as it could be.

    `named` says that the site file names the address, `meant` that what came was meant to be such a document; `problem`
    are the reader's words where it cannot be read. `signature` is the document's own, None where it has no document.
    """

    url: str
    named: bool
    status: int
    content_type: str
    meant: bool = False
    document: FederationMetadata | None = None
    problem: str = ""
    signature: SignatureReading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """Entra gave a code, which is kept nowhere; `state_returned` says that the program's state came with it."""

    state_returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserEvidence:
    """The parsed evidence of one sign-in by browser; what was never reached is None.

    `credential` is what the browser can show: a ticket (windows) or a name and a password (username).
    """

    result: SignInResult
    user: SignedInUser
    credential: Credential
    client_request_id: str
    started_at: datetime
    applies_to: str
    issuer: str
    signing_certificates: tuple[bytes, ...] = ()
    realm: SignInRealm | None = None
    request: PassiveRequest | None = None
    published: PublishedMetadata | None = None
    visit: PassiveVisit | None = None
    form: PassiveForm | None = None
    answer: PassiveResponse | None = None
    form_received_at: datetime | None = None
    signature: SignatureReading | None = None
    code: AuthorizationCode | None = None
    token: Token | None = None
    entra_error: EntraError | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()
    failure: Failure | None = None

    @property
    def assertion(self) -> Assertion | None:
        """The SAML 1.1 assertion in wresult."""
        response = self.answer.response if self.answer is not None else None
        return response.assertion if response is not None else None

    @property
    def _told_id(self) -> str:
        """The id of the program's requests; the form that a browser takes to login.srf has none."""
        at_login = self.failure is not None and self.failure.step is Step.WRESULT
        return "" if at_login else self.client_request_id

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type."""
        return Parts.of(
            self.result,
            self.user,
            FlowOutcome(flow=SIGN_IN_BROWSER.name, failure=self.failure, unreadable=self.unreadable),
            Asked(applies_to=self.applies_to, client_request_id=self._told_id, credential=self.credential),
            GatheredAt(at=self.started_at),
            TrustedIssuer(uri=self.issuer),
            TrustedCertificates(certificates=self.signing_certificates),
            *(self.realm, self.request, self.published, self.visit, self.form, self.answer),
            ArrivedAt(at=self.form_received_at) if self.form_received_at is not None else None,
            *(self.assertion, self.signature, self.code, self.token, self.entra_error),
        )

"""What a registration by a person brought to light: records read it by name, checks by type."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.evidence.facts import Asked, GatheredAt, RegistrationProblems
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.flows import WORK_ACCOUNT
from hybridjoin.model.record import RegistrationResult, SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import EnrolmentError, JoinType, Registration
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import SoapFault, TokenResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRequest:
    """What a person asks a device to be registered as, and whether the credential is to log on with it at once.

    `computer` is the name that the device gives itself.
    """

    join_type: JoinType
    computer: str
    first_logon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInEndpoints:
    """Where Entra's metadata document sends a program that signs somebody in."""

    authorization: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLogon:
    """What the first logon met at the realm and at the IdP's token service, until Entra was asked for a token."""

    realm: UserRealm | None = None
    response: TokenResponse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkAccountEvidence:
    """The parsed evidence of one registration by a person; what was never reached is None.

    `browser` is the sign-in by the IdP's pages, `logon` the first logon, where one followed; each is evidence of its
    own, and gathered as it is in the flow that it is a part of here.
    """

    result: RegistrationResult
    asked: RegistrationRequest
    client_request_id: str
    started_at: datetime
    endpoints: SignInEndpoints | None = None
    browser: BrowserEvidence | None = None
    discovery: DrsDiscovery | None = None
    registration: Registration | None = None
    registration_problems: tuple[str, ...] | None = None
    enrolment_error: EnrolmentError | None = None
    entra_error: EntraError | None = None
    fault: SoapFault | None = None
    logon: SignInEvidence | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()
    failure: Failure | None = None

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type.

        Of two assertions the browser's is the one that is judged: the token service's is held against it.
        """
        browser, logon = self.browser, self.logon
        problems = self.registration_problems
        words = (*(browser.unreadable if browser else ()), *(logon.unreadable if logon else ()))
        own = Parts.of(
            self.result,
            self.asked,
            FlowOutcome(flow=WORK_ACCOUNT.name, failure=self.failure, unreadable=(*self.unreadable, *words)),
            GatheredAt(at=self.started_at),
            *(self.endpoints, self.discovery, self.registration, self.enrolment_error, self.entra_error),
            RegistrationProblems(problems=problems) if problems is not None else None,
            *(self.fault, self._of_the_logon()),
            *((logon.device, logon.nonce, logon.mex, logon.endpoint) if logon else ()),
            *((logon.prt, logon.session_key) if logon else ()),
            self._whose_request(),
        )
        seen = browser.parts.without(SignInResult, EntraError).by_type if browser is not None else {}
        return Parts(MappingProxyType({**seen, **own.by_type}))

    def _of_the_logon(self) -> FirstLogon | None:
        logon = self.logon
        return FirstLogon(realm=logon.realm, response=logon.response) if logon is not None else None

    def _whose_request(self) -> Asked | None:
        """What was asked under which id: an error of Entra's belongs to whom it was said to."""
        browser, logon = self.browser, self.logon
        found = browser.parts.get(Asked) if browser is not None else None
        if found is not None and self.failure is not None and self.failure.step is Step.WRESULT:
            return replace(found, client_request_id="")
        if found is None or logon is None or logon.entra_error is None:
            return found
        return logon.parts.get(Asked)

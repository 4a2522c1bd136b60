"""What a sign-in through a bridge brought to light: records read it by name, checks by type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.evidence.facts import Asked, GatheredAt
from hybridjoin.evidence.outcome import Failure, FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.reading import AccessTokenReading, ClientSecretReading, IdTokenReading
from hybridjoin.model.record import SignInResult
from hybridjoin.model.relying_party import RelyingParty
from hybridjoin.model.steps import Step
from hybridjoin.protocol.authorization import AuthorizationResponse, SignInForm
from hybridjoin.protocol.graph import GroupAnswer
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.openid import CodeTokens, KeySet, OpenIdConfiguration, UserInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequest:
    """What a bridge asked Entra for a code with, and what has to come back."""

    state: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEvidence:
    """The parsed evidence of one sign-in through a bridge; what was never reached is None.

    `browser` is the way by the pages of the identity provider that Entra sent the user on to, where it did: evidence of
    its own, gathered as in a sign-in by browser, without Entra's parts of that. `user` is the name that was typed.
    `secret` is what the client secret looks like, `access` what the access token says of itself, which nobody but Graph
    can verify. `received_at` is when the tokens came.
    """

    result: SignInResult
    relying_party: RelyingParty
    user: str
    client_request_id: str
    started_at: datetime
    secret: ClientSecretReading | None = None
    configuration: OpenIdConfiguration | None = None
    keys: KeySet | None = None
    asked: CodeRequest | None = None
    form: SignInForm | None = None
    browser: BrowserEvidence | None = None
    response: AuthorizationResponse | None = None
    tokens: CodeTokens | None = None
    received_at: datetime | None = None
    id_token: IdTokenReading | None = None
    access: AccessTokenReading | None = None
    userinfo: UserInfo | None = None
    groups: GroupAnswer | None = None
    entra_error: EntraError | None = None
    unreadable: tuple[tuple[Step, str], ...] = ()
    failure: Failure | None = None

    @property
    def parts(self) -> Parts:
        """What checks are asked about, each part by its type.

        Of what Entra refuses no request id can be told again: an application's requests have none.
        """
        browser = self.browser
        words = (*self.unreadable, *(browser.unreadable if browser else ()))
        own = Parts.of(
            self.result,
            FlowOutcome(flow=BRIDGE.name, failure=self.failure, unreadable=words),
            GatheredAt(at=self.received_at or self.started_at),
            self.relying_party,
            *(self.secret, self.configuration, self.keys, self.asked, self.form, self.response),
            *(self.tokens, self.id_token, self.access, self.userinfo, self.groups, self.entra_error),
        )
        if browser is None:
            return own
        seen = browser.parts.without(SignInResult, EntraError, Asked)
        asked = Asked(applies_to=browser.applies_to, credential=browser.credential)
        return seen.but(asked, *own.by_type.values())

"""Who signs in by browser, where, and what the browser can show."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybridjoin.device.habits import Habits
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder
from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.model.flows import SIGN_IN_BROWSER
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step
from hybridjoin.protocol.address import split_address

BrowserBuilder = EvidenceBuilder[BrowserEvidence]

REALM = SIGN_IN_BROWSER.row(Step.REALM)
AUTHORIZE = SIGN_IN_BROWSER.row(Step.AUTHORIZE)
FEDERATION_METADATA = SIGN_IN_BROWSER.row(Step.FEDERATION_METADATA)
PASSIVE = SIGN_IN_BROWSER.row(Step.PASSIVE)
CREDENTIALS = SIGN_IN_BROWSER.row(Step.CREDENTIALS)
WRESULT = SIGN_IN_BROWSER.row(Step.WRESULT)
TOKEN = SIGN_IN_BROWSER.row(Step.TOKEN)

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
NATIVE_REPLY = "http://localhost"
GRAPH_SCOPE = "https://graph.microsoft.com/User.Read openid profile"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Safari/537.36 Edg/142.0.0.0"
)
TYPES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserContext:
    """One sign-in: `password` is None where a ticket is shown, `prompt` what the program asks Entra to ask.

    The program asks for a `scope` at v2.0; where it names a `resource`, for that one at the first endpoint. The
    addresses are those that it knows by heart, unless it was told others.
    """

    name: str
    site: Site
    habits: Habits
    password: str | None = field(default=None, repr=False)
    prompt: str = ""
    client_id: str = AZURE_CLI
    redirect_uri: str = NATIVE_REPLY
    scope: str = GRAPH_SCOPE
    resource: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""

    @property
    def wanted(self) -> tuple[str, str]:
        """What the token is for, as both requests of the program say it."""
        return ("resource", self.resource) if self.resource else ("scope", self.scope)

    @property
    def authorize_at(self) -> str:
        """Where the program asks for a code."""
        return self.authorization_endpoint or f"{self.site.entra.login_url}/organizations/oauth2/v2.0/authorize"

    @property
    def token_at(self) -> str:
        """Where it trades the code."""
        return self.token_endpoint or f"{self.site.entra.login_url}/organizations/oauth2/v2.0/token"

    @property
    def by_ticket(self) -> bool:
        """Whether the browser answers challenges with a ticket."""
        return self.password is None

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What a browser sends with every request."""
        return (("User-Agent", self.habits.agent), ("Accept", TYPES), ("Accept-Language", "en"))


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address, by which sites are told apart (RFC 6454, 4)."""
    parts = split_address(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port

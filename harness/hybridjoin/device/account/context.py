"""Who has which device registered, and how; and what is gathered of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hybridjoin.device.browser.context import BrowserBuilder
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.active import SignInBuilder
from hybridjoin.device.steps.evidence_builder import EvidenceBuilder
from hybridjoin.evidence.work_account import RegistrationRequest, WorkAccountEvidence
from hybridjoin.model.site import Site

# Assumed: how a web view of Windows 10 names itself. Identity providers that go by a list know the browsers of old.
WEB_VIEW = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; WebView/3.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19045"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountContext:
    """One registration; `habits` are those of the web view that the pages are shown in.

    `password` is None where a ticket is shown; `mistyped` says that it is wrong on purpose.
    """

    name: str
    asked: RegistrationRequest
    site: Site
    habits: Habits
    password: str | None = field(default=None, repr=False)
    mistyped: bool = False

    @property
    def domain(self) -> str:
        """The domain of the person's name, by which tenant and service are found."""
        return self.name.rpartition("@")[2]

    @property
    def at_logon(self) -> Habits:
        """The habits of the logon, which has no web view and calls itself by Windows' own name."""
        return replace(self.habits, user_agent=None)


@dataclass(slots=True)
class AccountBuilder:
    """The evidence of a registration while it is being gathered, its two sign-ins apart."""

    own: EvidenceBuilder[WorkAccountEvidence] = field(default_factory=EvidenceBuilder)
    browser: BrowserBuilder = field(default_factory=EvidenceBuilder)
    logon: SignInBuilder = field(default_factory=EvidenceBuilder)

    @property
    def so_far(self) -> WorkAccountEvidence | None:
        """What was reached until now; None before the flow has begun."""
        found = self.own.so_far
        return None if found is None else replace(found, browser=self.browser.so_far, logon=self.logon.so_far)

    @property
    def evidence(self) -> WorkAccountEvidence:
        """What was reached until now, of a flow that has begun."""
        return replace(self.own.evidence, browser=self.browser.so_far, logon=self.logon.so_far)

"""One sign-in by browser at a site, over the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from hybridjoin.device.adapters.apart import Apart
from hybridjoin.device.adapters.clock import Clock
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.browser.context import EDGE, BrowserBuilder, BrowserContext
from hybridjoin.device.browser.flow import browse
from hybridjoin.device.driver import Hands, Logbook
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.run import ProgramHands
from hybridjoin.device.signin.username import Credentials
from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.extras import extras_named
from hybridjoin.model.circumstances import BrowserFacts, Circumstances, facts_of
from hybridjoin.model.flows import SIGN_IN_BROWSER
from hybridjoin.model.site import USER_ROLE, DeviceAccount, Site
from hybridjoin.model.vault import VAULT

BrowserRun = FlowRun[BrowserEvidence]


class BrowserInterrupted(FlowInterrupted):
    """The surroundings failed in the middle of a sign-in; `run` is what had been done until then."""

    run: BrowserRun


@contextmanager
def open_browser_hands(site: Site, logged_on: Credentials | None, habits: Habits) -> Iterator[Hands]:
    """Open a browser's hands, with the tickets of whoever is logged on; all is gone when the block ends."""
    opened, kerberos = ExitStack(), None
    if logged_on is not None:
        with extras_named():
            from hybridjoin.device.adapters.kerberos import Kerberos  # noqa: PLC0415 - loads gssapi and krb5
        account = DeviceAccount(name=logged_on.name, role=USER_ROLE, logs_on_as=logged_on.name)
        kerberos = opened.enter_context(
            Kerberos(account, site.directory, time_sync=habits.kerberos_time_sync, password=logged_on.password)
        )
    apart = Apart("hands of a browser")
    try:
        http = opened.enter_context(
            Http(
                site,
                kerberos,
                limit_s=habits.timeout_s,
                mutual_authentication=habits.mutual_authentication,
                as_browser=True,
            )
        )
        yield ProgramHands(clock=Clock(offset_s=habits.clock_offset_s), http=http, apart=apart)
    finally:
        apart.close(opened.close)


def browse_at(
    site: Site, credentials: Credentials, *, by_ticket: bool = False, prompt: str = "", habits: Habits | None = None
) -> BrowserRun:
    """Sign a user in at a site; by ticket the password goes to the KDC's library alone, and no page is filled in.

    Raises:
        BrowserInterrupted: the surroundings failed mid-way.
    """
    habits = habits or Habits()
    VAULT.learn(credentials.password, "a password", lasting=True)
    with open_browser_hands(site, credentials if by_ticket else None, habits) as hands:
        password = None if by_ticket else credentials.password
        return browse_with(hands, site, credentials.name, password=password, prompt=prompt, habits=habits)


def browse_with(
    hands: Hands, site: Site, name: str, *, password: str | None, prompt: str, habits: Habits
) -> BrowserRun:
    """Sign in with hands that are open already; of the credentials only the name is kept.

    Raises:
        BrowserInterrupted: the surroundings failed; what was done is in it.
    """
    habits = habits.called(EDGE)
    told = Circumstances(
        flow=SIGN_IN_BROWSER.name,
        device=name,
        site=facts_of(site),
        habits=habits.facts,
        browser=BrowserFacts(by_ticket=password is None, prompt=prompt),
    )
    logbook, builder = Logbook(circumstances=told), BrowserBuilder()
    context = BrowserContext(name=name, site=site, habits=habits, password=password, prompt=prompt)
    evidence = driven(browse(context, builder), hands, logbook, builder, BrowserInterrupted)
    return FlowRun(evidence=evidence, transcript=logbook.transcript)

"""One sign-in through a bridge at a site, over the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hybridjoin.device.adapters.apart import Apart
from hybridjoin.device.adapters.clock import Clock
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.endings import BridgeBuilders
from hybridjoin.device.bridge.flow import cross_bridge
from hybridjoin.device.browser.context import EDGE, BrowserContext
from hybridjoin.device.driver import Hands, Logbook
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.run import ProgramHands
from hybridjoin.device.signin.username import NOT_KEPT
from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.site import Site
from hybridjoin.model.vault import VAULT

BridgeRun = FlowRun[BridgeEvidence]
"""What one sign-in through a bridge brought to light."""


class BridgeInterrupted(FlowInterrupted):
    """The surroundings failed in the middle of a sign-in; `run` is what had been done until then."""

    run: BridgeRun


@contextmanager
def open_bridge_hands(site: Site, habits: Habits) -> Iterator[Hands]:
    """Open the hands of a bridge and of its user's browser; its connections are gone when the block ends."""
    http, apart = Http(site, None, limit_s=habits.timeout_s, as_browser=True), Apart("hands of a bridge")
    try:
        yield ProgramHands(clock=Clock(offset_s=habits.clock_offset_s), http=http, apart=apart)
    finally:
        apart.close(lambda: http.__exit__(None, None, None))


def cross_bridge_at(site: Site, console: Console, habits: Habits | None = None) -> BridgeRun:
    """Sign a user in through a bridge at a site.

    Raises:
        BridgeInterrupted: the surroundings failed mid-way.
    """
    habits = habits or Habits()
    with open_bridge_hands(site, habits) as hands:
        return cross_bridge_with(hands, site, console, habits)


def cross_bridge_with(hands: Hands, site: Site, console: Console, habits: Habits) -> BridgeRun:
    """Sign in with hands that are open already; neither the password nor the client secret is kept.

    Raises:
        BridgeInterrupted: the surroundings failed; what was done is in it.
    """
    if console.credentials.password != NOT_KEPT:
        VAULT.learn(console.credentials.password, "a password", lasting=True)
    if console.secret not in {NOT_KEPT, console.relying_party.client_id, ""}:
        VAULT.learn(console.secret, "a client secret", lasting=True)
    told = Circumstances(
        flow=BRIDGE.name,
        device=console.credentials.name,
        site=facts_of(site),
        habits=habits.facts,
        relying_party=console.relying_party,
    )
    logbook, builders = Logbook(circumstances=told), BridgeBuilders()
    flow = cross_bridge(console, _browser(site, console, habits), builders)
    evidence = driven(flow, hands, logbook, builders, BridgeInterrupted)
    return FlowRun(evidence=evidence, transcript=logbook.transcript)


def _browser(site: Site, console: Console, habits: Habits) -> BrowserContext:
    """Return the browser of the person, who types at the page of an identity provider what was typed at Entra's."""
    party, credentials = console.relying_party, console.credentials
    return BrowserContext(
        name=credentials.name,
        site=site,
        habits=habits.called(EDGE),
        password=credentials.password,
        client_id=party.client_id,
        redirect_uri=party.redirect_uri,
        scope=" ".join(party.scopes),
    )

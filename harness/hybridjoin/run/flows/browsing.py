"""The flow of a person who signs in by browser."""

from __future__ import annotations

from typing import Final

from hybridjoin import checks
from hybridjoin.device.browser.run import browse_at, browse_with
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.username import NOT_KEPT
from hybridjoin.evidence.browser import BrowserEvidence
from hybridjoin.model.circumstances import BrowserFacts, Circumstances, site_of
from hybridjoin.model.flows import SIGN_IN_BROWSER
from hybridjoin.model.site import Site
from hybridjoin.run.collect import collect_flow
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.flows.signing_in import credentials_of, the_person
from hybridjoin.run.habits import habits_of
from hybridjoin.scenario.scenario import Scenario


def _browse(site: Site, scenario: Scenario) -> FlowRun[BrowserEvidence]:
    user, habits = the_person(scenario), habits_of(scenario.device)
    credentials = credentials_of(site, scenario)
    return browse_at(site, credentials, by_ticket=user.by_ticket, prompt=user.prompt, habits=habits)


def _again(hands: Hands, told: Circumstances) -> FlowRun[BrowserEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    facts = told.browser or BrowserFacts()
    return browse_with(
        hands,
        site_of(told.site, told.device),
        told.device,
        password=None if facts.by_ticket else NOT_KEPT,
        prompt=facts.prompt,
        habits=Habits.of(told.habits),
    )


BROWSE: Final = Flow(
    table=SIGN_IN_BROWSER,
    called=lambda scenario: the_person(scenario).name,
    perform=_browse,
    judge=checks.judge_flow,
    claims=lambda _: (),  # a person has no claims that a directory is asked for
    collect=collect_flow,
    again=_again,
)

"""The flows of a person who signs in."""

from __future__ import annotations

from typing import Final

from hybridjoin import checks
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.logon_run import log_on_again, log_on_at
from hybridjoin.device.signin.run import (
    find_credentials,
    sign_in_at,
    sign_in_integrated_at,
    sign_in_integrated_with,
    sign_in_with,
)
from hybridjoin.device.signin.username import NOT_KEPT, Credentials
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import PRIMARY_REFRESH_TOKEN, SIGN_IN_INTEGRATED, SIGN_IN_USERNAME
from hybridjoin.model.site import Site
from hybridjoin.run.collect import collect_sign_in
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.habits import habits_of
from hybridjoin.scenario.scenario import Scenario, UserSettings


def the_person(scenario: Scenario) -> UserSettings:
    """Return who signs in.

    Raises:
        UsageError: the scenario names nobody.
    """
    if scenario.user is None:
        problem = "nobody was named who signs in"
        raise UsageError(Mistake(place=f"{scenario.file}:{scenario.line}:1", problem=problem, hint="user: {name: …}"))
    return scenario.user


def _by_name(site: Site, scenario: Scenario) -> FlowRun[SignInEvidence]:
    return sign_in_at(site, credentials_of(site, scenario), habits_of(scenario.device))


def _integrated(site: Site, scenario: Scenario) -> FlowRun[SignInEvidence]:
    return sign_in_integrated_at(site, credentials_of(site, scenario), habits_of(scenario.device))


def _logon(site: Site, scenario: Scenario) -> FlowRun[SignInEvidence]:
    return log_on_at(site, credentials_of(site, scenario), scenario.device.name, habits_of(scenario.device))


def _logon_again(hands: Hands, told: Circumstances) -> FlowRun[SignInEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    site = site_of(told.site, told.device)
    return log_on_again(hands, site, told.device, Habits.of(told.habits), mistyped=told.mistyped)


def credentials_of(site: Site, scenario: Scenario) -> Credentials:
    """Return what the person of a scenario types."""
    user = the_person(scenario)
    if user.password is not None:
        return Credentials(name=user.name, password=user.password)
    return find_credentials(site, user.name, wrong=user.wrong)


def _integrated_again(hands: Hands, told: Circumstances) -> FlowRun[SignInEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    return sign_in_integrated_with(hands, site_of(told.site, told.device), told.device, Habits.of(told.habits))


def _by_name_again(hands: Hands, told: Circumstances) -> FlowRun[SignInEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    credentials = Credentials(name=told.device, password=NOT_KEPT, mistyped=told.mistyped)
    return sign_in_with(hands, site_of(told.site, told.device), credentials, Habits.of(told.habits))


SIGN_IN: Final = Flow(
    table=SIGN_IN_USERNAME,
    called=lambda scenario: the_person(scenario).name,
    perform=_by_name,
    judge=checks.judge_flow,
    claims=lambda _: (),  # a person has no claims that a directory is asked for
    collect=collect_sign_in,
    again=_by_name_again,
)
SIGN_IN_INTEGRATED_FLOW: Final = Flow(
    table=SIGN_IN_INTEGRATED,
    called=lambda scenario: the_person(scenario).name,
    perform=_integrated,
    judge=checks.judge_flow,
    claims=lambda _: (),
    collect=collect_sign_in,
    again=_integrated_again,
)
LOGON: Final = Flow(
    table=PRIMARY_REFRESH_TOKEN,
    called=lambda scenario: the_person(scenario).name,
    perform=_logon,
    judge=checks.judge_flow,
    claims=lambda _: (),
    collect=collect_sign_in,
    again=_logon_again,
)

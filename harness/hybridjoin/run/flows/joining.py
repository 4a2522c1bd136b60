"""The flow of a computer that joins."""

from __future__ import annotations

from typing import Final

from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account, join_site, join_with
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.site import Site
from hybridjoin.run.collect import collect_join
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.habits import habits_of
from hybridjoin.run.tenant_named import demand_the_tenant_named
from hybridjoin.scenario.scenario import Scenario


def _join(site: Site, scenario: Scenario) -> FlowRun[JoinEvidence]:
    run = join_site(site, scenario.device.name, habits_of(scenario.device))
    demand_the_tenant_named(site, run.evidence)
    return run


def _join_again(hands: Hands, told: Circumstances) -> FlowRun[JoinEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    site = site_of(told.site, told.device)
    return join_with(hands, site, find_account(site, told.device), Habits.of(told.habits))


JOIN: Final = Flow(
    table=HYBRID_JOIN,
    called=lambda scenario: scenario.device.name,
    perform=_join,
    judge=checks.judge_flow,
    claims=claim_rows,
    collect=collect_join,
    again=_join_again,
)

"""The flows of a computer that joins: in a federated domain, and in a managed one."""

from __future__ import annotations

from functools import partial
from typing import Final

from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account, join_site, join_with
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import HYBRID_JOIN, MANAGED_JOIN
from hybridjoin.model.site import Site
from hybridjoin.model.steps import FlowTable
from hybridjoin.run.collect import collect_join
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.habits import habits_of
from hybridjoin.run.tenant_named import demand_the_tenant_named
from hybridjoin.scenario.scenario import Scenario


def _join(site: Site, scenario: Scenario, *, table: FlowTable) -> FlowRun[JoinEvidence]:
    run = join_site(site, scenario.device.name, habits_of(scenario.device), table)
    demand_the_tenant_named(site, run.evidence)
    return run


def _join_again(hands: Hands, told: Circumstances, *, table: FlowTable) -> FlowRun[JoinEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    site = site_of(told.site, told.device)
    return join_with(hands, site, find_account(site, told.device), Habits.of(told.habits), table)


def _flow(table: FlowTable) -> Flow:
    return Flow(
        table=table,
        called=lambda scenario: scenario.device.name,
        perform=partial(_join, table=table),
        judge=checks.judge_flow,
        claims=claim_rows,
        collect=collect_join,
        again=partial(_join_again, table=table),
    )


JOIN: Final = _flow(HYBRID_JOIN)
MANAGED: Final = _flow(MANAGED_JOIN)

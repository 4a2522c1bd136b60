"""The flow of a device that leaves its tenant."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from hybridjoin import checks
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account, join_site
from hybridjoin.device.leave.run import leave_at, leave_with
from hybridjoin.errors import LabError
from hybridjoin.evidence.leave import LeaveEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import LEAVE as TABLE
from hybridjoin.model.site import Site
from hybridjoin.run.collect import collect_flow
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.habits import habits_of
from hybridjoin.scenario.scenario import Scenario


def _leave(site: Site, scenario: Scenario) -> FlowRun[LeaveEvidence]:
    account, habits = find_account(site, scenario.device.name), habits_of(scenario.device)
    if account.kept_in is not None:
        return leave_at(site, account.kept_in, habits)
    with tempfile.TemporaryDirectory(prefix="hybridjoin-") as folder:
        _join(site, scenario, Path(folder))
        return leave_at(site, Path(folder), habits)


def _join(site: Site, scenario: Scenario, folder: Path) -> None:
    """Register the device that is to leave, where nothing is kept of an earlier registration."""
    account = find_account(site, scenario.device.name)
    keeping = tuple(replace(item, kept_in=folder) if item is account else item for item in site.devices)
    joined = join_site(replace(site, devices=keeping), account.name, habits_of(scenario.device)).evidence
    if joined is None or joined.registration is None:
        why = joined.failure.reason if joined is not None and joined.failure is not None else "it was not begun"
        raise LabError(f"{account.name} cannot leave, for it could not join before: {why}", remedy="let it join first")


def _leave_again(hands: Hands, told: Circumstances) -> FlowRun[LeaveEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    return leave_with(hands, site_of(told.site, told.device), told.device, Habits.of(told.habits))


LEAVE: Final = Flow(
    table=TABLE,
    called=lambda scenario: scenario.device.name,
    perform=_leave,
    judge=checks.judge_flow,
    claims=lambda _: (),  # no assertion is shown to anybody
    collect=collect_flow,
    again=_leave_again,
)

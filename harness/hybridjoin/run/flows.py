"""The flows that a device can be sent through: one row for each door of a federated domain.

A new flow is a table of its steps (`model.steps`), a generator with its evidence (`device`, `evidence`), and a row
here; scenarios name it as `flow:`, and the engine sets up, drives, times, judges and keeps it as it does every other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account, join_site, join_with
from hybridjoin.device.signin.run import find_credentials, sign_in_at, sign_in_with
from hybridjoin.device.signin.username import NOT_KEPT, Credentials
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.flow import FlowEvidence
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import HYBRID_JOIN, SIGN_IN_USERNAME
from hybridjoin.model.record import JoinRecord
from hybridjoin.model.site import Site
from hybridjoin.model.steps import FlowTable
from hybridjoin.model.verdict import ClaimRow, Verdict
from hybridjoin.run.collect import collect, collect_sign_in
from hybridjoin.run.habits import habits_of
from hybridjoin.run.tenant_named import demand_the_tenant_named
from hybridjoin.scenario.scenario import Scenario, UserSettings

Perform = Callable[[Site, Scenario], FlowRun[FlowEvidence]]
Again = Callable[[Hands, Circumstances], FlowRun[FlowEvidence]]


class Collect(Protocol):
    """Writes one way through a flow down as plain data."""

    def __call__(
        self,
        *,
        device: str,
        evidence: Any,  # noqa: ANN401 - the flow's own class
        run: FlowRun[Any],
        verdicts: tuple[Verdict, ...],
        claims: tuple[ClaimRow, ...],
    ) -> JoinRecord:
        """Return the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One flow, as the engine needs it.

    `table` are its steps, `called` is the name of whom a scenario sends through it. `perform` does so at a site, as the
    scenario bends it, and raises FlowInterrupted with what was done where the surroundings fail. `judge` asks every
    requirement that the flow alone can answer, `claims` holds the claims of its assertion against the directory,
    `collect` writes it down. `again` goes through it once more, with hands that answer from a record and what was told
    beforehand; a record of a flow without it cannot be judged again.
    """

    table: FlowTable
    called: Callable[[Scenario], str]
    perform: Perform
    judge: Callable[[Parts], tuple[Verdict, ...]]
    claims: Callable[[Parts], tuple[ClaimRow, ...]]
    collect: Collect
    again: Again | None = None

    @property
    def name(self) -> str:
        """What a scenario file calls it."""
        return self.table.name


def _join(site: Site, scenario: Scenario) -> FlowRun[JoinEvidence]:
    run = join_site(site, scenario.device.name, habits_of(scenario.device))
    demand_the_tenant_named(site, run.evidence)
    return run


def _join_again(hands: Hands, told: Circumstances) -> FlowRun[JoinEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    site = site_of(told.site, told.device)
    return join_with(hands, site, find_account(site, told.device), Habits.of(told.habits))


def _sign_in(site: Site, scenario: Scenario) -> FlowRun[SignInEvidence]:
    user = _user(scenario)
    if user.password is not None:
        credentials = Credentials(name=user.name, password=user.password)
    else:
        credentials = find_credentials(site, user.name, wrong=user.wrong)
    return sign_in_at(site, credentials, habits_of(scenario.device))


def _sign_in_again(hands: Hands, told: Circumstances) -> FlowRun[SignInEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    credentials = Credentials(name=told.device, password=NOT_KEPT)
    return sign_in_with(hands, site_of(told.site, told.device), credentials, Habits.of(told.habits))


def _user(scenario: Scenario) -> UserSettings:
    if scenario.user is None:
        problem = "nobody was named who signs in"
        raise UsageError(Mistake(place=f"{scenario.file}:{scenario.line}:1", problem=problem, hint="user: {name: …}"))
    return scenario.user


def _collect_join(
    *,
    device: str,
    evidence: JoinEvidence,
    run: FlowRun[JoinEvidence],
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],
) -> JoinRecord:
    return collect(
        device=device,
        evidence=evidence,
        transcript=run.transcript,
        verdicts=verdicts,
        claims=claims,
        debug_screen=run.debug_screen,
        status_screen=run.status_screen,
    )


def _collect_sign_in(
    *,
    device: str,
    evidence: SignInEvidence,
    run: FlowRun[SignInEvidence],
    verdicts: tuple[Verdict, ...],
    claims: tuple[ClaimRow, ...],  # noqa: ARG001 - a user has no claims that a directory is asked for
) -> JoinRecord:
    return collect_sign_in(device=device, evidence=evidence, transcript=run.transcript, verdicts=verdicts)


JOIN: Final = Flow(
    table=HYBRID_JOIN,
    called=lambda scenario: scenario.device.name,
    perform=_join,
    judge=checks.judge_flow,
    claims=claim_rows,
    collect=_collect_join,
    again=_join_again,
)
SIGN_IN: Final = Flow(
    table=SIGN_IN_USERNAME,
    called=lambda scenario: _user(scenario).name,
    perform=_sign_in,
    judge=checks.judge_flow,
    claims=lambda _: (),
    collect=_collect_sign_in,
    again=_sign_in_again,
)
FLOWS: Final = (JOIN, SIGN_IN)


def find_flow(name: str) -> Flow:
    """Return the flow of a name.

    Raises:
        LookupError: there is none; the ones there are, are named.
    """
    found = next((flow for flow in FLOWS if flow.name == name), None)
    if found is None:
        raise LookupError(f"no flow is called '{name}'; there are {', '.join(flow.name for flow in FLOWS)}")
    return found

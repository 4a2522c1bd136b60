"""Joins of the scripted device, as records keep them, by the names of the screens' cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from hybridjoin.device.habits import Habits
from hybridjoin.errors import HarnessError
from hybridjoin.model.dialled import BendRecord, MendingRecord
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.record import JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Certainty, Outcome
from hybridjoin.run.collect import collect_join, collect_sign_in
from tests.device import test_sign_in
from tests.device.script import Answers, play
from tests.device.test_screen import CASES
from tests.report.sample import sample_record

AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


NO_CONTROLLER = BendRecord(
    name="no-controller", sentence="", place="", undone="", error="", meaning="", phase="pre-check", code="",
    mending=MendingRecord(cause="", proof=""), event="event 334", shows="", certainty=Certainty.DOCUMENTED,
    source="Microsoft",
)  # fmt: skip


@cache
def join_record(case: str) -> JoinRecord:
    """A case's join."""
    return played(*CASES[case])


def sign_in_record(answers: Mapping[Step, HttpReply | HarnessError]) -> JoinRecord:
    """A person's sign-in."""
    run, _ = test_sign_in.play(answers)
    assert run.evidence is not None
    return collect_sign_in(device="carol", evidence=run.evidence, run=run, verdicts=(), claims=())


def played(answers: Answers, habits: Habits) -> JoinRecord:
    """A join, with every exchange masked as in a real run."""
    run, _ = play(answers, habits)
    assert run.evidence is not None
    return collect_join(device="WS01", evidence=run.evidence, run=run, verdicts=(), claims=())


def scenario(case: str, *bends: BendRecord) -> ScenarioRecord:
    """The scenario of a case."""
    return scenario_of(join_record(case), *bends, name=case)


def scenario_of(join: JoinRecord, *bends: BendRecord, name: str = "a") -> ScenarioRecord:
    """A scenario of a join or a sign-in."""
    return ScenarioRecord(
        id=name,
        title=name,
        file=f"{name}.scenario.yaml",
        line=1,
        outcome=Outcome.PASSED,
        expectations=(),
        join=join,
        started_at=AT,
        elapsed_s=0.5,
        dial=bends,
    )


def run_record(*cases: str) -> RunRecord:
    """A run of cases."""
    return replace(sample_record(), scenarios=tuple(map(scenario, cases)))

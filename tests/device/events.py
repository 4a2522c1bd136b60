"""Joins of the scripted device, as records keep them, by the names of the screens' cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from hybridjoin.model.dialled import BendRecord
from hybridjoin.model.record import JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.collect import collect
from tests.device.script import play
from tests.device.test_screen import CASES
from tests.report.sample import sample_record

AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@cache
def join_record(case: str) -> JoinRecord:
    """A case's join, with every exchange masked as in a real run."""
    run, _ = play(*CASES[case])
    assert run.evidence is not None
    return collect(
        device="WS01",
        evidence=run.evidence,
        transcript=run.transcript,
        verdicts=(),
        claims=(),
        debug_screen=run.debug_screen,
        status_screen=run.status_screen,
    )


def scenario(case: str, *bends: BendRecord) -> ScenarioRecord:
    """The scenario of a case."""
    return ScenarioRecord(
        id=case,
        title=case,
        file=f"{case}.scenario.yaml",
        line=1,
        outcome=Outcome.PASSED,
        expectations=(),
        join=join_record(case),
        started_at=AT,
        elapsed_s=0.5,
        dial=bends,
    )


def run_record(*cases: str) -> RunRecord:
    """A run of cases."""
    return replace(sample_record(), scenarios=tuple(map(scenario, cases)))

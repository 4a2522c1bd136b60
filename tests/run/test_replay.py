"""A run judged again from its record alone: the same, or each difference by name."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hybridjoin.device.habits import Habits
from hybridjoin.model.kept_body import KEPT_OCTETS, Octets
from hybridjoin.model.record import ExpectationRecord, JoinRecord, JoinResult, RunRecord, ScenarioRecord
from hybridjoin.model.recorded import HttpReplyRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.compare.replayed import JudgedOtherwise, judged_otherwise
from hybridjoin.report.json_report import read_record, write_record
from hybridjoin.run.attempt import judged
from hybridjoin.run.flows import JOIN
from hybridjoin.run.replay.flows import FIRST_VERSION, Replay
from hybridjoin.run.replay.runs import RecordedSite, replay
from hybridjoin.run.session import run_record
from tests.device import documents
from tests.device.script import Answers, play, refused

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
EXPECTED = (
    ExpectationRecord(
        name="join", place="x:3:5", expected="failed", found="failed", met=True, about="join", wanted=("failed",)
    ),
    ExpectationRecord(name="phase", place="x:4:5", expected="auth", found="auth", met=True, step=Step.TOKEN),
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever dials while a record is judged again fails the test."""

    def dial(*_: object, **__: object) -> object:
        raise AssertionError("a replay dials nobody")

    monkeypatch.setattr(socket.socket, "connect", dial)
    monkeypatch.setattr(socket, "getaddrinfo", dial)


def record_of(changes: Answers | None = None, expectations: tuple[ExpectationRecord, ...] = ()) -> RunRecord:
    """The record of a run of one scenario, whose join was played from a script."""
    run, _ = play({Step.TOKEN: refused} if changes is None else changes, Habits(fallback_to_sync_join=False))
    join = judged(JOIN, "PC7", run)
    assert join is not None
    scenario = ScenarioRecord(
        id="one",
        title="One",
        file="one.scenario.yaml",
        line=1,
        outcome=Outcome.PASSED,
        expectations=expectations,
        join=join,
        started_at=NOON,
        elapsed_s=0.1,
    )
    return run_record([scenario], RecordedSite(name="nowhere", backend="none"), started_at=NOON)


def with_join(record: RunRecord, change: Callable[[JoinRecord], JoinRecord]) -> RunRecord:
    (scenario,) = record.scenarios
    assert scenario.join is not None
    return replace(record, scenarios=(replace(scenario, join=change(scenario.join)),))


def from_disk(record: RunRecord, folder: Path) -> Replay:
    return replay(read_record(write_record(record, folder)))


@pytest.mark.parametrize("changes", [None, {}], ids=["refused", "joined"])
def test_a_run_is_judged_the_same_from_the_disk(tmp_path: Path, changes: Answers | None) -> None:
    record = record_of(changes, EXPECTED if changes is None else ())

    done = from_disk(record, tmp_path)

    assert (done.judged, done.not_judged) == (["one"], [])
    assert judged_otherwise(record, done.after) == ()
    assert done.after.scenarios[0].join is not record.scenarios[0].join


def first(done: Replay) -> JudgedOtherwise:
    return judged_otherwise(done.before, done.after)[0]


def test_a_verdict_that_comes_out_otherwise_is_named(tmp_path: Path) -> None:
    def forge(join: JoinRecord) -> JoinRecord:
        forged = (
            replace(item, outcome=Outcome.WARNING if item.requirement == "MEX-01" else item.outcome)
            for item in join.verdicts
        )
        return replace(join, verdicts=tuple(forged))

    found = first(from_disk(with_join(record_of(), forge), tmp_path))

    assert (found.scenario, found.what) == ("one", "verdict MEX-01")
    assert found.before.startswith("warning")
    assert found.after.startswith("passed")


def test_every_kind_of_answer_is_compared(tmp_path: Path) -> None:
    def forge(join: JoinRecord) -> JoinRecord:
        assert join.failure is not None
        return replace(
            join,
            result=JoinResult.FEDERATED,
            device_id="somebody",
            failure=replace(join.failure, codes=join.failure.codes[1:]),
            verdicts=join.verdicts[1:],
            claims=tuple(replace(row, mistake="forged") for row in join.claims[:1]) + join.claims[1:],
            debug_screen=(*join.debug_screen, "one more line"),
            status_screen=("forged", *join.status_screen[1:]),
        )

    record = record_of(expectations=(replace(EXPECTED[0], found="federated", met=False), EXPECTED[1]))
    done = from_disk(with_join(record, forge), tmp_path)
    found = {item.what: item for item in judged_otherwise(done.before, done.after)}

    assert {name.partition(" ")[0] for name in found} == {
        "expectation", "result", "device", "failure", "verdict", "claim", "debug", "status",
    }  # fmt: skip
    assert [item.before for name, item in found.items() if name.startswith("verdict")] == ["absent"]
    assert [item.after for name, item in found.items() if name.startswith("debug")] == ["absent"]
    assert found["expectation join"].after == "met; expected failed; found failed"


def test_an_expectation_is_held_against_the_join_again(tmp_path: Path) -> None:
    wrong = replace(EXPECTED[0], wanted=("federated",), expected="federated")

    done = from_disk(record_of(expectations=(wrong,)), tmp_path)

    assert done.after.scenarios[0].outcome is Outcome.FAILED
    assert first(done).what == "outcome"


def dropped(join: JoinRecord) -> JoinRecord:
    return replace(join, exchanges=tuple(item for item in join.exchanges if item.step is not Step.MEX))


def without_moments(join: JoinRecord) -> JoinRecord:
    return replace(join, moments=join.moments[:1])


def with_a_later_step(join: JoinRecord) -> JoinRecord:
    return replace(join, exchanges=(*join.exchanges, join.exchanges[0]))


def of_another_flow(join: JoinRecord) -> JoinRecord:
    assert join.circumstances is not None
    return replace(join, circumstances=replace(join.circumstances, flow="no-such-flow"))


def with_new_habits(join: JoinRecord) -> JoinRecord:
    assert join.circumstances is not None
    habits = replace(join.circumstances.habits, rst_shape="carrier pigeon")
    return replace(join, circumstances=replace(join.circumstances, habits=habits))


def with_spoilt_octets(join: JoinRecord) -> JoinRecord:
    reply = HttpReplyRecord(status=200, body=Octets(base64="!"))
    return replace(join, exchanges=(replace(join.exchanges[0], reply=reply), *join.exchanges[1:]))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (dropped, "the flow asked for an exchange of the step 'mex', the record holds no further one"),
        (without_moments, "the flow asked for one more moment, the record holds no more"),
        (with_a_later_step, "the flow no longer makes exchanges that the record holds: computer"),
        (of_another_flow, "this version cannot do what was done: no flow is called 'no-such-flow'"),
        (with_new_habits, "this version cannot do what was done: 'carrier pigeon' is not a valid RstShape"),
        (with_spoilt_octets, "what was said cannot be read"),
        (lambda join: replace(join, circumstances=None), FIRST_VERSION),
    ],
    ids=["exchange", "moment", "unheard", "flow", "habits", "octets", "first version"],
)
def test_what_cannot_be_judged_is_said_by_name_and_left_as_it_was(
    tmp_path: Path, change: Callable[[JoinRecord], JoinRecord], reason: str
) -> None:
    record = with_join(record_of(), change)

    done = from_disk(record, tmp_path)

    ((name, told),) = [(item.name, item.reason) for item in done.not_judged]
    assert name == "one"
    assert told.startswith(reason)
    assert done.judged == []
    assert judged_otherwise(record, done.after) == ()


def test_an_answer_that_was_not_kept_whole_is_not_judged_again_and_says_so(tmp_path: Path) -> None:
    small = documents.mex()
    large = replace(small, body=small.body + b"<!--" + b"x" * KEPT_OCTETS + b"-->")
    record = record_of({Step.MEX: large}, EXPECTED)

    done = from_disk(record, tmp_path)

    ((name, told),) = [(item.name, item.reason) for item in done.not_judged]
    assert name == "one"
    assert told.startswith(
        f"the answer at the step 'mex' had {len(large.body)} octets, of which no more than the first"
    )
    assert done.judged == []
    assert judged_otherwise(record, done.after) == ()


def test_a_scenario_that_did_not_run_stays_as_it_stands(tmp_path: Path) -> None:
    record = record_of()
    (scenario,) = record.scenarios
    skipped = replace(record, scenarios=(replace(scenario, join=None, outcome=Outcome.SKIPPED),))

    done = from_disk(skipped, tmp_path)

    assert (done.judged, done.not_judged) == ([], [])
    assert done.after.scenarios == skipped.scenarios

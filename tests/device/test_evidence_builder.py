"""What was reached is kept in one way, and is still there when a flow ends or is interrupted."""

from __future__ import annotations

import pytest

from hybridjoin.device.join.context import JoinBuilder
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import failure
from hybridjoin.errors import PeerError
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Phase, Step, StepRow
from hybridjoin.protocol import windows
from hybridjoin.protocol.scp import Scp
from tests.device.script import play

SCP = HYBRID_JOIN.row(Step.SCP)


def begun() -> JoinBuilder:
    builder = JoinBuilder()
    run, _ = play({})
    assert run.evidence is not None
    builder.begin(run.evidence)
    return builder


def nonsense() -> Scp:
    raise PeerError("no keywords", where="scp reply")


def test_nothing_can_be_kept_before_the_flow_has_begun() -> None:
    builder = JoinBuilder()

    assert builder.so_far is None
    with pytest.raises(RuntimeError, match="not begun"):
        builder.keep(scp=None)


def test_what_the_evidence_has_no_place_for_cannot_be_kept() -> None:
    with pytest.raises(TypeError, match="weather"):
        begun().keep(weather="rain")


def test_a_reply_that_ends_the_flow_leaves_the_readers_words_behind() -> None:
    builder = begun()

    with pytest.raises(StepFailed) as caught:
        builder.read(SCP, nonsense, lambda error: failure(SCP, error.problem, windows.UNKNOWN))
    assert (caught.value.failure.step, caught.value.failure.phase) == (Step.SCP, Phase.DISCOVER)
    assert builder.evidence.unreadable == ((Step.SCP, "no keywords (at scp reply)"),)


def test_a_reply_that_only_explains_does_not_end_the_flow() -> None:
    builder = begun()

    with builder.tolerating(Step.SID_OWNER):
        nonsense()
    assert builder.evidence.unreadable == ((Step.SID_OWNER, "no keywords (at scp reply)"),)


@pytest.mark.parametrize("row", HYBRID_JOIN.rows, ids=lambda row: str(row.step))
def test_a_failure_takes_step_phase_and_outer_code_from_its_row(row: StepRow) -> None:
    found = failure(row, "it rained", windows.UNKNOWN)

    assert (found.step, found.phase) == (row.step, row.phase)
    searched = row.phase is Phase.DISCOVER and not row.aside
    assert (row.outer_code is not None) is searched, "what a search for the tenant ends with is a column of its row"
    assert (found.wrapper is not None) == (searched or row.phase is Phase.AUTH)

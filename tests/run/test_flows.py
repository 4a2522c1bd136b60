"""The registry of flows: every table of steps can be carried out, and what comes of it is judged without a wire."""

from __future__ import annotations

import pytest

from hybridjoin.device.flow_run import FlowRun
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model import steps
from hybridjoin.model.exchange import Transcript
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.attempt import judged
from hybridjoin.run.certification.plan import select
from hybridjoin.run.flows import FLOWS, JOIN, find_flow
from tests.run.joins import TRANSCRIPT, evidence_of

# Whoever puts a flow of these into the registry takes it out here.
TOLD_AND_NOT_YET_CARRIED_OUT = {"sign-in-username"}


def test_every_table_of_steps_is_a_flow_that_can_be_carried_out() -> None:
    tables = {value.name for value in vars(steps).values() if isinstance(value, steps.FlowTable)}

    assert tables ^ {flow.name for flow in FLOWS} == TOLD_AND_NOT_YET_CARRIED_OUT


def test_no_two_flows_share_a_name() -> None:
    names = [flow.name for flow in FLOWS]

    assert sorted(names) == sorted(set(names))


def test_a_flow_is_found_by_its_name() -> None:
    assert find_flow("join") is JOIN
    with pytest.raises(LookupError, match="no flow is called 'skip'; there are join"):
        find_flow("skip")


def test_evidence_alone_is_judged_and_written_down() -> None:
    run = FlowRun(evidence=evidence_of(), transcript=TRANSCRIPT, debug_screen=("d",), status_screen=("s",))

    record = judged(JOIN, "WS01", run)

    assert record is not None
    assert (record.device, record.debug_screen, record.status_screen) == ("WS01", ("d",), ("s",))
    assert [item.step for item in record.exchanges] == [item.step for item in TRANSCRIPT.exchanges]
    assert {item.outcome for item in record.verdicts} >= {Outcome.SKIPPED}
    assert record.failure is not None


def test_other_requirements_may_be_asked_of_it() -> None:
    record = judged(JOIN, "WS01", FlowRun(evidence=evidence_of(), transcript=TRANSCRIPT), select(["MEX-01"]))

    assert record is not None
    assert [item.requirement for item in record.verdicts] == ["MEX-01"]


def test_a_flow_that_did_not_begin_leaves_no_record() -> None:
    nothing: FlowRun[JoinEvidence] = FlowRun(evidence=None, transcript=Transcript())

    assert judged(JOIN, "WS01", nothing) is None

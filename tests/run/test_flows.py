"""The registry of flows: every table of steps can be carried out, and what comes of it is judged without a wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import pytest

from hybridjoin.device.flow_run import FlowInterrupted, FlowRun
from hybridjoin.errors import LabError, Mistake
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model import flows as tables
from hybridjoin.model.exchange import Transcript
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.site import Site
from hybridjoin.model.steps import FlowTable
from hybridjoin.model.verdict import Outcome
from hybridjoin.run import flows
from hybridjoin.run.attempt import attempt, judged
from hybridjoin.run.certification.plan import select
from hybridjoin.run.flows import FLOWS, JOIN, Flow, find_flow
from hybridjoin.run.session import run_all
from hybridjoin.run.steady_clock import ClockMark, SteadyClock
from hybridjoin.scenario.scenario import Expectation, Expected, Scenario
from tests.run.joins import TRANSCRIPT, evidence_of
from tests.run.sites import SITE


def test_every_table_of_steps_is_a_flow_that_can_be_carried_out() -> None:
    rooms = (import_module(f"{tables.__name__}.{item.name}") for item in iter_modules(tables.__path__))
    written = {value for room in rooms for value in vars(room).values() if isinstance(value, FlowTable)}

    assert {flow.name for flow in written ^ set(tables.FLOWS)} == set()
    assert {flow.name for flow in written} ^ {flow.name for flow in FLOWS} == set()


def test_no_two_flows_share_a_name() -> None:
    names = [flow.name for flow in FLOWS]

    assert sorted(names) == sorted(set(names))


def test_a_flow_is_found_by_its_name() -> None:
    assert find_flow("join") is JOIN
    with pytest.raises(LookupError, match="no flow is called 'skip'; there are join"):
        find_flow("skip")


class Nowhere:
    """A provider of a site that nobody dials."""

    name = "nowhere"
    backend = "none"
    place = None

    def mistakes(self, scenarios: Sequence[Scenario]) -> tuple[Mistake, ...]:
        del scenarios
        return ()

    def refuses(self, scenario: Scenario) -> str:
        del scenario
        return ""

    @contextmanager
    def site(self, scenario: Scenario) -> Iterator[Site]:
        del scenario
        yield SITE


def another_flow(perform: Callable[[Site, Scenario], FlowRun[JoinEvidence]]) -> Flow:
    """A flow of another name that somebody puts into the registry."""
    return replace(JOIN, table=replace(HYBRID_JOIN, name="another"), perform=perform)


def scenario() -> Scenario:
    hope = Expectation(about=Expected.AADSTS, wanted=("51004",), place="a.scenario.yaml:3:1")
    return Scenario(id="a", title="a", file="a.scenario.yaml", line=1, expectations=(hope,), flow="another")


def test_a_flow_in_the_registry_is_carried_out_and_judged_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str]] = []

    def perform(site: Site, scenario: Scenario) -> FlowRun[JoinEvidence]:
        sent.append((site.name, scenario.id))
        return FlowRun(evidence=evidence_of(), transcript=TRANSCRIPT)

    monkeypatch.setattr(flows, "FLOWS", (*FLOWS, another_flow(perform)))

    (record,) = run_all([scenario()], Nowhere()).scenarios

    assert sent == [(SITE.name, "a")]
    assert (record.outcome, [item.met for item in record.expectations]) == (Outcome.PASSED, [True])
    assert record.join is not None
    assert record.join.verdicts


def test_what_any_flow_had_done_before_the_surroundings_failed_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def perform(site: Site, scenario: Scenario) -> FlowRun[JoinEvidence]:
        del site, scenario
        run = FlowRun(evidence=evidence_of(), transcript=TRANSCRIPT)
        raise FlowInterrupted(LabError("the KDC died"), run)

    monkeypatch.setattr(flows, "FLOWS", (*FLOWS, another_flow(perform)))

    done = run_all([scenario(), scenario()], Nowhere())

    record, never = done.scenarios
    assert (record.outcome, record.error, done.interrupted) == (Outcome.INTERRUPTED, "the KDC died", "the KDC died")
    assert (never.outcome, never.join) == (Outcome.SKIPPED, None)
    assert record.join is not None
    assert (len(record.join.exchanges), record.expectations) == (len(TRANSCRIPT.exchanges), ())


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


def test_a_clock_that_was_set_meanwhile_is_nobodys_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ClockMark.now()
    monkeypatch.setattr(ClockMark, "now", lambda: replace(before, wall_s=before.wall_s + 3600))
    run = FlowRun(evidence=evidence_of(), transcript=TRANSCRIPT)

    tried = attempt(lambda: run)

    assert tried.run is run
    assert tried.cut_off.startswith("the machine's clock was set by +3600 s meanwhile")
    assert attempt(lambda: run).cut_off == ""
    monkeypatch.undo()
    assert "set by -3600 s" in attempt(lambda: run).cut_off


@pytest.mark.parametrize(("step_s", "matters"), [(0.0, False), (29.0, False), (-29.0, False), (31.0, True)])
def test_a_clock_that_is_steered_disturbs_nobody(step_s: float, matters: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, before = SteadyClock(), ClockMark.now()
    later = ClockMark(wall_s=before.wall_s + 60 + step_s, since_boot_s=before.since_boot_s + 60)
    monkeypatch.setattr(ClockMark, "now", lambda: later)

    assert bool(watched.trouble()) is matters

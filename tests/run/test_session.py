"""A run goes from scenario to scenario, stops where it has to, and always gives the record of what had been done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from hybridjoin.device.habits import Habits, RstShape
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.model.events import Event, JobFinished, JobKind, JobStarted
from hybridjoin.model.record import SCHEMA
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import Trust
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.run.habits import habits_of
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.scenario import DeviceSettings, Expectation, Expected, Scenario
from tests.run.sites import SITE


def scenario(name: str, *expectations: Expectation) -> Scenario:
    return Scenario(id=name, title=name, file=f"{name}.scenario.yaml", line=1, expectations=expectations)


class Place:
    """A provider whose sites end as each scenario's id says."""

    name = "nowhere"
    backend = "none"
    place = None

    def __init__(self) -> None:
        self.asked: list[str] = []

    def mistakes(self, scenarios: Sequence[Scenario]) -> tuple[Mistake, ...]:
        return tuple(Mistake(place=item.file, problem="unknown") for item in scenarios if item.id == "unknown")

    def refuses(self, scenario: Scenario) -> str:
        return "not here" if scenario.id.startswith("skipped") else ""

    @contextmanager
    def site(self, scenario: Scenario) -> Iterator[Site]:
        self.asked.append(scenario.id)
        if scenario.id == "broken":
            raise LabError("the engine is gone", remedy="start it", log_tail="last words")
        if scenario.id == "stopped":
            raise KeyboardInterrupt
        yield SITE


def test_scenarios_that_do_not_fit_the_place_are_skipped_with_the_reason() -> None:
    place = Place()
    record = run_all([scenario("skipped-1"), scenario("skipped-2")], place)
    assert [(item.id, item.outcome, item.error) for item in record.scenarios] == [
        ("skipped-1", Outcome.SKIPPED, "not here"),
        ("skipped-2", Outcome.SKIPPED, "not here"),
    ]
    assert (record.schema, record.site, record.backend) == (SCHEMA, "nowhere", "none")
    assert (place.asked, exit_code(record)) == ([], 0)


def test_what_the_lab_cannot_do_stops_the_run_and_keeps_what_was_done() -> None:
    place = Place()
    record = run_all([scenario("skipped"), scenario("broken"), scenario("never")], place)
    assert [(item.id, item.outcome) for item in record.scenarios] == [
        ("skipped", Outcome.SKIPPED),
        ("broken", Outcome.INTERRUPTED),
        ("never", Outcome.SKIPPED),
    ]
    assert record.scenarios[2].error == "not run, the surroundings failed before it: the engine is gone"
    assert "the engine is gone" in record.interrupted
    assert "last words" in record.scenarios[1].error
    assert (place.asked, exit_code(record)) == (["broken"], 3)


def test_a_run_that_a_person_stops_keeps_what_was_done() -> None:
    record = run_all([scenario("skipped"), scenario("stopped"), scenario("never")], Place())
    assert [(item.id, item.outcome) for item in record.scenarios] == [
        ("skipped", Outcome.SKIPPED),
        ("stopped", Outcome.INTERRUPTED),
    ]
    assert (record.interrupted, exit_code(record)) == (INTERRUPTED_BY_HAND, 130)


def test_a_directory_that_does_not_answer_is_the_labs_trouble() -> None:
    record = run_all([scenario("nobody-there")], Place())
    assert record.scenarios[0].outcome is Outcome.INTERRUPTED
    assert exit_code(record) == 3


def test_each_scenario_is_told_when_it_begins_and_when_it_ends() -> None:
    heard: list[Event] = []
    run_all([scenario("skipped-1"), scenario("skipped-2")], Place(), heard.append)
    assert [(type(event), event.name, event.number, event.total) for event in heard] == [
        (JobStarted, "skipped-1", 1, 2),
        (JobFinished, "skipped-1", 1, 2),
        (JobStarted, "skipped-2", 2, 2),
        (JobFinished, "skipped-2", 2, 2),
    ]
    assert {event.kind for event in heard} == {JobKind.SCENARIO}
    kept = [event.record.id for event in heard if isinstance(event, JobFinished) and event.record]
    assert kept == ["skipped-1", "skipped-2"]


def test_what_nobody_knows_is_refused_before_anything_is_started() -> None:
    place = Place()
    verdict = Expectation(about=Expected.VERDICT, target="MEX-77", wanted=("failed",), place="a.scenario.yaml:3:1")
    with pytest.raises(UsageError) as refusal:
        run_all([scenario("fine", verdict), scenario("unknown")], place)
    told = [str(mistake) for mistake in refusal.value.mistakes]
    assert told[0].startswith("a.scenario.yaml:3:1: unknown requirement 'MEX-77' (did you mean 'MEX-")
    assert told[1] == "unknown.scenario.yaml: unknown"
    assert place.asked == []


def test_a_device_has_windows_habits_unless_the_scenario_bends_them() -> None:
    assert habits_of(DeviceSettings()) == Habits()
    bent = DeviceSettings(
        fallback=False,
        trust="2005",
        rst_shape="msal",
        client_side_scp=("example.test", "6f1d"),
        kerberos_time_sync=True,
        mutual_authentication=True,
        timeout_s=1.5,
        clock_offset_s=360,
    )
    assert habits_of(bent) == Habits(
        fallback_to_sync_join=False,
        trust=Trust.FEB2005,
        rst_shape=RstShape.MSAL,
        client_side_scp=("example.test", "6f1d"),
        kerberos_time_sync=True,
        mutual_authentication=True,
        timeout_s=1.5,
    )

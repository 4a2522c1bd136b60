"""The event stream: every line keeps its published schema."""

from __future__ import annotations

import errno
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hybridjoin.model.events import JobFinished, JobKind, JobStarted
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.ndjson import EventStream
from hybridjoin.report.schemas.event_schema import events_schema
from tests.report.certification_sample import certified_record
from tests.report.sample import bad_scenario, good_scenario, lost_scenario, sample_record


def done(
    name: str,
    kind: JobKind,
    outcome: Outcome,
    *,
    number: int,
    total: int,
    note: str = "",
    record: ScenarioRecord | None = None,
) -> JobFinished:
    return JobFinished(
        name=name, kind=kind, outcome=outcome, elapsed_s=0.01, number=number, total=total, note=note, record=record
    )


def told() -> list[dict[str, Any]]:
    out = io.StringIO()
    stream = EventStream(out)
    scenarios = (good_scenario(), bad_scenario(), lost_scenario())
    stream.run_started(3)
    for number, item in enumerate(scenarios, start=1):
        stream.tell(JobStarted(name=item.id, kind=JobKind.SCENARIO, number=number, total=3))
        stream.tell(done(item.id, JobKind.SCENARIO, item.outcome, record=item, number=number, total=3))
    stream.run_finished(sample_record(*scenarios, interrupted="the directory died"), Path("reports/latest"))
    assert out.getvalue().endswith("\n")
    return [json.loads(line) for line in out.getvalue().splitlines()]


def told_of_a_certification() -> list[dict[str, Any]]:
    out = io.StringIO()
    stream = EventStream(out)
    stream.run_started(2)
    stream.tell(JobStarted(name="rst-plain", kind=JobKind.PROBE, number=1, total=2))
    stream.tell(done("rst-plain", JobKind.PROBE, Outcome.PASSED, note="HTTP 200", number=1, total=2))
    stream.certification_finished(certified_record(), None)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_line_keeps_the_schema() -> None:
    Draft202012Validator.check_schema(events_schema())
    check = Draft202012Validator(events_schema())

    lines = [*told(), *told_of_a_certification()]
    assert [error.message for line in lines for error in check.iter_errors(line)] == []
    assert {line["event"] for line in lines} == events_schema()["$defs"].keys()


def test_a_line_that_is_none_of_ours_does_not_keep_it() -> None:
    assert not Draft202012Validator(events_schema()).is_valid({"event": "other", "at": "2026-07-14T10:22:31Z"})


def test_the_stream_tells_each_broken_verdict_before_its_scenario_ends() -> None:
    names = [(line["event"], line.get("id", "")) for line in told()]

    assert names[0] == ("run-started", "")
    assert names[-1] == ("run-finished", "")
    bad = [event for event, name in names if name == "accounttype-wrong-namespace"]
    assert bad == ["scenario-started", "verdict", "verdict", "scenario-finished"]


def test_the_last_line_sums_up() -> None:
    last = told()[-1]

    assert last["counts"] == {"failed": 1, "interrupted": 1, "passed": 1}
    assert last["interrupted"] == "the directory died"
    assert last["report"] == "reports/latest"


def test_no_text_can_break_a_line_in_two() -> None:
    out = io.StringIO()
    EventStream(out).tell(JobStarted(name="a\u2028b\nc\ud800", kind=JobKind.SCENARIO, number=1, total=1))

    assert out.getvalue().isascii()
    assert out.getvalue().count("\n") == 1


def test_a_certification_tells_every_requirement_and_ends_with_its_own_headline() -> None:
    certification = certified_record().certification
    assert certification is not None

    lines = told_of_a_certification()

    answers = [(line["requirement"], line["outcome"]) for line in lines if line["event"] == "requirement"]
    assert answers == [(row.id, row.outcome.value) for row in certification.requirements]
    told = {line["requirement"]: line for line in lines if line["event"] == "requirement"}
    assert told["CLAIM-02"]["where"] == "RSTR, saml:Attribute accounttype"
    assert (told["CLAIM-02"]["place"]["step"], told["CLAIM-02"]["place"]["label"]) == ("rst", "accounttype")
    assert (told["NEG-07"]["why_not"], told["NEG-07"]["place"]) == (
        "the probe rst-malformed was not asked: it is hostile",
        None,
    )
    assert told["NEG-07"]["not_tested"]["reason"] == "probe-skipped"
    assert lines[-1]["headline"].startswith("1 requirement is broken")
    assert sum(lines[-1]["counts"].values()) == len(certification.requirements)


class HangsUp(io.StringIO):
    """A listener that hears one line."""

    def flush(self) -> None:
        if self.getvalue().count("\n") > 1:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_a_listener_that_hangs_up_ends_the_stream_and_not_the_run() -> None:
    out = HangsUp()
    stream = EventStream(out)
    stream.run_started(2)
    assert stream.trouble == ""

    stream.certification_finished(certified_record(), None)

    assert stream.trouble == "Broken pipe"
    assert out.getvalue().count("\n") == 2


def test_without_anybody_who_listens_nothing_happens(capsys: pytest.CaptureFixture[str]) -> None:
    stream = EventStream()
    stream.run_started(1)
    stream.certification_finished(certified_record(), None)

    assert capsys.readouterr() == ("", "")

"""`--ndjson`: what a run and a certification tell while they happen."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from jsonschema import Draft202012Validator

from hybridjoin.report.schemas.event_schema import events_schema
from tests.cli.conftest import Run
from tests.cli.test_with_a_lab import LAB, start

CHECK = Draft202012Validator(events_schema())


def told(text: str) -> list[dict[str, Any]]:
    """Read a stream, every line held against its schema."""
    events = [json.loads(line) for line in text.splitlines()]
    assert [error.message for event in events for error in CHECK.iter_errors(event)] == []
    return events


def test_the_schema_of_the_stream_is_printed(run: Run) -> None:
    assert json.loads(run("schema", "events").out)["$id"] == "urn:hybridjoin-events:1"


def test_the_stream_and_the_record_cannot_both_have_standard_output(run: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "a.scenario.yaml"
    scenario.write_text("id: fine\ntitle: Fine\nexpect: {join: federated}\n")

    done = run("run", scenario, "--json", "--ndjson", "-", "--lab", "process")

    assert done.code == 2
    assert "--ndjson -: standard output is taken by --json" in done.err


def test_a_stream_that_cannot_be_written_stops_before_anything_is_started(run: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "a.scenario.yaml"
    scenario.write_text("id: fine\ntitle: Fine\nexpect: {join: federated}\n")

    done = run("run", scenario, "--ndjson", tmp_path / "no" / "events", "--lab", "process")

    assert done.code == 2
    assert "cannot be written" in done.err
    assert not (tmp_path / "reports").exists()


@pytest.mark.lab
def test_the_stream_is_written_while_scenarios_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.scenario.yaml").write_text("id: fine\ntitle: Fine\nexpect: {join: federated}\n")

    done = run("run", tmp_path, "--lab", "process", "--ndjson", "-", "--report-dir", tmp_path / "reports")

    events = told(done.out)
    assert done.code == 0
    assert events[0]["event"] == "run-started"
    assert events[-1]["event"] == "run-finished"
    assert "scenario came out as expected" in done.err


@pytest.mark.lab
def test_of_two_workers_every_scenario_is_told_once_and_numbers_never_pass_the_total(run: Run, tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / f"{name}.scenario.yaml").write_text(f"id: {name}\ntitle: Fine\nexpect: {{join: federated}}\n")

    done = run("run", tmp_path, *LAB, "-n", "2", "--ndjson", tmp_path / "events", "--report-dir", tmp_path / "reports")

    events = told((tmp_path / "events").read_text())
    assert done.code == 0
    assert "scenarios came out as expected" in done.out
    begun = [event["id"] for event in events if event["event"] == "scenario-started"]
    ended = [event["id"] for event in events if event["event"] == "scenario-finished"]
    assert sorted(begun) == sorted(ended) == ["a", "b", "c", "d"]
    assert all(event["number"] <= event["total"] == 4 for event in events if "number" in event)
    assert [event["number"] for event in events if event["event"] == "scenario-finished"] == [1, 2, 3, 4]
    for name in "abcd":
        kinds = [event["event"] for event in events if event.get("id") == name]
        assert (kinds[0], kinds[-1]) == ("scenario-started", "scenario-finished")


@pytest.mark.lab
def test_a_certification_tells_its_stages_and_then_every_requirement(run: Run, tmp_path: Path) -> None:
    done = run("certify", *LAB, "--only", "MEX-*", "--ndjson", "-", "--report", tmp_path / "reports")

    events = told(done.out)
    kinds = [event["event"] for event in events]
    assert done.code == 0, done.err
    assert kinds[:3] == ["run-started", "stage-started", "stage-finished"]
    assert kinds[-1] == "run-finished"
    asked = [event["requirement"] for event in events if event["event"] == "requirement"]
    assert asked
    assert all(name.startswith("MEX-") for name in asked)
    rows = [event for event in events if event["event"] == "requirement"]
    silent = [event["requirement"] for event in rows if event["outcome"] == "skipped"]
    assert silent == ["MEX-35"], "nobody said that people of the lab sign in by certificate"
    assert events[-1]["counts"] == {"passed": len(asked) - 1, "skipped": 1}
    assert "No requirement that is fatal here is broken" in done.err


@pytest.mark.lab
def test_a_full_disk_ends_the_stream_and_not_the_certification_which_is_told_as_the_surroundings(
    run: Run, tmp_path: Path
) -> None:
    done = run("certify", *LAB, "--only", "MEX-*", "--ndjson", "/dev/full", "--report", tmp_path / "reports")

    assert done.code == 3
    assert "--ndjson /dev/full: the events end too early: No space left on device" in done.err
    assert (tmp_path / "reports" / "latest" / "record.json").exists()


@pytest.mark.lab
def test_a_reader_that_hangs_up_costs_neither_the_run_nor_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a.scenario.yaml").write_text("id: bad\ntitle: Bad\nexpect: {join: synchronized}\n")
    process = start("run", tmp_path, *LAB, "--ndjson", "-", "--report-dir", tmp_path / "reports")
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout as reader:
        assert json.loads(reader.readline())["event"] == "run-started"
    with process.stderr as words:
        err = words.read()
    process.wait(timeout=60)

    assert process.returncode == 1
    assert "--ndjson -: the events end too early: Broken pipe" in err
    assert (tmp_path / "reports" / "latest" / "record.json").exists()


@pytest.mark.lab
def test_the_stream_ends_whole_where_the_directory_dies(tmp_path: Path) -> None:
    stream = tmp_path / "events"
    process = start("certify", *LAB, "--ndjson", stream, "--report", tmp_path / "reports")
    deadline = time.monotonic() + 60
    while "stage-finished" not in (stream.read_text() if stream.exists() else "") and time.monotonic() < deadline:
        time.sleep(0.01)
    (directory,) = (item for item in psutil.Process(process.pid).children(recursive=True) if "samba" in item.name())
    directory.kill()
    _, err = process.communicate(timeout=120)

    assert process.returncode == 3, err
    last = told(stream.read_text())[-1]
    assert last["event"] == "run-finished"
    assert "domain controller" in last["interrupted"]
    assert last["counts"]["interrupted"] > 0


@pytest.mark.lab
def test_a_certification_that_is_broken_off_tells_how_far_it_came(own_state: Path, tmp_path: Path) -> None:
    stream = tmp_path / "events"
    process = start("certify", *LAB, "--ndjson", stream, "--report", tmp_path / "reports")
    deadline = time.monotonic() + 60
    while "stage-started" not in (stream.read_text() if stream.exists() else "") and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    last = told(stream.read_text())[-1]
    assert last["event"] == "run-finished"
    assert last["interrupted"]
    assert last["counts"]["interrupted"] > 0
    assert not list(own_state.glob("labs/*/domain.json"))


def test_rows_to_paste_and_the_stream_cannot_both_have_standard_output(run: Run) -> None:
    done = run("certify", "--suggest", "--ndjson", "-")

    assert done.code == 2
    assert "--ndjson -: standard output is taken by --suggest" in done.err

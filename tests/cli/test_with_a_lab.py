"""The commands against a real directory and the doubles."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hybridjoin.report.json_report import read_record
from tests.cli.conftest import Run

pytestmark = pytest.mark.lab
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "scenarios" / "demo"
LAB = ("--lab", "process")


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hybridjoin", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def living(state: Path) -> list[str]:
    """Name the processes that still work below a state directory."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(state) in " ".join(process.cmdline()) or str(process.cwd()).startswith(str(state)):
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


def test_demo_joins_then_unmasks_the_fallback_and_writes_its_report(run: Run, tmp_path: Path) -> None:
    done = run("demo", *LAB, "--report-dir", tmp_path)

    record = read_record(tmp_path / "latest")
    joins = [item.join for item in record.scenarios]
    assert [join.result for join in joins if join] == ["federated", "synchronized"]
    assert done.code == 0, done.out
    assert "AADSTS51004" in done.out
    assert "Windows falls back and shows AzureAdJoined : YES all the same." in done.out
    assert f"report: {tmp_path}/20" in done.out
    assert len(done.out.splitlines()) < 90


def test_join_prints_what_dsregcmd_prints_and_status_shows_the_screen(run: Run) -> None:
    joined, status = run("join", *LAB), run("status")

    assert joined.code == 0, joined.err
    lines = joined.out.splitlines()
    assert lines[0] == "DsrCLI: logging initialized."
    assert lines[lines.index("DSREGCMD_END_STATUS") + 1] == "             AzureAdJoined : YES"
    assert "| Device State " in status.out


def test_join_by_a_scenario_fails_as_the_scenario_says(run: Run) -> None:
    done = run("join", *LAB, "--scenario", DEMO / "2-wrong-namespace.scenario.yaml")

    assert done.code == 0, done.err
    assert "Federated ADRS join failed with error 0xcaa1000e. Try synchronized join." in done.out
    assert "AADSTS51004" in done.err


def test_join_of_a_disabled_computer_is_the_peers_no_and_tells_why(run: Run) -> None:
    done = run("join", *LAB, "--device", "WS03")

    assert done.code == 1
    assert "Traceback" not in done.err
    assert "what to do" in done.err


def test_run_shows_a_table_and_the_same_comes_out_on_two_processes(run: Run, tmp_path: Path) -> None:
    alone = run("run", DEMO, *LAB, "--report-dir", tmp_path / "alone")
    crew = run("run", DEMO, *LAB, "-n", "2", "--report-dir", tmp_path / "crew")

    assert (alone.code, crew.code) == (0, 0), alone.out
    assert "Both scenarios came out as expected" in alone.out
    records = [read_record(tmp_path / name / "latest") for name in ("alone", "crew")]
    outcomes = [[(item.id, item.outcome, item.join and item.join.result) for item in one.scenarios] for one in records]
    assert outcomes[0] == outcomes[1]


def test_run_prints_its_record_for_machines(run: Run, tmp_path: Path) -> None:
    done = run("run", DEMO, *LAB, "-k", "not wrong", "--json", "--report-dir", tmp_path)

    assert [item["id"] for item in json.loads(done.out)["scenarios"]] == ["demo-joins"]
    assert "report: " in done.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_leaves_nothing_behind(
    number: signal.Signals, code: int, workers: str, own_state: Path, tmp_path: Path
) -> None:
    process = start("run", DEMO, *LAB, "-n", workers, "--report-dir", tmp_path)
    deadline = time.monotonic() + 60
    while not list(own_state.glob("labs/*/domain.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, number) if number is signal.SIGINT else process.send_signal(number)
    _, err = process.communicate(timeout=90)

    assert process.returncode == code, err
    assert "Traceback" not in err
    assert living(own_state) == []
    assert list(own_state.glob("labs/*/domain.json")) == []


@pytest.fixture
def kept(run: Run) -> Iterator[dict[str, str]]:
    up = run("lab", "up", *LAB)
    assert up.code == 0, up.err
    yield json.loads(run("lab", "env", "--json").out)
    assert run("lab", "down").out == "taken down: process\n"


def test_a_kept_lab_is_shown_exported_and_explained_by_mex(
    run: Run, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch, own_state: Path
) -> None:
    status = json.loads(run("lab", "status", "--json").out)
    assert [(lab["backend"], lab["condition"]) for lab in status] == [("process", "ready")]
    assert f"export LAB_DEVICE={kept['LAB_DEVICE']}\n" in run("lab", "env").out

    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    done = run("mex", kept["LAB_MEX_URL"], "--json")

    data = json.loads(done.out)
    assert done.code == 0, data["findings"]
    assert data["chosen"]["windows"] == kept["LAB_STS_URL"]
    # With the environment of the background lab, a join uses its directory instead of starting one.
    before = sorted(own_state.glob("labs/*"))
    assert run("join").code == 0
    assert sorted(own_state.glob("labs/*")) == before

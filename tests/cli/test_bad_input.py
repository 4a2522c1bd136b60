"""What a user may get wrong: exit code 2, every mistake with its place, nothing started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run

GOOD = "id: fine\ntitle: Fine\nexpect: {join: federated}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fine.scenario.yaml").write_text(GOOD)
    return tmp_path


def test_all_mistakes_of_all_files_are_told_with_line_and_column(run: Run, folder: Path) -> None:
    (folder / "a.scenario.yaml").write_text("id: a\ntitle: A\nexpekt: {join: federated}\n")
    (folder / "b.scenario.yaml").write_text("id: fine\ntitle: B\nexpect: {join: perhaps}\n")

    done = run("run", folder, "--lab", "process")

    assert done.code == 2
    assert done.out == ""
    assert "a.scenario.yaml:3:1: unknown key 'expekt'" in done.err
    assert "did you mean 'expect'?" in done.err
    assert "b.scenario.yaml:3:16" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nowhere"), "found nothing there"),
        (("run", "{folder}", "-k", "splendid"), "expected to name some of 1 scenarios"),
        (("run", "{folder}", "-k", "(fine"), "expected a closing parenthesis"),
        (("run", "{folder}", "-n", "0"), "0 is not in the range"),
        (("run", "{folder}", "--lab", "vmware"), "'vmware' is not one of 'docker', 'process'"),
        (("run", "{folder}", "--site", "nowhere.site.yaml"), "nowhere.site.yaml"),
        (("join", "--scenario", "nowhere.scenario.yaml"), "nowhere.scenario.yaml"),
        (("join", "--device", "WS99", "--lab", "process"), "--device: unknown device 'WS99'"),
        (("lab", "up", "--file", "nowhere.lab.yaml"), "nowhere.lab.yaml"),
    ],
)
def test_what_cannot_be_carried_out_is_told_in_words(
    run: Run, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run(*(item.format(folder=folder) for item in arguments))

    assert done.code == 2, done.err
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_list_writes_nothing_and_asks_nothing_of_the_report_folder(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "reports").mkdir()
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "reports" and real(path, mode))

    done = run("run", folder, "--list", "--report-dir", tmp_path / "reports")

    assert (done.code, done.err) == (0, "")


def test_a_list_runs_nothing(run: Run, folder: Path, own_state: Path) -> None:
    done = run("run", folder, "--list")

    assert (done.code, done.out) == (0, "fine  Fine\n")
    assert list(own_state.iterdir()) == []


def test_lab_commands_without_a_lab_say_so(run: Run) -> None:
    assert run("lab", "status").out == "no lab is up; `hybridjoin lab up` brings one up\n"
    assert run("lab", "status", "--json").out == "[]\n"
    assert run("lab", "down").out == "no lab was up\n"
    env = run("lab", "env")
    assert env.code == 3
    assert "what to do: hybridjoin lab up" in env.err

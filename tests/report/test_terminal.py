"""A run on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from hybridjoin.model.record import RunRecord
from hybridjoin.report.terminal import console, run_screen
from tests.report.sample import bad_scenario, good_scenario, sample_record


def printed(record: RunRecord, *, width: int = 110) -> str:
    screen = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    screen.print(run_screen(record))
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def test_the_table_has_a_row_for_each_scenario() -> None:
    text = printed(sample_record())

    rows = [line for line in text.split("\n")[1:4] if line.strip()]
    assert [row.split()[:2] for row in rows] == [
        ["✓", "pingone-trust-13"],
        ["✕", "accounttype-wrong-namespace"],
        ["‖", "directory-dies"],
    ]
    assert "joined by fallback" in rows[1]
    assert "AADSTS51004" in rows[1]


def test_a_failure_says_expectation_place_exchange_and_explanation() -> None:
    text = printed(sample_record(bad_scenario()))

    assert "scenarios/claims/accounttype-wrong-namespace.scenario.yaml:12:3" in text
    assert "expected  federated" in text
    assert "found     synchronized" in text
    assert "8 token: POST https://login.microsoftonline.com/" in text
    assert "→ 400 Bad Request" in text
    assert "right name and value, but in the namespace of onpremobjectguid" in text
    assert "0xcaa20003" in text
    assert "AzureAdJoined : YES all the same" in text


def test_a_good_run_is_a_table_and_a_sentence() -> None:
    lines = [line for line in printed(sample_record(good_scenario())).split("\n") if line.strip()]

    assert len(lines) == 3
    assert lines[-1] == "The scenario came out as expected  in 3.4 s"


def test_an_interruption_is_said() -> None:
    text = printed(sample_record(good_scenario(), interrupted="the directory stopped"))

    assert "The run was interrupted: the directory stopped" in text


def test_square_brackets_of_a_peer_are_text_and_not_markup() -> None:
    scenario = bad_scenario()
    line = replace(scenario.expectations[0], found="[red]boo[/red] [link=x]y")

    assert "[red]boo[/red] [link=x]y" in printed(sample_record(replace(scenario, expectations=(line,))))


def test_a_pipe_gets_no_colour_and_no_folding(capsys: pytest.CaptureFixture[str]) -> None:
    screen = console()

    assert screen.is_terminal is False
    assert screen.width == 120

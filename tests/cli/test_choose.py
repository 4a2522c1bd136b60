"""What `run` and `join` read before anything is started: every mistake of every file in one round, at its place."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.cli.conftest import Run

ONE = """\
id: same
title: Names that nobody knows
device: {name: WS10}
idp: {host: sts.nowhere.test, faults: [{slow-answer: {secs: 1}}]}
expect:
  join: failed
  aadsts: 5100444444
  kerberos: KRB_AP_ERR_SKEWW
  verdicts: {MEX-070: failed}
"""
TWO = """\
title: An id that is taken, and a claim that is left out and changed
id: same
idp: {claims: {accounttype: {drop: true, value: '"DJ"'}}}
device: {fallback: false}
expect: {join: synchronized}
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    Path(name).write_text(dedent(text), "utf-8")
    return Path(name)


@pytest.mark.parametrize("arguments", [("run", "--list", "."), ("run", ".", "--lab", "process")], ids=" ".join)
def test_every_mistake_of_every_file_is_told_in_one_round_at_its_line(run: Run, arguments: tuple[str, ...]) -> None:
    write("one.scenario.yaml", ONE)
    write("two.scenario.yaml", TWO)

    done = run(*arguments)

    assert done.code == 2
    told = done.err.splitlines()
    assert told[0] == "hybridjoin: 9 mistakes, nothing was started"
    starts = [
        "one.scenario.yaml:3:16: unknown device 'WS10' (did you mean 'WS0",
        "one.scenario.yaml:4:13: unknown host 'sts.nowhere.test' (",
        "one.scenario.yaml:4:55: the fault 'slow-answer' has no option 'secs' (did you mean 'seconds'?)",
        "one.scenario.yaml:7:3: the Entra double never answers AADSTS5100444444 (did you mean '51004'?)",
        "one.scenario.yaml:8:3: unknown Kerberos error 'KRB_AP_ERR_SKEWW' (did you mean 'KRB_AP_ERR_SKEW'?)",
        "one.scenario.yaml:9:14: unknown requirement 'MEX-070' (did you mean 'MEX-07'?)",
        "two.scenario.yaml:2:5: the id 'same' is already used in one.scenario.yaml:1",
        "two.scenario.yaml:3:42: 'value' says how accounttype is issued, but 'drop' leaves it out",
        "two.scenario.yaml:5:16: 'synchronized' is how the fallback ends",
    ]
    assert [line[: len(start)] for line, start in zip(told[1:], starts, strict=True)] == starts


def test_names_are_looked_at_in_what_is_chosen_alone(run: Run) -> None:
    write("one.scenario.yaml", "id: ours\ntitle: b\nexpect: {join: failed}\n")
    write("two.scenario.yaml", "id: theirs\ntitle: b\ndevice: {name: PC-0042}\nexpect: {join: failed}\n")

    assert run("run", "--list", ".", "-k", "ours").out == "ours  b\n"
    assert "two.scenario.yaml:3:16: unknown device 'PC-0042'" in run("run", "--list", ".").err


def test_a_site_file_with_mistakes_is_told_with_the_scenarios(run: Run) -> None:
    write("one.scenario.yaml", "id: a\ntitle: b\ndevise: 1\nexpect: {join: failed}\n")
    write("x.site.yaml", "name: x\n")

    done = run("run", "--list", ".", "--site", "x.site.yaml")

    assert done.code == 2
    assert "one.scenario.yaml:3:1: unknown key 'devise'" in done.err
    assert "x.site.yaml:1:1: expected the key 'idp'" in done.err


MATRIX = "id: a\ntitle: b\nmatrix: {on: [one, two]}\ntags: ['${matrix.on}']\nexpect: {join: failed}\n"


def test_a_join_is_one_scenario_of_a_file_and_says_how_to_name_it(run: Run) -> None:
    path = write("one.scenario.yaml", MATRIX)

    done = run("join", "--scenario", path)

    assert done.code == 2
    assert "expected one scenario, found 2: a[on=one], a[on=two] (-k WORD says which)" in done.err
    assert "it names none" in run("join", "--scenario", path, "-k", "three").err
    assert "expected a scenario file to choose from" in run("join", "-k", "one").err

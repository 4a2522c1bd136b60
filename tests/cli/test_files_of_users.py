"""Whatever a user's own file is or holds: a mistake in words at its place, never a fault of ours, and soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hybridjoin.scenario.compose import MAX_FILES
from tests.cli.conftest import Run

LONG = "x" * 300
HEAD = "id: a\ntitle: A\nexpect: {join: federated}\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"extends: {LONG}", "a.scenario.yaml:4:10: expected the path of a file, found none at 'xxx"),
        (f"lab: {LONG}", "a.scenario.yaml:4:6: expected the path of a lab file, found none at 'xxx"),
        (f"site: {LONG}", "a.scenario.yaml:4:7: expected the path of a site file, found none at 'xxx"),
        (f"clock: {{device: {'9' * 400}h}}", "a.scenario.yaml:4:17: expected a duration of a hundred years at most"),
        ("clock: {device: 876601h}", "a.scenario.yaml:4:17: expected a duration of a hundred years at most"),
    ],
    ids=["extends", "lab", "site", "no number holds it", "no calendar holds it"],
)
def test_a_scenario_that_asks_too_much(run: Run, tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "a.scenario.yaml"
    file.write_text(f"{HEAD}{line}\n", "utf-8")

    done = run("check", file)

    assert done.code == 2
    assert words in done.out
    assert "1 mistake" in done.out


def test_a_thousand_files_that_extend_one_another(run: Run, tmp_path: Path) -> None:
    for number in range(1500):
        (tmp_path / f"n{number}.yaml").write_text(f"extends: n{number + 1}.yaml\n", "utf-8")
    (tmp_path / "a.scenario.yaml").write_text(f"{HEAD}extends: n0.yaml\n", "utf-8")

    done = run("check", tmp_path / "a.scenario.yaml")

    assert done.code == 2
    assert f"expected at most {MAX_FILES} files that extend one another" in done.out


@pytest.mark.thorough
def test_thousands_of_keys_are_merged_in_no_time(run: Run, tmp_path: Path) -> None:
    for name, extends in (("base.yaml", ""), ("a.scenario.yaml", "extends: base.yaml\n")):
        keys = "".join(f"  {name[0]}{number}: 1\n" for number in range(6000))
        (tmp_path / name).write_text(f"{HEAD}{extends}entra:\n{keys}", "utf-8")
    began = time.process_time()

    done = run("check", tmp_path / "a.scenario.yaml")

    assert done.code == 2
    assert "unknown key 'a0'" in done.out
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/dev/zero", "expected at most 1000000 bytes, found more"),
        (".", "cannot be read: Is a directory"),
        (LONG, "cannot be read: File name too long"),
    ],
)
def test_what_is_named_as_a_site_and_is_none(run: Run, name: str, words: str) -> None:
    done = run("certify", "--site", name, "--dry-run")

    assert done.code == 2
    assert words in done.err


@pytest.mark.parametrize("command", ["explain", "render", "replay", "compare", "verify", "package"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"schema": "hybridjoin-record/2", "site": ' + "9" * 5000 + "}", "numbers of some thousand digits at most"),
        ("[" * 100_000, "expected JSON of some hundred levels"),
        ("[" + "[]," * 2_500_000, "expected at most 4000000 values in JSON, found more"),
    ],
    ids=["digits", "depth", "values"],
)
def test_a_record_that_is_too_much(run: Run, tmp_path: Path, command: str, text: str, words: str) -> None:
    file = tmp_path / "record.json"
    file.write_text(text, "ascii")
    more = {"compare": (file,), "package": ("-o", tmp_path / "out.zip")}.get(command, ())

    done = run(command, file, *more)

    assert done.code == 2
    assert words in done.err or command == "verify"


@pytest.mark.parametrize("command", ["check", "run", "mex", "assertion", "federation", "explain", "render", "verify"])
def test_a_name_that_the_system_refuses(run: Run, command: str) -> None:
    done = run(command, f"{LONG}/{LONG}.json")

    assert done.code == 2
    assert "Traceback" not in done.err

"""`hybridjoin work-account` and `hybridjoin logon`: what a person has registered, and what a logon comes to."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from hybridjoin.model.record import RegistrationResult
from hybridjoin.report.json_report import read_record
from tests.cli.conftest import Run

LAB = ("--lab", "process")
PASSWORD = "Never-Seen-Before-3"
BY_BROWSER = [
    "openid",
    "realm",
    "authorize",
    "passive",
    "credentials",
    "passive",
    "wresult",
    "token",
    "discover",
    "join",
]
BY_TICKET = [step for step in BY_BROWSER if step != "credentials"]
BY_TICKET.remove("passive")
LOGON = ["logon-realm", "nonce", "mex", "rst", "prt"]


def steps(out: str) -> list[str]:
    return [line.split()[1] for line in out.splitlines() if line[0] in "✓·✕"]


@pytest.mark.lab
@pytest.mark.parametrize(
    ("options", "wanted", "screen"),
    [
        ((), [*BY_BROWSER, *LOGON], "AzureAdPrt : YES"),
        (("--as", "registered", "--computer", "TABLET-7"), BY_BROWSER, "WorkplaceJoined : YES"),
        (("--integrated",), BY_TICKET, "AzureAdPrt : NO"),
    ],
)
def test_the_labs_person_has_a_device_registered(
    run: Run, options: tuple[str, ...], wanted: list[str], screen: str
) -> None:
    done = run("work-account", *LAB, "--user", "carol", *options)

    assert done.code == 0, done.err
    assert steps(done.out) == wanted
    assert done.out.splitlines()[-1] == "carol: device registered"
    assert screen in run("status").out


@pytest.mark.lab
def test_a_wrong_password_registers_nothing_and_is_shown_nowhere(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    done = run("work-account", *LAB, "--user", "carol@hybridjoin.test", "--password-file", "-", "--json")

    assert done.code == 1
    assert PASSWORD not in done.out + done.err
    (tmp_path / "record.json").write_text(done.out, "utf-8")
    join = read_record(tmp_path / "record.json").scenarios[0].join
    assert join is not None
    assert (join.result, join.flow.name) == (RegistrationResult.NOT_REGISTERED, "work-account")
    assert json.loads(done.out)["scenarios"][0]["file"] == "hybridjoin work-account"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--integrated", "--logon"), "--logon: a logon by what was typed, and with --integrated nothing is typed"),
        (("--computer", "A\tB"), "--computer: expected a name of printable characters, found 'A\\tB'"),
        (("--computer", " "), "--computer: expected a name of printable characters, found ' '"),
    ],
)
def test_what_cannot_be_is_told_at_its_option(run: Run, options: tuple[str, ...], told: str) -> None:
    done = run("work-account", *LAB, "--user", "carol", *options)

    assert done.code == 2
    assert told in done.err


@pytest.mark.lab
@pytest.mark.parametrize("options", [(), ("--device", "WS02", "--trust", "1.3")])
def test_the_labs_person_logs_on_at_a_computer_that_joins_first(run: Run, options: tuple[str, ...]) -> None:
    done = run("logon", *LAB, "--user", "carol", *options)

    assert done.code == 0, done.err
    assert steps(done.out) == ["realm", "nonce", "mex", "rst", "prt"]
    assert done.out.splitlines()[-1] == "carol: signed in"
    assert "AzureAdPrt : YES" in run("status").out


@pytest.mark.lab
@pytest.mark.parametrize(
    "command",
    [
        ("work-account",),
        ("logon",),
        ("sign-in", "--integrated"),
        ("sign-in", "--browser"),
        ("sign-in", "--browser", "--integrated"),
    ],
    ids=" ".join,
)
def test_the_record_of_a_person_whom_all_went_well_accuses_nobody(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "record.json").write_text(run(*command, *LAB, "--user", "carol", "--json").out, "utf-8")

    done = run("import", tmp_path / "record.json")

    assert done.code == 0
    assert "assertion of carol@hybridjoin.test" in done.out
    for wrong in ("✕", "a login page or proxy", "no member of a domain", "dsregcmd /join"):
        assert wrong not in done.out


@pytest.mark.lab
def test_a_computer_that_is_not_there_is_told_at_its_option(run: Run) -> None:
    done = run("logon", *LAB, "--user", "carol", "--device", "WS77")

    assert done.code == 2
    assert "--device: the site hybridjoin.test has no device 'WS77'" in done.err

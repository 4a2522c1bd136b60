"""`hybridjoin sign-in`: a password from a file, from the lab, or nobody; and in nothing that is shown or kept."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from hybridjoin.cli.group import root
from hybridjoin.cli.run.sign_in_work import WayIn, scenario_of
from hybridjoin.model.record import SignInResult
from hybridjoin.report.json_report import read_record
from hybridjoin.scenario.scenario import UserSettings
from tests.cli.conftest import Run

LAB = ("--lab", "process")
PASSWORD = "Never-Seen-Before-1"


def test_there_is_no_option_that_takes_a_password_from_the_command_line() -> None:
    command = root.get_command(root.make_context("hybridjoin", [], resilient_parsing=True), "sign-in")

    assert command is not None
    names = {option for item in command.params for option in item.opts}
    assert {name for name in names if "password" in name} == {"--password-file"}


def test_a_password_that_nobody_can_type_is_asked_for_in_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    done = run("sign-in", *LAB, "--user", "zed@hybridjoin.test")

    assert done.code == 2
    assert "the password of zed@hybridjoin.test is not known here, and nobody can type it" in done.err
    assert "--password-file" in done.err


@pytest.mark.parametrize(
    ("user", "text", "told"),
    [
        ("zed", PASSWORD, "--user: expected a user principal name"),
        ("zed@hybridjoin.test", "", "--password-file: expected a password of printable characters"),
        ("zed@hybridjoin.test", f"{PASSWORD}\nsecond line\n", "--password-file: expected a password of printable"),
    ],
)
@pytest.mark.lab
def test_a_name_or_password_that_cannot_be_sent_is_told_at_its_option(
    run: Run, tmp_path: Path, user: str, text: str, told: str
) -> None:
    file = tmp_path / "password"
    file.write_text(text, "utf-8")
    done = run("sign-in", *LAB, "--user", user, "--password-file", file)

    assert done.code == 2
    assert told in done.err
    assert PASSWORD not in done.err + done.out


def test_a_password_file_that_is_not_there_is_the_surroundings_fault(run: Run, tmp_path: Path) -> None:
    done = run("sign-in", *LAB, "--user", "carol", "--password-file", tmp_path / "gone")

    assert done.code == 3
    assert "the password file gone cannot be read" in done.err


@pytest.mark.lab
def test_the_labs_person_is_signed_in_with_the_labs_password(run: Run) -> None:
    done = run("sign-in", *LAB, "--user", "carol", "--trust", "1.3")

    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "carol: signed in"
    assert [line.split()[1] for line in done.out.splitlines()[:4]] == ["realm", "mex", "rst", "token"]


@pytest.mark.lab
def test_the_labs_person_is_signed_in_by_the_ticket_of_the_logon(run: Run) -> None:
    done = run("sign-in", *LAB, "--user", "carol", "--integrated")

    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "carol: signed in"
    assert [line.split()[1] for line in done.out.splitlines()[:5]] == ["realm", "mex", "ticket", "rst", "token"]


@pytest.mark.lab
@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ((), ["realm", "authorize", "federation-metadata", "passive", "credentials", "passive", "wresult", "token"]),
        (("--integrated",), ["realm", "authorize", "federation-metadata", "passive", "wresult", "token"]),
    ],
)
def test_the_labs_person_is_signed_in_by_browser(run: Run, options: tuple[str, ...], steps: list[str]) -> None:
    done = run("sign-in", *LAB, "--user", "carol", "--browser", *options)

    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "carol: signed in"
    assert [line.split()[1] for line in done.out.splitlines()[: len(steps)]] == steps
    assert "✕" not in done.out, "a challenge that a browser without a ticket passes by is no failure"


@pytest.mark.parametrize(
    ("door", "title"),
    [
        ({}, "carol signs in by name and password"),
        ({"integrated": True}, "carol signs in by the ticket of the logon"),
        ({"browser": True}, "carol signs in by browser, with name and password"),
        ({"browser": True, "integrated": True}, "carol signs in by browser, with the ticket of the logon"),
    ],
)
def test_the_record_is_titled_by_the_door_that_was_taken(door: dict[str, bool], title: str) -> None:
    way_in = WayIn(user="carol", password_file=None, trust=None, **{"integrated": False, "browser": False, **door})

    assert scenario_of(UserSettings(name="carol", password="x"), way_in).title == title


@pytest.mark.lab
def test_a_wrong_password_is_a_failure_that_is_told_and_never_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    told = run("sign-in", *LAB, "--user", "carol@hybridjoin.test", "--password-file", "-")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    machine = run("sign-in", *LAB, "--user", "carol@hybridjoin.test", "--password-file", "-", "--json")

    assert (told.code, machine.code) == (1, 1)
    assert "FailedAuthentication" in told.err
    assert "carol@hybridjoin.test: not signed in" in told.out
    for shown in (told.out, told.err, machine.out, machine.err):
        assert PASSWORD not in shown
    (tmp_path / "record.json").write_text(machine.out, "utf-8")
    join = read_record(tmp_path / "record.json").scenarios[0].join
    assert join is not None
    assert (join.result, join.flow.name, join.came_out) == (
        SignInResult.NOT_SIGNED_IN, "sign-in-username", "not signed in"
    )  # fmt: skip
    assert f"[masked {len(PASSWORD)} characters " in json.dumps(json.loads(machine.out))

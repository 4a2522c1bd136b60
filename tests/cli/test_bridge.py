"""`hybridjoin bridge`: a person of the lab, a set-up that fails, a site without an application; no secret is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

LAB = ("--lab", "process")


@pytest.mark.lab
def test_the_labs_person_signs_in_through_the_labs_bridge(run: Run) -> None:
    done = run("bridge", *LAB, "--user", "carol", "--basic", "--pkce")

    assert done.code == 0, done.err
    steps = [line.split()[1] for line in done.out.splitlines()[:-1]]
    assert steps == ["openid", "keys", "sign-in-page", "sign-in", "token", "userinfo"]
    assert [line[0] for line in done.out.splitlines()[:-1]] == ["✓"] * 6, "a redirect with a code is no refusal"
    assert done.out.splitlines()[-1] == "carol: signed in"


@pytest.mark.lab
def test_a_metadata_document_that_no_token_fits_is_told(run: Run) -> None:
    done = run("bridge", *LAB, "--user", "carol", "--discovery", "common")

    assert done.code == 1
    assert "the id_token cannot be relied on" in done.err
    assert "BRIDGE-01" in done.out


@pytest.mark.lab
def test_a_wrong_password_is_told_and_never_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("Never-Seen-Before-2\n", "utf-8")
    done = run("bridge", *LAB, "--user", "carol@hybridjoin.test", "--password-file", tmp_path / "password", "--json")

    assert done.code == 1
    assert "AADSTS50126" in done.out
    assert "Never-Seen-Before-2" not in done.out + done.err


def test_a_command_of_nobody_says_who_is_missing(run: Run) -> None:
    done = run("bridge", *LAB)

    assert done.code == 2
    assert "--user" in done.err

"""A real tenant is asked by nobody who did not say so; whoever does is told first what would be created there."""

from __future__ import annotations

import io
import socket
import sys
from pathlib import Path

import click
import pytest
import trustme

from hybridjoin.cli.group import COMMANDS as ALL
from hybridjoin.cli.group import root
from tests.cli.conftest import Run

SITE = """\
name: contoso
idp:
  issuer: http://sts.contoso.test/adfs/services/trust
  signing_certificate: signing.pem
directory: {domain: contoso.test, kdc: dc1.contoso.test}
devices:
  - {name: PC-0042, password_file: pc.password}
people:
  - {name: carol@contoso.test, password_file: pc.password}
entra:
  tenant_id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f
  tenant_name: contoso.test
"""
DOUBLE = f"{SITE}  double: {{metadata_exchange_uri: 'https://sts.contoso.test/mex'}}\n"
SCENARIO = "id: one\ntitle: Joins\ndevice: {name: PC-0042}\nexpect: {join: federated}\n"
COMMANDS = {
    "join": ("join",),
    "sign-in": ("sign-in", "--user", "carol@contoso.test"),
    "logon": ("logon", "--user", "carol@contoso.test"),
    "work-account": ("work-account", "--user", "carol@contoso.test", "--computer", "TABLET-7"),
    "certify": ("certify",),
    "run": ("run", "one.scenario.yaml"),
    "run -n": ("run", "one.scenario.yaml", "-n", "2"),
}
REGISTERED = "it would register PC-0042 there: a device object whose id is the computer's objectGUID"
SIGNED_IN = "it would sign a user in by name and password there (carol@contoso.test)"
BY_A_PERSON = "it would register TABLET-7 there in the name of carol@contoso.test: a new device object"
WOULD = {"sign-in": SIGNED_IN, "work-account": BY_A_PERSON}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    trustme.CA().cert_pem.write_to_path("signing.pem")
    for name, text in (("a.site.yaml", SITE), ("pc.password", "x"), ("one.scenario.yaml", SCENARIO)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is dialled or looked up would be a real tenant's: it fails the test."""

    def away(*_: object, **__: object) -> None:
        pytest.fail("something was looked up or dialled")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    monkeypatch.setattr(socket.socket, "connect", away)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_real_tenant_is_refused_without_leave(run: Run, command: str) -> None:
    done = run(*COMMANDS[command], "--site", "a.site.yaml")

    assert done.code == 2
    assert "a.site.yaml: its tenant contoso.test (6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f) is a real one" in done.err
    assert "login.microsoftonline.com and enterpriseregistration.windows.net" in done.err
    assert "--live allows it" in done.err
    assert WOULD.get(command, REGISTERED) in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_leave_that_nobody_can_be_asked_for_has_to_be_given(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    done = run(*COMMANDS[command], "--site", "a.site.yaml", "--live")

    assert done.code == 2
    assert "--yes says that it may" in done.err
    assert "WARNING: contoso.test (6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f) is a real tenant" in done.err
    assert WOULD.get(command, REGISTERED) in done.err
    lost = "only an administrator can remove the device; tokens are kept nowhere" in done.err
    assert lost is (command != "sign-in")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_who_says_no_has_sent_nothing(run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal("n\n"))
    done = run("join", "--site", "a.site.yaml", "--live", "--keep", "kept")

    assert done.code == 130
    assert "Send this to the real tenant?" in done.err
    assert "kept in kept, with which `hybridjoin leave` removes the device again; tokens" in done.err
    assert not (folder / "kept").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--live",), "--live: is about a site whose tenant is a real one"),
        (("--ca-file", "signing.pem"), "--ca-file: is about a site whose tenant is a real one"),
        (("--ca-file", "gone.pem"), "--ca-file: expected a PEM file, found nothing at gone.pem"),
    ],
)
def test_leave_for_a_double_is_a_mistake(run: Run, folder: Path, options: tuple[str, ...], told: str) -> None:
    (folder / "b.site.yaml").write_text(DOUBLE, "utf-8")
    done = run("join", "--site", "b.site.yaml", *options)
    assert (done.code, told in done.err) == (2, True), done.err


@pytest.mark.parametrize("place", [("--lab", "process"), ("--site", "b.site.yaml")])
def test_a_double_keeps_no_registration_and_knows_none(run: Run, folder: Path, place: tuple[str, ...]) -> None:
    (folder / "b.site.yaml").write_text(DOUBLE, "utf-8")
    kept = run("join", *place, "--keep", "kept")
    assert (kept.code, "--keep: a double of the tenant is gone with this command" in kept.err) == (2, True), kept.err

    left = run("leave", "--kept", "kept", *(place if place[0] == "--site" else ()))
    assert (left.code, "--site: expected the site file of a tenant" in left.err) == (2, True), left.err


def test_a_folder_that_keeps_nothing_is_told_before_anybody_is_asked(run: Run) -> None:
    done = run("leave", "--site", "a.site.yaml", "--kept", "gone", "--live", "--yes")
    assert done.code == 2
    assert "--kept: expected what `join --keep` left, found none in gone" in done.err
    assert "WARNING" not in done.err


def test_listing_and_planning_ask_nobody(run: Run) -> None:
    assert run("run", "one.scenario.yaml", "--list", "--site", "a.site.yaml").code == 0
    assert run("certify", "--dry-run", "--site", "a.site.yaml").code == 0


def test_every_command_that_takes_a_site_asks_in_one_place() -> None:
    """A command with `--site` and without `--live` would be a door beside this one; what asks no tenant is named."""
    context = click.Context(root)
    found = {name: root.get_command(context, name) for name in ALL}
    options = {
        name: {each for item in command.params for each in item.opts} for name, command in found.items() if command
    }
    doors = {name for name, named in options.items() if "--site" in named and "--live" not in named}
    # They read files alone, but for the gateway, which looks accounts up in the directory.
    assert doors == {"check", "federation", "gateway"}
    assert {"join", "sign-in", "run", "certify"} <= {name for name, named in options.items() if "--live" in named}


def test_what_several_scenarios_would_register_alike_is_told_once(run: Run, folder: Path) -> None:
    text = (
        "id: new\ntitle: Joins\nflow: work-account\nuser: {name: carol@contoso.test}\nmatrix: {number: [one, two]}\n"
        "tags: ['${matrix.number}']\nexpect: {registration: registered}\n"
    )
    (folder / "new.scenario.yaml").write_text(text, "utf-8")

    done = run("run", "new.scenario.yaml", "--site", "a.site.yaml")

    assert done.code == 2
    assert done.err.count("it would register LAPTOP-01 there in the name of carol@contoso.test") == 1

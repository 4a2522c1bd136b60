"""`hybridjoin doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hybridjoin.cli.lab import checkup
from hybridjoin.cli.lab.checkup import Checkup, MachineFinding, State
from tests.cli.conftest import Run


def finding(needed_for: str, state: State) -> MachineFinding:
    return MachineFinding(name="x", state=state, detail="", needed_for=needed_for)


@pytest.mark.parametrize(
    ("missing", "labs"),
    [
        ((), {"docker": True, "process": True}),
        ((checkup.DOCKER_LAB,), {"docker": False, "process": True}),
        ((checkup.PROCESS_LAB,), {"docker": True, "process": False}),
        ((checkup.EVERY_LAB,), {"docker": False, "process": False}),
        ((checkup.EVERY_JOIN,), {"docker": False, "process": False}),
    ],
)
def test_what_is_missing_decides_which_labs_can_run(missing: tuple[str, ...], labs: dict[str, bool]) -> None:
    seen = Checkup(findings=tuple(finding(name, "missing") for name in missing))

    assert seen.labs == labs
    assert seen.usable is any(labs.values())


def test_what_is_optional_stops_nothing() -> None:
    assert Checkup(findings=(finding(checkup.PROCESS_LAB, "optional"),)).usable


def test_this_machine_is_examined_and_every_finding_is_complete(run: Run) -> None:
    done = run("doctor", "--json")

    data = json.loads(done.out)
    assert done.code == (0 if data["usable"] else 3)
    assert {item["name"] for item in data["checks"]} >= {"libkrb5", "gssapi", "ldap", "Samba", "Docker engine", "clock"}
    assert [item["name"] for item in data["checks"] if item["state"] != "found" and not item["mend"]] == []


def test_without_engine_and_samba_no_lab_can_run_and_the_commands_are_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setattr(checkup, "SYSTEM_PATH", str(tmp_path))

    done = run("doctor")

    assert done.code == 3
    assert "apt-get install -y samba samba-ad-provision" in done.out
    assert "apt-get install -y docker.io" in done.out
    assert "apt-get install -y krb5-user" in done.out
    assert "No lab can run here" in done.out


def test_a_library_that_cannot_be_imported_says_what_it_is_built_with(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError(f"no {name} here")

    monkeypatch.setattr(checkup, "import_module", refuse)

    seen = checkup.examine()

    gssapi = next(item for item in seen.findings if item.name == "gssapi")
    assert gssapi.state == "missing"
    assert "libkrb5-dev" in gssapi.mend
    assert not seen.usable

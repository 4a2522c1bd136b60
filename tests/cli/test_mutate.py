"""`hybridjoin mutate`: from a file and from a lab, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.cli.certify import mutate_work
from hybridjoin.mutations import OPERATORS, select
from tests.cli.conftest import Run
from tests.mutations.baseline import TEXT, operator
from tests.protocol.documents import sign, signer
from tests.run.test_mutation_source import write_key


@pytest.fixture
def good(tmp_path: Path) -> tuple[str | Path, ...]:
    keys = write_key(tmp_path, signer())
    file = tmp_path / "good.xml"
    file.write_text(sign(str(TEXT)))
    return ("mutate", "--assertion", file, "--key", keys["key"], "--cert", keys["certificate"])


def test_the_matrix_is_shown_a_line_for_each_mutation(run: Run, good: tuple[str, ...]) -> None:
    done = run(*good, "--only", "primarysid-*")

    assert done.code == 0, done.err
    line = next(item for item in done.out.splitlines() if "primarysid-of-a-group" in item)
    assert line.split()[:5] == ["✓", "primarysid-of-a-group", "CLAIM-06", "AADSTS51004", "assumed"]
    assert "mutations of good.xml" in done.out
    assert len(done.out.splitlines()) < 40


def test_pairs_are_drawn_by_the_seed_and_come_out_as_json(run: Run, good: tuple[str, ...]) -> None:
    first, again = (run(*good, "--only", "subject", "--pairs", "5", "--seed", "3", "--json") for _ in range(2))

    rows, other = (json.loads(item.out)["rows"] for item in (first, again))
    assert [row["id"] for row in rows if " + " in row["id"]] == [row["id"] for row in other if " + " in row["id"]]
    assert sum(" + " in row["id"] for row in rows) == 5
    assert [row["sha256"] for row in rows] == [row["sha256"] for row in other]


def test_the_report_is_written_where_it_was_asked_for(run: Run, good: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*good, "--only", "xsw-*", "--report", tmp_path / "out")

    assert f"report: {tmp_path / 'out' / 'mutations.md'}" in done.out
    assert len(json.loads((tmp_path / "out" / "mutations.json").read_text())["rows"]) == len(select("xsw-*"))
    assert "| xsw-1 |" in (tmp_path / "out" / "mutations.md").read_text()


def test_a_mutant_that_slips_past_the_checks_gives_exit_code_1(
    run: Run, good: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    slipping = replace(operator("attributes-reversed"), harmless="", catches=frozenset({"SAML-10"}))
    monkeypatch.setattr(mutate_work, "select", lambda _: (slipping,))

    done = run(*good)

    assert done.code == 1
    assert "nobody: SAML-10 ought to speak" in done.out


def test_the_list_starts_nothing(run: Run) -> None:
    listed = json.loads(run("mutate", "--list", "--json").out)["mutations"]

    assert [item["id"] for item in listed] == [item.id for item in OPERATORS]
    assert "xsw-1" in run("mutate", "--list", "--only", "xsw-1").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "nothing"), "expected to name some of"),
        (("--key", "k.pem"), "expected --assertion with it"),
        (("--assertion", "a.xml"), "expected --key and --cert with it"),
        (("--assertion", "a.xml", "--key", "k", "--cert", "c", "--idp-profile", "adfs"), "expected no lab beside it"),
        (("--assertion", "a.xml", "--key", "k", "--cert", "c"), "cannot be read"),
        (("--pairs", "-1"), "--pairs"),
    ],
)
def test_what_contradicts_itself_is_a_users_mistake(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run("mutate", *arguments)

    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.lab
@pytest.mark.parametrize(("profile", "device"), [("pingone", "WS01"), ("adfs", "WS05")])
def test_a_lab_join_is_mutated_and_nothing_slips_past(run: Run, profile: str, device: str) -> None:
    done = run("mutate", "--lab", "process", "--idp-profile", profile, "--device", device, "--json")

    matrix = json.loads(done.out)
    assert done.code == 0, done.err
    assert matrix["source"] == f"{device} by {profile}"
    assert len(matrix["rows"]) == len(OPERATORS)
    assert not [row["id"] for row in matrix["rows"] if row["fate"] in {"missed", "false alarm"}]


@pytest.mark.lab
def test_a_join_that_is_not_good_is_told_before_anything_is_mutated(run: Run) -> None:
    done = run("mutate", "--lab", "process", "--device", "WS02")

    assert done.code == 1
    assert "expected a SAML 1.1 assertion to mutate, found none: " in done.err


@pytest.mark.lab
def test_a_device_that_the_lab_does_not_have_is_a_users_mistake(run: Run) -> None:
    done = run("mutate", "--lab", "process", "--device", "WS99")

    assert done.code == 2
    assert "WS99" in done.err

"""`hybridjoin import` of the folders that come along: told in full, and none of it more than the files say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hybridjoin.scenario.case.case_file import load_case
from tests.cli.conftest import Run
from tests.intake.customers import CASES, CUSTOMERS, Customer


@pytest.mark.parametrize(("name", "customer"), CUSTOMERS.items(), ids=CUSTOMERS)
def test_a_customers_folder_is_told(run: Run, name: str, customer: Customer) -> None:
    done = run("import", CASES / name / "evidence", "--json")

    assert done.code == 0, done.err
    told = json.loads(done.out)
    for question, wanted in (("road", customer.road), ("phase", customer.phase), ("codes", customer.codes)):
        assert [item["answer"] for item in told["conclusions"] if item["question"] == question] == wanted
    assert {item["id"] for item in told["remarks"]} == customer.remarks
    assert {item["id"] for item in told["missing"]} == customer.asked
    assert {shape for file in told["files"] for shape in file["formats"]} == customer.formats
    assert {one["id"] for part in told["judged"] for one in part["broken"]} == customer.broken
    assert told["contradictions"] == []
    assert [file["name"] for file in told["files"] if file["note"]] == []


def test_every_folder_is_in_the_table_and_says_what_it_is() -> None:
    folders = {path.name for path in CASES.iterdir() if path.is_dir()}

    assert folders == set(CUSTOMERS)
    assert len(folders) >= 12
    assert {name for name in folders if not (CASES / name / "README.md").is_file()} == set()


def test_the_transcripts_came_in_every_way_in_which_they_come() -> None:
    bodies = [path.read_bytes() for path in CASES.glob("*/evidence/*.txt")]
    screens = [body for body in bodies if b"DSREGCMD_END_STATUS" in body.replace(b"\0", b"")]

    assert len(screens) == len(CUSTOMERS)
    assert sum(body.startswith(b"\xff\xfe") for body in screens) == 1
    assert sum(max(map(len, body.decode().splitlines())) == 80 for body in screens if b"\0" not in body) == 1
    assert {b"dsregcmd::wmain" in body.replace(b"\0", b"") for body in screens} == {True, False}


@pytest.mark.parametrize("name", CUSTOMERS)
def test_a_customers_case_is_written_and_read_back(run: Run, name: str, tmp_path: Path) -> None:
    done = run("import", CASES / name / "evidence", "-o", tmp_path / "case")

    assert done.code == 0, done.err
    case = load_case(tmp_path / "case" / "case.yaml")
    assert {item.id for item in case.remarks} == CUSTOMERS[name].remarks
    assert {item.kind for item in case.parts} <= {"mex", "token", "fault", "request", "screen"}


# The suspect that is the true cause, as the folder's README tells it, and how the evidence stands to it.
TRUE_CAUSES = {
    "aadsts51004-anchor": ("immutableid-of-text", "proven"),
    "aadsts51004-namespace": ("accounttype-namespace", "proven"),
    "aadsts51004-not-synced": ("accounttype-missing", "proven"),
    "clock-skew": ("clock-of-the-device", "proven"),
    "duplicate-spn": ("spn-duplicate", "proven"),
    "fallback-hides-a-failure": ("accounttype-namespace", "possible"),
    "issuer-mismatch": ("issuer-slash", "proven"),
    "mex-behind-a-proxy": ("mex-is-a-page", "supported"),
    "mex-instead-of-mex13": ("mex-instead-of-mex13", "proven"),
    "rc4-service-account": ("service-etypes-unset", "proven"),
    "scp-missing": ("scp-missing", "proven"),
    "signing-certificate-rolled": ("signing-key-unknown", "supported"),
}


@pytest.mark.parametrize("name", CUSTOMERS)
def test_the_true_cause_is_the_first_suspect(run: Run, name: str, tmp_path: Path) -> None:
    done = run("import", CASES / name / "evidence", "-o", tmp_path / "case", "--json")
    checked = run("check", tmp_path / "case" / "case.scenario.yaml")

    told = json.loads(done.out)
    first, *others = told["suspects"]
    assert (first["id"], first["standing"]) == TRUE_CAUSES[name]
    assert {item["standing"] for item in others} <= {"supported", "possible"}
    assert bool(first["because"]) is (first["standing"] != "possible")
    assert checked.code == 0, checked.err


def test_scenario_files_are_found_beside_them_as_before(run: Run) -> None:
    listed = run("run", CASES.parent, "--list", "--json")
    checked = run("check", CASES.parent)

    assert (listed.code, checked.code) == (0, 0), (listed.err, checked.err)
    assert "cases/" not in listed.out
    assert "cases/" not in checked.out

"""`hybridjoin explain`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.model.verdict import NotTested, Outcome, Untested
from hybridjoin.report.json_report import write_record
from tests.cli.conftest import Run
from tests.report.certification_sample import certification, certified_record, requirement
from tests.report.sample import bad_scenario, good_scenario, sample_record


def test_a_code_is_told_with_causes_proof_and_fix(run: Run) -> None:
    done = run("explain", "aadsts51004")

    assert done.code == 0
    assert done.out.startswith("AADSTS51004  UserAccountNotInDirectory")
    for words in (
        "First compare these values",
        "documented",
        "Update NameFormat",
        "PingOne:",
        "checked by",
        "CLAIM-01",
    ):
        assert words in done.out


def test_several_names_are_told_in_their_order_and_once(run: Run) -> None:
    done = run("explain", "MEX-07", "304", "0xCAA20003", "51004", "caa20003")

    heads = [line.split("  ")[0] for line in done.out.splitlines() if line and not line.startswith(" ")]
    assert heads == ["MEX-07", "event 304", "0xcaa20003", "AADSTS51004"]


def test_a_pasted_line_is_searched_for_names(run: Run) -> None:
    done = run("explain", "GetComputerTokenForADRS failed with error 0xcaa1000e, see AADSTS50107 and MEX-03")

    assert done.code == 0
    assert all(name in done.out for name in ("0xcaa1000e", "AADSTS50107", "MEX-03"))


def test_unknown_names_are_all_refused_with_what_was_probably_meant(run: Run) -> None:
    done = run("explain", "AADSTS51005", "MEX-7", "51004")

    assert done.code == 2
    assert done.out == ""
    assert "AADSTS51005" in done.err
    assert "did you mean AADSTS5100" in done.err
    assert "MEX-07" in done.err


def test_json_of_articles(run: Run) -> None:
    data = json.loads(run("explain", "MEX-07", "KDC_ERR_S_PRINCIPAL_UNKNOWN", "--json").out)

    assert set(data) == {"articles", "runs"}
    requirement, kerberos = data["articles"]
    assert set(requirement) == {
        "id", "kind", "symbol", "phase", "meaning", "decoded", "certainty", "source", "causes", "see",
    }  # fmt: skip
    assert requirement["symbol"] == "MUST"
    assert "Web Services Policy 1.5" in requirement["source"]
    assert kerberos["causes"][0]["fixes"][0] == {
        "vendor": "Active Directory",
        "fix": "setspn -S HTTP/<host> <the IdP's service account>",
    }


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_record(sample_record(good_scenario(), bad_scenario()), tmp_path)


@pytest.mark.parametrize("as_directory", [True, False])
def test_a_run_is_explained_by_its_evidence(run: Run, record: Path, as_directory: bool) -> None:
    done = run("explain", record.parent if as_directory else record, "--all")

    assert done.code == 0
    assert bad_scenario().id in done.out
    assert "proven" in done.out
    assert "evidence" in done.out
    assert "First compare these values" in done.out


def test_json_of_a_run(run: Run, record: Path) -> None:
    data = json.loads(run("explain", record, "--all", "--json").out)

    diagnosis = data["runs"][0]["diagnoses"][0]
    assert diagnosis["codes"][0] == "AADSTS51004"
    assert diagnosis["causes"][0]["standing"] == "proven"
    assert diagnosis["causes"][0]["evidence"][0]["found"]


def test_a_run_in_which_nothing_failed_says_so(run: Run, tmp_path: Path) -> None:
    write_record(sample_record(good_scenario()), tmp_path)

    assert "nothing failed" in run("explain", tmp_path).out


def test_a_certification_is_explained_requirement_by_requirement(run: Run, tmp_path: Path) -> None:
    write_record(certified_record(), tmp_path)

    done = run("explain", tmp_path)

    heads = [line.split()[2] for line in done.out.splitlines() if line.startswith(("✕ failed", "! warning"))]
    assert heads == ["CLAIM-02", "NEG-01", "MEX-13"], "what is excused comes last"
    assert "excused   known deviation until 2027-01-31 (idp-team): mended in 7.4" in done.out
    assert "no longer holds  expected deviation SIG-03 of idp-team: past its date" in done.out
    assert "Change the mapping." in done.out
    assert "not found out  TOKEN-01: the machine ran out of ports" in done.out


def test_json_of_a_certification(run: Run, tmp_path: Path) -> None:
    write_record(certified_record(), tmp_path)

    told = json.loads(run("explain", tmp_path, "--json").out)["runs"][0]

    first, *_, last = told["requirements"]
    assert (first["id"], first["outcome"], first["deviation"], first["excused"]) == ("CLAIM-02", "failed", None, None)
    assert (last["deviation"], last["excused"]) == (
        "known",
        "known deviation until 2027-01-31 (idp-team): mended in 7.4",
    )
    (lost,) = told["interrupted"]
    assert (lost["reason"], lost["ids"]) == ("the machine ran out of ports", ["TOKEN-01"])
    assert lost["not_tested"]["reason"] == "interrupted"
    assert (first["where"], first["place"]["label"]) == ("RSTR, saml:Attribute accounttype", "accounttype")
    assert [(row["requirement"], row["problem"]) for row in told["deviations"]] == [("SIG-03", "past its date")]
    assert first["codes"][0] == "AADSTS51004"
    assert first["causes"][0]["fixes"]


def test_a_join_that_came_about_is_not_called_one_that_was_meant_to_fail(run: Run, tmp_path: Path) -> None:
    joined = good_scenario()
    assert joined.join is not None
    broken = replace(joined.join.verdicts[0], requirement="NEG-01", outcome=Outcome.FAILED)
    joined = replace(joined, join=replace(joined.join, verdicts=(broken,)))
    found = replace(certification(), requirements=(requirement("NEG-01", Outcome.FAILED),))
    write_record(replace(sample_record(joined), certification=found), tmp_path)

    done = run("explain", tmp_path)

    assert "no join failed" in done.out
    assert "meant to fail" not in done.out
    assert done.out.count("NEG-01  MUST") == 1


def test_of_many_requirements_that_were_not_found_out_a_few_are_named(run: Run, tmp_path: Path) -> None:
    lost = NotTested(reason=Untested.INTERRUPTED, detail="no KDC can be reached")
    rows = tuple(requirement(f"RST-{number:02}", Outcome.INTERRUPTED, why_not=lost) for number in range(1, 12))
    found = replace(certification(), requirements=rows)
    write_record(replace(sample_record(good_scenario()), certification=found), tmp_path)

    done = run("explain", tmp_path)

    assert "RST-06 and 5 more: no KDC can be reached" in done.out
    told = json.loads(run("explain", tmp_path, "--json").out)["runs"][0]["interrupted"]
    assert [len(item["ids"]) for item in told] == [11]


def test_a_certification_without_a_fault_says_so(run: Run, tmp_path: Path) -> None:
    healthy = replace(certification(), requirements=(requirement("MEX-01", Outcome.PASSED),), complete=True)
    write_record(replace(sample_record(good_scenario()), certification=healthy), tmp_path)

    done = run("explain", tmp_path)

    assert "no join failed" in done.out
    assert "no requirement that was tested is broken" in done.out


@pytest.mark.parametrize("body", ["", "{}", '{"schema": "hybridjoin-record/99"}', "nonsense"])
def test_what_is_no_record_is_a_mistake(run: Run, tmp_path: Path, body: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(body)

    done = run("explain", path)

    assert done.code == 2
    assert str(path) in done.err


def test_a_report_that_is_not_there_is_a_mistake(run: Run, tmp_path: Path) -> None:
    done = run("explain", tmp_path / "nowhere")

    assert done.code == 2
    assert "cannot be read" in done.err

"""`hybridjoin explain`."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.model.record import ScenarioRecord
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


def test_what_is_known_is_told_before_what_is_not_is_complained_of(run: Run) -> None:
    done = run("explain", "AADSTS51024", "MEX-7", "51004")

    assert done.code == 2, "something was unknown"
    assert done.out.startswith("AADSTS51004  UserAccountNotInDirectory")
    assert "AADSTS51024" in done.err
    assert "AADSTS51004" in done.err.partition("did you mean")[2]
    assert "MEX-07" in done.err


@pytest.mark.parametrize("before", [(), ("--json",)])
def test_a_signed_decimal_is_a_code_and_no_option(run: Run, before: tuple[str, ...]) -> None:
    done = run("explain", *before, "-895352829", "-2145648625", "51004")

    assert "0xcaa20003" in done.out
    assert "AADSTS51004" in done.out
    assert "No such option" not in done.err


def test_a_code_that_nobody_knows_is_taken_apart(run: Run) -> None:
    done = run("explain", "-2147023436", "0x801c0fff")

    assert done.code == 2
    assert "0x800705b4 is the Win32 error 1460: `net helpmsg 1460` names it" in done.err
    assert "0x801c0fff is a code of the device registration client" in done.err


def test_an_option_that_is_none_is_still_refused(run: Run) -> None:
    done = run("explain", "51004", "--jsn")

    assert done.code == 2
    assert "No such option" in done.err


DSREGCMD = """DsrCmdJoinHelper::Join: ClientRequestId: 9e5c1d3a-8c34-4a86-8f4b-2c8d1e6fa1c2
AdalLog: HRESULT: 0x4aa90010 ; Token request sent. 0x4aa90010
AdalLog: Webrequest returns error code:invalid_grant and error description:AADSTS50008: SAML token is invalid.
AdalLog:  HRESULT: 0xcaa20003
AutoEnrollAsComputer: Unable to retrieve access token. GetComputerTokenForADRS failed with error 0xcaa1000e.
"""
EVENT = """Log Name:      Microsoft-Windows-User Device Registration/Admin
Event ID:      304
Level:         Error
Description:
Automatic registration failed at join phase.  Exit code: -2145647630. Server error: empty.
"""


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-le", b"")]
)
def test_a_saved_screen_is_told_by_its_error_first(run: Run, tmp_path: Path, encoding: str, mark: bytes) -> None:
    file = tmp_path / "dsreg.txt"
    file.write_bytes(mark + DSREGCMD.replace("\n", "\r\n").encode(encoding))

    done = run("explain", file)

    assert done.code == 0, done.err
    heads = [line.split("  ")[0] for line in done.out.splitlines() if line and not line.startswith(" ")]
    assert heads[:2] == [f"{file}: 1 error", "AADSTS50008"]
    assert "printed around them  0xcaa20003 (ERROR_ADAL_SERVER_ERROR_INVALID_GRANT), 0xcaa1000e" in done.out
    assert done.out.rstrip().splitlines()[-1].startswith("notes, no errors  0x4aa90010")


def test_standard_input_is_a_text(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(EVENT.encode()), encoding="utf-8"))

    done = run("explain", "-")

    assert done.code == 0, done.err
    heads = [line.split("  ")[0] for line in done.out.splitlines() if line and not line.startswith(" ")]
    assert heads == ["standard input: 2 errors, the most telling first", "0x801c03f2", "event 304"]
    assert done.out.splitlines()[1].startswith("  0x801c03f2  The registration service")
    assert done.out.splitlines()[2].startswith("  event 304   Automatic registration failed")


def test_json_of_a_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dsreg.txt"
    file.write_text(DSREGCMD + "AADSTS99999999: …")

    done = run("explain", file, "--json")

    assert done.code == 0, "eight digits are no AADSTS number"
    (told,) = json.loads(done.out)["texts"]
    assert ([item["id"] for item in told["errors"]], told["around"]) == (["AADSTS50008"], ["0xcaa20003", "0xcaa1000e"])
    assert told["notes"] == ["0x4aa90010"]


def test_what_a_text_names_and_nobody_knows_is_told_after_the_rest(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "chat.txt"
    file.write_text("first AADSTS99999, then 0x801c0fff and AADSTS51004; flags 0x00000100")

    done = run("explain", file)

    assert done.code == 2
    assert "AADSTS51004  UserAccountNotInDirectory" in done.out
    assert f"{file}: AADSTS99999: no code, event" in done.err
    assert f"{file}: 0x801c0fff: nothing is known of it here" in done.err
    assert "0x00000100" not in done.err


def test_a_text_that_names_nothing_says_what_could_be_in_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear support, it does not work.")

    done = run("explain", file)

    assert done.code == 2
    assert done.out == ""
    assert "expected a text with a code" in done.err
    assert "Event ID: 304" in done.err


@pytest.mark.parametrize("name", ["", " ", "no-such-file.txt", "nonsense"])
def test_what_is_neither_a_name_nor_a_file_is_said_to_be_neither(run: Run, name: str) -> None:
    done = run("explain", name)

    assert (done.code, done.out) == (2, "")
    assert "of that name is known, and no file has it" in done.err or "expected a text" in done.err


def test_a_binary_event_log_says_how_to_make_text_of_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "udr.evtx"
    file.write_bytes(b"ElfFile\0" + bytes(range(256)) * 20)

    done = run("explain", file)

    assert done.code == 2
    assert "wevtutil qe" in done.err


def test_something_binary_is_no_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8)

    done = run("explain", file)

    assert done.code == 2
    assert "something binary" in done.err


def test_a_requirement_says_whom_it_breaks_and_who_says_so(run: Run) -> None:
    java, nobody = run("explain", "RST-05").out, run("explain", "NEG-01").out

    assert "MSAL Java (MSAL4J WSTrustRequest)" in " ".join(java.split())
    assert "nobody known" in nobody


def test_json_of_articles(run: Run) -> None:
    data = json.loads(run("explain", "MEX-07", "KDC_ERR_S_PRINCIPAL_UNKNOWN", "--json").out)

    assert set(data) == {"articles", "texts", "runs", "unknown"}
    requirement, kerberos = data["articles"]
    assert set(requirement) == {
        "id", "kind", "symbol", "phase", "meaning", "decoded", "certainty", "source", "causes", "see",
        "breaks",
    }  # fmt: skip
    assert requirement["symbol"] == "MUST"
    assert requirement["breaks"] == ["MSAL .NET (MSAL MexDocument)"]
    assert "breaks" not in kerberos
    assert "Web Services Policy 1.5" in requirement["source"]
    assert kerberos["causes"][0]["fixes"][0] == {
        "vendor": "Active Directory",
        "fix": "setspn -S HTTP/<host> <the IdP's service account>",
    }


def misplaced() -> ScenarioRecord:
    """The sample's bad join, whose verdict is that of the requirement about the claim's place."""
    bad = bad_scenario()
    assert bad.join is not None
    verdicts = tuple(
        replace(item, requirement="CLAIM-01") if item.requirement == "CLAIM-02" else item for item in bad.join.verdicts
    )
    return replace(bad, join=replace(bad.join, verdicts=verdicts))


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_record(sample_record(good_scenario(), misplaced()), tmp_path)


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

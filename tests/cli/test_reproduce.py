"""`hybridjoin reproduce`: bad folders are refused, what can be tried is, and the verdict stands first."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from hybridjoin.cli.case.reproduce_screen import reproduction_json, show
from hybridjoin.intake.case.missing import Wanted
from hybridjoin.knowledge.article import cause
from hybridjoin.report.json_report import read_record
from hybridjoin.run.reproduction.outcome import match_of
from hybridjoin.run.reproduction.reproduction import LabTrial, Reproduced, Reproduction, TrialKind
from hybridjoin.run.reproduction.verdict import verdict_of
from tests.cli.conftest import Done, Run
from tests.cli.test_import import SETTINGS, WRONG_NAMESPACE
from tests.intake.files import transcripts as t
from tests.intake.test_computer_facts import ldif
from tests.protocol.documents import AssertionText, ReplyText, sign
from tests.run.test_reproduction import HEALTHY, SICK, SYMPTOM, suspect, trial

SCREENS = Path(__file__).parents[1] / "device" / "screens"
SCENARIO = "id: case\ntitle: A customer's computer\n{bent}expect: {{phase: auth}}\n"
MISMAPPED = "idp: {claims: {primarysid: {namespace: 'urn:elsewhere'}}}\n"


def case_of(run: Run, folder: Path, screen: str, bent: str = "") -> Path:
    """A case folder of one transcript, with a scenario in the everyday lab, which is warm sooner than a customer's."""
    (folder / "join.txt").write_text(screen)
    imported = run("import", folder / "join.txt", "-o", folder / "case")
    assert imported.code == 0, imported.err
    (folder / "case" / "case.scenario.yaml").write_text(SCENARIO.format(bent=bent))
    return folder / "case"


@pytest.mark.parametrize(
    "kind", ["nothing", "an empty folder", "a file", "another case.yaml", "no scenario", "no part"]
)
def test_a_folder_that_is_no_case_is_refused_in_words(run: Run, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "case"
    if kind == "a file":
        target.write_text("hello")
    elif kind in {"an empty folder", "another case.yaml"}:
        target.mkdir()
    if kind == "another case.yaml":
        (target / "case.yaml").write_text("version: 1\n")
    if kind in {"no scenario", "no part"}:
        case_of(run, tmp_path, t.FALLBACK)
    if kind == "no scenario":
        (target / "case.scenario.yaml").unlink()
    if kind == "no part":
        next((target / "parts").iterdir()).unlink()

    done = run("reproduce", target)

    assert done.code == 2
    assert "expected" in done.err or "cannot be read" in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "reports").exists()


def test_a_scenario_with_mistakes_is_refused_at_its_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = case_of(run, tmp_path, t.FALLBACK, "dial: [no-such-row]\n")

    done = run("reproduce", case, "--lab", "process")

    assert done.code == 2
    assert "case.scenario.yaml:3:8: unknown" in done.err
    assert not (tmp_path / "reports").exists()


def test_evidence_of_a_join_that_went_well_names_nothing_to_try_and_says_what_to_ask_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = case_of(run, tmp_path, t.FEDERATED)

    done, machine = run("reproduce", case), run("reproduce", case, "--json")

    assert (done.code, machine.code) == (16, 16), done.err
    assert done.out.startswith("✕ not reproduced  no attempt in the evidence is known to have failed")
    assert "dsregcmd /join /debug" in done.out
    assert json.loads(machine.out)["trials"] == []
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("most", ["0", "many"])
def test_a_number_of_joins_that_is_none_is_a_usage_error(run: Run, tmp_path: Path, most: str) -> None:
    assert run("reproduce", tmp_path, "--most", most).code == 2


def drawn(found: Reproduction, width: int, vendor: str = "") -> str:
    target = io.StringIO()
    show(Console(file=target, width=width, force_terminal=True, color_system=None, highlight=False), found, vendor)
    return target.getvalue()


def reproduction(*others: LabTrial) -> Reproduction:
    asked = Wanted(id="assertion", what="the assertion", command="a trace", decides="which claim it is")
    return verdict_of(SYMPTOM, (trial(TrialKind.AS_WRITTEN, HEALTHY), *others), wanted=(asked,))


MAPPED = replace(
    suspect("claim"),
    cause=cause("A claim.", "a proof", pingone="Attribute Mappings: mend it.", adfs="Edit Claim Rules: mend it."),
)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_verdict_stands_first_and_everything_fits_its_terminal(width: int) -> None:
    theirs = replace(SYMPTOM, transcript=tuple(t.FALLBACK.splitlines()))
    told = trial(TrialKind.ADDED, SICK, MAPPED)
    ours = replace(SICK, debug_screen=tuple((SCREENS / "no-ticket.debug.txt").read_text().splitlines()))
    found = verdict_of(theirs, (trial(TrialKind.AS_WRITTEN, HEALTHY), replace(told, match=match_of(theirs, ours))))

    text = drawn(found, width)

    assert text.startswith("! reproduced in part")
    assert max(map(len, text.splitlines())) <= width
    assert "the screens part here first" in text
    assert ("customer" in text and "lab" in text) if width < 100 else "the customer's screen" in text
    assert "lines alike" in text


def test_fixes_are_told_in_the_words_of_the_customers_own_console() -> None:
    found = reproduction(trial(TrialKind.ADDED, SICK, MAPPED))

    ours, anybodys = drawn(found, 100, "PingOne"), drawn(found, 100)

    assert "PingOne: Attribute Mappings" in ours
    assert "AD FS" not in ours
    assert "AD FS: Edit Claim Rules" in anybodys
    assert reproduction_json(found, "AD FS")["causes"][0]["fixes"] == [
        {"words": "Edit Claim Rules: mend it.", "vendor": "AD FS"}
    ]


def test_a_tie_is_told_as_one_with_what_would_decide() -> None:
    found = reproduction(trial(TrialKind.ADDED, SICK, suspect("one")), trial(TrialKind.ADDED, SICK, suspect("two")))

    text = drawn(found, 80)

    assert found.verdict is Reproduced.REPRODUCED
    assert "these 2 cannot be told apart by this symptom; ask for:" in text
    assert "which claim it is" in text


def test_what_a_customer_said_steers_no_terminal() -> None:
    said = replace(SYMPTOM, transcript=("AdalLog: \u001b]0;x\u0007 ; HRESULT: 0xcaa20003",))
    told = trial(TrialKind.AS_WRITTEN, SICK)

    text = drawn(verdict_of(said, (replace(told, match=match_of(said, SICK)),)), 100)

    assert {"\u0007", "\u202e"} & set(text) == set()


LAB = {
    "AADSTS51004": ("refused-fallback-succeeds", MISMAPPED, "AADSTS51004"),
    "0xcaa30191": ("no-ticket", "dial: [service-rc4-only]\ndevice: {fallback: false}\n", "0xcaa30191"),
    "0x801c001d": ("no-scp", "dial: [scp-missing]\n", "0x801c001d"),
}


@pytest.mark.lab
@pytest.mark.parametrize(("screen", "bent", "code"), LAB.values(), ids=LAB)
def test_a_customers_transcript_is_reproduced_and_once_mended_is_not(
    run: Run, tmp_path: Path, screen: str, bent: str, code: str
) -> None:
    case = case_of(run, tmp_path, (SCREENS / f"{screen}.debug.txt").read_text(), bent)

    done = _reproduce(run, case, "--json")
    found = json.loads(done.out)

    assert done.code == 0, done.err or found["why"]
    assert found["verdict"] == "reproduced"
    assert code.removeprefix("AADSTS") in json.dumps(found["trials"][0])
    assert [item["mended"] for item in found["causes"] if item["rank"] == 1] == [True]
    assert {row["likeness"] for row in found["screens"]} <= {"same", "another build", "tells nothing of the failure"}
    latest = tmp_path / "reports" / "latest"
    assert json.loads((latest / "reproduction.json").read_text()) == found
    assert [item.id for item in read_record(latest).scenarios] == [item["scenario"] for item in found["trials"]]

    settled = bent.splitlines()[-1] if "fallback" in bent else ""
    (case / "case.scenario.yaml").write_text(SCENARIO.format(bent=settled + "\n"))
    mended = _reproduce(run, case, "--most", "1")

    assert mended.code == 16, mended.out
    assert mended.out.startswith("✕ not reproduced")
    assert "the screens part here first" in mended.out


def _reproduce(run: Run, case: Path, *options: str) -> Done:
    return run("reproduce", case, "--lab", "process", "--report-dir", case.parent / "reports", *options)


@pytest.mark.lab
def test_a_lab_that_cannot_come_up_is_never_not_reproduced(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(run, tmp_path, t.FALLBACK)
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(tmp_path / ("x" * 120)))

    done = _reproduce(run, case)

    assert done.code == 3, done.out
    assert "not reproduced" not in done.out + done.err
    assert "what to do" in done.err or "hybridjoin: " in done.err


@pytest.mark.lab
def test_what_import_writes_is_reproduced_and_the_proven_cause_is_named_with_its_fix(run: Run, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "join.txt").write_text(t.FALLBACK)
    (sent / "federation.txt").write_text(SETTINGS)
    (sent / "ws01.ldf").write_bytes(ldif())
    signed = sign(str(AssertionText(claims=WRONG_NAMESPACE)))
    (sent / "rstr.xml").write_bytes(bytes(ReplyText(tokens=(signed,))))
    imported = run("import", sent, "-o", tmp_path / "case")

    done = _reproduce(run, tmp_path / "case", "--json")
    found = json.loads(done.out)

    assert (imported.code, done.code) == (0, 0), imported.err + done.err
    first = found["causes"][0]
    assert (first["sentence"], first["standing"]) == (
        "onpremobjectguid stands in another namespace than Entra reads.",
        "proven",
    )
    assert first["because"] == ["rstr.xml:1"]
    assert any("Update NameFormat" in fix["words"] for fix in first["fixes"])
    assert [item["rank"] for item in found["causes"]].count(1) == 1

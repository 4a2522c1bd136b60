"""The judge of a run: what is new fails, what has healed fails, and a mistake has one reason."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.tokens import sign
from hybridjoin.model.record import DeviationRow, ExpectationRecord, ScenarioRecord
from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.model.verdict import Outcome, Verdict
from tests.device.peer import site
from tests.peers.catalogue import PeerMissing, clients, passive_peers, peers
from tests.peers.interop import Column, column, guests, passive_column, required
from tests.peers.page import html, markdown
from tests.peers.trials import (
    Came,
    Done,
    Trial,
    counted,
    faults_of_a_certification,
    faults_of_a_join,
    faults_of_a_mistake,
    named_value,
    said_of_each,
)
from tests.peers.visits import told
from tests.report.certification_sample import certification, requirement
from tests.report.sample import bad_scenario, sample_record

METRO = peers()["metro"]
SITE = site(None)
TOKEN, OTHER = (
    sign({"tid": tenant, "aud": "urn:peers"}, process_authority().token_key, key_id="peers")
    for tenant in (SITE.entra.tenant_id, "another")
)
LISTED = replace(requirement("RSTR-07", Outcome.FAILED), deviation=DeviationList.EXPECTED)


def row(problem: str = "") -> DeviationRow:
    return DeviationRow(
        requirement="RSTR-07",
        list=DeviationList.EXPECTED,
        owner="peer",
        reason="no addressing headers",
        expires=date(2099, 1, 1),
        happened=not problem,
        problem=problem,
    )


@pytest.mark.parametrize(
    ("rows", "deviation", "faults"),
    [
        ([LISTED], row(), []),
        ([LISTED, requirement("MEX-07", Outcome.FAILED)], row(), ["new: MEX-07 MUST failed"]),
        ([LISTED, requirement("NEG-21", Outcome.REVIEW)], row(), ["new: NEG-21 MUST review"]),
        ([requirement("RSTR-07", Outcome.PASSED)], row("did not happen"), ["RSTR-07 of peer did not happen"]),
        ([LISTED, requirement("MEX-01", Outcome.INTERRUPTED)], row(), ["not found out: MEX-01"]),
    ],
    ids=["as listed", "a new failure", "a new note", "healed", "interrupted"],
)
def test_a_certification_is_as_listed_or_somebody_has_to_look(
    rows: list[object], deviation: DeviationRow, faults: list[str]
) -> None:
    certified = replace(certification(), requirements=tuple(rows), deviations=(deviation,))  # type: ignore[arg-type]

    said = list(faults_of_a_certification(certified))

    assert [text.partition(", found")[0] for text in said] == faults
    assert counted(certified).count("/") == 3


def scenario(*verdicts: tuple[str, Outcome], wanted: str = "CLAIM-02") -> ScenarioRecord:
    whole = bad_scenario()
    assert whole.join is not None
    like = whole.join.verdicts[0]
    said: tuple[Verdict, ...] = tuple(
        replace(like, requirement=name, outcome=outcome, found=f"found by {name}") for name, outcome in verdicts
    )
    expected = ExpectationRecord(
        name=f"verdicts.{wanted}", place="", expected="failed", found="failed", met=True, about="verdict",
        target=wanted, wanted=("failed",),
    )  # fmt: skip
    return replace(whole, join=replace(whole.join, verdicts=said), expectations=(expected,))


FAILED, WARNING, PASSED = Outcome.FAILED, Outcome.WARNING, Outcome.PASSED
GOOD = frozenset({("SIG-04", "warning")})


@pytest.mark.parametrize(
    ("verdicts", "faults"),
    [
        ([("CLAIM-02", FAILED), ("SIG-04", WARNING), ("MEX-01", PASSED)], []),
        ([("CLAIM-02", FAILED), ("SIG-04", WARNING), ("SAML-01", FAILED)], ["SAML-01 failed besides"]),
        ([("CLAIM-02", FAILED)], ["SIG-04 warning is not told any more"]),
        ([("CLAIM-02", FAILED), ("SIG-04", PASSED)], ["SIG-04 warning is not told any more"]),
        ([("CLAIM-02", FAILED), ("SIG-04", Outcome.SKIPPED)], []),
    ],
    ids=["its own reason", "another one too", "something is gone", "something healed", "the join did not come so far"],
)
def test_a_mistake_is_told_for_its_own_reason_alone(verdicts: list[tuple[str, Outcome]], faults: list[str]) -> None:
    found = scenario(*verdicts)

    assert list(faults_of_a_mistake(found, GOOD)) == faults
    assert named_value(found) == "CLAIM-02: found by CLAIM-02"


def test_what_a_mistake_breaks_as_well_is_no_fault_of_the_judge() -> None:
    found = scenario(("CLAIM-02", FAILED), ("SIG-04", WARNING), ("TOKEN-01", FAILED))

    assert list(faults_of_a_mistake(found, GOOD)) == ["TOKEN-01 failed besides"]
    assert list(faults_of_a_mistake(found, GOOD, beside=frozenset({"TOKEN-01"}))) == []


def test_a_mistake_that_is_said_without_it_too_proves_nothing() -> None:
    found = scenario(("CLAIM-02", FAILED))

    assert list(faults_of_a_mistake(found, frozenset({("CLAIM-02", "failed")}))) == [
        "CLAIM-02 was expected, and is said without the mistake too"
    ]


def done(record: bool, code: int = 1) -> Done:
    whole = replace(sample_record(), scenarios=(bad_scenario(),)) if record else None
    return Done(code=code, record=whole, words="the last words", wall_s=1, cpu_s=1, peer_cpu_s=1)


def test_a_command_that_left_no_record_is_a_fault_with_its_last_words() -> None:
    assert list(faults_of_a_join(done(record=False, code=3))) == ["exit code 3: the last words"]


def test_an_expectation_that_was_not_met_is_told() -> None:
    unmet = [item for item in bad_scenario().expectations if not item.met]

    assert unmet
    assert len(list(faults_of_a_join(done(record=True)))) == len(unmet)


@pytest.mark.parametrize(
    ("demanded", "must"), [("", False), ("all", True), ("metro", True), ("simplesamlphp", False), ("a metro", True)]
)
def test_a_peer_is_required_by_name_or_with_all(demanded: str, must: bool) -> None:
    assert required("metro", {"HYBRIDJOIN_REQUIRE_PEERS": demanded}) is must


@pytest.mark.parametrize(("demanded", "failed"), [("", False), ("all", True)])
def test_a_peer_that_cannot_be_had_is_skipped_with_its_reason_and_a_failure_where_it_is_required(
    demanded: str, failed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    def nowhere(_folder: object) -> None:
        raise PeerMissing("there is no mvn on PATH")

    monkeypatch.setenv("HYBRIDJOIN_REQUIRE_PEERS", demanded)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("HYBRIDJOIN_CACHE", str(tmp_path))
    (only,) = column(replace(METRO, fetch=nowhere), (), METRO.folder)

    assert isinstance(only, Column)
    assert only.missing == "there is no mvn on PATH"
    assert only.failed is failed
    assert markdown([only]).count("there is no mvn on PATH") == 2


@pytest.mark.parametrize(("demanded", "failed"), [("", False), ("wsfed", True)])
def test_a_peer_at_the_passive_door_that_cannot_be_had_is_skipped_or_required(
    demanded: str, failed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nowhere(_folder: object) -> None:
        raise PeerMissing("there is no node on PATH")

    monkeypatch.setenv("HYBRIDJOIN_REQUIRE_PEERS", demanded)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("HYBRIDJOIN_CACHE", str(tmp_path))
    (only,) = passive_column(replace(passive_peers()["wsfed"], fetch=nowhere), tmp_path)

    assert isinstance(only, Column)
    assert (only.title, only.missing) == ("node's wsfed 6.0.0 behind httpd, by browser", "there is no node on PATH")
    assert only.failed is failed


@pytest.mark.parametrize(("demanded", "came"), [("", Came.SKIPPED), ("msal4j", Came.FAILED)])
def test_a_client_that_cannot_be_had_is_skipped_with_its_reason_and_a_failure_where_it_is_required(
    demanded: str, came: Came, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nowhere(_folder: object) -> None:
        raise PeerMissing("there is no javac on PATH")

    monkeypatch.setenv("HYBRIDJOIN_REQUIRE_PEERS", demanded)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("HYBRIDJOIN_CACHE", str(tmp_path))
    (guest,) = guests({"msal4j": replace(clients()["msal4j"], fetch=nowhere)})

    trial = guest.at(SITE, where="metro", trusts=("1.3",))

    assert (trial.came, trial.words) == (came, "there is no javac on PATH")


@pytest.mark.parametrize(
    ("ended", "refused", "came", "words"),
    [
        ((1, "", "java.AnException: AADSTS90107: no"), "AADSTS90107", Came.PASSED, "as foreseen: AADSTS90107"),
        ((1, "", "java.AnException: AADSTS90107: no"), "", Came.FAILED, "AADSTS"),
        ((1, "", "java.AnException: AADSTS50000: no"), "AADSTS90107", Came.FAILED, "AADSTS"),
        ((0, TOKEN, ""), "", Came.PASSED, "a token for urn:peers"),
        ((0, TOKEN, ""), "AADSTS90107", Came.FAILED, "it got a token, where it was expected to say AADSTS90107"),
        ((0, OTHER, ""), "", Came.FAILED, "a token of tenant another"),
    ],
    ids=["foreseen", "not foreseen", "refused otherwise", "a token", "healed", "another tenant's"],
)
def test_a_client_has_a_token_of_the_tenant_or_says_what_was_foreseen(
    ended: tuple[int, str, str], refused: str, came: Came, words: str
) -> None:
    code, out, err = ended

    found, said = told(subprocess.CompletedProcess([], code, out, err), SITE, refused)

    assert found is came
    assert said.startswith(words)


def test_a_page_tells_every_requirement_across_and_whom_it_breaks() -> None:
    certified = replace(certification(), requirements=(LISTED, requirement("MEX-07", Outcome.PASSED)))
    trial = Trial(name="certify", came=Came.PASSED, words="", requirements=said_of_each(certified))
    other = Trial(name="certify", came=Came.PASSED, words="", requirements={"MEX-07": "failed"})

    text = markdown([Column(title="One", trials=(trial,)), Column(title="Another", trials=(other,))])

    assert "| requirement | One | Another | who breaks on it |" in text
    assert "| RSTR-07 | failed (listed) | - | nobody known |" in text
    assert "| MEX-07 | passed | failed | MSAL .NET |" in text


def test_in_ci_every_peer_has_to_be_had() -> None:
    assert required("metro", {"CI": "true"})
    assert required("metro", {"CI": "1"})
    assert not required("metro", {"CI": ""})


def test_the_page_escapes_what_peers_say_and_leaves_no_cell_out() -> None:
    odd = Trial(name="certify", came=Came.FAILED, words="<script>|\x1b[31m", counts="1 / 2 / 3 / 4", wall_s=1.26)
    one = Column(title=METRO.title, trials=(odd,), ready_s=2)
    other = Column(title="Another", trials=(replace(odd, name="mistake x", came=Came.SILENT, words=""),))

    text, page = markdown([one, other]), html([one, other])

    assert "| certify | ✕ <script>\\|\\u001b[31m | - not asked |" in text
    assert "| mistake x | - not asked | - not spoken |" in text
    assert "| certify | 1.3 | 0.0 |  | 1 / 2 / 3 / 4 |" in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page

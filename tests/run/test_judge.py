"""Each kind of expectation is met by what it asks for, and otherwise told with what came and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.claim_states import states, told
from hybridjoin.model.exchange import Breakdown, Exchange, TicketReply, TicketRequest, Transcript
from hybridjoin.model.record import ExpectationRecord, JoinResult
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import ClaimRow, Outcome
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.run import judge as judge_room
from hybridjoin.run.judge import Judged, judge_expectations
from hybridjoin.run.values import live_values
from hybridjoin.scenario.scenario import Expectation, Expected
from tests.run.joins import (
    ACCOUNT_TYPE,
    GOOD_ROW,
    GUID_BASE64,
    LOST_ROW,
    MISPLACED_ROW,
    NOON,
    NOT_FOUND,
    SID,
    TRANSCRIPT,
    evidence_of,
    record_of,
)
from tests.run.sites import SITE

FALLBACK = Failure(
    phase=Phase.JOIN,
    step=Step.SYNC_JOIN,
    reason="the device object is not found",
    cause=NOT_FOUND,
    server=EnrolmentError(http_status=400, error_type="DirectoryError", message="gone", trace_id="", time=""),
)


def judged_of(evidence: JoinEvidence, transcript: Transcript = TRANSCRIPT) -> Judged:
    values = live_values(evidence.computer, SITE)
    return Judged(join=record_of(evidence), parts=evidence.parts, transcript=transcript, values=values)


def judge(about: Expected, *wanted: str, target: str = "", judged: Judged | None = None) -> ExpectationRecord:
    expectation = Expectation(about=about, wanted=wanted, place="a.scenario.yaml:3:5", target=target)
    (record,) = judge_expectations([expectation], judged or judged_of(evidence_of(fallback_failure=FALLBACK)))
    assert record.place == "a.scenario.yaml:3:5"
    return record


@pytest.mark.parametrize(
    ("about", "target", "good", "bad", "found"),
    [
        (Expected.JOIN, "", "failed", "federated", "failed"),
        (Expected.PHASE, "", "auth", "join", "auth"),
        (Expected.STEP, "", "token", "rst", "token"),
        (Expected.REASON, "", "refused the ASSERTION", "the weather", "Entra refused the assertion: AADSTS51004"),
        (Expected.SERVER_MESSAGE, "", "does not exist", "exists", "AADSTS51004: The user account {EUII Hidden}"),
        (Expected.CODE, "", "0xcaa20003", "0xcaa90002", "0xcaa20003 ERROR_ADAL_SERVER_ERROR_INVALID_GRANT"),
        (Expected.CODE, "", "0xcaa1000e", "0x00000001", "0xcaa20003"),
        (Expected.CODE, "", "0xcaa90006", "0x00000001", "0xcaa20003"),
        (Expected.AADSTS, "", "51004", "50107", "AADSTS51004"),
        (Expected.HTTP_STATUS, "", "400", "200", "400"),
        (Expected.TRUST, "", "1.3", "2005", "1.3"),
        (Expected.FALLBACK_STEP, "", "sync-join", "join", "sync-join"),
        (Expected.FALLBACK_CODE, "", "0x801c03f2", "0x801c03f3", "0x801c03f2 DSREG_E_DIRECTORY_FAILURE"),
        (Expected.FALLBACK_REASON, "", "not found", "found twice", "the device object is not found"),
        (Expected.CLAIM_STATE, "primarysid", "ok", "missing", "ok"),
        (Expected.CLAIM_STATE, "accounttype", "wrong-namespace", "ok", "wrong-namespace"),
        (Expected.CLAIM_STATE, "accounttype", "wrong", "duplicate", "wrong-namespace"),
        (Expected.CLAIM_STATE, "onpremobjectguid", "missing", "wrong-value", "missing"),
        (Expected.CLAIM_NAMESPACE, "accounttype", "urn:other", "urn:right", "urn:other"),
        (Expected.CLAIM_VALUES, "primarysid", "${device.objectSid}", "S-1-5-32", SID),
        (Expected.CLAIM_MISTAKE, "accounttype", "Wrong Namespace", "big-endian", "wrong namespace 'urn:other'"),
        (Expected.VERDICT, "MEX-07", "failed", "passed", "failed"),
        (Expected.SCREEN, "", "AzureAdJoined : NO", "AzureAdJoined : YES", ""),
        (Expected.SCREEN, "", "DomainName : EXAMPLE", "DomainName : ${device.name}", ""),
    ],
)
def test_an_expectation_is_met_by_what_it_asks_for_only(
    about: Expected, target: str, good: str, bad: str, found: str
) -> None:
    met, unmet = judge(about, good, target=target), judge(about, bad, target=target)
    assert met.met
    assert met.explanation == ""
    assert not unmet.met
    assert unmet.found.startswith(found)
    assert unmet.explanation


def test_every_kind_of_expectation_has_somebody_who_looks() -> None:
    assert set(judge_room._FINDERS) == set(Expected)


def test_a_failed_join_names_the_claims_that_are_wrong_and_what_to_try() -> None:
    unmet = judge(Expected.JOIN, "federated", judged=judged_of(evidence_of()))
    assert unmet.explanation.startswith(
        "Entra refused the assertion: AADSTS51004; accounttype: wrong namespace 'urn:other'; "
        "onpremobjectguid is missing; what to try: Nothing that was seen proves a cause. The likeliest: "
    )
    assert unmet.step is Step.TOKEN


def test_a_hidden_failure_is_told_as_hidden() -> None:
    hidden = replace(evidence_of(), result=JoinResult.SYNCHRONIZED)
    assert (
        "the synchronized join then hid it" in judge(Expected.JOIN, "federated", judged=judged_of(hidden)).explanation
    )


def test_other_verdicts_leave_out_those_that_the_scenario_names() -> None:
    unmet = judge(Expected.OTHER_VERDICTS)
    assert (unmet.met, unmet.expected, unmet.found) == (False, "no requirement failed", "MEX-07")
    assert unmet.explanation == "MEX-07: Ids are unique. Found twins"
    assert judge(Expected.OTHER_VERDICTS, "MEX-07").met


def test_values_are_resolved_against_the_live_directory() -> None:
    right = replace(GOOD_ROW, found=(GUID_BASE64,))
    evidence = evidence_of()
    judged = replace(judged_of(evidence), join=record_of(evidence, claims=(right,)))
    met = judge(Expected.CLAIM_VALUES, "${device.objectGUID | base64guid}", target="primarysid", judged=judged)
    assert (met.met, met.expected) == (True, GUID_BASE64)


def test_a_value_that_the_directory_does_not_hold_is_told() -> None:
    unmet = judge(Expected.CLAIM_VALUES, "${device.mS-DS-ConsistencyGuid | base64}", target="primarysid")
    assert unmet.found == "the live directory holds no device.mS-DS-ConsistencyGuid"


@pytest.mark.parametrize("about", [item for item in Expected if item is not Expected.OTHER_VERDICTS])
def test_a_join_that_went_well_meets_no_expectation_of_a_failure(about: Expected) -> None:
    if about in {Expected.SCREEN, Expected.TRUST, Expected.CLAIM_STATE, Expected.CLAIM_NAMESPACE, Expected.VERDICT}:
        target, wanted = "none", "nothing of the kind"
    else:
        target, wanted = "none", "failed"
    unmet = judge(about, wanted, target=target, judged=judged_of(evidence_of(None)))
    assert not unmet.met
    assert unmet.found


def test_a_soap_fault_is_known_by_its_subcode() -> None:
    fault = SoapFault(
        soap_version="1.2", code="Sender", subcode="FailedAuthentication", subcode_namespace="urn:t", reason="no",
        detail="", http_status=500,
    )  # fmt: skip
    judged = judged_of(replace(evidence_of(), fault=fault))
    assert judge(Expected.FAULT, "FailedAuthentication", judged=judged).met
    assert judge(Expected.FAULT, "BadRequest", judged=judged).found == "FailedAuthentication"
    assert judge(Expected.FAULT, "BadRequest").found == "no SOAP fault"


def test_a_kerberos_error_is_found_in_the_exchange_that_broke() -> None:
    broken = Exchange(
        step=Step.TICKET,
        party=Party.DIRECTORY,
        request=TicketRequest(service="HTTP", host="sts.example.test"),
        reply=Breakdown(kind="KDC_ERR_S_PRINCIPAL_UNKNOWN", message="no such principal"),
        started_at=NOON,
        elapsed_s=0.1,
    )
    judged = judged_of(evidence_of(), Transcript(exchanges=(broken,)))
    met = judge(Expected.KERBEROS, "KDC_ERR_S_PRINCIPAL_UNKNOWN", judged=judged)
    assert (met.met, met.step) == (True, Step.TICKET)
    assert judge(Expected.KERBEROS, "KRB_AP_ERR_SKEW", judged=judged).found == "KDC_ERR_S_PRINCIPAL_UNKNOWN"
    assert judge(Expected.KERBEROS, "KRB_AP_ERR_SKEW").found == "no Kerberos error"


def test_the_tickets_encryption_and_key_version_are_found() -> None:
    ticket = TicketReply(
        client="WS01$", server="HTTP/sts", ticket_etype="arcfour-hmac", session_etype="aes256", starts_at=NOON,
        ends_at=NOON, ticket_kvno=2,
    )  # fmt: skip
    judged = judged_of(replace(evidence_of(), ticket=ticket))
    assert judge(Expected.TICKET_ETYPE, "arcfour-hmac", judged=judged).met
    assert judge(Expected.TICKET_ETYPE, "arcfour-hmac").found == "no ticket"
    assert judge(Expected.TICKET_KVNO, "2", judged=judged).met
    assert judge(Expected.TICKET_KVNO, "3", judged=judged).found == "2"
    assert judge(Expected.TICKET_KVNO, "2").found == "no ticket"


@pytest.mark.parametrize(
    ("row", "expected", "words"),
    [
        (GOOD_ROW, ("ok",), f"nothing is wrong with primarysid: it came as '{SID}' in 'urn:"),
        (MISPLACED_ROW, ("wrong-namespace", "wrong"), "accounttype: wrong namespace 'urn:other'"),
        (replace(MISPLACED_ROW, mistake=""), ("wrong-namespace", "wrong"), "accounttype came with the namespace"),
        (LOST_ROW, ("missing", "absent", "wrong"), "onpremobjectguid is missing"),
        (replace(LOST_ROW, outcome=Outcome.SKIPPED), ("absent",), "onpremobjectguid is missing"),
        (replace(LOST_ROW, outcome=Outcome.WARNING), ("missing", "absent"), "onpremobjectguid is missing"),
        (
            replace(GOOD_ROW, found=(SID, SID), outcome=Outcome.FAILED),
            ("duplicate", "wrong"),
            f"primarysid is '{SID}', '{SID}' instead of '{SID}'",
        ),
        (
            replace(GOOD_ROW, found=("S-1",), outcome=Outcome.FAILED),
            ("wrong-value", "wrong"),
            f"primarysid is 'S-1' instead of '{SID}'",
        ),
        (replace(GOOD_ROW, found=("S-1",), outcome=Outcome.REVIEW), ("review", "wrong-value"), "primarysid is 'S-1'"),
    ],
)
def test_a_claims_state_is_told_in_the_scenarios_words(row: ClaimRow, expected: tuple[str, ...], words: str) -> None:
    assert states(row) == expected
    assert told(row).startswith(words)


def test_an_expectation_that_a_right_claim_does_not_meet_names_no_difference_that_is_none() -> None:
    right = replace(MISPLACED_ROW, found_namespace=ACCOUNT_TYPE, outcome=Outcome.PASSED, mistake="")
    judged = replace(judged_of(evidence_of()), join=record_of(evidence_of(), claims=(right,)))

    line = judge(Expected.CLAIM_STATE, "missing", target="accounttype", judged=judged)

    assert not line.met
    assert line.explanation == f"nothing is wrong with accounttype: it came as 'DJ' in '{ACCOUNT_TYPE}'"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("D\u0408", "accounttype: in what was expected, "),
        ("DJ\u200b", "in what was expected, U+200B ZERO WIDTH SPACE"),
        ("dj", "nothing is wrong with accounttype"),
    ],
)
def test_an_expected_value_that_only_looks_like_the_found_one_is_told_apart(wanted: str, words: str) -> None:
    right = replace(MISPLACED_ROW, found_namespace=ACCOUNT_TYPE, outcome=Outcome.PASSED, mistake="")
    judged = replace(judged_of(evidence_of()), join=record_of(evidence_of(), claims=(right,)))

    line = judge(Expected.CLAIM_VALUES, wanted, target="accounttype", judged=judged)

    assert not line.met
    assert words in line.explanation
    assert "'DJ' instead of 'DJ'" not in line.explanation

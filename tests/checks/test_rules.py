"""What single rules say where the counted cases do not reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509

from hybridjoin.checks import judge
from hybridjoin.checks.claims import claim_rows
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.site import UserPractice
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome, Untested, Verdict
from tests.checks.breaking import WITHOUT_ADDRESSES
from tests.checks.evidence_factory import (
    HEALTHY,
    bent,
    claiming,
    failing,
    faulted,
    metadata_evidence,
    reply_evidence,
    signed_evidence,
    token_evidence,
)
from tests.checks.silence import silence
from tests.protocol.documents import (
    ANCHOR,
    CLAIMS,
    DJ,
    GUID,
    ISSUER,
    LIVE_ID,
    NOW,
    SID,
    AssertionText,
    ReplyText,
    base64_guid,
    fault_12,
    instant,
    sign,
    with_claim,
)
from tests.protocol.metadata import USERNAME_13, WINDOWS_13, definitions
from tests.protocol.test_oauth import jwt


def verdict(requirement: str, evidence: JoinEvidence) -> Verdict:
    return next(item for item in judge(evidence.parts) if item.requirement == requirement)


def test_a_refused_ticket_is_no_token() -> None:
    found = verdict("RSTR-01", failing(Step.RST, "HTTP 401: its Kerberos acceptor refused the ticket"))

    assert found.outcome is Outcome.FAILED
    assert "HTTP 401" in found.found
    assert "ticket" in found.remedy


def test_a_claim_whose_documents_disagree_is_for_review() -> None:
    evidence = claiming(*with_claim("ImmutableID", (LIVE_ID, "ImmutableID", (base64_guid(GUID),))))

    found = verdict("CLAIM-08", evidence)

    assert found.outcome is Outcome.REVIEW
    assert "taken from objectGUID" in found.found
    assert found.remedy


def test_a_claim_of_another_spelling_is_not_in_its_place() -> None:
    found = verdict("CLAIM-01", claiming(*with_claim("accounttype", (DJ, "accountType", ("DJ",)))))

    assert found.outcome is Outcome.FAILED
    assert "spelled 'accountType'" in found.found


def test_a_subject_without_a_name_is_not_the_anchor() -> None:
    found = verdict("CLAIM-09", bent(**signed_evidence(AssertionText(name_identifier=None))))

    assert found.outcome is Outcome.WARNING
    assert "no NameIdentifier" in found.found


@pytest.mark.parametrize("code", ["MustUnderstand", "VersionMismatch"])
def test_a_fault_that_soap_defines_whole_needs_no_subcode(code: str) -> None:
    evidence = faulted(fault_12("").replace(b"e:Sender", f"e:{code}".encode()))

    assert verdict("FAULT-01", evidence).outcome is Outcome.PASSED
    assert verdict("FAULT-02", evidence).outcome is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("users", "outcome"),
    [
        (UserPractice(immutable_id=True), Outcome.FAILED),
        (UserPractice(immutable_id=False), Outcome.SKIPPED),
        (UserPractice(), Outcome.REVIEW),
    ],
)
def test_a_computer_needs_an_immutable_id_where_users_get_one(users: UserPractice, outcome: Outcome) -> None:
    missing = replace(claiming(*with_claim("ImmutableID")), users=users)

    assert verdict("CLAIM-07", missing).outcome is outcome
    assert verdict("CLAIM-08", missing).outcome is Outcome.SKIPPED
    assert next(item for item in claim_rows(missing.parts) if item.name == "ImmutableID").outcome is outcome


def test_a_port_for_certificates_is_asked_for_where_people_have_smart_cards() -> None:
    assert verdict("MEX-35", HEALTHY).outcome is Outcome.SKIPPED
    assert verdict("MEX-35", replace(HEALTHY, users=UserPractice(smart_cards=True))).outcome is Outcome.REVIEW


def test_what_is_no_claim_of_a_device_may_be_named_as_it_likes() -> None:
    extra = ("", "http://schemas.example.test/claims/building", ("7",))

    assert verdict("SAML-14", claiming(*CLAIMS, extra)).outcome is Outcome.PASSED


def without_subjects() -> JoinEvidence:
    response = HEALTHY.response
    assert response is not None
    assert response.assertion is not None
    return bent(response=replace(response, assertion=replace(response.assertion, subjects=(), issue_instant=None)))


@pytest.mark.parametrize(
    ("requirement", "outcome"),
    [
        ("SAML-07", Outcome.FAILED),
        ("SAML-09", Outcome.WARNING),
        ("SAML-12", Outcome.PASSED),
        ("SAML-13", Outcome.SKIPPED),
        ("SAML-06", Outcome.SKIPPED),
        ("CLAIM-09", Outcome.WARNING),
    ],
)
def test_an_assertion_without_subjects_and_issue_instant(requirement: str, outcome: Outcome) -> None:
    assert verdict(requirement, without_subjects()).outcome is outcome


def test_without_a_known_certificate_nothing_is_compared() -> None:
    found = verdict("SIG-03", bent(signing_certificates=()))

    assert found.outcome is Outcome.SKIPPED


def test_the_second_verifier_needs_a_certificate() -> None:
    body = bytes(ReplyText(tokens=(sign(str(AssertionText()), key_info=False),)))
    evidence = bent(**reply_evidence(body, trusted=()), signing_certificates=())

    assert verdict("SIG-14", evidence).outcome is Outcome.SKIPPED
    assert verdict("SIG-12", bent(**signed_evidence(AssertionText(), key_value=True))).outcome is Outcome.SKIPPED


def test_the_second_verifier_is_not_led_by_a_certificate_that_is_none() -> None:
    spoiled = sign(str(AssertionText())).replace("<ds:X509Certificate>", "<ds:X509Certificate>!")
    evidence = bent(**reply_evidence(bytes(ReplyText(tokens=(spoiled,)))))

    assert verdict("SIG-14", evidence).outcome is Outcome.PASSED
    assert evidence.signature is not None
    assert evidence.signature.second_opinion is True


def test_metadata_without_windows_callers_is_not_blamed_for_how_it_serves_them() -> None:
    evidence = bent(**metadata_evidence((USERNAME_13,)))

    assert {verdict(item, evidence).outcome for item in ("MEX-05", "MEX-06", "MEX-15")} == {Outcome.SKIPPED}
    assert verdict("MEX-03", evidence).found == "username"


@pytest.mark.parametrize(
    ("evidence", "broken"),
    [
        (bent(**metadata_evidence((replace(WINDOWS_13, reference='<wsp:PolicyReference URI="#lost"/>'),))), "MEX-09"),
        (bent(**metadata_evidence(body=WITHOUT_ADDRESSES.encode())), "MEX-33"),
    ],
    ids=["a policy that is lost", "ports without addresses"],
)
def test_ports_that_cannot_be_read_are_not_said_to_be_for_nobody(evidence: JoinEvidence, broken: str) -> None:
    assert verdict(broken, evidence).outcome is Outcome.WARNING
    for requirement in ("MEX-03", "MEX-16"):
        assert (found := verdict(requirement, evidence)).outcome is Outcome.SKIPPED
        assert silence(found) == replace(silence(found), reason=Untested.JUDGED_ELSEWHERE, requirement=broken)
    assert verdict("MEX-04", evidence).outcome is Outcome.FAILED, "the join ends there all the same"


def test_an_assertion_without_conditions_is_told_so_once() -> None:
    evidence = bent(**signed_evidence(AssertionText(window=None)))

    found = {item: verdict(item, evidence).outcome for item in ("SAML-04", "SAML-05", "SAML-08")}

    assert found == {"SAML-04": Outcome.FAILED, "SAML-05": Outcome.SKIPPED, "SAML-08": Outcome.SKIPPED}


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        ("<saml:AttributeStatement", Outcome.PASSED),
        ("<saml:Conditions/><saml:AttributeStatement", Outcome.FAILED),
        ("<saml:Advice/><saml:AttributeStatement", Outcome.PASSED),
        ("<saml:Advice/><saml:Advice/><saml:AttributeStatement", Outcome.FAILED),
    ],
)
def test_of_conditions_and_advice_an_assertion_has_one(written: str, outcome: Outcome) -> None:
    text = str(AssertionText()).replace("<saml:AttributeStatement", written, 1)
    evidence = bent(**reply_evidence(bytes(ReplyText(tokens=(sign(text),)))))

    assert verdict("SAML-15", evidence).outcome is outcome


def test_an_import_without_a_location_is_left_to_the_reader() -> None:
    body = definitions().replace(
        "<xsd:import schemaLocation", '<xsd:import namespace="urn:x"/><xsd:import schemaLocation', 1
    )

    assert verdict("MEX-20", bent(**metadata_evidence(body=body.encode()))).outcome is Outcome.PASSED


def test_the_healthy_claims_are_those_of_the_directory() -> None:
    assert verdict("CLAIM-04", claiming(*CLAIMS)).found == base64_guid(GUID)
    assert x509.load_der_x509_certificate(HEALTHY.signing_certificates[0]).subject.rfc4514_string() == "CN=signer"


def test_a_token_about_the_anchor_is_for_review() -> None:
    document = {"access_token": jwt({"aud": "urn:x", "on_prem_id": str(ANCHOR), "primary_sid": SID})}

    found = verdict("TOKEN-03", bent(**token_evidence(document)))

    assert found.outcome is Outcome.REVIEW
    assert "mS-DS-ConsistencyGuid" in found.found


def test_an_opaque_token_says_nothing_of_the_computer() -> None:
    evidence = bent(**token_evidence({"access_token": "opaque", "resource": "x"}))

    assert verdict("TOKEN-03", evidence).outcome is Outcome.SKIPPED


@pytest.mark.parametrize("requirement", ["SAML-05", "SAML-06"])
def test_a_clock_that_was_bent_on_purpose_is_not_the_idps_fault(requirement: str) -> None:
    hours = 2 if requirement == "SAML-05" else -2
    arrived = NOW + timedelta(hours=hours, seconds=1)

    assert verdict(requirement, bent(rstr_received_at=arrived)).outcome is not Outcome.PASSED
    assert verdict(requirement, bent(rstr_received_at=arrived, clock_offset_s=hours * 3600)).outcome is Outcome.PASSED


def test_a_lifetime_is_not_compared_with_a_window_that_is_not_there() -> None:
    assert verdict("RSTR-13", bent(**signed_evidence(AssertionText(window=None)))).outcome is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "outcome"),
    [
        pytest.param(-1, 1, Outcome.PASSED, id="the clock read twice"),
        pytest.param(30_000, -30_000, Outcome.PASSED, id="a narrower one"),
        pytest.param(-2_000, 0, Outcome.WARNING, id="before the window"),
        pytest.param(0, 2_000, Outcome.WARNING, id="after the window"),
    ],
)
def test_a_lifetime_stays_within_the_window(start_ms: int, end_ms: int, outcome: Outcome) -> None:
    start, end = NOW + timedelta(milliseconds=start_ms), NOW + timedelta(hours=1, milliseconds=end_ms)
    reply = ReplyText(tokens=(sign(str(AssertionText())),), lifetime=(instant(start), instant(end)))

    assert verdict("RSTR-13", bent(**reply_evidence(bytes(reply)))).outcome is outcome


def test_a_certificate_that_cannot_be_read_is_none() -> None:
    found = verdict("SIG-09", bent(**signed_evidence(certificate=b"no certificate")))

    assert (found.outcome, found.found) == (Outcome.WARNING, "an unreadable X509Certificate")


def test_the_value_is_judged_apart_from_the_place() -> None:
    anchor = base64_guid(ANCHOR)
    evidence = claiming(*with_claim("onpremobjectguid", ("urn:x", "onpremobjectguid", (anchor,))))

    assert verdict("CLAIM-03", evidence).outcome is Outcome.FAILED
    assert verdict("CLAIM-04", evidence).outcome is Outcome.REVIEW


def test_an_issuer_id_in_the_wrong_place_is_told_so() -> None:
    found = verdict("CLAIM-12", claiming(*CLAIMS, ("urn:x", "issuerid", (ISSUER,))))

    assert found.outcome is Outcome.FAILED
    assert found.found.startswith("wrong namespace 'urn:x'")

"""Faults that a mutation once slipped past the checks with: each as evidence that breaks, beside one that keeps."""

from __future__ import annotations

import pytest

from hybridjoin.checks import judge
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Outcome
from tests.checks.evidence_factory import bent, claiming, reply_evidence, signed_evidence
from tests.protocol.documents import CLAIMS, ISSUER, REALM, UPN, WS2008, AssertionText, ReplyText, sign, with_claim

TEXT = str(AssertionText())
CONDITION = TEXT[TEXT.index("<saml:AudienceRestriction") : TEXT.index("</saml:Conditions>")]
SUBJECT = TEXT[TEXT.index("<saml:Subject>") : TEXT.index("</saml:Subject>") + len("</saml:Subject>")]
STRANGER = '<x:Extensions xmlns:x="urn:example"/>'


def said(text: str) -> JoinEvidence:
    return bent(**reply_evidence(bytes(ReplyText(tokens=(sign(text),)))))


def outcome(requirement: str, evidence: JoinEvidence) -> Outcome:
    return next(item.outcome for item in judge(evidence.parts) if item.requirement == requirement)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (CONDITION, Outcome.PASSED),
        (CONDITION.replace(REALM, "urn:other"), Outcome.FAILED),
        ("<saml:AudienceRestrictionCondition/>", Outcome.FAILED),
    ],
)
def test_each_of_two_audience_restrictions_has_to_name_the_realm(second: str, expected: Outcome) -> None:
    assert outcome("SAML-08", said(TEXT.replace(CONDITION, CONDITION + second))) is expected


def test_one_of_two_audiences_in_one_restriction_is_enough() -> None:
    other = f"<saml:Audience>urn:other</saml:Audience><saml:Audience>{REALM}</saml:Audience>"

    assert outcome("SAML-08", bent(**signed_evidence(AssertionText(audience="urn:x")))) is Outcome.FAILED
    assert outcome("SAML-08", said(TEXT.replace(f"<saml:Audience>{REALM}</saml:Audience>", other))) is Outcome.PASSED


@pytest.mark.parametrize("keep", ["first", "last"])
def test_a_statement_without_a_subject_is_not_confirmed(keep: str) -> None:
    head, tail = (TEXT.rpartition if keep == "first" else TEXT.partition)(SUBJECT)[::2]

    assert outcome("SAML-09", said(TEXT)) is Outcome.PASSED
    assert outcome("SAML-09", said(head + tail)) is Outcome.WARNING


@pytest.mark.parametrize("tokens", [(STRANGER, sign(TEXT)), (sign(TEXT), STRANGER)])
def test_nothing_may_stand_beside_the_assertion(tokens: tuple[str, ...]) -> None:
    assert outcome("RSTR-09", bent(**reply_evidence(bytes(ReplyText(tokens=(sign(TEXT),)))))) is Outcome.PASSED
    assert outcome("RSTR-09", bent(**reply_evidence(bytes(ReplyText(tokens=tokens))))) is Outcome.FAILED


@pytest.mark.parametrize(
    ("name", "expected"),
    [("issuerid", Outcome.PASSED), ("ISSUERID", Outcome.FAILED), (f"{WS2008}/issuerid", Outcome.FAILED)],
)
def test_issuerid_is_spelled_as_it_is_compared(name: str, expected: Outcome) -> None:
    assert outcome("CLAIM-12", claiming(*CLAIMS, (WS2008, name, (ISSUER,)))) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("WS01$@hybridjoin.test", Outcome.PASSED), ("WS02$@hybridjoin.test", Outcome.WARNING), ("", Outcome.WARNING)],
)
def test_the_upn_is_the_computers_own(value: str, expected: Outcome) -> None:
    assert outcome("CLAIM-13", claiming(*with_claim("UPN", (UPN, "UPN", (value,))))) is expected

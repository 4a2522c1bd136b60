from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hybridjoin.checks.claims import claim_rows
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import ClaimRow, Outcome
from hybridjoin.protocol.computer import SidOwner
from tests.checks.evidence_factory import COMPUTER, HEALTHY, bent, claiming, failing, signed_evidence
from tests.protocol.documents import (
    ANCHOR,
    CLAIMS,
    DJ,
    GUID,
    IDENTITY,
    ISSUER,
    LIVE_ID,
    SID,
    WS2008,
    XMLSOAP,
    AssertionText,
    Claim,
    base64_guid,
    with_claim,
)

BY_GUID, BY_ANCHOR = base64_guid(GUID), base64_guid(ANCHOR)


def row(evidence: JoinEvidence, name: str) -> ClaimRow:
    return next(item for item in claim_rows(evidence.parts) if item.name == name)


def test_the_healthy_join_has_a_row_for_each_claim_and_all_pass() -> None:
    rows = claim_rows(HEALTHY.parts)

    assert [(item.name, item.outcome) for item in rows] == [
        ("Subject", Outcome.PASSED),
        ("ImmutableID", Outcome.PASSED),
        ("onpremobjectguid", Outcome.PASSED),
        ("primarysid", Outcome.PASSED),
        ("accounttype", Outcome.PASSED),
        ("issuerid", Outcome.SKIPPED),
        ("UPN", Outcome.PASSED),
    ]
    assert [item.source for item in rows[:4]] == [
        "mS-DS-ConsistencyGuid",
        "mS-DS-ConsistencyGuid",
        "objectGUID",
        "objectSid",
    ]
    assert all(item.found == item.expected and not item.mistake for item in rows if item.found)


@pytest.mark.parametrize("name", ["ImmutableID", "onpremobjectguid", "primarysid", "accounttype"])
def test_a_missing_claim_fails_without_a_guess(name: str) -> None:
    found = row(claiming(*with_claim(name)), name)

    assert (found.outcome, found.found, found.found_namespace, found.mistake) == (Outcome.FAILED, (), "", "")
    assert found.expected
    assert found.namespace


@pytest.mark.parametrize("name", ["ImmutableID", "onpremobjectguid", "primarysid", "accounttype"])
def test_a_claim_in_the_wrong_namespace_is_found_and_told_where_it_belongs(name: str) -> None:
    right = next(claim for claim in CLAIMS if claim[1] == name)

    found = row(claiming(*with_claim(name, ("urn:wrong", name, right[2]))), name)

    assert found.outcome is Outcome.FAILED
    assert found.found == right[2]
    assert (found.namespace, found.found_namespace) == (right[0], "urn:wrong")
    assert found.mistake.startswith(f"wrong namespace 'urn:wrong'; it should be '{right[0]}'")


def test_place_and_value_are_both_named() -> None:
    found = row(claiming(*with_claim("accounttype", (WS2008, "accounttype", ("dj",)))), "accounttype")

    assert (
        found.mistake
        == f"wrong namespace '{WS2008}'; it should be '{DJ}'; 'dj' in the wrong case; 'DJ' is compared exactly"
    )


@pytest.mark.parametrize("space", [LIVE_ID, XMLSOAP])
def test_immutable_id_may_stand_in_either_namespace(space: str) -> None:
    found = row(claiming(*with_claim("ImmutableID", (space, "ImmutableID", (BY_ANCHOR,)))), "ImmutableID")

    assert found.outcome is Outcome.PASSED
    assert found.found_namespace == found.namespace == space


def test_immutable_id_may_stand_in_both_namespaces() -> None:
    found = row(claiming(*CLAIMS, (XMLSOAP, "ImmutableID", (BY_ANCHOR,))), "ImmutableID")

    assert found.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param((*CLAIMS, CLAIMS[2]), "issued 2 times", id="twice"),
        pytest.param(with_claim("accounttype", (DJ, "accounttype", ("DJ", "User"))), "2 values", id="two values"),
        pytest.param(with_claim("accounttype", (DJ, "accounttype", ())), "the value is empty", id="no value"),
        pytest.param(with_claim("accounttype", (DJ, "accounttype", ("",))), "the value is empty", id="empty value"),
        pytest.param(with_claim("accounttype", (DJ, "AccountType", ("DJ",))), "spelled 'AccountType'", id="spelling"),
        pytest.param(with_claim("accounttype", ("", f"{DJ}/accounttype", ("DJ",))), "the whole URI", id="URI"),
    ],
)
def test_too_many_too_few_and_odd_spellings_are_named(claims: tuple[Claim, ...], words: str) -> None:
    found = row(claiming(*claims), "accounttype")

    assert found.outcome is Outcome.FAILED
    assert words in found.mistake


def test_the_object_guid_taken_from_the_anchor_is_for_a_person_to_decide() -> None:
    found = row(
        claiming(*with_claim("onpremobjectguid", (IDENTITY, "onpremobjectguid", (BY_ANCHOR,)))), "onpremobjectguid"
    )

    assert found.outcome is Outcome.REVIEW
    assert found.mistake == "taken from mS-DS-ConsistencyGuid although objectGUID belongs here"


def test_the_anchor_taken_from_the_object_guid_is_for_a_person_to_decide() -> None:
    found = row(claiming(*with_claim("ImmutableID", (LIVE_ID, "ImmutableID", (BY_GUID,)))), "ImmutableID")

    assert found.outcome is Outcome.REVIEW
    assert found.mistake == "taken from objectGUID although mS-DS-ConsistencyGuid belongs here"


@pytest.mark.parametrize(
    ("consistency", "source_anchor"), [(None, "auto"), (ANCHOR.bytes_le, "objectGUID"), (GUID.bytes_le, "auto")]
)
def test_the_anchor_is_the_object_guid_where_nothing_else_is_set_or_chosen(
    consistency: bytes | None, source_anchor: str
) -> None:
    claims = with_claim("ImmutableID", (LIVE_ID, "ImmutableID", (BY_GUID,)))
    computer = replace(COMPUTER, consistency_guid=consistency)
    text = AssertionText(claims=claims, name_identifier=BY_GUID)
    evidence = bent(computer=computer, source_anchor=source_anchor, **signed_evidence(text))

    assert row(evidence, "ImmutableID").outcome is Outcome.PASSED
    assert row(evidence, "Subject").outcome is Outcome.PASSED
    assert row(evidence, "onpremobjectguid").outcome is Outcome.PASSED


def test_a_missing_anchor_on_the_computer_shows_as_an_empty_claim() -> None:
    evidence = replace(
        claiming(*with_claim("ImmutableID", (LIVE_ID, "ImmutableID", ("",)))),
        computer=replace(COMPUTER, consistency_guid=None),
    )

    assert "probably not set on computers" in row(evidence, "ImmutableID").mistake


def test_the_owner_of_a_claimed_sid_is_named() -> None:
    user = SID[:-4] + "1105"
    owner = SidOwner(sid=user, kind="user", sam_account_name="alice")
    evidence = replace(claiming(*with_claim("primarysid", (WS2008, "primarysid", (user,)))), sid_owner=owner)

    assert row(evidence, "primarysid").mistake.startswith("a user's SID (alice)")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name_identifier": None}, "no NameIdentifier"),
        ({"second_name_identifier": "x"}, "different subjects"),
        ({"name_identifier": base64_guid(GUID)[::-1]}, ""),
    ],
)
def test_a_wrong_subject_is_warned_of(changes: dict[str, Any], words: str) -> None:
    found = row(bent(**signed_evidence(AssertionText(**changes))), "Subject")

    assert found.outcome is Outcome.WARNING
    assert words in found.mistake


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(ISSUER, Outcome.PASSED), (f"{ISSUER}/", Outcome.FAILED)],
)
def test_issuerid_is_judged_where_it_is_issued(value: str, outcome: Outcome) -> None:
    found = row(claiming(*CLAIMS, (WS2008, "issuerid", (value,))), "issuerid")

    assert found.outcome is outcome
    assert not found.required


def test_upn_is_never_more_than_a_warning() -> None:
    assert row(claiming(*with_claim("UPN")), "UPN").outcome is Outcome.SKIPPED
    assert row(claiming(*with_claim("UPN", ("urn:x", "UPN", ("x",)))), "UPN").outcome is Outcome.WARNING


def test_without_an_assertion_or_a_directory_there_is_no_table() -> None:
    assert claim_rows(failing(Step.RST, "HTTP 500").parts) == ()
    assert claim_rows(bent(computer=None).parts) == ()

"""The operators: plain data, pure, the same on every machine, and honest about what they cannot bend."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.doubles.idp.signing import signer
from hybridjoin.mutations import OPERATORS, Area, CannotApply, Operator, control, make, pairs, select
from hybridjoin.mutations.tree import octets
from hybridjoin.protocol.signature import read_signature
from tests.mutations.baseline import CLAIM_NAMES, TEXT, bare, identity, operator
from tests.protocol.documents import NOW, AssertionText
from tests.protocol.documents import signer as key_of

SIGN = signer(identity())
CONTENT = [item for item in OPERATORS if item.is_about_content]


def named(item: Operator) -> str:
    return item.id


def test_no_two_operators_share_an_id_or_a_sentence() -> None:
    assert [item for item, count in Counter(item.id for item in OPERATORS).items() if count > 1] == []
    assert [item for item, count in Counter(item.sentence for item in OPERATORS).items() if count > 1] == []


@pytest.mark.parametrize("item", OPERATORS, ids=named)
def test_the_operator_says_what_it_does_and_who_is_meant_to_catch_it(item: Operator) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+", item.id)
    assert item.sentence.endswith(".")
    assert item.touches
    assert bool(item.catches) != bool(item.harmless)
    assert item.catches <= {requirement.id for requirement in BOOK}


@pytest.mark.parametrize("area", list(Area))
def test_every_area_has_faults(area: Area) -> None:
    assert select(area.value)


@pytest.mark.parametrize("name", CLAIM_NAMES)
def test_every_claim_goes_wrong_in_every_common_way(name: str) -> None:
    found = {item.id.partition("-")[2] for item in select(f"{name.lower()}-*")}

    common = "missing other-namespace namespace-slash namespace-https namespace-upper-case namespace-empty uri-in-name"
    values = "duplicate two-values no-value empty leading-space trailing-space line-break comment"
    assert {*common.split(), *values.split()} <= found
    assert {"name-lower-case", "name-upper-case"} & found


def test_only_a_pattern_of_an_id_or_an_area_chooses() -> None:
    assert {item.id for item in select("XSW-*")} == {f"xsw-{number}" for number in range(1, 10)}
    assert {item.area for item in select("conditions")} == {Area.CONDITIONS}
    assert select("nothing-like-it") == ()


@pytest.mark.parametrize("item", OPERATORS, ids=named)
def test_the_good_assertion_itself_stays_untouched(item: Operator) -> None:
    good = bare()
    before = octets(good)

    make(good, (item,), SIGN)

    assert octets(good) == before


@pytest.mark.parametrize("item", OPERATORS, ids=named)
def test_the_same_mutation_makes_the_same_octets(item: Operator) -> None:
    assert make(bare(), (item,), SIGN).tokens == make(bare(), (item,), SIGN).tokens


@pytest.mark.parametrize("item", CONTENT, ids=named)
def test_a_fault_of_the_content_is_not_hidden_behind_a_broken_signature(item: Operator) -> None:
    mutant = make(bare(), (item,), SIGN).tokens[0]
    found = re.search(rb' AssertionID="([^"]+)"', mutant)
    assert found is not None

    reading = read_signature(
        mutant, assertion_id=found[1].decode(), trusted_certificates=(key_of().certificate,), issued_at=NOW
    )

    # A name that is no XML ID cannot be referred to, which the reader of signatures is right to refuse.
    assert reading.valid or item.id == "id-colon", reading.problem


def test_the_control_is_the_good_assertion_signed_again() -> None:
    mutant = control(bare(), SIGN)

    assert mutant.operators == ()
    assert b"<ds:SignatureValue>" in mutant.tokens[0]
    assert octets(bare())[:-20] in mutant.tokens[0]


@pytest.mark.parametrize(
    ("mutation", "text", "reason"),
    [
        ("issuerid-missing", AssertionText(), "the assertion has no issuerid"),
        ("onpremobjectguid-url-safe", AssertionText(), "the value is spelled alike either way"),
        ("conditions-expired", AssertionText(window=None), "the assertion has no Conditions"),
        ("authentication-password", AssertionText(authentication=False), "has no AuthenticationStatement"),
        ("subject-missing-in-one", AssertionText(authentication=False), "has one statement only"),
        ("xsw-1", AssertionText(claims=()), "'' is not a SID"),
        ("subject-big-endian", AssertionText(name_identifier="ws01@example.com"), "is not base64 of a GUID"),
        ("immutableid-exchanged", AssertionText(claims=()), "the assertion has no"),
    ],
)
def test_a_mutation_that_cannot_be_applied_says_why(mutation: str, text: AssertionText, reason: str) -> None:
    with pytest.raises(CannotApply, match=re.escape(reason)):
        make(bare(text), (operator(mutation),), SIGN)


def test_equal_guids_cannot_be_exchanged() -> None:
    guid = TEXT.claims[3][2]
    claims = tuple((space, name, guid if name == "ImmutableID" else values) for space, name, values in TEXT.claims)

    with pytest.raises(CannotApply, match="are the same"):
        make(bare(replace(TEXT, claims=claims)), (operator("immutableid-exchanged"),), SIGN)


def test_a_seed_draws_the_same_pairs_and_another_seed_others() -> None:
    first, again, other = (pairs(OPERATORS, count=40, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert len(first) == 40
    assert pairs(OPERATORS, count=10, seed=1) == first[:10]


def test_the_two_of_a_pair_leave_one_another_alone() -> None:
    for one, two in pairs(OPERATORS, count=20_000, seed=0):
        assert one.touches.isdisjoint(two.touches)
        assert one.is_about_content
        assert not one.harmless
        assert not two.harmless

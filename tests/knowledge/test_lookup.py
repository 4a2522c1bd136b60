"""A name is found however people write it down, and one that is mistyped brings its neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.checks.rules import BOOK
from hybridjoin.knowledge.article import ArticleKind
from hybridjoin.knowledge.lookup import Sentence, about, find, near

EXAMPLE = Sentence(
    id="CLAIM-01", level="MUST", sentence="A claim stands in its namespace.", source="a book", verified=False, remedy=""
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("AADSTS51004", "AADSTS51004"),
        ("aadsts51004:", "AADSTS51004"),
        ("51004", "AADSTS51004"),
        ("UserAccountNotInDirectory", "AADSTS51004"),
        ("0xCAA20003", "0xcaa20003"),
        ("caa20003", "0xcaa20003"),
        ("-895352829", "0xcaa20003"),
        ("invalid_grant", "0xcaa20003"),
        ("ERROR_ADAL_SERVER_ERROR_INVALID_GRANT", "0xcaa20003"),
        ("dsreg_e_directory_failure", "0x801c03f2"),
        ("304", "event 304"),
        ("Event 304", "event 304"),
        ("event id 1088", "event 1088"),
        ("kdc_err_s_principal_unknown", "KDC_ERR_S_PRINCIPAL_UNKNOWN"),
        ("0x25", "KRB_AP_ERR_SKEW"),
        ("37", "KRB_AP_ERR_SKEW"),
        ("failedauthentication", "FailedAuthentication"),
        ("wst:FailedAuthentication", "FailedAuthentication"),
        ("0xcaa301f7", "0xcaa301f7"),
    ],
)
def test_a_name_is_found_however_it_is_written(written: str, expected: str) -> None:
    article = find(written)

    assert article is not None
    assert article.id == expected


@pytest.mark.parametrize("name", ["", "nothing", "99999", "0x", "0x12345678", "-1", "-99999999999", "AADSTS", "MEX-07"])
def test_what_is_not_known_is_not_made_up(name: str) -> None:
    assert find(name) is None


@given(st.text(max_size=60))
def test_any_text_is_looked_up_without_falling_over(text: str) -> None:
    assert find(text) is None or find(text) is not None
    assert len(near(text)) <= 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("AADSTS500107", "AADSTS50107"),
        ("0xcaa2003", "0xcaa20003"),
        ("FailedAuthentification", "FailedAuthentication"),
        ("KDC_ERR_S_PRINCIPLE_UNKNOWN", "KDC_ERR_S_PRINCIPAL_UNKNOWN"),
        ("MEX-7", "MEX-07"),
    ],
)
def test_a_mistyped_name_brings_its_neighbours(written: str, meant: str) -> None:
    assert meant in near(written, (item.id for item in BOOK))


def test_messages_that_mislead_are_decoded() -> None:
    account, wrapper, kerberos = find("51004"), find("0xcaa1000e"), find("401 ") or find("0xcaa30191")

    assert account is not None
    assert "First compare these values" in account.decoded
    assert "accounttype" in account.decoded
    assert "ImmutableID" in account.decoded
    assert wrapper is not None
    assert "0xcaa20003" in wrapper.decoded
    assert wrapper.see[0] == "0xcaa20003"
    assert kerberos is not None
    assert "ticket" in kerberos.decoded


def test_the_fixes_name_the_vendors_consoles() -> None:
    article = find("51004")

    assert article is not None
    vendors = {fix.vendor for cause in article.causes for fix in cause.fixes}
    words = " ".join(fix.words for cause in article.causes for fix in cause.fixes)
    assert {"PingOne", "AD FS"} <= vendors
    assert "Update NameFormat" in words
    assert "#string.uuidAsBase64Guid(user.externalId,null)" in words


def test_a_requirement_is_explained_with_what_it_leads_to() -> None:
    article = about(EXAMPLE)

    assert article.kind is ArticleKind.REQUIREMENT
    assert "AADSTS51004" in article.see
    assert article.source == "a book; section unverified: the sentence is ours"
    assert "namespace" in article.causes[0].sentence


def test_a_requirement_of_an_unknown_area_still_says_where_to_look() -> None:
    stranger = Sentence(
        id="NEW-01", level="MUST", sentence="Something new holds.", source="x", verified=True, remedy=""
    )

    article = about(stranger)

    assert article.source == "x"
    assert "verdict" in article.causes[0].proof
    assert article.causes[0].fixes


@pytest.mark.parametrize("name", ["JOIN-01", "TOKEN-01", "SCP-01", "BRIDGE-01", "LEAVE-01", "SIG-01"])
def test_nobody_is_accused_before_the_verdict_names_who_answered(name: str) -> None:
    broken = Sentence(id=name, level="MUST", sentence="It holds.", source="x", verified=True, remedy="Mend it.")

    first = about(broken).causes[0]

    assert first.fixes[0].words == "Mend it."
    assert "IdP" not in first.sentence
    assert "verdict" in first.proof

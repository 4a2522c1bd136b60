"""One vector for each mistake that has a name."""

from __future__ import annotations

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.checks import mistakes
from hybridjoin.checks.mistakes import GuidSource
from hybridjoin.protocol.computer import SidOwner, read_sid
from hybridjoin.protocol.guid import encode_bytes

OBJECT_GUID = GuidSource(attribute="objectGUID", octets=uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444").bytes_le)
ANCHOR = GuidSource(
    attribute="mS-DS-ConsistencyGuid", octets=uuid.UUID("f24f116f-6e80-425d-8236-09803da7dfbe").bytes_le
)
TRICKY = GuidSource(attribute="objectGUID", octets=bytes.fromhex("fbff3e" * 5 + "fb"))  # base64 with + and /
OWN_SID = "S-1-5-21-1004336348-1177238915-682003330-1260"
DOMAIN = "S-1-5-21-1004336348-1177238915-682003330"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param("", "the value is empty", id="empty"),
        pytest.param("  ", "the value is empty", id="blank"),
        pytest.param(
            "bxFP8oBuXUKCNgmAPaffvg==", "taken from mS-DS-ConsistencyGuid although objectGUID", id="other source"
        ),
        pytest.param("XAxBUeKqQ16Yeql655jERA==", "the big-endian bytes of objectGUID", id="big-endian"),
        pytest.param("8k8Rb26AQl2CNgmAPaffvg==", "big-endian bytes of mS-DS-ConsistencyGuid", id="big-endian anchor"),
        pytest.param("NWMwYzQxNTEtZTJhYS00MzVlLTk4N2EtYTk3YWU3OThjNDQ0", "base64 of the text of objectGUID", id="text"),
        pytest.param(
            base64.b64encode(b"5C0C4151-E2AA-435E-987A-A97AE798C444").decode(),
            "base64 of the text",
            id="upper-case text",
        ),
        pytest.param(
            base64.b64encode(b"{5c0c4151-e2aa-435e-987a-a97ae798c444}").decode(), "base64 of the text", id="braced text"
        ),
        pytest.param(
            base64.b64encode("5c0c4151-e2aa-435e-987a-a97ae798c444".encode("utf-16-le")).decode(),
            "base64 of the text",
            id="UTF-16 text",
        ),
        pytest.param(base64.b64encode(b"UUEMXKriXkOYeql655jERA==").decode(), "encoded twice", id="encoded twice"),
        pytest.param("51410c5caae25e43987aa97ae798c444", "in hexadecimal instead", id="hex of the bytes"),
        pytest.param("51410C5CAAE25E43987AA97AE798C444", "in hexadecimal instead", id="upper-case hex"),
        pytest.param("5c0c4151e2aa435e987aa97ae798c444", "in hexadecimal, big-endian", id="hex of the digits"),
        pytest.param("{5C0C4151-E2AA-435E-987A-A97AE798C444}", "as text in braces", id="braces"),
        pytest.param("5c0c4151-e2aa-435e-987a-a97ae798c444", "objectGUID as text instead", id="plain text"),
        pytest.param("UUEMXKriXkOYeql655jERA", "without its padding", id="unpadded"),
        pytest.param("UUEMXKriXkOYeql655jERA== ", "at the end of the value", id="trailing space"),
        pytest.param("\nUUEMXKriXkOYeql655jERA==", "at the beginning of the value", id="leading line break"),
        pytest.param("UUEMXKriXkOY\r\neql655jERA==", "line breaks or spaces stand inside", id="line break inside"),
        pytest.param('"UUEMXKriXkOYeql655jERA=="', "quotation marks", id="quotes"),
        pytest.param("h9RUd8MfBkKelc4BLxWG5Q==", "7754d487-1fc3-4206-9e95-ce012f1586e5", id="unknown GUID"),
        pytest.param(OWN_SID, "a SID stands where a GUID belongs", id="SID"),
        pytest.param("WS01$", "a name stands where a GUID belongs", id="account name"),
        pytest.param("ws01@hybridjoin.test", "a name stands where a GUID belongs", id="UPN"),
        pytest.param("QA\ufffd\\\u00aaz", "binary GUID was written as if it were text", id="binary as text"),
    ],
)
def test_a_guid_mistake_is_named(found: str, words: str) -> None:
    assert words in mistakes.name_guid_mistake(found, OBJECT_GUID, (OBJECT_GUID, ANCHOR))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("-_8--_8--_8--_8--_8--w==", "in the URL-safe alphabet; "),
        ("-_8--_8--_8--_8--_8--w", "in the URL-safe alphabet and without its padding"),
        ("+/8++/8++/8++/8++/8++w", "without its padding"),
    ],
)
def test_the_alphabet_and_the_padding_are_told_apart(found: str, words: str) -> None:
    assert words in mistakes.name_guid_mistake(found, TRICKY)


def test_the_reverse_source_is_named_too() -> None:
    words = mistakes.name_guid_mistake("UUEMXKriXkOYeql655jERA==", ANCHOR, (OBJECT_GUID, ANCHOR))

    assert words == "taken from objectGUID although mS-DS-ConsistencyGuid belongs here"


def test_equal_attributes_are_not_played_off_against_each_other() -> None:
    twin = GuidSource(attribute="mS-DS-ConsistencyGuid", octets=OBJECT_GUID.octets)

    assert "objectGUID" in mistakes.name_guid_mistake("XAxBUeKqQ16Yeql655jERA==", OBJECT_GUID, (OBJECT_GUID, twin))


def test_an_anchor_that_is_no_guid_does_not_confuse() -> None:
    odd = GuidSource(attribute="mS-DS-ConsistencyGuid", octets=b"abc")

    assert mistakes.name_guid_mistake("x", OBJECT_GUID, (odd,)) == ""
    assert mistakes.name_guid_mistake("YWJj", OBJECT_GUID, (odd,)).startswith("taken from")


BINARY_SID = mistakes.pack_sid(OWN_SID)


def owner(kind: str, name: str) -> SidOwner:
    return SidOwner(sid=f"{DOMAIN}-1105", kind=kind, sam_account_name=name)


@pytest.mark.parametrize(
    ("found", "whose", "words"),
    [
        pytest.param("", None, "the value is empty", id="empty"),
        pytest.param(f"{OWN_SID} ", None, "white space stands at the end", id="trailing space"),
        pytest.param(f'"{OWN_SID}"', None, "quotation marks", id="quotes"),
        pytest.param(f"{DOMAIN}-1105", owner("user", "alice"), "a user's SID (alice)", id="user"),
        pytest.param(f"{DOMAIN}-1105", owner("group", "Hybrid"), "a group's SID (Hybrid)", id="group"),
        pytest.param(f"{DOMAIN}-1105", owner("computer", "WS02$"), "another computer's SID (WS02$)", id="computer"),
        pytest.param(f"{DOMAIN}-1105", owner("other", "x"), "somebody else's SID", id="other"),
        pytest.param(f"{DOMAIN}-515", None, "a group's SID (Domain Computers)", id="-515"),
        pytest.param(f"{DOMAIN}-1109", None, "another account of the same domain", id="unknown account"),
        pytest.param(f"{DOMAIN}-1109", owner("user", "alice"), "another account", id="owner of another SID"),
        pytest.param(DOMAIN, None, "the domain's SID", id="domain"),
        pytest.param(DOMAIN, SidOwner(sid=DOMAIN, kind="other", sam_account_name="x"), "the domain's SID", id="owned"),
        pytest.param("S-1-5-21-1-2-3-4", None, "a SID of another domain", id="other domain"),
        pytest.param(OWN_SID.lower(), None, "in lower case", id="lower case"),
        pytest.param(f"{{{OWN_SID}}}", None, "in braces", id="braces"),
        pytest.param(encode_bytes(BINARY_SID), None, "base64 of the binary SID", id="base64 of the binary"),
        pytest.param(BINARY_SID.hex().upper(), None, "binary SID in hexadecimal", id="hex"),
        pytest.param(encode_bytes(OWN_SID.encode()), None, "base64 of the SID's text", id="base64 of the text"),
        pytest.param("\ufffd\ufffd\ufffd", None, "binary SID was written as if it were text", id="binary as text"),
    ],
)
def test_a_sid_mistake_is_named(found: str, whose: SidOwner | None, words: str) -> None:
    assert words in mistakes.name_sid_mistake(found, OWN_SID, whose)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("", "the value is empty"),
        ("dj", "'dj' in the wrong case"),
        ("Dj", "'Dj' in the wrong case"),
        ('"DJ"', "quotation marks"),
        ("\u201cDJ\u201d", "quotation marks"),
        ("DJ ", "white space stands at the end"),
        ("D J", "spaces stand inside"),
        ("User", "the account type of a user"),
        ("Computer", "'Computer' is not the value Entra knows a computer by"),
    ],
)
def test_a_literal_mistake_is_named(found: str, words: str) -> None:
    assert words in mistakes.name_literal_mistake(found, "DJ")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("http://sts.test/adfs/services/trust/", "the slash at the end"),
        ("https://sts.test/adfs/services/trust", "http and https"),
        ("http://STS.test/adfs/services/trust", "upper and lower case"),
        (" http://sts.test/adfs/services/trust", "at the beginning"),
        ("", "the value is empty"),
    ],
)
def test_an_issuer_mistake_is_named(found: str, words: str) -> None:
    assert words in mistakes.name_uri_mistake(found, "http://sts.test/adfs/services/trust")


SPACE = "http://schemas.microsoft.com/ws/2012/01"


@pytest.mark.parametrize(
    ("name", "space", "words"),
    [
        (
            "accounttype",
            "http://schemas.microsoft.com/identity/claims",
            "wrong namespace 'http://schemas.microsoft.com/id",
        ),
        (f"{SPACE}/accounttype", "", "the whole URI stands in AttributeName"),
        (f"{SPACE}/accounttype", SPACE, "the whole URI stands in AttributeName"),
        ("accounttype", f"{SPACE}/accounttype", "the whole URI stands in AttributeNamespace"),
        ("accounttype", f"{SPACE}/", "the namespace ends with a slash"),
        ("accounttype", "", "the attribute has no namespace"),
        ("accounttype", f" {SPACE.upper()}", "differs in case or white space"),
        ("AccountType", SPACE, "spelled 'AccountType' instead of 'accounttype'"),
    ],
    ids=["other", "URI alone", "URI and namespace", "URI in the namespace", "slash", "none", "case", "spelling"],
)
def test_a_wrong_place_is_named(name: str, space: str, words: str) -> None:
    sentence = mistakes.name_place_mistake(name, space, "accounttype", SPACE)

    assert words in sentence
    assert SPACE in sentence or "spelled" in sentence


def test_a_right_value_or_place_has_no_name() -> None:
    assert mistakes.name_place_mistake("accounttype", SPACE, "accounttype", SPACE) == ""
    assert mistakes.name_guid_mistake("what?", OBJECT_GUID) == ""
    assert mistakes.name_sid_mistake("what?", OWN_SID) == ""
    assert mistakes.name_uri_mistake("urn:x", "urn:y") == ""


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=14))
def test_a_sid_is_packed_as_the_directory_packs_it(parts: list[int]) -> None:
    text = "-".join(("S-1-5", *map(str, parts)))

    assert read_sid(mistakes.pack_sid(text)) == text


@given(st.text(), st.sampled_from([OBJECT_GUID, ANCHOR]))
def test_any_text_is_looked_at_without_falling_over(found: str, right: GuidSource) -> None:
    for sentence in (
        mistakes.name_guid_mistake(found, right, (OBJECT_GUID, ANCHOR)),
        mistakes.name_sid_mistake(found, OWN_SID, owner("user", "alice")),
        mistakes.name_literal_mistake(found, "DJ"),
        mistakes.name_uri_mistake(found, "urn:x"),
    ):
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("D\u0408", "'\u0408' in it is U+0408 CYRILLIC CAPITAL LETTER JE and not 'J'"),
        ("DJ\u200b", "U+200B ZERO WIDTH SPACE, which nobody sees"),
        ("\uff24\uff2a", "U+FF24 FULLWIDTH LATIN CAPITAL LETTER D"),
    ],
)
def test_a_letter_that_only_looks_right_is_named(found: str, words: str) -> None:
    assert words in mistakes.name_literal_mistake(found, "DJ")


def test_a_namespace_that_only_looks_right_is_told_by_its_letter() -> None:
    right = "http://schemas.microsoft.com/ws/2012/01"

    told = mistakes.name_place_mistake("accounttype", right.replace("a", "\u0430"), "accounttype", right)

    assert "('\u0430' in it is U+0430 CYRILLIC SMALL LETTER A and not 'a')" in told

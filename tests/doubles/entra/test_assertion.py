"""The double's own reading of an assertion: it reads what is there, and fails in one way only."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from hybridjoin.doubles.entra.assertion import Assertion, Defect, UnreadableAssertion, read_assertion, read_instant
from hybridjoin.doubles.entra.case import read_guid
from hybridjoin.doubles.entra.signature import covers, read_signatures, verifies
from tests.doubles.entra import forge
from tests.doubles.entra.forge import GOOD

XML = GOOD.xml()


def read(document: bytes) -> Assertion:
    return read_assertion(base64.b64encode(document).decode())


def test_an_assertion_is_read_whole() -> None:
    found = read(XML)

    assert found.version == ("1", "1")
    assert (found.assertion_id, found.issuer) == ("_3f2c", forge.ISSUER)
    assert found.not_on_or_after == datetime(2026, 3, 14, 12, 59, 58, tzinfo=UTC)
    assert found.audiences == (("urn:federation:MicrosoftOnline",),)
    assert [(item.name_identifier, item.methods) for item in found.subjects] == [
        (forge.guid64(forge.WS01_CONSISTENCY), (forge.BEARER,))
    ]
    assert found.values(forge.OBJECT_GUID) == (forge.guid64(forge.WS01),)
    assert not found.elsewhere(forge.OBJECT_GUID)
    assert not found.nested


def test_claims_are_found_by_namespace_and_name_to_the_letter() -> None:
    found = read(GOOD.renamed(forge.ACCOUNT_TYPE, (f"{forge.ACCOUNT_TYPE[0]}/", "accounttype")).xml())

    assert found.values(forge.ACCOUNT_TYPE) == ()
    assert found.elsewhere(forge.ACCOUNT_TYPE)


@forge.PATIENT
@given(st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
@example("====")
@example("é")
@example(base64.b64encode(b"<?xml version='1.0' encoding='no-such-thing'?><a/>").decode())
@example(base64.b64encode("<a>\u0000</a>".encode("utf-16")).decode())
@example(base64.b64encode(b"<a>" * 400).decode())
@example(base64.b64encode(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>').decode())
def test_whatever_comes_only_its_own_error_is_raised(parameter: str) -> None:
    with pytest.raises(UnreadableAssertion) as caught:
        read_assertion(parameter)

    assert caught.value.defect in Defect


@forge.PATIENT
@given(st.integers(0, len(XML) - 1), st.integers(0, 255))
def test_a_document_with_one_octet_changed_is_read_or_refused_but_never_verified(at: int, octet: int) -> None:
    changed = bytearray(XML)
    changed[at] = octet
    try:
        found = read(bytes(changed))
    except UnreadableAssertion:
        return
    signatures = read_signatures(found)
    same = (found.attributes, found.issuer, found.audiences, found.not_on_or_after) == (
        GOOD_READING.attributes,
        GOOD_READING.issuer,
        GOOD_READING.audiences,
        GOOD_READING.not_on_or_after,
    )
    if not same:
        assert not any(
            item.sound and covers(item, found) and verifies(item, found, forge.certificate("idp"))
            for item in signatures
        )


GOOD_READING = read(XML)


@forge.PATIENT
@given(st.text(alphabet="0123456789-:TZ.+ ", max_size=40))
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-14:00")
@example("2026-02-30T00:00:00Z")
def test_a_time_is_read_or_is_none(text: str) -> None:
    found = read_instant(text)

    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-14T12:00:00Z", datetime(2026, 3, 14, 12, tzinfo=UTC)),
        ("2026-03-14T12:00:00.1234567Z", datetime(2026, 3, 14, 12, tzinfo=UTC)),
        ("2026-03-14T14:00:00+02:00", datetime(2026, 3, 14, 12, tzinfo=UTC)),
        ("2026-03-14T12:00:00", datetime(2026, 3, 14, 12, tzinfo=UTC)),
        ("2026-03-14 12:00:00Z", None),
        ("2026-03-14", None),
        ("", None),
    ],
)
def test_times_are_utc_whatever_their_zone(text: str, expected: datetime | None) -> None:
    assert read_instant(text) == expected


# The GUID and its base64 are the published sample of an identity provider's expression language and of a real token.
@pytest.mark.parametrize(
    ("text", "guid"),
    [
        ("UUEMXKriXkOYeql655jERA==", "5c0c4151-e2aa-435e-987a-a97ae798c444"),
        ("h9RUd8MfBkKelc4BLxWG5Q==", "7754d487-1fc3-4206-9e95-ce012f1586e5"),
        (" L+Kifssxl0yJ6xtFAar+QA==\r\n", "7ea2e22f-31cb-4c97-89eb-1b4501aafe40"),
        ("L-Kifssxl0yJ6xtFAar-QA==", "None"),
        ("UUEMXKriXkOYeql655jERA", "None"),
        ("", "None"),
    ],
)
def test_guids_are_read_in_the_order_of_dot_net(text: str, guid: str) -> None:
    assert str(read_guid(text)) == guid


@forge.PATIENT
@given(st.text(max_size=30))
def test_any_text_is_a_guid_or_none(text: str) -> None:
    found = read_guid(text)

    assert found is None or forge.guid64(found) == "".join(text.split())


def test_a_manifest_in_the_signature_is_not_followed(tmp_path: Path) -> None:
    never = tmp_path / "never"
    os.mkfifo(never)  # who opens it waits for ever
    manifest = (
        f'<Object><Manifest><Reference URI="{never.as_uri()}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc'
        '#sha256"/><DigestValue>AAAA</DigestValue></Reference></Manifest></Object>'
    )
    root = etree.fromstring(XML)
    signature = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert signature is not None
    signature.append(
        etree.fromstring(manifest.replace("<Object>", '<Object xmlns="http://www.w3.org/2000/09/xmldsig#">'))
    )

    found = read(etree.tostring(root))
    (one,) = read_signatures(found)

    assert covers(one, found)
    assert not verifies(one, found, forge.certificate("idp"))


@pytest.mark.parametrize(
    ("major", "read_as"), [("01", "1"), ("+1", "1"), (" 1 ", "1"), ("10", "10"), ("\u0661", "\u0661"), ("1.0", "1.0")]
)
def test_a_version_is_an_integer_whose_spelling_says_nothing(major: str, read_as: str) -> None:
    assert read(GOOD.but(major=major).xml()).version == (read_as, "1")

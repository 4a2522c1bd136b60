"""What is known of a computer beside its assertion: LDIF, or a few values."""

from __future__ import annotations

import base64
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridjoin.checks.mistakes import pack_sid
from hybridjoin.errors import PeerError
from hybridjoin.intake.computer_facts import computer_of_ldif, computer_of_values, read_guid
from tests.protocol.documents import ANCHOR, GUID, SID


def ldif(**changes: bytes | None) -> bytes:
    values = {
        "objectGUID": GUID.bytes_le,
        "objectSid": pack_sid(SID),
        "mS-DS-ConsistencyGuid": ANCHOR.bytes_le,
        "sAMAccountName": b"WS01$",
        **changes,
    }
    lines = [f"{name}:: {base64.b64encode(value).decode()}" for name, value in values.items() if value is not None]
    return "\n".join(["dn: CN=WS01,CN=Computers,DC=hybridjoin,DC=test", *lines, "", ""]).encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(ldif(), id="plain"),
        pytest.param(ldif().decode().encode("utf-16"), id="UTF-16, as ldifde -u writes it"),
        pytest.param(ldif().replace(b"\n", b"\r\n"), id="Windows' line ends"),
        pytest.param(b"# extended LDIF\n#\n\n" + ldif() + b"# search result\nsearch: 2\nresult: 0\n", id="ldapsearch"),
    ],
)
def test_a_computer_is_read_from_ldif(body: bytes) -> None:
    found = computer_of_ldif(body, where="ws01.ldif")

    assert (found.object_guid, found.object_sid, found.sam_account_name) == (GUID, SID, "WS01$")
    assert found.consistency_guid == ANCHOR.bytes_le


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "found 0 entries"),
        (b"hello", "expected a line that begins with dn:, found 'hello'"),
        (ldif() + ldif(), "found 2 entries"),
        (ldif(objectSid=None), "lacks objectGUID, objectSid or sAMAccountName"),
        (ldif(objectGUID=b"short"), "expected dn, objectGUID"),
        (ldif(objectSid=b"\x01\x05"), "sub-authorities"),
    ],
    ids=["nothing", "no LDIF", "two", "no SID", "a short GUID", "a short SID"],
)
def test_what_is_no_computer_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(PeerError, match=words):
        computer_of_ldif(body, where="ws01.ldif")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_octets_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(PeerError):
        computer_of_ldif(body, where="x")


def test_a_file_that_ldif_points_at_is_not_read() -> None:
    with pytest.raises(PeerError):
        computer_of_ldif(b"dn: CN=x\nsAMAccountName:< file:///etc/hostname\n\n", where="x")


@pytest.mark.parametrize("text", [str(GUID), f"{{{GUID}}}", GUID.hex, base64.b64encode(GUID.bytes_le).decode()])
def test_a_guid_is_read_in_every_usual_spelling(text: str) -> None:
    assert read_guid(f" {text} ") == GUID


def test_another_text_is_no_guid() -> None:
    assert read_guid("WS01") is None


def test_a_computer_is_made_of_values() -> None:
    found = computer_of_values(object_guid=uuid.UUID(int=1), sid=SID, anchor=None, upn="WS01$@hybridjoin.test")

    assert (found.name, found.sam_account_name, found.consistency_guid) == ("WS01", "WS01$", None)

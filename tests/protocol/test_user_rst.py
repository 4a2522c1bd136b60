"""A person's request holds any name and password as they are, in each library's own hand, and nothing besides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hybridjoin.doubles.idp.rst import read_rst
from hybridjoin.errors import PeerError
from hybridjoin.protocol import names
from hybridjoin.protocol.client_shape import MSAL_PYTHON, SHAPES, ClientShape, find_shape
from hybridjoin.protocol.user_rst import TypedPassword, UserRequest, build_user_rst
from hybridjoin.protocol.wsdl import Trust

NOON = datetime(2026, 3, 4, 12, 0, 0, 999_000, tzinfo=UTC)
GUID = "00000000-0000-4000-8000-000000000007"
PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs"), max_codepoint=0xFFFD))
PROFILE = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES, ids=lambda item: item.name)


def asked(trust: Trust = Trust.V13) -> UserRequest:
    where, realm = "https://sts/x?a=1&b=2", names.MICROSOFT_ONLINE
    return UserRequest(trust=trust, to=where, applies_to=realm, message_id="urn:uuid:1")


def typed(name: str = "a", password: str = "b") -> TypedPassword:
    return TypedPassword(name=name, password=password, created=NOON, token_guid=GUID)


@given(name=PRINTABLE, password=PRINTABLE)
def test_name_and_password_arrive_as_they_were_typed(name: str, password: str) -> None:
    root = etree.fromstring(build_user_rst(MSAL_PYTHON, asked(), typed(name, password)))
    token = next(root.iter(f"{{{names.WSSE}}}UsernameToken"))

    assert [item.text or "" for item in token] == [name, password]
    assert [dict(item.attrib) for item in token] == [{}, {}], "neither a Type nor a nonce"


@EVERY_SHAPE
def test_another_reader_of_the_specification_reads_the_same_of_each_library(shape: ClientShape) -> None:
    for trust in shape.trusts:
        read = read_rst(build_user_rst(shape, asked(trust), typed("carol", "<&>")), fallback_trust="1.3")

        assert (read.trust, read.username, read.password) == (trust.value, "carol", "<&>")
        assert (read.to, read.message_id) == ("https://sts/x?a=1&b=2", "urn:uuid:1")
        assert read.applies_to == names.MICROSOFT_ONLINE
        assert read.action == f"{trust.namespace}/RST/Issue"
        assert read.expires.startswith("2026-03-04T12:10:00")


# Header, UsernameToken's id in WS-Trust 1.3 and 2005/02, creation time, whether it begins with an XML declaration.
HANDS = {
    "msal-python": ("Action MessageID ReplyTo To Security", "ADALUsernameToken", "12:00:00Z", False),
    "msal-net": ("Action MessageID ReplyTo To Security", f"UnPwSecTok13-{GUID}", "12:00:00.068Z", True),
    "msal-java": ("Action messageID ReplyTo To Security", f"uuid-{GUID}", "12:00:00Z", False),
    "msal-go": ("Action messageID ReplyTo To Security", f"UnPwSecTok13-{GUID}", "12:00:00.999Z", False),
    "adal-python": ("Action MessageID ReplyTo To Security", "ADALUsernameToken", "12:00:00Z", False),
    "windows": ("Action To MessageID Security", f"uuid-{GUID}", "12:00:00Z", True),
}


@EVERY_SHAPE
def test_each_library_has_its_own_hand(shape: ClientShape) -> None:
    order, token_id, created, declared = HANDS[shape.name]
    body = build_user_rst(shape, asked(shape.trusts[0]), typed())
    root = etree.fromstring(body)
    token = next(root.iter(f"{{{names.WSSE}}}UsernameToken"))

    assert " ".join(etree.QName(item).localname for item in root[0]) == order
    assert token.get(f"{{{names.WSU}}}Id") == token_id
    assert next(root.iter(f"{{{names.WSU}}}Created")).text == f"2026-03-04T{created}"
    assert body.startswith(b"<?xml") is declared


@EVERY_SHAPE
def test_who_shows_a_ticket_sends_no_name_and_at_most_an_empty_security_header(shape: ClientShape) -> None:
    root = etree.fromstring(build_user_rst(shape, asked(shape.trusts[0])))
    security = list(root.iter(f"{{{names.WSSE}}}Security"))

    assert [len(item) for item in security] == ([0] if shape.name == "msal-go" else [])


@EVERY_SHAPE
def test_the_grant_follows_from_the_token_type_as_the_library_reads_it(shape: ClientShape) -> None:
    knows_one_name = shape.name in {"msal-net", "msal-java"}

    assert shape.grant_type(names.SAML_11).endswith("saml1_1-bearer")
    assert shape.grant_type(PROFILE).endswith("saml2-bearer" if knows_one_name else "saml1_1-bearer")
    assert shape.grant_type("urn:oasis:names:tc:SAML:2.0:assertion").endswith("saml2-bearer")


@pytest.mark.parametrize("password", ["a\x00b", "\ud800"])
def test_what_no_document_can_hold_is_refused(password: str) -> None:
    with pytest.raises(PeerError, match="that XML can hold"):
        build_user_rst(MSAL_PYTHON, asked(), typed("a", password))


def test_a_library_that_nobody_knows_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no client is called 'msal-rust'; there are msal-python, msal-net"):
        find_shape("msal-rust")
    assert [find_shape(item.name) for item in SHAPES] == list(SHAPES)

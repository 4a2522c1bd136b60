"""The UsernameToken holds any name and password as they are, and nothing that clients do not send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hybridjoin.protocol import names
from hybridjoin.protocol.rst import build_rst
from hybridjoin.protocol.username_token import with_username_token
from hybridjoin.protocol.wsdl import Trust

NOON = datetime(2026, 3, 4, 12, 0, 0, 999_000, tzinfo=UTC)
PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs"), max_codepoint=0xFFFD))


def plain(trust: Trust = Trust.V13) -> bytes:
    return build_rst(trust=trust, shape="msal", to="https://sts/x?a=1&b=2", applies_to="urn:x", message_id="urn:uuid:1")


@given(name=PRINTABLE, password=PRINTABLE)
def test_name_and_password_arrive_as_they_were_typed(name: str, password: str) -> None:
    root = etree.fromstring(with_username_token(plain(), user_name=name, password=password, created=NOON))
    token = next(root.iter(f"{{{names.WSSE}}}UsernameToken"))

    assert [item.text or "" for item in token] == [name, password]


@pytest.mark.parametrize("trust", Trust)
def test_the_security_header_is_what_msal_sends_and_the_rest_stays_as_it_was(trust: Trust) -> None:
    before = etree.fromstring(plain(trust))
    root = etree.fromstring(with_username_token(plain(trust), user_name="a", password="b", created=NOON))
    security = root[0][-1]
    stamp, token = security
    root[0].remove(security)

    assert etree.tostring(root, method="c14n") == etree.tostring(before, method="c14n")
    assert security.get(f"{{{names.SOAP_12}}}mustUnderstand") == "1"
    assert [item.text for item in stamp] == ["2026-03-04T12:00:00Z", "2026-03-04T12:10:00Z"]
    assert [dict(item.attrib) for item in token] == [{}, {}], "neither a Type nor a nonce"


@pytest.mark.parametrize("password", ["a\x00b", "\ud800"])
def test_what_no_document_can_hold_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        with_username_token(plain(), user_name="a", password=password, created=NOON)

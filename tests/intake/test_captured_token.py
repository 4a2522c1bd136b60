"""An assertion is read bare, in base64, or inside the response that carried it."""

from __future__ import annotations

import base64
import html
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridjoin.errors import PeerError
from hybridjoin.intake.captured_token import CapturedToken, read_token
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.protocol.signature import read_signature
from tests.protocol.documents import ASSERTION_ID, ISSUER, NOW, AssertionText, ReplyText, fault_12, sign, signer

SIGNED = sign(str(AssertionText()))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(SIGNED.encode(), id="bare"),
        pytest.param(b'<?xml version="1.0" encoding="UTF-8"?>\n' + SIGNED.encode(), id="with a declaration"),
        pytest.param(b"\xef\xbb\xbf" + SIGNED.encode(), id="with a mark"),
        pytest.param(SIGNED.encode("utf-16"), id="UTF-16"),
        pytest.param(base64.b64encode(SIGNED.encode()), id="base64"),
        pytest.param(base64.urlsafe_b64encode(SIGNED.encode()).rstrip(b"="), id="base64url without padding"),
        pytest.param(bytes(ReplyText(tokens=(SIGNED,))), id="token response"),
        pytest.param(SIGNED.encode("utf-16-le"), id="UTF-16 without its mark"),
        pytest.param(SIGNED.encode("utf-16-be"), id="UTF-16 of the other order without its mark"),
        pytest.param(('<?xml version="1.0" encoding="utf-16"?>\n' + SIGNED).encode("utf-16"), id="UTF-16 that says so"),
        pytest.param(base64.encodebytes(SIGNED.encode()).replace(b"\n", b"\r\n"), id="base64 in lines"),
        pytest.param(base64.b64encode(SIGNED.encode("utf-16")), id="base64 of UTF-16"),
        pytest.param(f"PS C:\\> type a.xml\n{SIGNED}\nPS C:\\> ".encode(), id="between two prompts"),
        pytest.param(b"$ cat token.b64\n" + base64.b64encode(SIGNED.encode()) + b"\n$ ", id="base64 between prompts"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(ReplyText(tokens=(SIGNED,))), id="with its HTTP head"),
        pytest.param(html.escape(SIGNED).encode(), id="escaped for HTML"),
        pytest.param(
            urlencode({"grant_type": "x", "assertion": base64.b64encode(SIGNED.encode()), "scope": "openid"}).encode(),
            id="the token request's form",
        ),
        pytest.param(
            b"POST /token\n\nassertion=" + base64.urlsafe_b64encode(SIGNED.encode()).rstrip(b"=") + b"&scope=openid",
            id="the field as MSAL for Python writes it",
        ),
    ],
)
def test_the_assertion_is_read_and_its_signature_still_holds(body: bytes) -> None:
    found = read_token(body)

    assert isinstance(found, CapturedToken)
    response = found.response
    assert response.assertion is not None
    assert response.assertion.issuer == ISSUER
    reading = read_signature(
        response.assertion_xml,
        assertion_id=ASSERTION_ID,
        trusted_certificates=(signer().certificate,),
        issued_at=NOW,
    )
    assert reading.valid
    assert reading.trusted


def test_a_fault_is_told_as_one() -> None:
    assert isinstance(read_token(fault_12()), SoapFault)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_octets_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(PeerError):
        read_token(body)


@pytest.mark.parametrize(
    ("body", "bare", "wrapping"),
    [
        (SIGNED.encode(), True, ()),
        (bytes(ReplyText(tokens=(SIGNED,))), False, ()),
        (base64.b64encode(SIGNED.encode("utf-16")), True, ("base64", "UTF-16")),
        (f"C:\\> type a.xml\n{SIGNED}".encode(), True, ("other text around it",)),
    ],
    ids=["bare", "a response", "base64 of UTF-16", "behind a prompt"],
)
def test_what_was_captured_and_what_was_taken_off_is_told(body: bytes, bare: bool, wrapping: tuple[str, ...]) -> None:
    found = read_token(body)

    assert isinstance(found, CapturedToken)
    assert (found.bare, found.wrapping) == (bare, wrapping)


def test_the_line_is_that_of_the_pasted_text() -> None:
    found = read_token(f"PS C:\\>\ntype a.xml\n\n{SIGNED}\n".encode())

    assert isinstance(found, CapturedToken)
    assert found.response.assertion is not None
    assert found.response.assertion.line == 4


def test_a_bare_saml_20_assertion_is_read_too() -> None:
    found = read_token(b'<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0"/>')

    assert isinstance(found, CapturedToken)
    assert [item.version for item in found.response.assertions] == ["2.0"]

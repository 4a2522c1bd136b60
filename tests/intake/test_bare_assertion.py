"""An assertion is read bare, in base64, or inside the response that carried it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridjoin.errors import PeerError
from hybridjoin.intake.bare_assertion import read_token
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
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
    ],
)
def test_the_assertion_is_read_and_its_signature_still_holds(body: bytes) -> None:
    found = read_token(body)

    assert isinstance(found, TokenResponse)
    assert found.assertion is not None
    assert found.assertion.issuer == ISSUER
    reading = read_signature(
        found.assertion_xml,
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

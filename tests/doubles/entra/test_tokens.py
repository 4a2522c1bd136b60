"""The compact JWS of access tokens, against a published vector and against those who would forge one."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.entra.tokens import BadToken, check_times, sign, verify
from tests.doubles.entra import forge

KEY = forge.key("token")

# RFC 7515, appendix A.2: the public key and the JWS.
MODULUS = (
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ"
    "S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2"
    "R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcD"
    "TW9gb54h4FRWyuXpoQ"
)
VECTOR = (
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
    "cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJ"
    "dbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOL"
    "n6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0"
    "igcN_IoypGlUPQGe77Rw"
)


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_the_vector_of_the_specification_verifies() -> None:
    number = int.from_bytes(base64.urlsafe_b64decode(MODULUS + "=="), "big")

    claims = verify(VECTOR, RSAPublicNumbers(65537, number).public_key())

    assert claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}


def test_what_is_signed_verifies_and_names_its_key() -> None:
    token = sign({"aud": "x", "n": 1}, KEY, key_id="k1")

    head = token.split(".")[0]
    assert verify(token, KEY.public_key()) == {"aud": "x", "n": 1}
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"typ": "JWT", "alg": "RS256", "x5t": "k1", "kid": "k1"}
    assert "=" not in token


def test_another_key_or_another_claim_does_not_verify() -> None:
    head, payload, signature = sign({"a": 1}, KEY, key_id="k").split(".")

    with pytest.raises(BadToken, match="signature does not verify"):
        verify(f"{head}.{unpadded(b'{}')}.{signature}", KEY.public_key())
    with pytest.raises(BadToken, match="signature does not verify"):
        verify(f"{head}.{payload}.{signature}", forge.key("stranger").public_key())


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {}, []])
def test_the_header_does_not_choose_the_algorithm(header: object) -> None:
    signed = f"{unpadded(json.dumps(header).encode())}.{unpadded(b'{}')}"
    signature = KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())

    with pytest.raises(BadToken):
        verify(f"{signed}.{unpadded(signature)}", KEY.public_key())


def test_claims_that_are_no_object_are_refused() -> None:
    signed = ".".join((unpadded(b'{"alg":"RS256"}'), unpadded(b"[]")))
    signature = KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())

    with pytest.raises(BadToken, match="no JSON object"):
        verify(f"{signed}.{unpadded(signature)}", KEY.public_key())


@forge.PATIENT
@given(st.text() | st.lists(st.text(alphabet="abcABC019-_=", max_size=12), min_size=3, max_size=3).map(".".join))
def test_whatever_comes_only_bad_token_is_raised(token: str) -> None:
    with pytest.raises(BadToken):
        verify(token, KEY.public_key())


@pytest.mark.parametrize("age_s", [-1, 3900, 4000])
def test_a_token_is_good_from_nbf_until_before_exp(age_s: int) -> None:
    start = int(forge.NOON.timestamp())
    claims = {"nbf": start, "exp": start + 3900}

    check_times(claims, now=forge.NOON)
    check_times(claims, now=forge.NOON + timedelta(seconds=3899))
    with pytest.raises(BadToken):
        check_times(claims, now=forge.NOON + timedelta(seconds=age_s))
    with pytest.raises(BadToken):
        check_times({"nbf": "now"}, now=forge.NOON)

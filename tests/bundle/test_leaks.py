"""No secret leaves with evidence, however it is wrapped."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.bundle.leaks import scan_member, scan_text, scan_value
from hybridjoin.bundle.package import Refused, build_package, masked
from hybridjoin.report.drawn import drawn
from tests.bundle.evidence import ED25519, PACKED_AT, certification, clean_record, packed, requirement, with_reply

NTLM = b"NTLMSSP\0\3\0\0\0" + bytes(range(40, 90))
# A GSS-API token of the Kerberos mechanism around an AP-REQ (RFC 4121, 4.1; RFC 4120, 5.5.1).
AP_REQ = bytes.fromhex("6e8201f0308201eca003020105a10302010ea20703050020000000") + bytes(range(64))
NEGOTIATE = bytes.fromhex("6082020306092a864886f71201020201006e") + AP_REQ[1:]
# A keytab (version 5.2) whose first entry has one component.
KEYTAB = bytes.fromhex("0502000000430001") + b"\0\x0fHYBRIDJOIN.TEST\0\x05WS01$" + bytes(range(30))
CACHE = bytes.fromhex("0504000c00010008") + bytes(20)
SIGNATURE_VALUE = f"<ds:SignatureValue>{base64.b64encode(bytes(range(100, 200))).decode()}</ds:SignatureValue>"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ1cm46bXMtZHJzIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"


def private(kind: str, encoding: serialization.Encoding) -> bytes:
    shape, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048).private_bytes(encoding, shape, bare)
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1()).private_bytes(encoding, shape, bare)
    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).private_bytes(encoding, shape, bare)


PEM = private("ec", serialization.Encoding.PEM)
SECRETS: dict[str, bytes] = {
    "NTLM": NTLM,
    "AP-REQ": AP_REQ,
    "Negotiate": NEGOTIATE,
    "keytab": KEYTAB,
    "cache": CACHE + b"\0\0\0\0",
    "PEM": PEM,
    "SignatureValue": SIGNATURE_VALUE.encode(),
    "JWT": JWT.encode(),
    "access_token": b'{"access_token": "0.AAAAbCdEfGhIjKlMnOpQrStUv"}',
    "form": b"grant_type=x&client_secret=s3cr3t-of-the-application",
    **{f"DER {kind}": private(kind, serialization.Encoding.DER) for kind in ("rsa", "ec", "ed25519")},
}
WRAPPINGS: dict[str, Callable[[bytes], str]] = {
    "raw": lambda body: body.decode("latin-1"),
    "base64": lambda body: base64.b64encode(body).decode(),
    "url-safe": lambda body: base64.urlsafe_b64encode(body).decode().rstrip("="),
    "folded": lambda body: base64.encodebytes(body).decode(),
    "percent": quote,
    "hex": lambda body: body.hex(),
    "base64 in percent": lambda body: quote(base64.b64encode(body)),
    "base64 twice": lambda body: base64.b64encode(base64.b64encode(body)).decode(),
    "utf-16": lambda body: body.decode("latin-1").encode("utf-16-le").decode("latin-1"),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_found_however_it_is_wrapped(name: str, wrapping: str) -> None:
    text = WRAPPINGS[wrapping](SECRETS[name])

    leaks = list(scan_text(f"before {text} after", "here"))

    assert leaks
    assert {leak.place for leak in leaks} == {"here"}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_any_text_of_a_record_stops_the_package_and_is_not_repeated(name: str) -> None:
    told = WRAPPINGS["base64"](SECRETS[name])
    record = clean_record(certification(requirement(found=f"Authorization: {told}")))

    with pytest.raises(Refused) as caught:
        build_package(record, ED25519, created_at=PACKED_AT)

    assert "record.certification.requirements[0].found" in str(caught.value)
    assert told[8:40] not in str(caught.value)


def test_a_reply_that_was_kept_unmasked_is_masked_before_it_is_packed() -> None:
    body = packed(with_reply(SIGNATURE_VALUE))

    assert SIGNATURE_VALUE.encode() not in body
    join = masked(with_reply(SIGNATURE_VALUE)).scenarios[0].join
    assert join is not None
    assert "[masked" in drawn(join.exchanges[0]).reply.body


def test_masking_once_more_changes_nothing_that_was_masked() -> None:
    assert masked(clean_record()) == clean_record()
    assert masked(masked(with_reply(SIGNATURE_VALUE))) == masked(with_reply(SIGNATURE_VALUE))


def test_a_page_that_shows_markup_is_read_as_its_reader_sees_it() -> None:
    page = f"<p>one</p>\n<pre>&lt;ds:<b>SignatureValue</b>&gt;{SIGNATURE_VALUE[19:60]}</pre>\n"

    assert [str(leak) for leak in scan_member("index.html", page.encode())] == [
        "index.html:2: an unmasked SignatureValue"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<ds:SignatureValue>[masked 344 characters]</ds:SignatureValue>",
        "Authorization: Negotiate [masked 1912 bytes]",
        '{"access_token": "[masked 1204 characters]", "token_type": "Bearer"}',
        "-----BEGIN PRIVATE KEY-----\n[masked 1624 characters]-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n",
        "The SignatureValue element holds the signature; the offer is Negotiate, never NTLM.",
        "UUEMXKriXkOYeql655jERA==",
    ],
)
def test_what_was_masked_or_is_public_is_no_secret(text: str) -> None:
    assert list(scan_text(text, "here")) == []


def test_a_public_key_and_a_certificate_request_are_no_secrets() -> None:
    for kind in ("rsa", "ec", "ed25519"):
        key = serialization.load_der_private_key(private(kind, serialization.Encoding.DER), None)
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert list(scan_text(base64.b64encode(public).decode(), "here")) == []


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert all(leak.place == "here" for leak in scan_text(text, "here"))
    assert all(leak.place.startswith("x") for leak in scan_member("x", text.encode("utf-8", "replace")))


@given(st.binary(min_size=30, max_size=600))
def test_chance_bytes_are_no_secret(body: bytes) -> None:
    assert list(scan_text(base64.b64encode(gzip.compress(body)).decode(), "here")) == []


def test_a_sound_record_has_none(tmp_path: Path) -> None:
    assert list(scan_value(clean_record(certification()))) == []
    assert list(scan_value(replace(clean_record(), site=str(tmp_path)))) == []

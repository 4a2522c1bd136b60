"""What fuzzing found, kept with the octets: certificates of no version, and with a name that is no text."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hybridjoin.device.adapters.negotiate_auth import end_point
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.enrolment import Members, certificate_request
from hybridjoin.doubles.entra.errors import JoinRefused
from hybridjoin.doubles.settings import ConfigError
from hybridjoin.errors import PeerError
from hybridjoin.intake.certificate_text import NoCertificate, read_certificate
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol.enrolment import parse_join_reply
from hybridjoin.protocol.signing_certificate import load_certificates, subject
from hybridjoin.scenario.site.site_files import der_of
from tests.doubles.entra import forge
from tests.doubles.idp.der import der


def of_version_34() -> bytes:
    """A certificate of a version that is none (RFC 5280, 4.1.2.1); cryptography's error for it is no ValueError."""
    good = forge.certificate("fuzz")
    assert good.count(b"\xa0\x03\x02\x01\x02") == 1
    return good.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x22")


def request_of_version_34() -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    good = builder.sign(forge.key("device"), hashes.SHA256()).public_bytes(Encoding.DER)
    assert b"\x02\x01\x00" in good[:12]
    return good.replace(b"\x02\x01\x00", b"\x02\x01\x22", 1)


def joined() -> object:
    body = json.dumps({"Certificate": {"RawBody": base64.b64encode(of_version_34()).decode()}}).encode()
    return parse_join_reply(HttpReply(status=200, body=body))


def configured() -> object:
    domain = forge.domain("x.test", "https://x.test/", signing_certificate=base64.b64encode(of_version_34()).decode())
    return EntraConfig.from_mapping(forge.mapping(domains=[domain]))


def requested() -> object:
    data = {"Type": "pkcs10", "Data": base64.b64encode(request_of_version_34()).decode()}
    return certificate_request(Members({"CertificateRequest": data}))


@pytest.mark.parametrize(
    ("read", "declared"),
    [
        (joined, PeerError),
        (configured, ConfigError),
        (requested, JoinRefused),
        (lambda: der_of(of_version_34()), ValueError),
    ],
)
def test_a_certificate_of_no_version_is_refused_as_any_other_that_cannot_be_read(
    read: Callable[[], object], declared: type[Exception]
) -> None:
    with pytest.raises(declared):
        read()


def test_a_certificate_of_no_version_is_none() -> None:
    text = base64.b64encode(of_version_34()).decode()

    assert isinstance(read_certificate(text), NoCertificate)
    assert list(load_certificates((of_version_34(),))) == []
    assert end_point(of_version_34()) is None


RSA_WITH_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
NAME = b"\x06\x03\x55\x04\x03\x0c"  # a common name's OID, and the tag of UTF8String


def named_in_bits(good: bytes) -> bytes:
    """Write a common name as a BIT STRING, which X.509 has for another attribute: cryptography raises a TypeError."""
    assert NAME in good
    return good.replace(NAME, NAME[:-1] + b"\x03")


def test_a_subject_that_is_no_text_is_none() -> None:
    (certificate,) = load_certificates((named_in_bits(forge.certificate("fuzz")),))

    assert subject(certificate) == ""


def test_a_request_whose_subject_is_no_text_is_refused() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "7E980AD9-B86D-4306-9425-9AC066FB014A")])
    key = forge.key("device")
    good = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    asked = named_in_bits(good.tbs_certrequest_bytes)
    signed = der(0x03, b"\0", key.sign(asked, padding.PKCS1v15(), hashes.SHA256()))
    data = base64.b64encode(der(0x30, asked, RSA_WITH_SHA256, signed)).decode()

    with pytest.raises(JoinRefused):
        certificate_request(Members({"CertificateRequest": {"Type": "pkcs10", "Data": data}}))

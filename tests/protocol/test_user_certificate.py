"""The certificate of a computer's own making: what is made is read again, and what is none is said to be none."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hybridjoin.errors import PeerError
from hybridjoin.protocol.user_certificate import make_user_certificate, read_user_certificate
from tests.device import documents

GUID, SERIAL = documents.DEVICE_GUID, uuid.UUID(int=7)


def test_what_is_made_names_the_object_and_is_signed_by_itself() -> None:
    der = make_user_certificate(documents.key("machine"), GUID, now=documents.NOON, serial=SERIAL)
    read = read_user_certificate(der)

    assert (read.common_name, read.self_issued, read.key_bits, read.der) == (str(GUID), True, 2048, der)
    assert read.valid_at(documents.NOON)
    assert not read.valid_at(documents.NOON - timedelta(days=2))
    assert not read.valid_at(documents.NOON + timedelta(days=3653))
    assert x509.load_der_x509_certificate(der).serial_number == 7


@pytest.mark.parametrize("octets", [b"", b"0\x00", b"a certificate", bytes(2048)])
def test_what_is_no_certificate_is_told(octets: bytes) -> None:
    with pytest.raises(PeerError, match="expected an X\\.509 certificate"):
        read_user_certificate(octets)


def test_a_certificate_of_somebody_elses_signature_and_of_another_kind_of_key_is_read_as_it_is() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Contoso")])
    der = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Contoso CA")]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(documents.NOON)
        .not_valid_after(documents.NOON + timedelta(days=1))
        .sign(documents.key("machine"), hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    read = read_user_certificate(der)

    assert (read.common_name, read.self_issued, read.key_bits) == ("", False, None)

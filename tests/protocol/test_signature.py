from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

from hybridjoin.protocol.signature import SignatureReading, read_signature
from tests.protocol.documents import ASSERTION_ID, NOW, AssertionText, sign, signer

PLAIN = str(AssertionText())
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def read(text: str, trusted: Iterable[bytes] | None = None) -> SignatureReading:
    certificates = (signer().certificate,) if trusted is None else trusted
    return read_signature(text.encode(), assertion_id=ASSERTION_ID, trusted_certificates=certificates, issued_at=NOW)


def test_a_good_signature_is_valid_and_trusted() -> None:
    reading = read(sign(PLAIN))

    assert (reading.present, reading.valid, reading.trusted, reading.problem) == (True, True, True, "")
    assert reading.signature_algorithm == SHA256
    assert reading.references == (f"#{ASSERTION_ID}",)
    assert reading.signed_assertion_id == ASSERTION_ID
    assert reading.certificate_expired_at_issue is False
    assert reading.has_line_breaks is False
    assert reading.key_bits == 2048
    assert reading.key_info == "X509Certificate"


def test_an_unsigned_assertion_is_said_to_be_unsigned() -> None:
    reading = read(PLAIN)

    assert (reading.present, reading.valid, reading.problem) == (False, False, "the assertion is not signed")


def test_a_foreign_key_is_valid_and_not_trusted() -> None:
    reading = read(sign(PLAIN, signer("stranger")))

    assert (reading.valid, reading.trusted) == (True, False)


def test_keys_are_trusted_by_key_and_not_by_certificate() -> None:
    renewed = signer("renewed")
    certificate = sign(PLAIN, renewed)

    assert read(certificate, (renewed.certificate, signer("other").certificate)).trusted
    assert not read(certificate, (b"no certificate", b"")).trusted


def test_a_certificate_that_does_not_belong_to_the_signature_does_not_verify() -> None:
    reading = read(sign(PLAIN, signer("stranger"), certificate=signer().certificate))

    assert not reading.valid
    assert "does not verify" in reading.problem


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(">DJ<", ">User<", id="a value changed"),
        pytest.param("</saml:AttributeStatement>", " </saml:AttributeStatement>", id="white space added"),
        pytest.param('MinorVersion="1"', 'MinorVersion="1" x="1"', id="an attribute added"),
    ],
)
def test_a_change_after_signing_is_noticed(old: str, new: str) -> None:
    reading = read(sign(PLAIN).replace(old, new, 1))

    assert (reading.present, reading.valid) == (True, False)
    assert "Digest mismatch" in reading.problem


def test_a_change_of_the_signature_value_is_noticed() -> None:
    signed = sign(PLAIN)
    at = signed.index("SignatureValue>") + 20

    assert not read(signed[:at] + ("A" if signed[at] != "A" else "B") + signed[at + 1 :]).valid


def test_sha1_is_read_verified_and_said() -> None:
    reading = read(sign(PLAIN, sha1=True))

    assert reading.valid
    assert reading.signature_algorithm.endswith("rsa-sha1")
    assert reading.digest_algorithms == ("http://www.w3.org/2000/09/xmldsig#sha1",)


def test_an_expired_certificate_is_a_finding_and_no_failure() -> None:
    reading = read(sign(PLAIN, signer("old", expired=True)))

    assert reading.valid
    assert reading.certificate_expired_at_issue is True


def test_without_a_time_the_period_is_not_judged() -> None:
    reading = read_signature(sign(PLAIN).encode(), assertion_id=ASSERTION_ID, trusted_certificates=(), issued_at=None)

    assert reading.valid
    assert reading.certificate_expired_at_issue is None


def test_without_keyinfo_the_domains_certificates_are_tried() -> None:
    signed = sign(PLAIN, key_info=False)

    assert read(signed, (signer("other").certificate, signer().certificate)).trusted
    assert not read(signed, (signer("other").certificate,)).valid
    assert "no key to verify with" in read(signed, ()).problem


def test_line_breaks_are_seen() -> None:
    reading = read(sign(PLAIN, one_line=False))

    assert reading.valid
    assert reading.has_line_breaks


def test_an_inclusive_signature_survives_the_cut_of_an_assertion_that_stood_alone() -> None:
    assert read(sign(PLAIN, inclusive=True)).valid


def wrapped() -> str:
    """A good signature over an inner assertion, carried by an outer one with other claims."""
    inner = etree.fromstring(sign(PLAIN))
    signature = inner[-1]
    outer = etree.fromstring(str(AssertionText(assertion_id="_evil")))
    inner.remove(signature)
    advice = etree.SubElement(outer, "{urn:oasis:names:tc:SAML:1.0:assertion}Advice")
    advice.append(inner)
    outer.append(signature)
    return etree.tostring(outer, encoding="unicode")


def test_signature_wrapping_is_caught() -> None:
    text = wrapped()

    reading = read_signature(
        text.encode(), assertion_id="_evil", trusted_certificates=(signer().certificate,), issued_at=NOW
    )

    assert not reading.valid
    assert f"expected a Reference to the assertion #_evil in the signature, found #{ASSERTION_ID}" in reading.problem


def test_two_elements_of_one_id_are_not_told_apart_by_luck() -> None:
    reading = read(wrapped().replace("_evil", ASSERTION_ID))

    assert not reading.valid
    assert "Ambiguous reference" in reading.problem


def test_two_signatures_are_counted() -> None:
    root = etree.fromstring(sign(PLAIN))
    root.append(etree.fromstring(etree.tostring(root[-1])))

    assert read(etree.tostring(root, encoding="unicode")).signatures == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SHA256, "urn:no-such-method"),
        (SHA256, "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        ("ds:DigestValue>", "ds:DigestValue>!"),
    ],
)
def test_a_signature_that_cannot_be_understood_is_not_valid_and_says_why(old: str, new: str) -> None:
    signed = sign(PLAIN)
    assert old in signed

    reading = read(signed.replace(old, new))

    assert (reading.present, reading.valid) == (True, False)
    assert reading.problem.startswith("the signature does not verify: ")


def test_a_bare_key_value_is_verified_and_trusted_by_its_key() -> None:
    signed = sign(PLAIN, key_value=True)

    reading = read(signed)

    assert (reading.valid, reading.trusted) == (True, True)
    assert (reading.key_info, reading.key_bits, reading.certificate_thumbprint) == ("KeyValue", None, "")
    assert not read(signed, (signer("other").certificate,)).trusted


def test_an_elliptic_key_has_no_rsa_size() -> None:
    reading = read(sign(PLAIN, certificate=elliptic()))

    assert not reading.valid
    assert reading.key_bits is None
    assert reading.certificate_subject == "CN=elliptic"


def elliptic() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elliptic")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_certificate_with_an_unreadable_name_still_verifies() -> None:
    odd = signer().certificate.replace(b"signer", b"sign\xff\xfe")

    reading = read(sign(PLAIN, certificate=odd))

    assert (reading.valid, reading.trusted, reading.certificate_subject) == (True, True, "")


def test_keyinfo_that_holds_no_certificate_is_passed_over() -> None:
    signed = sign(PLAIN)
    start, end = signed.index("<ds:X509Certificate>") + 20, signed.index("</ds:X509Certificate>")

    for text in ("", "!", "AAAA"):
        assert read(signed[:start] + text + signed[end:]).trusted


def test_an_empty_keyinfo_names_nothing() -> None:
    signed = sign(PLAIN, key_info=False).replace("</ds:Signature>", "<ds:KeyInfo/></ds:Signature>")

    assert read(signed).key_info == ""

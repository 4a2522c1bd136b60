"""Signs assertions with xmlsec: as an identity provider does, or in the manner of a careless or an evil one."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from hybridjoin.doubles.idp.rendering import render_element
from hybridjoin.doubles.settings import ConfigError

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
_ID_ATTRIBUTES = ("AssertionID", "ID", "Id")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """The IdP's signing key (PEM) and certificate (base64 of its DER, in one line)."""

    key: bytes
    certificate: str

    def __repr__(self) -> str:
        return "SigningIdentity(…)"

    @classmethod
    def read(cls, key_file: Path, certificate_file: Path) -> SigningIdentity:
        """Read both PEM files.

        Raises:
            ConfigError: one of them is not what it should be.
        """
        match = _CERTIFICATE.search(certificate_file.read_bytes())
        if match is None:
            raise ConfigError([f"signing_certificate: no PEM certificate in {certificate_file}"])
        key = key_file.read_bytes()
        try:
            xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
        except (xmlsec.Error, TypeError) as failure:
            raise ConfigError([f"signing_key: no PEM private key in {key_file}"]) from failure
        return cls(key=key, certificate=b"".join(match[1].split()).decode("ascii"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to sign: whose key, whose certificate (`own`, `stranger's` or `none`), and with what algorithms.

    `reference` is the Reference's URI where it is not the assertion's id; with `xpath` a third transform chooses all.
    """

    key: str = "own"
    certificate: str = "own"
    sha1: bool = False
    inclusive: bool = False
    first: bool = False
    reference: str | None = None
    xpath: bool = False


def signer(identity: SigningIdentity) -> Callable[..., None]:
    """Return what signs an assertion with this key, in the manner that its keywords (the fields of `Manner`) say."""

    def signed(assertion: etree._Element, **manner: str | bool | None) -> None:
        sign(assertion, identity, Manner(**manner))  # type: ignore[arg-type]  # by the names of its fields

    return signed


def sign(assertion: etree._Element, identity: SigningIdentity, manner: Manner | None = None) -> None:
    """Put an enveloped signature into an assertion and leave no line break in it (XML-DSig, 4.4 and 6.6.4)."""
    how = manner or Manner()
    signature = render_element("signature.xml", plan=_plan(assertion, identity, how))
    if how.xpath:
        _add_xpath(signature)
    assertion.insert(0 if how.first else len(assertion), signature)
    context = xmlsec.SignatureContext()
    context.key = _loaded(identity.key if how.key == "own" else _stranger().key)
    for element in assertion.iter(etree.Element):
        for name in _ID_ATTRIBUTES:
            if name in element.attrib:
                context.register_id(element, name)
    context.sign(signature)
    for tag in ("SignatureValue", "DigestValue"):
        for element in signature.iter(SIGNATURE + tag):
            element.text = "".join((element.text or "").split())


def _plan(assertion: etree._Element, identity: SigningIdentity, how: Manner) -> Mapping[str, str]:
    """Return what the signature's template is filled in with; the key is no part of it."""
    own_id = assertion.get("AssertionID") or assertion.get("ID")
    return {
        "certificate": _shown(identity, how.certificate),
        "reference": f"#{own_id}" if how.reference is None else how.reference,
        "signature_method": RSA_SHA1 if how.sha1 else RSA_SHA256,
        "digest_method": SHA1 if how.sha1 else SHA256,
        "canonicalization": INCLUSIVE if how.inclusive else EXCLUSIVE,
    }


def _shown(identity: SigningIdentity, whose: str) -> str:
    """Return the certificate that KeyInfo holds, or nothing."""
    if whose == "none":
        return ""
    return identity.certificate if whose == "own" else _stranger().certificate


def _add_xpath(signature: etree._Element) -> None:
    """Put an XPath transform that keeps every node between the two usual ones."""
    transforms = next(signature.iter(f"{SIGNATURE}Transforms"))
    transform = etree.Element(f"{SIGNATURE}Transform", Algorithm=XPATH)
    etree.SubElement(transform, f"{SIGNATURE}XPath").text = "true()"
    transforms.insert(1, transform)


@lru_cache(maxsize=4)
def _loaded(key: bytes) -> xmlsec.Key:
    """Parse a PEM key once; every context takes a copy of it."""
    return xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)


def strangers_certificate() -> str:
    """Return the certificate (base64 of its DER) of a key that no domain has registered."""
    return _stranger().certificate


@lru_cache(maxsize=1)
def _stranger() -> SigningIdentity:
    """Make a key and a self-signed certificate that no domain has registered; once in a process, it takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = self_signed(key, "Nobody's signing key", from_days=-30, until_days=3650)
    return SigningIdentity(key=pem, certificate=certificate)


def self_signed(key: rsa.RSAPrivateKey, common_name: str, *, from_days: int, until_days: int) -> str:
    """Return a certificate (base64 of its DER) that a key signs for itself, good between two days counted from now."""
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=from_days))
        .not_valid_after(now + timedelta(days=until_days))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")

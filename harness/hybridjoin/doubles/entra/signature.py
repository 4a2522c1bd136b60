"""The assertion's XML signature, read with lxml and verified with xmlsec (the device uses another library)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import xmlsec
from lxml import etree

from hybridjoin.doubles.entra.assertion import Assertion
from hybridjoin.doubles.entra.signature_form import DSIG, strange_part

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = f"{DSIG}enveloped-signature"
SIGNATURES = frozenset({f"{DSIG}rsa-sha1", *(f"{_MORE}rsa-sha{size}" for size in (256, 384, 512))})
DIGESTS = frozenset(
    {f"{DSIG}sha1", "http://www.w3.org/2001/04/xmlenc#sha256", f"{_MORE}sha384",
     "http://www.w3.org/2001/04/xmlenc#sha512"}
)  # fmt: skip
CANONICAL = frozenset({_EXCLUSIVE, _INCLUSIVE})
_ID_NAMES = ("AssertionID", "Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One `ds:Reference` of SignedInfo."""

    uri: str | None
    transforms: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A `ds:Signature` that is the assertion's own; `certificate` is the first of KeyInfo, DER."""

    element: etree._Element
    algorithm: str
    canonicalization: str
    references: tuple[Reference, ...]
    certificate: bytes | None

    @property
    def sound(self) -> bool:
        """Whether all its algorithms are ones that tokens are signed with."""
        transforms = {name for item in self.references for name in item.transforms}
        return (
            self.algorithm in SIGNATURES
            and self.canonicalization in CANONICAL
            and transforms <= CANONICAL | {ENVELOPED}
            and {item.digest for item in self.references} <= DIGESTS
        )


def read_signatures(assertion: Assertion) -> tuple[Signature, ...]:
    """Return the signatures that stand directly in the assertion."""
    return tuple(_signature(item) for item in assertion.element.findall(_dsig("Signature")))


def covers(signature: Signature, assertion: Assertion) -> bool:
    """Whether the signature is over the assertion and nothing but it: one Reference, to an id that is there once."""
    wanted = f"#{assertion.assertion_id}"
    ids = [item for item in assertion.element.iter(etree.Element) for name in _ID_NAMES
           if item.get(name) == assertion.assertion_id]  # fmt: skip
    return (
        [item.uri for item in signature.references] == [wanted]
        and ENVELOPED in signature.references[0].transforms
        and len(ids) == 1
    )


def verifies(signature: Signature, assertion: Assertion, certificate: bytes) -> bool:
    """Whether the signature is good under a registered certificate (DER); KeyInfo is not believed.

    One that is made of more than a token's, or is not `sound` or over the assertion, never comes to xmlsec.
    """
    if strange_part(signature.element) or not signature.sound or not covers(signature, assertion):
        return False
    context = xmlsec.SignatureContext()
    try:
        context.register_id(assertion.element, "AssertionID")
        context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)
        context.verify(signature.element)
    except xmlsec.Error:
        return False
    return True


def _signature(element: etree._Element) -> Signature:
    info = f"{_dsig('SignedInfo')}/"
    references = element.findall(info + _dsig("Reference"))
    certificate = element.find(f"{_dsig('KeyInfo')}/{_dsig('X509Data')}/{_dsig('X509Certificate')}")
    return Signature(
        element=element,
        algorithm=_algorithm(element.find(info + _dsig("SignatureMethod"))),
        canonicalization=_algorithm(element.find(info + _dsig("CanonicalizationMethod"))),
        references=tuple(_reference(item) for item in references),
        certificate=None if certificate is None else _der(str(certificate.xpath("string()"))),
    )


def _reference(element: etree._Element) -> Reference:
    transforms = element.findall(f"{_dsig('Transforms')}/{_dsig('Transform')}")
    return Reference(
        uri=element.get("URI"),
        transforms=tuple(_algorithm(item) for item in transforms),
        digest=_algorithm(element.find(_dsig("DigestMethod"))),
    )


def _algorithm(element: etree._Element | None) -> str:
    return "" if element is None else element.get("Algorithm", "")


def _der(text: str) -> bytes:
    """Decode a certificate's base64; what is none gives bytes that no registered certificate equals."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _dsig(name: str) -> str:
    return f"{{{DSIG}}}{name}"

"""The form of a signature, looked at before anything of it is computed, canonicalized or followed.

XML Signature lets a signature name files, run programs and cost hours, and none of that takes a key: whoever can touch
the answer can add it. A token's signature needs little of the specification (SAML 1.1, 5.4): one Reference to the
assertion, the enveloped-signature transform and a canonicalization. Whatever else stands in it is refused here, by its
form alone, so that no library meets it. What is unusual and harmless goes through.
"""

from __future__ import annotations

from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits, names, xml
from hybridjoin.protocol.limits import Limit
from hybridjoin.protocol.xml import Element

__all__ = ["CANONICAL", "ENVELOPED", "demand_form"]

ENVELOPED = f"{names.DSIG}enveloped-signature"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INCLUSIVE = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")
CANONICAL = frozenset(
    {_EXCLUSIVE, f"{_EXCLUSIVE}WithComments", *_INCLUSIVE, *(f"{name}#WithComments" for name in _INCLUSIVE)}
)
_DSIG_11 = "http://www.w3.org/2009/xmldsig11#"
_WHERE = "ds:Signature"


def _tag(local: str) -> str:
    return xml.name(names.DSIG, local)


_PREFIX_LISTS = xml.name(_EXCLUSIVE, "InclusiveNamespaces")
_CHILDREN = {
    "Signature": ("SignedInfo", "SignatureValue", "KeyInfo"),
    "SignedInfo": ("CanonicalizationMethod", "SignatureMethod", "Reference"),
    "Reference": ("Transforms", "DigestMethod", "DigestValue"),
    "Transforms": ("Transform",),
}
_LEADING_ELSEWHERE = (_tag("Object"), _tag("Manifest"), xml.name(_DSIG_11, "DEREncodedKeyValue"))
_NUMBERS = (_tag("SignatureValue"), _tag("DigestValue"))
_CERTIFICATE = _tag("X509Certificate")


def demand_form(signature: Element, assertion_id: str) -> None:
    """Let a signature through that has the form of a token's; `assertion_id` is the id of the assertion around it.

    Raises:
        PeerError: it holds what a token's signature has no use for, or more than a limit.
    """
    for found in signature.iter(*_LEADING_ELSEWHERE):
        raise _refused(f"no ds:{xml.local_name(found)}", f"one in line {found.sourceline or 0}")
    _demand_children(signature)
    info = xml.only(signature, _tag("SignedInfo"), where=_WHERE)
    _demand_children(info)
    xml.only(signature, _tag("SignatureValue"), where=_WHERE)
    canonicalization = xml.only(info, _tag("CanonicalizationMethod"), where=_WHERE)
    _demand_canonicalization(canonicalization, canonicalization.get("Algorithm", ""), CANONICAL)
    _demand_reference(xml.only(info, _tag("Reference"), where=_WHERE), assertion_id)
    for number in signature.iter(*_NUMBERS):
        _demand_base64(number, limits.NUMBER_CHARACTERS)
    for key_info in signature.iterchildren(_tag("KeyInfo")):
        _demand_key_info(key_info)


def _refused(expected: str, found: str) -> PeerError:
    return PeerError(f"expected {expected} in the signature, found {found}", where=_WHERE)


def _demand_children(element: Element) -> None:
    local = xml.local_name(element)
    known = _CHILDREN[local]
    for child in xml.children(element):
        if xml.namespace(child) != names.DSIG or xml.local_name(child) not in known:
            raise _refused(f"only {', '.join(known)} in ds:{local}", f"<{xml.local_name(child)}>")


def _demand_reference(reference: Element, assertion_id: str) -> None:
    """Demand one same-document reference to the assertion; the empty URI is the document, which is the assertion."""
    uri = reference.get("URI")
    if uri is None or (uri and (uri != f"#{assertion_id}" or not assertion_id)):
        raise _refused(f"a Reference to the assertion #{assertion_id}", "one without a URI" if uri is None else uri)
    _demand_children(reference)
    for transforms in reference.iterchildren(_tag("Transforms")):
        _demand_children(transforms)
    found = list(reference.iter(_tag("Transform")))
    limits.TRANSFORMS.hold(len(found), where=_WHERE)
    for transform in found:
        _demand_canonicalization(transform, transform.get("Algorithm", ""), CANONICAL | {ENVELOPED})


def _demand_canonicalization(element: Element, algorithm: str, known: frozenset[str]) -> None:
    """Demand an algorithm that cannot choose, fetch or execute anything; a PrefixList is all that may stand in it."""
    if algorithm not in known:
        allowed = "enveloped-signature and canonicalization" if ENVELOPED in known else "a canonicalization"
        local = xml.local_name(element)
        raise _refused(f"{allowed} as ds:{local}", algorithm or "none")
    for child in xml.children(element):
        if child.tag != _PREFIX_LISTS or len(child):
            raise _refused(f"only InclusiveNamespaces in ds:{xml.local_name(element)}", f"<{xml.local_name(child)}>")
        limits.PREFIXES.hold(len(child.get("PrefixList", "").split()), where=_WHERE)


def _demand_key_info(key_info: Element) -> None:
    limits.KEY_INFO_ELEMENTS.hold(sum(1 for _ in key_info.iter("*")), where=_WHERE)
    certificates = list(key_info.iter(_CERTIFICATE))
    limits.CERTIFICATES.hold(len(certificates), where=_WHERE)
    for certificate in certificates:
        _demand_base64(certificate, limits.CERTIFICATE_CHARACTERS)
    for value in key_info.iter(_tag("KeyValue")):
        for number in value.iter("*"):
            if not len(number):
                _demand_base64(number, limits.NUMBER_CHARACTERS)


def _demand_base64(element: Element, limit: Limit) -> None:
    """Demand one text of bounded size: what a comment or an instruction cuts in two is read in two ways."""
    for inner in element.iter(etree.Comment, etree.ProcessingInstruction):
        kind = "a comment" if isinstance(inner, etree._Comment) else "a processing instruction"  # noqa: SLF001
        raise _refused(f"base64 alone as ds:{xml.local_name(element)}", f"{kind} in it")
    limit.hold(len(xml.raw_text(element)), where=_WHERE, at=f"in ds:{xml.local_name(element)}")

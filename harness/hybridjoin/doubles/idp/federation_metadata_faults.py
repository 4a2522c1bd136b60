"""How each fault of the area `fedmeta` bends the federation metadata, one table for each stage of writing it.

DESCRIBED changes what is said, TREE the document before it is signed, SIGNED the signed one, BYTES the octets that go
out. `fedmeta-missing`, `fedmeta-unsigned` and `fedmeta-other-prefix` are carried out by whoever writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp.signing import SigningIdentity, self_signed, strangers_certificate

Thing = TypeVar("Thing")
Bend = Callable[[Thing, Misbehaviour], Thing]

_FED = "{http://docs.oasis-open.org/wsfed/federation/200706}"
_ROLE = "{urn:oasis:names:tc:SAML:2.0:metadata}RoleDescriptor"
_KEY = "{urn:oasis:names:tc:SAML:2.0:metadata}KeyDescriptor"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_ADDRESS = "{http://www.w3.org/2005/08/addressing}Address"
MISSING, UNSIGNED, OTHER_PREFIX = "fedmeta-missing", "fedmeta-unsigned", "fedmeta-other-prefix"
MEDIA_TYPE = "application/samlmetadata+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the document says; the certificate is base64 of its DER, `signer` who signs the document."""

    id: str
    issuer: str
    certificate: str
    active: str
    passive: str
    signer: SigningIdentity


def _over(described: Described, _: Misbehaviour) -> Described:
    return replace(described, certificate=_ended(described.signer))


def _ended(identity: SigningIdentity) -> str:
    """Make a certificate of the signing key that ended a year ago."""
    key = load_pem_private_key(identity.key, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"expected an RSA key to make a certificate of, found {type(key).__name__}")
    return self_signed(key, "the signing key of last year", from_days=-730, until_days=-365)


def _without(root: etree._Element, tag: str) -> etree._Element:
    for element in list(root.iter(tag)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return root


def _of_an_application(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for role in root.iter(_ROLE):
        role.set(_TYPE, "fed:ApplicationServiceType")
    return root


def _with_a_broken_certificate(root: etree._Element, _: Misbehaviour) -> etree._Element:
    key = next(root.iter(_KEY))
    other = etree.fromstring(etree.tostring(key))
    for certificate in other.iter("{*}X509Certificate"):
        certificate.text = (certificate.text or "")[:200]
    key.addnext(other)
    return root


def _without_use(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for key in root.iter(_KEY):
        key.attrib.pop("use", None)
    return root


def _past(root: etree._Element, _: Misbehaviour) -> etree._Element:
    root.set("validUntil", f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}")
    return root


def _saml_20_alone(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for offered in root.iter(f"{_FED}TokenType"):
        offered.set("Uri", "urn:oasis:names:tc:SAML:2.0:assertion")
    return root


def _nameless_claims(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for offered in root.iter("{http://docs.oasis-open.org/wsfed/authorization/200706}ClaimType"):
        offered.attrib.pop("Uri", None)
    return root


def _of_ws_trust_alone(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for role in root.iter(_ROLE):
        role.set("protocolSupportEnumeration", "http://docs.oasis-open.org/ws-sx/ws-trust/200512")
    return root


def _passive_at(root: etree._Element, change: Callable[[str], str]) -> etree._Element:
    for endpoint in root.iter(f"{_FED}PassiveRequestorEndpoint"):
        for address in endpoint.iter(_ADDRESS):
            address.text = change(address.text or "")
    return root


def _touched(root: etree._Element, _: Misbehaviour) -> etree._Element:
    root.set("cacheDuration", "PT1H")
    return root


DESCRIBED: Mapping[str, Bend[Described]] = {
    "fedmeta-other-issuer": lambda described, fault: replace(described, issuer=fault.text("issuer")),
    "fedmeta-other-certificate": lambda described, _: replace(described, certificate=strangers_certificate()),
    "fedmeta-ended-certificate": _over,
}
TREE: Mapping[str, Bend[etree._Element]] = {
    "fedmeta-other-role": _of_an_application,
    "fedmeta-without-active": lambda root, _: _without(root, f"{_FED}SecurityTokenServiceEndpoint"),
    "fedmeta-other-passive": lambda root, _: _passive_at(root, lambda url: f"{url.rstrip('/')}/elsewhere"),
    "fedmeta-passive-over-http": lambda root, _: _passive_at(root, lambda url: url.replace("https://", "http://", 1)),
    "fedmeta-broken-certificate": _with_a_broken_certificate,
    "fedmeta-without-use": _without_use,
    "fedmeta-past": _past,
    "fedmeta-saml20-alone": _saml_20_alone,
    "fedmeta-nameless-claims": _nameless_claims,
    "fedmeta-of-ws-trust-alone": _of_ws_trust_alone,
}
SIGNED: Mapping[str, Bend[etree._Element]] = {"fedmeta-touched": _touched}
BYTES: Mapping[str, Bend[tuple[bytes, str]]] = {
    "fedmeta-truncated": lambda answer, _: (answer[0][: len(answer[0]) // 2], answer[1]),
    "fedmeta-as-html": lambda answer, _: (answer[0], "text/html; charset=utf-8"),
}


def bent(table: Mapping[str, Bend[Thing]], thing: Thing, faults: tuple[Misbehaviour, ...]) -> Thing:
    """Return a thing as the faults of a stage leave it."""
    for fault in faults:
        bend = table.get(fault.name)
        thing = bend(thing, fault) if bend is not None else thing
    return thing

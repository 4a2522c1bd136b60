"""FederationMetadata.xml: what an IdP publishes of itself (WS-Federation 1.2, 3; SAML 2.0 metadata).

Entra and applications that speak WS-Federation poll it to follow a certificate that is renewed. Elements are found by
namespace and name; how xsi:type is spelt is kept besides, for there are readers that look for the prefix.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits, names, times, xml
from hybridjoin.protocol.signing_certificate import load_certificates
from hybridjoin.protocol.xml import Element

METADATA_PATH = "/FederationMetadata/2007-06/FederationMetadata.xml"
TOKEN_SERVICE = (names.FEDERATION, "SecurityTokenServiceType")
_WHERE = "the federation metadata"
_ROOTS = ("EntityDescriptor", "EntitiesDescriptor")
_BEGINNING = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A KeyDescriptor: its use as it is written, empty for none; its certificates in DER, and how many are none."""

    use: str
    certificates: tuple[bytes, ...] = field(repr=False)
    unreadable: int = 0

    @property
    def signs(self) -> bool:
        """Whether it may be for signing: a key without a use is for everything (SAML 2.0 metadata, 2.4.1.1)."""
        return self.use in {"", "signing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationRole:
    """A RoleDescriptor: namespace and name of its type, and the type as it is spelt.

    `protocols` are those that it says it supports, `token_types` and `claim_types` the Uris of what it offers, an empty
    one where there is no Uri; `active` and `passive` the addresses of its endpoints.
    """

    kind: tuple[str, str]
    spelt: str
    protocols: tuple[str, ...]
    keys: tuple[PublishedKey, ...]
    token_types: tuple[str, ...]
    claim_types: tuple[str, ...]
    active: tuple[str, ...]
    passive: tuple[str, ...]

    @property
    def signing_certificates(self) -> tuple[bytes, ...]:
        """The certificates of all keys that may sign."""
        return tuple(item for key in self.keys if key.signs for item in key.certificates)


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationMetadata:
    """The entity that is described, and its roles; `document_id` is the ID of the whole document.

    `valid_until` is validUntil as it is written, `ends_at` the instant that it means.
    """

    entity_id: str
    document_id: str
    valid_until: str
    ends_at: datetime | None
    roles: tuple[FederationRole, ...]

    @property
    def token_service(self) -> FederationRole | None:
        """The first role that is a security token service of WS-Federation."""
        return next((role for role in self.roles if role.kind == TOKEN_SERVICE), None)


def looks_like_metadata(body: bytes) -> bool:
    """Tell whether octets were meant to be metadata, whatever is wrong with them."""
    beginning = body[:_BEGINNING]
    return any(name.encode() in beginning for name in _ROOTS)


def parse_federation_metadata(body: bytes, *, wanted: str = "") -> FederationMetadata:
    """Read the document; of several entities the one whose id is `wanted`, else the first.

    Raises:
        PeerError: it is no metadata, or beyond a bound.
    """
    root = xml.parse(body, where=_WHERE)
    if xml.namespace(root) != names.SAML_METADATA or xml.local_name(root) not in _ROOTS:
        expected = f"expected {' or '.join(_ROOTS)} of {names.SAML_METADATA}"
        raise PeerError(f"{expected}, found <{xml.local_name(root)[:60]}>", where=_WHERE)
    limits.PUBLISHED_CERTIFICATES.hold(sum(1 for _ in root.iter(_CERTIFICATE)), where=_WHERE)
    entities = [root] if root.tag == _ENTITY else list(root.iter(_ENTITY))
    if not entities:
        raise PeerError("expected an EntityDescriptor, found none", where=_WHERE)
    entity = next((item for item in entities if item.get("entityID") == wanted), entities[0])
    until = entity.get("validUntil") or root.get("validUntil") or ""
    return FederationMetadata(
        entity_id=entity.get("entityID", ""),
        document_id=root.get("ID", ""),
        valid_until=until,
        ends_at=times.parse_instant(until),
        roles=tuple(_role(item) for item in entity.iterchildren(_ROLE)),
    )


def _md(local: str) -> str:
    return xml.name(names.SAML_METADATA, local)


def _fed(local: str) -> str:
    return xml.name(names.FEDERATION, local)


_ENTITY, _ROLE, _KEY = _md("EntityDescriptor"), _md("RoleDescriptor"), _md("KeyDescriptor")
_CERTIFICATE = xml.name(names.DSIG, "X509Certificate")
_TYPE = xml.name(names.SCHEMA_INSTANCE, "type")
_CLAIM_TYPE = xml.name(names.AUTHORIZATION, "ClaimType")
_ENDPOINT_REFERENCE, _ADDRESS = xml.name(names.WSA, "EndpointReference"), xml.name(names.WSA, "Address")


def _role(role: Element) -> FederationRole:
    spelt = (role.get(_TYPE) or "").strip()
    return FederationRole(
        kind=xml.resolve_qname(role, spelt),
        spelt=spelt,
        protocols=tuple((role.get("protocolSupportEnumeration") or "").split()),
        keys=tuple(_key(item) for item in role.iterchildren(_KEY)),
        token_types=_uris(role, _fed("TokenTypesOffered"), _fed("TokenType")),
        claim_types=_uris(role, _fed("ClaimTypesOffered"), _CLAIM_TYPE),
        active=tuple(_addresses(role, _fed("SecurityTokenServiceEndpoint"))),
        passive=tuple(_addresses(role, _fed("PassiveRequestorEndpoint"))),
    )


def _key(key: Element) -> PublishedKey:
    found = [_der(item) for item in key.iter(_CERTIFICATE)]
    good = tuple(der for der in found if der and any(load_certificates((der,))))
    return PublishedKey(use=key.get("use", ""), certificates=good, unreadable=len(found) - len(good))


def _der(element: Element) -> bytes:
    """Return the octets of a certificate; none where it is not base64."""
    text = "".join(xml.raw_text(element).split())
    limits.CERTIFICATE_CHARACTERS.hold(len(text), where=_WHERE)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _uris(role: Element, around: str, tag: str) -> tuple[str, ...]:
    return tuple((item.get("Uri") or "").strip() for list_ in role.iterchildren(around) for item in list_.iter(tag))


def _addresses(role: Element, endpoint: str) -> Iterator[str]:
    for item in role.iterchildren(endpoint):
        for reference in item.iterchildren(_ENDPOINT_REFERENCE):
            yield xml.text(xml.first(reference, _ADDRESS))

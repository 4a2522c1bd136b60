"""FederationMetadata.xml: a healthy document, and for each FEDMETA requirement one that breaks it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.protocol import signature
from hybridjoin.protocol.federation_metadata import looks_like_metadata, parse_federation_metadata
from tests.checks.messages import kept
from tests.protocol.documents import ISSUER, NOW, instant, sign, signer

HOST = "https://sts.hybridjoin.test"
URL = f"{HOST}/FederationMetadata/2007-06/FederationMetadata.xml"
PASSIVE = f"{HOST}/adfs/ls/"
ACTIVE = f"{HOST}/adfs/services/trust/2005/usernamemixed"
FED = "http://docs.oasis-open.org/wsfed/federation/200706"
SAML_11, SAML_20 = "urn:oasis:names:tc:SAML:1.0:assertion", "urn:oasis:names:tc:SAML:2.0:assertion"
UPN = "http://schemas.xmlsoap.org/claims/UPN"
XML = "application/samlmetadata+xml"


def key(*, use: str | None = "signing", der: bytes | None = None, text: str | None = None) -> str:
    value = base64.b64encode(der or signer().certificate).decode() if text is None else text
    shown = "" if use is None else f' use="{use}"'
    return (
        f'<KeyDescriptor{shown}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{value}'
        "</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    )


def endpoint(name: str, address: str | None) -> str:
    if address is None:
        return ""
    reference = f'<EndpointReference xmlns="http://www.w3.org/2005/08/addressing"><Address>{address}</Address>'
    return f"<fed:{name}>{reference}</EndpointReference></fed:{name}>"


def role(
    *,
    prefix: str = "fed",
    kind: str = "SecurityTokenServiceType",
    protocols: str | None = FED,
    keys: str | None = None,
    tokens: tuple[str, ...] = (SAML_20, SAML_11),
    claim: str | None = UPN,
    active: str | None = ACTIVE,
    passive: str | None = PASSIVE,
) -> str:
    said = "" if protocols is None else f' protocolSupportEnumeration="{protocols}"'
    types = "".join(f'<fed:TokenType Uri="{item}"/>' for item in tokens)
    named = "" if claim is None else f' Uri="{claim}"'
    return (
        f'<RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:{prefix}="{FED}" '
        f'xmlns:fed="{FED}" xsi:type="{prefix}:{kind}"{said}>'.replace(f' xmlns:fed="{FED}" xmlns:fed=', " xmlns:fed=")
        + (key() if keys is None else keys)
        + f"<fed:TokenTypesOffered>{types}</fed:TokenTypesOffered><fed:ClaimTypesOffered>"
        f'<auth:ClaimType xmlns:auth="http://docs.oasis-open.org/wsfed/authorization/200706"{named}/>'
        f"</fed:ClaimTypesOffered>{endpoint('SecurityTokenServiceEndpoint', active)}"
        f"{endpoint('PassiveRequestorEndpoint', passive)}</RoleDescriptor>"
    )


def entity(*, issuer: str = ISSUER, until: str = "", roles: str | None = None, **changes: Any) -> str:  # noqa: ANN401 the fields of role
    ends = f' validUntil="{until}"' if until else ""
    return (
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ID="_fed" entityID="{issuer}"{ends}>'
        f"{role(**changes) if roles is None else roles}</EntityDescriptor>"
    )


def signed(text: str) -> bytes:
    return sign(text, uri="#_fed").encode()


def read(
    body: bytes, *, status: int = 200, kind: str = XML, named: bool = False, problem: str = ""
) -> PublishedMetadata:
    """What the device makes of an answer; beside the device, so that a slip of either shows."""
    whole: dict[str, Any] = {"url": URL, "named": named, "status": status, "content_type": kind}
    if status != 200:
        return kept(PublishedMetadata(**whole, problem=problem or f"HTTP {status}"), body)
    whole["meant"] = looks_like_metadata(body)
    try:
        document = parse_federation_metadata(body, wanted=ISSUER)
    except PeerError as error:
        return kept(PublishedMetadata(**whole, problem=error.problem), body)
    reading = signature.read_signature(
        body, assertion_id=document.document_id, trusted_certificates=(signer().certificate,), issued_at=NOW
    )
    return kept(PublishedMetadata(**whole, document=document, signature=reading), body)


def published(**changes: Any) -> PublishedMetadata:  # noqa: ANN401 the fields of entity
    return read(signed(entity(**changes)))


def touched() -> PublishedMetadata:
    root = etree.fromstring(signed(entity()))
    root.set("entityID", ISSUER)
    root.set("cacheDuration", "PT1H")
    return read(etree.tostring(root))


BREAKING: dict[str, Callable[[], PublishedMetadata]] = {
    "FEDMETA-01": lambda: read(signed(entity())[:900]),
    "FEDMETA-02": lambda: published(issuer="https://another.hybridjoin.test/"),
    "FEDMETA-03": lambda: published(kind="ApplicationServiceType"),
    "FEDMETA-04": lambda: published(prefix="f"),
    "FEDMETA-05": lambda: published(active=None),
    "FEDMETA-06": lambda: published(passive=f"{HOST}/elsewhere"),
    "FEDMETA-07": lambda: published(passive=PASSIVE.replace("https", "http")),
    "FEDMETA-08": lambda: published(keys=key(der=signer("another").certificate)),
    "FEDMETA-09": lambda: published(keys=key() + key(text="MIIB")),
    "FEDMETA-10": lambda: published(keys=key(use=None)),
    "FEDMETA-11": lambda: published(keys=key(der=signer("past", expired=True).certificate)),
    "FEDMETA-12": lambda: published(until=instant(NOW - timedelta(days=1))),
    "FEDMETA-13": lambda: read(entity().encode()),
    "FEDMETA-14": touched,
    "FEDMETA-15": lambda: published(tokens=(SAML_20,)),
    "FEDMETA-16": lambda: published(claim=None),
    "FEDMETA-17": lambda: published(protocols="http://docs.oasis-open.org/ws-sx/ws-trust/200512"),
    "FEDMETA-18": lambda: read(signed(entity()), kind="text/html; charset=utf-8"),
}
PASSING = {
    **dict.fromkeys(BREAKING, published),
    "FEDMETA-12": lambda: published(until=instant(NOW + timedelta(days=1))),
}
PLACES = {
    **dict.fromkeys(("FEDMETA-01", "FEDMETA-13", "FEDMETA-18"), "federation-metadata: message"),
    **dict.fromkeys(("FEDMETA-02", "FEDMETA-12"), "federation-metadata: element md:EntityDescriptor"),
    **dict.fromkeys(
        ("FEDMETA-03", "FEDMETA-04", "FEDMETA-05", "FEDMETA-17"), "federation-metadata: element md:RoleDescriptor"
    ),
    **dict.fromkeys(("FEDMETA-06", "FEDMETA-07"), "federation-metadata: element fed:PassiveRequestorEndpoint"),
    **dict.fromkeys(
        ("FEDMETA-08", "FEDMETA-09", "FEDMETA-10", "FEDMETA-11"), "federation-metadata: element md:KeyDescriptor"
    ),
    "FEDMETA-14": "federation-metadata: element ds:Signature",
    "FEDMETA-15": "federation-metadata: element fed:TokenTypesOffered",
    "FEDMETA-16": "federation-metadata: element fed:ClaimTypesOffered",
}

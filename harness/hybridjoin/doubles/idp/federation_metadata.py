"""FederationMetadata.xml: what Entra polls to follow a certificate that is renewed (WS-Federation 1.2, 3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lxml import etree

from hybridjoin.doubles.idp.addresses import HTTPS_PORT, addresses_of
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.rendering import render_element
from hybridjoin.doubles.idp.signing import Manner, SigningIdentity, sign

PATH = "/FederationMetadata/2007-06/FederationMetadata.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the document says; the certificate is base64 of its DER."""

    id: str
    issuer: str
    certificate: str
    active: str
    passive: str


def federation_metadata(config: IdpConfig, identity: SigningIdentity, *, host: str) -> bytes:
    """Return the signed document, its addresses as they are reached at a host with or without a port."""
    name, _, port = host.partition(":")
    told = {"profile": config.profile, "service_host": name, "application_id": config.application_id}
    addresses = addresses_of(told, port=int(port) if port.isdecimal() else HTTPS_PORT)
    described = Described(
        id=f"_{uuid.uuid4()}",
        issuer=config.issuer,
        certificate=identity.certificate,
        active=addresses.active,
        passive=addresses.passive,
    )
    root = render_element("federation_metadata.xml", described=described)
    sign(root, identity, Manner(first=True))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)

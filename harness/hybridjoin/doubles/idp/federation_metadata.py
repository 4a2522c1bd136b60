"""FederationMetadata.xml: what Entra polls to follow a certificate that is renewed (WS-Federation 1.2, 3)."""

from __future__ import annotations

import uuid

from lxml import etree

from hybridjoin.doubles.idp import federation_metadata_faults as faults
from hybridjoin.doubles.idp.addresses import HTTPS_PORT, addresses_of
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.federation_metadata_faults import Described, bent
from hybridjoin.doubles.idp.rendering import render_element
from hybridjoin.doubles.idp.signing import Manner, SigningIdentity, sign

PATH = "/FederationMetadata/2007-06/FederationMetadata.xml"


def federation_metadata(config: IdpConfig, identity: SigningIdentity, *, host: str) -> tuple[bytes, str] | None:
    """Return the signed document and its media type, its addresses as they are reached at a host, maybe with a port.

    None where a fault says that there is no such document.
    """
    names = {fault.name for fault in config.faults}
    if faults.MISSING in names:
        return None
    described = bent(faults.DESCRIBED, _described(config, identity, host), config.faults)
    prefix = "f" if faults.OTHER_PREFIX in names else "fed"
    root = render_element("federation_metadata.xml", described=described, fed=prefix)
    root = bent(faults.TREE, root, config.faults)
    if faults.UNSIGNED not in names:
        sign(root, identity, Manner(first=True))
    root = bent(faults.SIGNED, root, config.faults)
    body = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bent(faults.BYTES, (body, faults.MEDIA_TYPE), config.faults)


def _described(config: IdpConfig, identity: SigningIdentity, host: str) -> Described:
    name, _, port = host.partition(":")
    told = {"profile": config.profile, "service_host": name, "application_id": config.application_id}
    addresses = addresses_of(told, port=int(port) if port.isdecimal() else HTTPS_PORT)
    return Described(
        id=f"_{uuid.uuid4()}",
        issuer=config.issuer,
        certificate=identity.certificate,
        active=addresses.active,
        passive=addresses.passive,
        signer=identity,
    )

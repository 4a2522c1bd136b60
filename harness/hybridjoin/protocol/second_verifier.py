"""An independent witness: xmlsec verifies the same signature, with a key of our own choosing.

Nothing in KeyInfo is followed. A signature that transforms the assertion unusually is not handed to it, nor one with a
ds:Object: xmlsec follows the references of a Manifest in it, and those may name any file.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from hybridjoin.extras import extras_named
from hybridjoin.model.reading import SignatureReading
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element

_SAFE_TRANSFORMS = frozenset(
    {
        f"{names.DSIG}enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    }
)


def is_usual(reading: SignatureReading, assertion_id: str) -> bool:
    """Say whether the one signature refers to the assertion itself and nothing else, and transforms it as all do."""
    alone = reading.signatures == 1 and reading.references == (f"#{assertion_id}",) and not reading.objects
    return alone and set(reading.transforms) <= _SAFE_TRANSFORMS


def opinion(
    root: Element, reading: SignatureReading, assertion_id: str, trusted_certificates: Iterable[bytes]
) -> bool | None:
    """Say whether xmlsec finds the signature valid; None where it is unusual, or there is no certificate to use.

    `trusted_certificates` are DER; the first of them is taken where KeyInfo holds none. Raises LabError where lxml and
    xmlsec carry different versions of libxml2.
    """
    certificate = next(iter((*_embedded(root), *trusted_certificates)), None)
    if certificate is None or not is_usual(reading, assertion_id):
        return None
    return _verify(root, certificate)


def _embedded(root: Element) -> list[bytes]:
    signature = xml.first(root, xml.name(names.DSIG, "Signature"))
    path = (xml.name(names.DSIG, local) for local in ("KeyInfo", "X509Data", "X509Certificate"))
    try:
        raw = base64.b64decode("".join(xml.raw_text(xml.first(signature, *path)).split()), validate=True)
    except (binascii.Error, ValueError):
        return []
    return [raw] if raw else []


def _verify(root: Element, certificate: bytes) -> bool:
    # Imported with the first signature: where lxml and xmlsec do not go together, all else still does its work.
    with extras_named():
        import xmlsec  # noqa: PLC0415
    signature = xml.only(root, xml.name(names.DSIG, "Signature"), where="assertion")
    try:
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)
        context.register_id(root, "AssertionID")
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True

"""An independent witness: xmlsec verifies the same signature, with a key of our own choosing.

Nothing in KeyInfo is followed, and no signature is handed to it that `signature_gate` has not let through: xmlsec would
follow the references of a Manifest in one, and those may name any file.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from hybridjoin.extras import extras_named
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element


def opinion(root: Element, certificate: bytes) -> bool:
    """Say whether xmlsec finds the one signature of an assertion, or of metadata, valid under a certificate (DER).

    Raises LabError where lxml and xmlsec carry different versions of libxml2.
    """
    # Imported with the first signature: where lxml and xmlsec do not go together, all else still does its work.
    with extras_named():
        import xmlsec  # noqa: PLC0415
    signature = xml.only(root, xml.name(names.DSIG, "Signature"), where="assertion")
    try:
        context = xmlsec.SignatureContext()
        context.key = _key(certificate)
        context.register_id(root, "ID" if root.get("AssertionID") is None else "AssertionID")
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True


@lru_cache(maxsize=16)
def _key(certificate: bytes) -> Any:  # noqa: ANN401 - xmlsec's, which is imported with the first signature
    """Return the key of a certificate (DER): it follows from the octets alone, and a context takes a copy of it."""
    import xmlsec  # noqa: PLC0415

    return xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)

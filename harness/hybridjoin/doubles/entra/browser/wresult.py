"""Entra's own reading of wresult: which assertion stands in it, if any."""

from __future__ import annotations

from lxml import etree

from hybridjoin.doubles.entra.browser.rules import WRESULT_MISSING, WRESULT_STRANGE
from hybridjoin.doubles.entra.rule import Rule

LIMIT_CHARACTERS = 256 * 1024
_TRUST = ("http://schemas.xmlsoap.org/ws/2005/02/trust", "http://docs.oasis-open.org/ws-sx/ws-trust/200512")


def token_in(text: str) -> bytes | Rule:
    """Return the first token of a response as it stands there, or the rule that speaks of what stands there instead."""
    if not text or len(text) > LIMIT_CHARACTERS:
        return WRESULT_MISSING
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return WRESULT_MISSING
    if root.getroottree().docinfo.internalDTD is not None:
        return WRESULT_MISSING
    requested = next(root.iter(*(f"{{{space}}}RequestedSecurityToken" for space in _TRUST)), None)
    token = next(requested.iterchildren("*"), None) if requested is not None else None
    return WRESULT_STRANGE if token is None else etree.tostring(token, with_tail=False)

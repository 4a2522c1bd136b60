"""An assertion that was laid out for reading after it was signed.

A signature covers every space between the elements. An editor or a trace viewer that indents what it saves breaks it,
and the file alone does not tell who did; but with the indentation taken out again, what was signed is left.
"""

from __future__ import annotations

from lxml import etree

from hybridjoin.protocol import xml
from hybridjoin.protocol.xml import Element


def without_indentation(assertion_xml: bytes) -> bytes | None:
    """Take the white space between elements out of an assertion, None where no line break is among it.

    Raises:
        PeerError: the octets are no XML document within its bounds.
    """
    root = xml.parse(assertion_xml, where="assertion")
    removed = [space for element in root.iter("*") for space in _take_out(element, top=element is root)]
    return etree.tostring(root) if any("\n" in space for space in removed) else None


def _take_out(element: Element, *, top: bool) -> list[str]:
    """Take out what stands before an element's first child, and what follows the element; return both."""
    removed = []
    if len(element) and element.text and not element.text.strip():
        removed.append(element.text)
        element.text = None
    if not top and element.tail and not element.tail.strip():
        removed.append(element.tail)
        element.tail = None
    return removed

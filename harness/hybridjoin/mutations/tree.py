"""The few things that operators do with a tree: all of lxml that a mutation needs.

The room stands alone, on lxml and the standard library: an identity provider that is no part of this program can be
handed it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from lxml.etree import _Element as Element

__all__ = [
    "Element",
    "alone",
    "canonical",
    "children",
    "comment",
    "copy",
    "first",
    "name",
    "new",
    "octets",
    "raw_text",
    "text",
]


def name(space: str, local: str) -> str:
    """Write a name in Clark notation."""
    return f"{{{space}}}{local}"


def first(element: Element | None, *path: str) -> Element | None:
    """Follow a path of child names, taking the first of each; None where a step is missing."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren(step), None)
    return element


def children(element: Element) -> Iterator[Element]:
    """Iterate over the child elements; comments are passed over."""
    return element.iterchildren("*")


def raw_text(element: Element | None) -> str:
    """Return all the text of an element as it stands, without comments; empty where there is no element."""
    return "" if element is None else str(element.xpath("string()"))


def text(element: Element | None) -> str:
    """Return the text of an element without white space at its ends."""
    return raw_text(element).strip()


def octets(element: Element) -> bytes:
    """Write an element down."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def canonical(element: Element) -> bytes:
    """Canonicalize exclusively, as a Reference's transform does."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def copy(element: Element) -> Element:
    """Copy an element out of its document."""
    return deepcopy(element)


def new(parent: Element, tag: str) -> Element:
    """Append a new child."""
    return etree.SubElement(parent, tag)


def alone(tag: str) -> Element:
    """Make an element that stands in no document yet."""
    return etree.Element(tag)


def comment(words: str, *, tail: str) -> Element:
    """Make a comment with the text that follows it."""
    remark = etree.Comment(words)
    remark.tail = tail
    return remark

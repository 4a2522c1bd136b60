"""The one door for XML: no DTD, no entities, no network, and every bound is said in the error.

Readers below go by namespace and local name, never by prefix or position. Text is the XPath string value of
an element, so that a comment inside a name identifier cannot cut it short.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits
from hybridjoin.protocol.limits import Limit

__all__ = [
    "CutElement",
    "Element",
    "children",
    "cut",
    "every_attribute",
    "first",
    "local_name",
    "name",
    "namespace",
    "only",
    "parse",
    "raw_text",
    "read_alone",
    "resolve_qname",
    "text",
]

_COUNT = etree.XPath("count(//*)")
_ATTRIBUTES = etree.XPath("count(//@*)")
_TOO_DEEP = etree.XPath("/*" * (limits.XML_DEPTH.most + 1))
_TOO_WIDE = etree.XPath(f"//@*[{limits.ELEMENT_ATTRIBUTES.most + 1}]/..")
_STRING = etree.XPath("string()")
_ADVICE = re.compile(r", use XML_PARSE_HUGE option|, see xmlCtxt\w+\.?")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_ANY_TYPE = etree.XPath("boolean(descendant-or-self::*/@s:type)", namespaces={"s": _TYPE[1:].partition("}")[0]})
_LONGEST_NAME = 60
_LAST_LINE = 0xFFFF  # what libxml2 can keep of a line number in a node


def parse(body: bytes, *, where: str, limit: Limit = limits.XML_BYTES) -> Element:
    """Read a document from untrusted octets.

    Raises:
        PeerError: it is not well-formed or beyond a bound.
    """
    if not body.strip():
        raise PeerError("expected an XML document, found an empty body", where=where)
    limit.hold(len(body), where=where)
    # Counted in the octets: a tree of nothing but comments or attributes takes a hundred times their size.
    limits.XML_TAGS.hold(body.count(b"<"), where=where)
    limits.XML_QUOTES.hold(body.count(b'"') + body.count(b"'"), where=where)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        problem = f"expected well-formed XML, found {_resemblance(body)}: {_words(error)}"
        raise PeerError(problem, where=where) from error
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.externalDTD is not None:
        raise PeerError(f"expected XML without a DTD, found {_resemblance(body)} with a DOCTYPE", where=where)
    _hold_the_tree(root, where)
    return root


def _hold_the_tree(root: Element, where: str) -> None:
    """Refuse a tree that would cost readers more than its octets, which is all that they were counted by."""
    limits.XML_ELEMENTS.hold(int(_COUNT(root)), where=where)
    deep = next(iter(_TOO_DEEP(root)), None)
    if deep is not None:
        limits.XML_DEPTH.hold(limits.XML_DEPTH.most + 1, where=where, at=f"or more {_place(deep)}")
    limits.XML_ATTRIBUTES.hold(int(_ATTRIBUTES(root)), where=where)
    for element in _TOO_WIDE(root):
        limits.ELEMENT_ATTRIBUTES.hold(len(element.attrib), where=where, at=_place(element))
    _hold_the_namespaces(root, where)


def _hold_the_namespaces(root: Element, where: str) -> None:
    declared = in_scope = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        started = event == "start-ns"
        declared += started
        in_scope += 1 if started else -1
        limits.NAMESPACES_IN_SCOPE.hold(in_scope, where=where, at="or more")
    limits.XML_NAMESPACES.hold(declared, where=where)


def _place(element: Element) -> str:
    return f"at <{local_name(element)[:_LONGEST_NAME]}> in line {element.sourceline or 0}"


def _resemblance(body: bytes) -> str:
    """Say what the octets look like, so that a proxy's error page is recognised at first sight."""
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if head.startswith((b"{", b"[")):
        return "JSON"
    if head.startswith(b"<"):
        return "XML"
    return "text that does not start with '<'"


def _words(error: Exception) -> str:
    """Put the parser's refusal into one line, without its advice to the programmer."""
    message = error.msg if isinstance(error, etree.XMLSyntaxError) and error.msg else str(error)
    return _ADVICE.sub("", " ".join(message.split()))


@lru_cache(maxsize=1024)
def name(space: str, local: str) -> str:
    """Write a name in Clark notation."""
    return f"{{{space}}}{local}"


def every_attribute(space: str, local: str) -> etree.XPath:
    """Return what finds the values of all attributes of a name in a document."""
    return etree.XPath("descendant-or-self::*/@s:" + local, namespaces={"s": space}, smart_strings=False)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return an element's namespace, empty where it has none."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def children(element: Element, *tags: str) -> Iterator[Element]:
    """Iterate over the child elements of these names, or all of them; comments are passed over."""
    return element.iterchildren(*(tags or ("*",)))


def first(element: Element | None, *path: str) -> Element | None:
    """Follow a path of child names, taking the first of each; None where a step is missing."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren(step), None)
    return element


def only(element: Element, tag: str, *, where: str) -> Element:
    """Return the one child of that name.

    Raises:
        PeerError: there is none, or a second.
    """
    found = list(element.iterchildren(tag))
    if len(found) != 1:
        raise PeerError(f"expected one {tag} in {local_name(element)}, found {len(found)}", where=where)
    return found[0]


def raw_text(element: Element | None) -> str:
    """Return the string value of an element as it came, white space included."""
    if element is None:
        return ""
    if len(element) == 0:
        return element.text or ""
    return str(_STRING(element))


def text(element: Element | None) -> str:
    """Return the string value of an element without white space at its ends."""
    return raw_text(element).strip()


def resolve_qname(element: Element, value: str) -> tuple[str, str]:
    """Resolve `prefix:local` by the declarations in scope; an undeclared prefix gives an empty namespace."""
    prefix, colon, local = value.strip().partition(":")
    if not colon:
        return element.nsmap.get(None) or "", prefix
    return element.nsmap.get(prefix) or "", local


@dataclass(frozen=True, slots=True, kw_only=True)
class CutElement:
    """The octets of a cut element, namespace-well-formed, and the prefixes it had borrowed from its ancestors.

    A borrowed prefix is used in the element and declared only outside of it; the default namespace is `''`.
    """

    octets: bytes
    borrowed: tuple[str, ...] = ()


def cut(element: Element) -> CutElement:
    """Cut an element out of its document with its own namespace declarations and those it borrowed, no others.

    Every declaration in scope would be too many: an inclusive-C14N signature does not survive them, and clients that
    cut text add none. The element is copied as a node and the copy is written: nothing is looked up in text, where
    a comment or a sibling that looks the same would be found first. libxml2 declares on the copy's start tag what
    names below it borrowed; what the values of xsi:type borrowed is declared here.
    """
    in_scope = element.nsmap
    alone = copy.deepcopy(element)
    by_names = alone.nsmap.keys() - _own_prefixes(element)
    by_types = {prefix for prefix in _undeclared_types(alone) if prefix in in_scope}
    octets: bytes = etree.tostring(alone, encoding="utf-8", with_tail=False)
    return CutElement(
        octets=_declare(octets, alone, {prefix: in_scope[prefix] for prefix in sorted(by_types)}),
        borrowed=tuple(sorted({prefix or "" for prefix in by_names} | by_types)),
    )


def read_alone(cut_element: CutElement, original: Element, *, where: str) -> Element:
    """Parse the octets of a cut; each element keeps the line that it has in the document it was cut from.

    Raises:
        PeerError: The octets are beyond a bound of `parse`.
    """
    root = parse(cut_element.octets, where=where)
    for element, source in zip(root.iter("*"), original.iter("*"), strict=True):
        element.sourceline = min(source.sourceline or 0, _LAST_LINE)  # type: ignore[misc]  # lxml can, its stubs cannot
    return root


def _own_prefixes(element: Element) -> set[str | None]:
    """Return the prefixes that the element's own start tag declares; `nsmap` would add those of its ancestors."""
    own: set[str | None] = set()
    for _, found in etree.iterwalk(element, events=("start-ns", "start")):
        if not isinstance(found, tuple):
            break
        own.add(found[0] or None)
    return own


def _declare(octets: bytes, element: Element, declarations: Mapping[str, str]) -> bytes:
    """Add declarations to the start tag; it begins with `<` and the element's name, so their place is known."""
    qualified = f"{element.prefix}:{local_name(element)}" if element.prefix else local_name(element)
    name_end = len(f"<{qualified}".encode())
    added = "".join(f" xmlns:{prefix}={quoteattr(space)}" for prefix, space in declarations.items())
    return octets[:name_end] + added.encode() + octets[name_end:]


def _undeclared_types(root: Element) -> Iterator[str]:
    """Yield the prefixes that xsi:type values use without a declaration in scope; no parser looks into values."""
    if not _ANY_TYPE(root):
        return
    in_scope: list[str] = []
    for event, found in etree.iterwalk(root, events=("start", "start-ns", "end-ns")):
        if isinstance(found, tuple):
            in_scope.append(found[0])
        elif found is None:
            in_scope.pop()
        elif event == "start" and (value := found.get(_TYPE)) is not None:
            prefix, colon, _ = value.strip().partition(":")
            if colon and prefix not in in_scope:
                yield prefix

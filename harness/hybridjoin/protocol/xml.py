"""The one door for XML: no DTD, no entities, no network, and every bound is said in the error.

Readers below go by namespace and local name, never by prefix or position. Text is the XPath string value of
an element, so that a comment inside a name identifier cannot cut it short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from hybridjoin.errors import PeerError

__all__ = [
    "LIMIT_BYTES",
    "LIMIT_DEPTH",
    "LIMIT_ELEMENTS",
    "CutElement",
    "Element",
    "children",
    "cut",
    "first",
    "local_name",
    "name",
    "namespace",
    "only",
    "parse",
    "raw_text",
    "resolve_qname",
    "text",
]

LIMIT_BYTES = 4 * 1024 * 1024
LIMIT_ELEMENTS = 50_000
LIMIT_DEPTH = 64

_COUNT = etree.XPath("count(//*)")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (LIMIT_DEPTH + 1) + ")")
_STRING = etree.XPath("string()")
_ADVICE = re.compile(r", use XML_PARSE_HUGE option|, see xmlCtxt\w+\.?")
_NAMELESS = etree.XPath("count(descendant-or-self::*[namespace-uri() = ''])")
_TYPES = etree.XPath("//@xsi:type", namespaces={"xsi": "http://www.w3.org/2001/XMLSchema-instance"})
_UNDEFINED = re.compile(r"Namespace prefix (\S+) (?:on|for) ")
_NAME_END = re.compile(rb"[\s/>]")
_ROUNDS = 16  # the parser keeps no more than a hundred complaints at a time


def parse(body: bytes, *, where: str, limit_bytes: int = LIMIT_BYTES) -> Element:
    """Read a document from untrusted octets; raise PeerError where it is not well-formed or beyond a bound."""
    if not body.strip():
        raise PeerError("expected an XML document, found an empty body", where=where)
    if len(body) > limit_bytes:
        raise PeerError(f"expected at most {limit_bytes} bytes of XML, found {len(body)}", where=where)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        problem = f"expected well-formed XML, found {_resemblance(body)}: {_words(error)}"
        raise PeerError(problem, where=where) from error
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.externalDTD is not None:
        raise PeerError(f"expected XML without a DTD, found {_resemblance(body)} with a DOCTYPE", where=where)
    count = int(_COUNT(root))
    if count > LIMIT_ELEMENTS:
        raise PeerError(f"expected at most {LIMIT_ELEMENTS} elements, found {count}", where=where)
    if _TOO_DEEP(root):
        raise PeerError(f"expected elements nested at most {LIMIT_DEPTH} deep, found deeper ones", where=where)
    return root


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


def name(space: str, local: str) -> str:
    """Write a name in Clark notation."""
    return f"{{{space}}}{local}"


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
    """Return the one child of that name; raise PeerError where there is none, or a second."""
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
    """Cut an element out of its document with its own namespace declarations and no others.

    lxml would add every declaration in scope, which an inclusive-C14N signature does not survive; clients that
    cut text add none. So the start tag is taken as it stands among its siblings, and only what the element
    borrowed is declared on top.
    """
    alone: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    parent = element.getparent()
    tag_end = alone.find(b">")
    if parent is None or tag_end + 1 == len(alone):
        return CutElement(octets=alone)
    among: bytes = etree.tostring(parent, encoding="utf-8", with_tail=False)
    at = among.find(alone[tag_end:])
    start = among.rfind(b"<", 0, at)
    octets = among[start : at + len(alone) - tag_end]
    borrowed = _borrowed(element, octets)
    return CutElement(octets=_declare(octets, element, borrowed), borrowed=borrowed)


def _declare(octets: bytes, element: Element, prefixes: Iterable[str]) -> bytes:
    """Add declarations to the start tag, bound as they are in the element's document."""
    name_end = len(_NAME_END.split(octets, maxsplit=1)[0])
    added = "".join(
        f" xmlns{':' + prefix if prefix else ''}={quoteattr(element.nsmap[prefix or None])}" for prefix in prefixes
    )
    return octets[:name_end] + added.encode() + octets[name_end:]


def _borrowed(element: Element, octets: bytes) -> tuple[str, ...]:
    """Name the prefixes that the octets use and do not declare: the parser itself says which it cannot resolve.

    An inner element may declare a prefix anew, as the envelope binds it or otherwise; only the parser knows.
    """
    in_scope = {prefix for prefix in element.nsmap if prefix is not None and prefix != "xml"}
    found: set[str] = set()
    alone, missing = _read_alone(octets)
    for _ in range(_ROUNDS):
        found |= missing & in_scope
        if not missing & in_scope:
            break
        alone, missing = _read_alone(_declare(octets, element, sorted(found)))
    else:
        found |= in_scope
    if element.nsmap.get(None) and _NAMELESS(alone) != _NAMELESS(element):
        found.add("")
    return tuple(sorted(found))


def _read_alone(octets: bytes) -> tuple[Element, set[str]]:
    """Parse the octets on their own; the prefixes that cannot be resolved, as far as the parser keeps count."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    alone = etree.fromstring(octets, parser)
    said = (_UNDEFINED.match(entry.message) for entry in parser.error_log)
    return alone, {match[1] for match in said if match} | set(_type_prefixes(alone))


def _type_prefixes(root: Element) -> Iterator[str]:
    """Yield the prefixes that xsi:type values use without a declaration in scope; no parser looks into values."""
    for value in _TYPES(root):
        prefix, colon, _ = str(value).strip().partition(":")
        if colon and prefix not in value.getparent().nsmap:
            yield prefix

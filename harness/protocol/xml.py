"""The one door for XML: no DTD, no entities, no network, and every bound is said in the error.

Readers below go by namespace and local name, never by prefix or position. Text is the XPath string value of
an element, so that a comment inside a name identifier cannot cut it short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from harness.errors import PeerError

__all__ = [
    "LIMIT_BYTES",
    "LIMIT_DEPTH",
    "LIMIT_ELEMENTS",
    "Element",
    "Slice",
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
_OWN_DECLARATION = re.compile(rb"\sxmlns(?::([^\s=]+))?\s*=")
_ADVICE = re.compile(r", use XML_PARSE_HUGE option|, see xmlCtxt\w+\.?")
_UNPREFIXED_ELEMENT = re.compile(rb"<[^\s/>:!?]+[\s/>]")


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
class Slice:
    """The octets of a cut element, namespace-well-formed, and the prefixes it had borrowed from its ancestors.

    A borrowed prefix is used in the element and declared only outside of it; the default namespace is `''`.
    """

    octets: bytes
    borrowed: tuple[str, ...] = ()


def cut(element: Element) -> Slice:
    """Cut an element out of its document with its own namespace declarations and no others.

    lxml would add every declaration in scope, which an inclusive-C14N signature does not survive; clients that
    cut text add none. So the start tag is taken as it stands among its siblings, and only what the element
    borrowed is declared on top.
    """
    alone: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    parent = element.getparent()
    tag_end = alone.find(b">")
    if parent is None or tag_end + 1 == len(alone):
        return Slice(octets=alone)
    rest = alone[tag_end:]
    among: bytes = etree.tostring(parent, encoding="utf-8", with_tail=False)
    at = among.find(rest)
    start = among.rfind(b"<", 0, at)
    start_tag = among[start:at]
    borrowed = _borrowed(element, start_tag, rest)
    name_end = len(re.split(rb"[\s/>]", start_tag, maxsplit=1)[0])
    declarations = "".join(
        f" xmlns{':' + prefix if prefix else ''}={quoteattr(element.nsmap[prefix or None])}" for prefix in borrowed
    )
    octets = start_tag[:name_end] + declarations.encode() + start_tag[name_end:] + rest
    return Slice(octets=octets, borrowed=borrowed)


def _uses(node: Element, prefix: str, namespace: str) -> bool:
    """Whether a node uses a prefix as it is bound to a namespace: in its name, an attribute's, or a QName value."""
    if node.nsmap.get(prefix) != namespace:  # an inner declaration has bound it to something else
        return False
    in_values = any(str(value).startswith(f"{prefix}:") for value in node.attrib.values())
    in_names = any(str(key).startswith(f"{{{namespace}}}") for key in node.attrib)
    return node.prefix == prefix or in_values or in_names


def _borrowed(element: Element, start_tag: bytes, rest: bytes) -> tuple[str, ...]:
    """Name the prefixes that the element uses and does not declare itself."""
    own = {prefix.decode() for prefix in _OWN_DECLARATION.findall(start_tag)}
    octets = start_tag + rest
    borrowed = []
    for prefix in element.nsmap:
        if (prefix or "") in own or prefix == "xml":
            continue
        if prefix is None:
            used = element.prefix is None or (b' xmlns="' not in octets and _UNPREFIXED_ELEMENT.search(octets))
        else:
            used = any(_uses(node, prefix, element.nsmap[prefix]) for node in element.iter(etree.Element))
        if used:
            borrowed.append(prefix or "")
    return tuple(sorted(borrowed))

"""What a token's signature may be made of: a grammar, walked from the top.

xmlsec does what a signature tells it: it reads files that a Manifest names and runs the stylesheets of transforms. So a
signature is held against this grammar before xmlsec meets it. The bounds are this double's; a token's signature has one
certificate, and some 3 KiB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

DSIG = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
LIMIT_CERTIFICATES = 10
LIMIT_CERTIFICATE = 16_384  # characters of base64, as of numbers
LIMIT_NUMBER = 4_096
LIMIT_KEY_INFO = 100  # elements in it
LIMIT_PREFIX_LIST = 4_096  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One element of the grammar: how often it may stand there, what may stand in it, how long its text may be."""

    least: int = 0
    most: int = 1
    holds: Mapping[str, _Part] = field(default_factory=dict)
    text: int = 0


def _tag(name: str) -> str:
    return f"{{{DSIG}}}{name}"


_PREFIX_LIST = {f"{{{_EXCLUSIVE}}}InclusiveNamespaces": _Part()}
_VALUE = _Part(least=1, text=LIMIT_NUMBER)
_REFERENCE = _Part(
    least=1,
    holds={
        _tag("Transforms"): _Part(holds={_tag("Transform"): _Part(least=1, most=4, holds=_PREFIX_LIST)}),
        _tag("DigestMethod"): _Part(least=1),
        _tag("DigestValue"): _VALUE,
    },
)
_SIGNED_INFO = _Part(
    least=1,
    holds={
        _tag("CanonicalizationMethod"): _Part(least=1, holds=_PREFIX_LIST),
        _tag("SignatureMethod"): _Part(least=1),
        _tag("Reference"): _REFERENCE,
    },
)
_TEXTS = MappingProxyType({_tag("X509Certificate"): LIMIT_CERTIFICATE})
_NEVER = frozenset({"Object", "Manifest", "DEREncodedKeyValue"})


def strange_part(signature: etree._Element) -> str:
    """Say what the signature holds that a token's does not; empty where there is nothing."""
    return next(_strange(signature), "")


def _strange(signature: etree._Element) -> Iterator[str]:
    whole = {_tag("SignedInfo"): _SIGNED_INFO, _tag("SignatureValue"): _VALUE, _tag("KeyInfo"): _Part()}
    yield from _beside(signature, _Part(holds=whole), into=_tag("KeyInfo"))
    for info in signature.iterchildren(_tag("KeyInfo")):
        yield from _in_key_info(info)


def _beside(element: etree._Element, part: _Part, *, into: str = "") -> Iterator[str]:
    """Walk an element along its part of the grammar; `into` is the child that is left to somebody else."""
    unknown = (node for node in element.iterchildren(etree.Element) if node.tag not in part.holds)
    yield from (f"{_name(node)} in {_name(element)}" for node in unknown)
    for tag, inner in part.holds.items():
        found = element.findall(tag)
        if not inner.least <= len(found) <= inner.most:
            yield f"{len(found)} {tag.rpartition('}')[2]} in {_name(element)}"
        for item in found if tag != into else ():
            yield from _beside(item, inner)
    if part.text:
        yield from _too_long(element, part.text)
    if len(element.get("PrefixList", "")) > LIMIT_PREFIX_LIST:
        yield "an endless PrefixList"


def _in_key_info(info: etree._Element) -> Iterator[str]:
    """KeyInfo may name a key in many ways; only what costs or leads elsewhere is strange."""
    nodes = list(info.iterdescendants(etree.Element))
    if len(nodes) > LIMIT_KEY_INFO:
        yield f"{len(nodes)} elements in KeyInfo"
    if len(info.findall(f".//{_tag('X509Certificate')}")) > LIMIT_CERTIFICATES:
        yield f"more than {LIMIT_CERTIFICATES} certificates"
    for node in nodes:
        if _name(node) in _NEVER:
            yield f"{_name(node)} in KeyInfo"
        if not len(node):
            yield from _too_long(node, _TEXTS.get(str(node.tag), LIMIT_NUMBER))


def _too_long(element: etree._Element, most: int) -> Iterator[str]:
    if any(not isinstance(node.tag, str) for node in element):
        yield f"an instruction in {_name(element)}"
    size = len(str(element.xpath("string()")))
    if size > most:
        yield f"{size} characters in {_name(element)}"


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname

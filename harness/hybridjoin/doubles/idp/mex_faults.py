"""How each fault of the area `mex` bends the metadata: what is offered, the tree, or the finished bytes.

`mex-huge` never exists in memory; the transport streams it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour

Thing = TypeVar("Thing")
Bend = Callable[[Thing, Misbehaviour], Thing]
Offer = tuple[tuple[str, ...], tuple[str, ...]]

WSU_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap12/}address"
PORT = "{http://schemas.xmlsoap.org/wsdl/}port"
BINDING = "{http://schemas.xmlsoap.org/wsdl/}binding"
POLICY = "{http://schemas.xmlsoap.org/ws/2004/09/policy}Policy"
POLICY_REFERENCE = POLICY + "Reference"
ENDPOINT_REFERENCE = "{http://www.w3.org/2005/08/addressing}EndpointReference"
ENDPOINT_ADDRESS = "{http://www.w3.org/2005/08/addressing}Address"
IDENTITY = "{http://schemas.xmlsoap.org/ws/2006/02/addressingidentity}Identity"
NEGOTIATE = "{http://schemas.microsoft.com/ws/06/2004/policy/http}NegotiateAuthentication"
LAUGHS = 9


def keep(thing: Thing, fault: Misbehaviour) -> Thing:  # noqa: ARG001 - the signature of a fault
    """Change nothing: what a stage does for the faults of other stages."""
    return thing


def as_text(root: etree._Element) -> str:
    """Return a tree as text without a declaration."""
    return etree.tostring(root, encoding="unicode")


OFFER: Mapping[str, Bend[Offer]] = {
    "mex-without-usernamemixed": lambda offer, _: (tuple(k for k in offer[0] if k != "usernamemixed"), offer[1]),
    "mex-without-windowstransport": lambda offer, _: (tuple(k for k in offer[0] if k != "windowstransport"), offer[1]),
    "mex-only-2005": lambda offer, _: (offer[0], ("2005",)),
    "mex-only-13": lambda offer, _: (offer[0], ("1.3",)),
}


def _remove(root: etree._Element, *tags: str) -> etree._Element:
    for element in list(root.iter(*tags)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return root


def _over_http(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for address in root.iter(ADDRESS):
        address.set("location", _plain(address.get("location") or ""))
    for address in root.iter(ENDPOINT_ADDRESS):
        address.text = _plain(address.text or "")
    return root


def _plain(url: str) -> str:
    return "http://" + url.removeprefix("https://")


def _unprefixed(root: etree._Element, _: Misbehaviour) -> etree._Element:
    for port in root.iter(PORT):
        port.set("binding", (port.get("binding") or "").rpartition(":")[2])
    return root


def _windows_policies(root: etree._Element) -> set[str]:
    found = (
        policy for policy in root.iter(POLICY) if policy.get(WSU_ID) and policy.find(f".//{NEGOTIATE}") is not None
    )
    return {str(policy.get(WSU_ID)) for policy in found}


def _dangling(root: etree._Element, _: Misbehaviour) -> etree._Element:
    windows = _windows_policies(root)
    for reference in root.iter(POLICY_REFERENCE):
        if (reference.get("URI") or "").removeprefix("#") in windows:
            reference.set("URI", f"{reference.get('URI')}_of_another_document")
    return root


def _duplicate_ids(root: etree._Element, _: Misbehaviour) -> etree._Element:
    policies = [policy for policy in root.iter(POLICY) if policy.get(WSU_ID)]
    for policy in policies:
        policy.set(WSU_ID, str(policies[0].get(WSU_ID)))
    return root


TREE: Mapping[str, Bend[etree._Element]] = {
    "mex-over-http": _over_http,
    "mex-without-spn": lambda root, _: _remove(root, IDENTITY),
    "mex-without-addresses": lambda root, _: _remove(root, ADDRESS, ENDPOINT_REFERENCE),
    "mex-unprefixed-binding": _unprefixed,
    "mex-dangling-policy": _dangling,
    "duplicate-policy-ids": _duplicate_ids,
}


def _with_dtd(body: bytes, fault: Misbehaviour) -> bytes:
    declaration, _, document = body.partition(b"\n")
    name = document[1 : min(document.index(b" "), document.index(b">"))]
    if fault.text("kind") == "external":
        doctype = b'<!DOCTYPE %s SYSTEM "https://elsewhere.hybridjoin.test/metadata.dtd">' % name
    elif fault.text("kind") == "internal":
        doctype = b'<!DOCTYPE %s [<!ENTITY service "SecurityTokenService">]>' % name
    else:
        laughs = [b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, LAUGHS + 1)]
        doctype = b'<!DOCTYPE %s [<!ENTITY l0 "ha">%s]>' % (name, b"".join(laughs))
        document = _inside(document, b"&l%d;" % LAUGHS)
    return b"\n".join((declaration, doctype, document))


def _inside(document: bytes, content: bytes) -> bytes:
    """Put a documentation element right behind the root's start tag."""
    at = document.index(b">") + 1
    extra = b'<documentation xmlns="http://schemas.xmlsoap.org/wsdl/">%s</documentation>' % content
    return document[:at] + extra + document[at:]


def _deep(body: bytes, fault: Misbehaviour) -> bytes:
    declaration, _, document = body.partition(b"\n")
    depth = fault.integer("depth")
    return declaration + b"\n" + _inside(document, b"<deep>" * depth + b"</deep>" * depth)


_SP = re.compile(rb"(xmlns:|</?| )sp([:=])")


def _other_id_prefix(body: bytes, _: Misbehaviour) -> bytes:
    """Rename the prefix in the text, for a tree's prefixes cannot be changed."""
    return body.replace(b"xmlns:wsu=", b"xmlns:u=").replace(b" wsu:", b" u:")


def _other_policy_prefix(body: bytes, _: Misbehaviour) -> bytes:
    """Rename the prefix of WS-SecurityPolicy in the text, elements and attributes."""
    return _SP.sub(rb"\g<1>wssp\g<2>", body)


BYTES: Mapping[str, Bend[bytes]] = {
    "mex-other-policy-prefix": _other_policy_prefix,
    "mex-other-id-prefix": _other_id_prefix,
    "mex-not-xml": lambda _body, _: b"The metadata service is being moved. Please come back later.\n",
    "mex-truncated": lambda body, _: body[: len(body) // 2],
    "mex-dtd": _with_dtd,
    "mex-deep": _deep,
}

ELSEWHERE = ("mex-huge",)

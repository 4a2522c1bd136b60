"""WS-Policy 1.2 and 1.5: what a policy asks the caller for, through any nesting of ExactlyOne and All.

Only the operators are walked (WS-Policy 1.5 Framework, 4.3); a NegotiateAuthentication inside another assertion's
nested policy is that assertion's business and does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from hybridjoin.protocol import names, xml
from hybridjoin.protocol.xml import Element


class Credential(StrEnum):
    """What a policy asks the caller for."""

    WINDOWS = "windows"
    USERNAME = "username"
    CERTIFICATE = "certificate"
    KERBEROS = "kerberos"
    ISSUED = "issued"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One `wsp:Policy` with its `wsu:Id`; `negotiate` is true where it asserts http:NegotiateAuthentication.

    `credentials` has one entry for each kind of caller that an alternative admits; `http_schemes` are the
    http-policy assertions by local name. `exactly_one` and `transport_binding` are what MSAL looks for:
    an ExactlyOne directly below the policy, and a TransportBinding anywhere in it. `id_name` is how the document spells
    the attribute that holds the id, its prefix included: a name to some clients, though XML knows it for none.
    """

    id: str
    credential: Credential
    negotiate: bool
    https: bool
    line: int
    namespace: str = names.WSP
    credentials: tuple[Credential, ...] = ()
    http_schemes: tuple[str, ...] = ()
    exactly_one: bool = True
    transport_binding: bool = True
    id_name: str = "wsu:Id"


_SPACES = (names.WSP, names.WSP_15)
_SECURITY = (names.SP_2005, names.SP_12)
POLICY = tuple(xml.name(space, "Policy") for space in _SPACES)
REFERENCE = tuple(xml.name(space, "PolicyReference") for space in _SPACES)
_OPERATORS = frozenset(xml.name(space, local) for space in _SPACES for local in ("Policy", "ExactlyOne", "All"))
_REFERENCES = frozenset(REFERENCE)
_IDS = (xml.name(names.WSU, "Id"), "{http://www.w3.org/XML/1998/namespace}id", "Name")
_NEGOTIATE = "NegotiateAuthentication"
_TOKENS = {
    "UsernameToken": Credential.USERNAME,
    "KerberosToken": Credential.KERBEROS,
    "IssuedToken": Credential.ISSUED,
    "X509Token": Credential.CERTIFICATE,
}
_TOKEN_TAGS = tuple(xml.name(space, local) for space in _SECURITY for local in _TOKENS)
_HTTPS_TAGS = tuple(xml.name(space, "HttpsToken") for space in _SECURITY)
_TRANSPORT_TAGS = tuple(xml.name(space, "TransportBinding") for space in _SECURITY)
_TRANSPORT_TAG = re.compile(rb"<(?:[\w.-]+:)?TransportBinding\b([^>]*)>")
_PRIORITY = tuple(Credential)
_NAME_AS_WRITTEN = etree.XPath("name(@*[local-name() = $l and namespace-uri() = $s])")


def policy_id(element: Element) -> str:
    """Return the id a policy can be referred to by (WS-PolicyAttachment, 4), or an empty string."""
    return next((value for key in _IDS if (value := element.get(key))), "")


def find_policies(root: Element) -> tuple[Element, ...]:
    """Return the policies that are not nested in another one."""
    nested: set[Element] = set()
    outer: list[Element] = []
    for element in root.iter(*POLICY):
        if element in nested:
            continue
        outer.append(element)
        nested.update(element.iterdescendants(*POLICY))
    return tuple(outer)


def read_policy(element: Element, known: Mapping[str, Element]) -> Policy:
    """Read one policy; `known` resolves the policies it refers to."""
    assertions = tuple(_assertions(element, known))
    schemes = tuple(xml.local_name(item) for item in assertions if xml.namespace(item) == names.HTTP_POLICY)
    credentials = _credentials(assertions)
    return Policy(
        id=policy_id(element),
        credential=credentials[0],
        negotiate=_NEGOTIATE in schemes,
        https=any(_has(item, *_HTTPS_TAGS) for item in assertions),
        line=element.sourceline or 0,
        namespace=xml.namespace(element),
        credentials=credentials,
        http_schemes=schemes,
        exactly_one=xml.first(element, xml.name(xml.namespace(element), "ExactlyOne")) is not None,
        transport_binding=any(item.tag in _TRANSPORT_TAGS for item in assertions),
        id_name=_id_name(element),
    )


def transport_declares(body: bytes, policy: str, prefix: str) -> bool:
    """Say whether the TransportBinding of one policy of a document declares a prefix in its own start tag.

    XML gives that no meaning; a client that reads attributes by their names finds no declaration further up.
    """
    found = (item for item in find_policies(xml.parse(body, where="MEX")) if policy_id(item) == policy)
    bindings = (one for item in found for one in _assertions(item, {}) if one.tag in _TRANSPORT_TAGS)
    # A tree knows what is declared somewhere above, and only its text, from the parent on, knows where.
    return any(_declares(etree.tostring(parent), prefix) for one in bindings if (parent := one.getparent()) is not None)


def _declares(text: bytes, prefix: str) -> bool:
    tags = _TRANSPORT_TAG.finditer(text)
    return any(f' xmlns:{prefix}="'.encode() in tag[1] for tag in tags)  # within a value it would be escaped


def _id_name(element: Element) -> str:
    key = next((key for key in _IDS if element.get(key)), "")
    space, _, local = key.rpartition("}")
    return str(_NAME_AS_WRITTEN(element, l=local, s=space.lstrip("{")))


def _assertions(element: Element, known: Mapping[str, Element]) -> Iterator[Element]:
    """Walk the operators and yield the assertions below them.

    A policy that is referred to counts once however often it is: to say a thing twice adds nothing (WS-Policy 1.5
    Framework, 4.3.3), and references to references would multiply, or go round for ever.
    """
    followed: set[str] = set()
    levels = [iter(xml.children(element))]
    while levels:
        child = next(levels[-1], None)
        if child is None:
            levels.pop()
        elif child.tag in _OPERATORS:
            levels.append(iter(xml.children(child)))
        elif child.tag in _REFERENCES:
            target = (child.get("URI") or "").removeprefix("#")
            if target in known and target not in followed:
                followed.add(target)
                levels.append(iter(xml.children(known[target])))
        else:
            yield child


def _credentials(assertions: tuple[Element, ...]) -> tuple[Credential, ...]:
    found = {Credential.WINDOWS for item in assertions if item.tag == xml.name(names.HTTP_POLICY, _NEGOTIATE)}
    for item in assertions:
        found.update(_TOKENS[xml.local_name(token)] for token in item.iter(*_TOKEN_TAGS))
        found.update(Credential.CERTIFICATE for token in item.iter(*_HTTPS_TAGS) if _wants_certificate(token))
    if Credential.ISSUED in found:
        # The issued token's own description may name the tokens its issuer takes.
        found.discard(Credential.CERTIFICATE)
    return tuple(item for item in _PRIORITY if item in found) or (Credential.UNKNOWN,)


def _wants_certificate(token: Element) -> bool:
    """Say whether HttpsToken demands a client certificate, as either version of the specification writes it."""
    nested = (xml.name(space, "RequireClientCertificate") for space in _SECURITY)
    return token.get("RequireClientCertificate", "").strip() in {"true", "1"} or _has(token, *nested)


def _has(element: Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None

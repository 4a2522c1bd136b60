"""The Entra double's own reading of a SAML 1.1 assertion (saml-core-1.1, section 2), apart from the device's."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from lxml import etree

SAML_1 = "urn:oasis:names:tc:SAML:1.0:assertion"
SAML_2 = "urn:oasis:names:tc:SAML:2.0:assertion"
BEARER = "urn:oasis:names:tc:SAML:1.0:cm:bearer"
LIMIT_BYTES = 256 * 1024
# What canonicalization takes the square of, or worse; an assertion has some 60 elements, with up to 5 attributes.
LIMIT_NODES = 10_000
LIMIT_ATTRIBUTES = 100
LIMIT_NAMESPACES = 200

_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_STATEMENTS = ("AttributeStatement", "AuthenticationStatement", "AuthorizationDecisionStatement")


class Defect(StrEnum):
    """Why there is no assertion to judge; each value is the id of the rule that speaks of it."""

    NOT_BASE64 = "assertion-not-base64"
    TOO_LARGE = "assertion-too-large"
    NOT_XML = "assertion-not-xml"
    DOCTYPE = "assertion-with-doctype"
    NOT_SAML = "assertion-not-saml"
    SAML_20 = "assertion-saml-2.0"


class UnreadableAssertion(Exception):
    """The form parameter does not hold a SAML 1.x assertion."""

    def __init__(self, defect: Defect) -> None:
        super().__init__(defect.value)
        self.defect = defect


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One `saml:Attribute`; values are the texts of its AttributeValue children as they came."""

    namespace: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The subject of one statement."""

    name_identifier: str | None
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """An assertion as it came; times that do not parse are None. `audiences` has one tuple for each condition."""

    element: etree._Element
    version: tuple[str, str]
    assertion_id: str
    issuer: str
    issued_at: datetime | None
    not_before: datetime | None
    not_on_or_after: datetime | None
    audiences: tuple[tuple[str, ...], ...]
    subjects: tuple[Subject, ...]
    attributes: tuple[Attribute, ...]
    authentication_methods: tuple[str, ...]
    nested: bool

    def values(self, claim: tuple[str, str]) -> tuple[str, ...]:
        """Return every value of a claim, by namespace and name to the letter."""
        found = (item.values for item in self.attributes if (item.namespace, item.name) == claim)
        return tuple(value for values in found for value in values)

    def elsewhere(self, claim: tuple[str, str]) -> bool:
        """Whether an attribute of the claim's name stands in another namespace."""
        return any(item.name == claim[1] and item.namespace != claim[0] for item in self.attributes)


def read_assertion(parameter: str) -> Assertion:
    """Read the `assertion` form parameter.

    Raises:
        UnreadableAssertion: and nothing else, whatever the parameter holds.
    """
    root = _parse(_decode(parameter))
    conditions = root.find(_saml("Conditions"))
    return Assertion(
        element=root,
        version=(_as_integer(root.get("MajorVersion", "")), _as_integer(root.get("MinorVersion", ""))),
        assertion_id=root.get("AssertionID", ""),
        issuer=root.get("Issuer", ""),
        issued_at=read_instant(root.get("IssueInstant", "")),
        not_before=_condition(conditions, "NotBefore"),
        not_on_or_after=_condition(conditions, "NotOnOrAfter"),
        audiences=_audiences(conditions),
        subjects=tuple(_subject(item) for item in _in_statements(root, "Subject")),
        attributes=tuple(
            _attribute(item) for item in root.findall(f"{_saml('AttributeStatement')}/{_saml('Attribute')}")
        ),
        authentication_methods=tuple(
            item.get("AuthenticationMethod", "") for item in root.findall(_saml("AuthenticationStatement"))
        ),
        nested=any(item is not root for item in root.iter(_saml("Assertion"), f"{{{SAML_2}}}Assertion")),
    )


def read_instant(text: str) -> datetime | None:
    """Read an xs:dateTime; without a zone it is UTC, as SAML says all its times are (saml-core-1.1, 1.2.2)."""
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None:
        return None
    # 24:00:00 is the midnight that ends a day (XML Schema Part 2, 3.2.7.1); Python knows the one that begins it.
    ends_the_day = match[1].endswith("T24:00:00")
    clock = match[1].replace("T24", "T00") if ends_the_day else match[1]
    try:
        moment = datetime.fromisoformat(clock + (match[2] or "Z")) + timedelta(days=1 if ends_the_day else 0)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _decode(parameter: str) -> bytes:
    """Undo base64 in either alphabet, padded or not, as the clients differ in this."""
    text = "".join(parameter.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableAssertion(Defect.NOT_BASE64) from None
    if len(decoded) > LIMIT_BYTES:
        raise UnreadableAssertion(Defect.TOO_LARGE)
    return decoded


def _parse(document: bytes) -> etree._Element:
    # Comments are dropped, as exclusive C14N drops them: `D<!-- -->J` must not read otherwise than it was signed.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableAssertion(Defect.NOT_XML) from None
    if root is None:
        raise UnreadableAssertion(Defect.NOT_XML)
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableAssertion(Defect.DOCTYPE)
    if _endless(root):
        raise UnreadableAssertion(Defect.TOO_LARGE)
    if root.tag == f"{{{SAML_2}}}Assertion":
        raise UnreadableAssertion(Defect.SAML_20)
    if root.tag != _saml("Assertion"):
        raise UnreadableAssertion(Defect.NOT_SAML)
    return root


def _endless(root: etree._Element) -> bool:
    """Whether it holds more nodes, attributes or namespaces than are worth reading."""
    if sum(1 for _ in root.iter()) > LIMIT_NODES:
        return True
    if any(len(element.attrib) > LIMIT_ATTRIBUTES for element in root.iter(etree.Element)):
        return True
    open_now = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        open_now += 1 if event == "start-ns" else -1
        if open_now > LIMIT_NAMESPACES:
            return True
    return False


def _saml(name: str) -> str:
    return f"{{{SAML_1}}}{name}"


def _in_statements(root: etree._Element, name: str) -> list[etree._Element]:
    return [item for statement in _STATEMENTS for item in root.findall(f"{_saml(statement)}/{_saml(name)}")]


def _as_integer(text: str) -> str:
    """Return an integer as its canonical form, as a schema processor hands it on; anything else as it stands."""
    digits = text.strip(" \t\r\n").removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        return text
    return digits.lstrip("0") or "0"


def _condition(conditions: etree._Element | None, name: str) -> datetime | None:
    return None if conditions is None else read_instant(conditions.get(name, ""))


def _audiences(conditions: etree._Element | None) -> tuple[tuple[str, ...], ...]:
    if conditions is None:
        return ()
    restrictions = conditions.findall(_saml("AudienceRestrictionCondition"))
    return tuple(tuple(_text(item).strip() for item in each.findall(_saml("Audience"))) for each in restrictions)


def _subject(element: etree._Element) -> Subject:
    identifier = element.find(_saml("NameIdentifier"))
    methods = element.findall(f"{_saml('SubjectConfirmation')}/{_saml('ConfirmationMethod')}")
    return Subject(
        name_identifier=None if identifier is None else _text(identifier),
        methods=tuple(_text(item).strip() for item in methods),
    )


def _attribute(element: etree._Element) -> Attribute:
    return Attribute(
        namespace=element.get("AttributeNamespace", ""),
        name=element.get("AttributeName", ""),
        values=tuple(_text(item) for item in element.findall(_saml("AttributeValue"))),
    )


def _text(element: etree._Element) -> str:
    """Return all text of an element, processing instructions apart (XPath's string value)."""
    return str(element.xpath("string()"))

"""A SAML 1.1 assertion, read by namespace (OASIS saml-core-1.1, section 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hybridjoin.errors import PeerError
from hybridjoin.protocol import names, xml
from hybridjoin.protocol.times import parse_instant
from hybridjoin.protocol.xml import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One `saml:Attribute` as it came; `values` are the texts of its AttributeValue children, unstripped."""

    name: str
    namespace: str
    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One statement's subject."""

    name_identifier: str | None
    format: str | None
    confirmation_methods: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A SAML assertion; `version` is `1.1`, `1.0` or `2.0`, and times that do not parse are None.

    `malformed_times` names those that were there and could not be read; `children` are the local names of the
    assertion's children in order; `statements` counts the statements of a kind that a subject belongs to.
    `audience_conditions` are the audiences of each AudienceRestrictionCondition: all conditions have to be kept, one
    audience of each is enough. `audiences` are those of all together. `authentication_parts` are the local names of
    what stands in the AuthenticationStatements. `prefixes` are those that SAML's namespace has where the assertion
    begins; the default namespace is the empty one.
    """

    version: str
    assertion_id: str
    issuer: str
    issue_instant: datetime | None
    not_before: datetime | None
    not_on_or_after: datetime | None
    has_conditions: bool
    audiences: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    subjects: tuple[Subject, ...]
    authentication_method: str | None
    authentication_instant: datetime | None
    has_signature: bool
    line: int
    malformed_times: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    attribute_statements: int = 0
    authentication_statements: int = 0
    audience_conditions: tuple[tuple[str, ...], ...] = ()
    authentication_parts: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def named(self, name: str) -> tuple[Attribute, ...]:
        """Return the attributes of that name in any namespace."""
        return tuple(item for item in self.attributes if item.name == name)


def _tag(local: str) -> str:
    return xml.name(names.SAML_11, local)


ASSERTIONS = (_tag("Assertion"), xml.name(names.SAML_20, "Assertion"))
_STATEMENTS = tuple(
    _tag(local)
    for local in ("SubjectStatement", "AttributeStatement", "AuthenticationStatement", "AuthorizationDecisionStatement")
)
_SIGNATURE = xml.name(names.DSIG, "Signature")
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")


def parse_assertion(element: Element) -> Assertion:
    """Read an assertion of any SAML version.

    Raises:
        PeerError: the element is not one.
    """
    space = xml.namespace(element)
    if element.tag not in ASSERTIONS:
        raise PeerError(f"expected a SAML assertion, found <{xml.local_name(element)}>", where="RSTR")
    return _saml_1(element) if space == names.SAML_11 else _saml_2(element)


def _number(text: str | None) -> str:
    """Return the value of an xs:integer: a sign, leading zeros and blanks say nothing (XML Schema part 2, 3.3.13)."""
    plain = (text or "?").strip(" \t\r\n")
    return str(int(plain)) if _INTEGER.fullmatch(plain) else plain


def _saml_1(element: Element) -> Assertion:
    conditions = xml.first(element, _tag("Conditions"))
    authentication = xml.first(element, _tag("AuthenticationStatement"))
    times = {
        "IssueInstant": element.get("IssueInstant"),
        "NotBefore": _get(conditions, "NotBefore"),
        "NotOnOrAfter": _get(conditions, "NotOnOrAfter"),
        "AuthenticationInstant": _get(authentication, "AuthenticationInstant"),
    }
    read = {key: parse_instant(value) for key, value in times.items()}
    restriction = (_tag("AudienceRestrictionCondition"), _tag("Audience"))
    return Assertion(
        version=f"{_number(element.get('MajorVersion'))}.{_number(element.get('MinorVersion'))}",
        assertion_id=element.get("AssertionID", ""),
        issuer=element.get("Issuer", ""),
        issue_instant=read["IssueInstant"],
        not_before=read["NotBefore"],
        not_on_or_after=read["NotOnOrAfter"],
        has_conditions=conditions is not None,
        audiences=_audiences(conditions, *restriction),
        audience_conditions=_audience_conditions(conditions, *restriction),
        attributes=tuple(_attribute(item) for item in _attributes(element)),
        subjects=tuple(_subject(item) for item in _subjects(element)),
        authentication_method=_get(authentication, "AuthenticationMethod"),
        authentication_instant=read["AuthenticationInstant"],
        has_signature=xml.first(element, _SIGNATURE) is not None,
        line=element.sourceline or 0,
        prefixes=tuple(sorted(prefix or "" for prefix, uri in element.nsmap.items() if uri == names.SAML_11)),
        malformed_times=tuple(
            f'{key}="{value}"' for key, value in times.items() if value is not None and read[key] is None
        ),
        children=tuple(xml.local_name(child) for child in xml.children(element)),
        attribute_statements=sum(1 for _ in element.iterchildren(_tag("AttributeStatement"))),
        authentication_statements=sum(1 for _ in element.iterchildren(_tag("AuthenticationStatement"))),
        authentication_parts=tuple(
            xml.local_name(part)
            for statement in element.iterchildren(_tag("AuthenticationStatement"))
            for part in xml.children(statement)
        ),
    )


def _get(element: Element | None, attribute: str) -> str | None:
    return None if element is None else element.get(attribute)


def _audiences(conditions: Element | None, restriction: str, audience: str) -> tuple[str, ...]:
    return tuple(item for part in _audience_conditions(conditions, restriction, audience) for item in part)


def _audience_conditions(conditions: Element | None, restriction: str, audience: str) -> tuple[tuple[str, ...], ...]:
    if conditions is None:
        return ()
    found = conditions.iterchildren(restriction)
    return tuple(tuple(xml.text(item) for item in part.iterchildren(audience)) for part in found)


def _attributes(assertion: Element) -> Iterator[Element]:
    for statement in assertion.iterchildren(_tag("AttributeStatement")):
        yield from statement.iterchildren(_tag("Attribute"))


def _attribute(element: Element) -> Attribute:
    return Attribute(
        name=element.get("AttributeName", ""),
        namespace=element.get("AttributeNamespace", ""),
        values=tuple(xml.raw_text(value) for value in element.iterchildren(_tag("AttributeValue"))),
        line=element.sourceline or 0,
    )


def _subjects(assertion: Element) -> Iterator[Element]:
    for statement in assertion.iterchildren(*_STATEMENTS):
        yield from statement.iterchildren(_tag("Subject"))


def _subject(element: Element) -> Subject:
    identifier = xml.first(element, _tag("NameIdentifier"))
    methods = (
        method
        for confirmation in element.iterchildren(_tag("SubjectConfirmation"))
        for method in confirmation.iterchildren(_tag("ConfirmationMethod"))
    )
    return Subject(
        name_identifier=None if identifier is None else xml.raw_text(identifier),
        format=_get(identifier, "Format"),
        confirmation_methods=tuple(xml.text(method) for method in methods),
        line=element.sourceline or 0,
    )


def _saml_2(element: Element) -> Assertion:
    """Read of a SAML 2.0 assertion what a verdict on it needs; Windows' grant has no use for the rest."""

    def tag(local: str) -> str:
        return xml.name(names.SAML_20, local)

    conditions = xml.first(element, tag("Conditions"))
    return Assertion(
        version=element.get("Version", "2.0"),
        assertion_id=element.get("ID", ""),
        issuer=xml.text(xml.first(element, tag("Issuer"))),
        issue_instant=parse_instant(element.get("IssueInstant")),
        not_before=parse_instant(_get(conditions, "NotBefore")),
        not_on_or_after=parse_instant(_get(conditions, "NotOnOrAfter")),
        has_conditions=conditions is not None,
        audiences=_audiences(conditions, tag("AudienceRestriction"), tag("Audience")),
        audience_conditions=_audience_conditions(conditions, tag("AudienceRestriction"), tag("Audience")),
        attributes=(),
        subjects=(),
        authentication_method=None,
        authentication_instant=None,
        has_signature=xml.first(element, _SIGNATURE) is not None,
        line=element.sourceline or 0,
        children=tuple(xml.local_name(child) for child in xml.children(element)),
    )

"""Every field of an assertion's evidence is a reading of the octets that are verified and sent on, and of nothing else.

Proven twice: the reader is handed a document that consists of these very octets, whatever the field; and for each field
by itself, wherever an answer can hide another assertion that says otherwise. A field that is new has no proof yet, and
turns the first test red.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from lxml import etree

from hybridjoin.protocol import rstr, xml
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion, Attribute, Subject, parse_assertion
from tests.protocol.documents import ASSERTION_ID, T13, AssertionText, sign
from tests.protocol.test_only_what_is_signed_is_read import read as read_reply
from tests.protocol.test_only_what_is_signed_is_read import verified

SIGNED = sign(str(AssertionText()))
SAML = "urn:oasis:names:tc:SAML:1.0:assertion"
# Where something stands in the answer, and which names a namespace has there (exclusive canonicalization leaves out
# what no element uses): they are told to people, and no claim.
UNSIGNED = {"line", "prefixes"}
STATEMENT = SIGNED[SIGNED.index("<saml:AuthenticationStatement") : SIGNED.index("<ds:Signature")]
CONDITIONS = SIGNED[SIGNED.index("<saml:Conditions") : SIGNED.index("<saml:AttributeStatement>")]

# For each field a change of the signed text, without a key, that makes it read otherwise.
CHANGES: dict[str, tuple[str, str]] = {
    "version": ('MinorVersion="1"', 'MinorVersion="0"'),
    "assertion_id": (f'AssertionID="{ASSERTION_ID}"', 'AssertionID="_other"'),
    "issuer": ('Issuer="https://sts.', 'Issuer="https://other.'),
    "issue_instant": ('IssueInstant="2025', 'IssueInstant="2026'),
    "not_before": ('NotBefore="2025', 'NotBefore="2024'),
    "not_on_or_after": ('NotOnOrAfter="2025', 'NotOnOrAfter="2026'),
    "has_conditions": (CONDITIONS, ""),
    "audiences": ("urn:federation:MicrosoftOnline<", "urn:federation:other<"),
    "audience_conditions": ("</saml:Conditions>", "<saml:AudienceRestrictionCondition/></saml:Conditions>"),
    "attributes": ("<saml:Attribute ", "<saml:Other "),
    "attributes.name": ('AttributeName="accounttype"', 'AttributeName="other"'),
    "attributes.namespace": ("http://schemas.microsoft.com/ws/2012/01", "urn:other"),
    "attributes.values": (">DJ<", ">User<"),
    "subjects": ("<saml:Subject>", "<saml:Subject/><saml:Subject>"),
    "subjects.name_identifier": ("</saml:NameIdentifier>", "x</saml:NameIdentifier>"),
    "subjects.format": ("nameid-format:emailAddress", "nameid-format:unspecified"),
    "subjects.confirmation_methods": ("cm:bearer", "cm:holder-of-key"),
    "authentication_method": ("urn:federation:authentication:windows", "urn:other"),
    "authentication_instant": ('AuthenticationInstant="2025', 'AuthenticationInstant="2024'),
    "has_signature": ("<ds:Signature ", "<ds:Other "),
    "malformed_times": ('IssueInstant="2025', 'IssueInstant="x025'),
    "children": ("<ds:Signature ", "<saml:Advice/><ds:Signature "),
    "attribute_statements": (STATEMENT, STATEMENT + "<saml:AttributeStatement/>"),
    "authentication_statements": (STATEMENT, STATEMENT * 2),
    "authentication_parts": (
        "</saml:AuthenticationStatement>",
        "<saml:SubjectLocality/></saml:AuthenticationStatement>",
    ),
}
CHANGES["attributes"] = (SIGNED[SIGNED.index("<saml:Attribute ") : SIGNED.index("</saml:Attribute>") + 17], "")
CHANGES["has_signature"] = (SIGNED[SIGNED.index("<ds:Signature") : SIGNED.index("</saml:Assertion>")], "")

WSA = "http://www.w3.org/2005/08/addressing"
# Where an answer holds a second assertion: `{hidden}` is that one, `{read}` the one that stands for a token.
PLACES: dict[str, str] = {
    "a comment before": "<!--{hidden}-->{read}",
    "a comment behind": "{read}<!--{hidden}-->",
    "an instruction": "<?kept {hidden}?>{read}",
    "a text": "<![CDATA[{hidden}]]>{read}",
    "a text in an element": "<w:Kept xmlns:w='urn:w'><![CDATA[{hidden}]]></w:Kept>{read}",
    "a wrapper": "<w:Kept xmlns:w='urn:w'>{hidden}</w:Kept>{read}",
    "a wrapper of SAML's": f"<s:Advice xmlns:s='{SAML}'>{{hidden}}</s:Advice>{{read}}",
    "a wrapper that binds the prefix anew": "<w:Kept xmlns:w='urn:w' xmlns:saml='urn:w'>{hidden}</w:Kept>{read}",
    "a sibling": "{read}{hidden}",
    "another token's place": "{read}</x:RequestedSecurityToken><x:RequestedSecurityToken>{hidden}",
    "another response": (
        "{read}</x:RequestedSecurityToken></x:RequestSecurityTokenResponse>"
        f"<x:RequestSecurityTokenResponse xmlns:x='{T13}'><x:RequestedSecurityToken>{{hidden}}"
    ),
    "an attribute of an element": "<w:Kept xmlns:w='urn:w' at='{quoted}'/>{read}",
}


def proven(kind: type, prefix: str = "") -> Iterator[str]:
    """Yield the names of all fields that want a proof, those of attributes and subjects with a dot."""
    parts: dict[str, type] = {"attributes": Attribute, "subjects": Subject}
    for item in fields(kind):
        if item.name in UNSIGNED:
            continue
        yield f"{prefix}{item.name}"
        if kind is Assertion and item.name in parts:
            yield from proven(parts[item.name], f"{item.name}.")


def value(assertion: Assertion | None, field: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """Read a field: of a list of parts how many there are, of a part's field those of all of them."""
    assert assertion is not None
    name, _, inner = field.partition(".")
    held = getattr(assertion, name)
    if inner:
        return [getattr(item, inner) for item in held]
    return len(held) if name in {"attributes", "subjects"} else held


def of(octets: bytes, field: str) -> Any:  # noqa: ANN401 - see above
    return value(parse_assertion(xml.parse(octets, where="the octets alone")), field)


def answer(place: str, *, read: str, hidden: str) -> TokenResponse:
    quoted = hidden.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")
    return read_reply(PLACES[place].format(read=read, hidden=hidden, quoted=quoted))


def test_every_field_has_its_proof() -> None:
    assert sorted(CHANGES) == sorted(proven(Assertion)), "write a change of the signed text for what is missing"


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_makes_its_field_read_otherwise(field: str) -> None:
    changed = SIGNED.replace(*CHANGES[field])

    assert of(changed.encode(), field) != of(SIGNED.encode(), field)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("field", CHANGES)
def test_what_is_hidden_elsewhere_says_nothing_of_the_field(field: str, place: str) -> None:
    changed = SIGNED.replace(*CHANGES[field])

    honest = answer(place, read=SIGNED, hidden=changed)
    forged = answer(place, read=changed, hidden=SIGNED)

    assert honest.assertion_xml == SIGNED.encode()
    assert value(honest.assertion, field) == of(honest.assertion_xml, field) == of(SIGNED.encode(), field)
    assert value(forged.assertion, field) == of(forged.assertion_xml, field) == of(changed.encode(), field)


@pytest.mark.parametrize("field", CHANGES)
def test_what_reads_otherwise_than_it_was_signed_does_not_verify(field: str) -> None:
    place = "a comment before"

    assert verified(answer(place, read=SIGNED, hidden=SIGNED.replace(*CHANGES[field]))).valid
    assert not verified(answer(place, read=SIGNED.replace(*CHANGES[field]), hidden=SIGNED)).valid


@pytest.mark.parametrize("place", PLACES)
def test_the_reader_of_an_assertion_is_handed_its_octets_and_nothing_around_them(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By construction, for every field there will ever be: there is nothing else that it could be read from."""
    handed: list[bytes] = []

    def spy(element: xml.Element) -> Assertion:
        tree = element.getroottree()
        assert element.getparent() is None
        assert not any(True for backwards in (False, True) for _ in tree.getroot().itersiblings(preceding=backwards))
        handed.append(etree.tostring(tree))
        return parse_assertion(element)

    monkeypatch.setattr(rstr, "parse_assertion", spy)

    response = answer(place, read=SIGNED, hidden=SIGNED.replace(">DJ<", ">User<"))

    assert handed[0] == response.assertion_xml == SIGNED.encode()
    assert len(handed) == len(response.assertions)

"""Faults of the assertion's own attributes, and of its form as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hybridjoin.mutations import spelling, tree
from hybridjoin.mutations.operator import Area, Bend, Operator
from hybridjoin.mutations.parts import need
from hybridjoin.mutations.tree import Element
from hybridjoin.mutations.values import read_instant, write_instant

_OTHER_ID = "_11111111-2222-4333-8444-555555555555"


def operators() -> Iterator[Operator]:
    """Yield every fault of the assertion's frame."""
    for suffix, words, respell in spelling.URI_SPELLINGS:

        def bend(assertion: Element, respell: spelling.Respell = respell) -> None:
            assertion.set("Issuer", respell(assertion.get("Issuer", "")))

        yield _operator(f"issuer-{suffix}", f"The Issuer {words}.", "issuer", bend, "SAML-02")
    yield _operator("issuer-missing", "There is no Issuer.", "issuer", _without("Issuer"), "SAML-02")
    for version in ("1.0", "2.0", "1.2"):
        yield _operator(f"version-{version}", f"The version is {version}.", "version", _version(version), "SAML-01")
    yield _operator("version-missing", "MinorVersion is missing.", "version", _without("MinorVersion"), "SAML-01")
    yield _operator(
        "id-changed", "The AssertionID is not the one that the response refers to.", "id", _id(_OTHER_ID), "RSTR-14"
    )
    yield _operator("id-digit", "The AssertionID begins with a digit.", "id", _id(_OTHER_ID[1:]), "SAML-03")
    yield _operator("id-colon", "The AssertionID holds a colon.", "id", _id(f"urn:uuid:{_OTHER_ID[1:]}"), "SAML-03")
    yield _operator("instant-missing", "There is no IssueInstant.", "instant", _without("IssueInstant"), "SAML-07")
    yield _operator("instant-unreadable", "IssueInstant is no xs:dateTime.", "instant", _instant("today"), "SAML-07")
    yield _operator("instant-future", "IssueInstant is a day ahead.", "instant", _tomorrow, "SAML-06")
    yield _operator(
        "indented",
        "Line breaks and blanks stand between the elements.",
        "blanks",
        _indent,
        harmless="blanks between elements say nothing, and they are signed with the rest",
    )


def _operator(name: str, sentence: str, touches: str, bend: Bend, *catches: str, harmless: str = "") -> Operator:
    return Operator(
        id=name,
        sentence=sentence,
        area=Area.STRUCTURE,
        touches=frozenset({touches}),
        catches=frozenset(catches),
        harmless=harmless,
        bend=bend,
    )


def _without(name: str) -> Bend:
    def bend(assertion: Element) -> None:
        assertion.attrib.pop(name, None)

    return bend


def _version(version: str) -> Bend:
    def bend(assertion: Element) -> None:
        major, _, minor = version.partition(".")
        assertion.set("MajorVersion", major)
        assertion.set("MinorVersion", minor)

    return bend


def _id(value: str) -> Bend:
    return lambda assertion: assertion.set("AssertionID", value)


def _instant(value: str) -> Bend:
    return lambda assertion: assertion.set("IssueInstant", value)


def _tomorrow(assertion: Element) -> None:
    moment = read_instant(assertion.get("IssueInstant"))
    if moment is not None:
        _instant(write_instant(moment + timedelta(days=1), like=assertion.get("IssueInstant")))(assertion)


def _indent(assertion: Element, level: int = 1) -> None:
    children = list(tree.children(assertion))
    if not children:
        return
    assertion.text = "\n" + "  " * level
    for child in children:
        _indent(child, level + 1)
        child.tail = "\n" + "  " * level
    need(children[-1]).tail = "\n" + "  " * (level - 1)

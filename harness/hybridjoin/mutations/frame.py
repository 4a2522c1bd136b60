"""Faults of what stands around the claims: subject, conditions, statements, and the assertion's own attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from hybridjoin.mutations import parts, spelling, tree
from hybridjoin.mutations.operator import Area, Bend, Operator, Reason, always
from hybridjoin.mutations.parts import need, put, saml
from hybridjoin.mutations.tree import Element
from hybridjoin.mutations.values import read_instant, write_instant

_HOLDER_OF_KEY = "urn:oasis:names:tc:SAML:1.0:cm:holder-of-key"
_SENDER_VOUCHES = "urn:oasis:names:tc:SAML:1.0:cm:sender-vouches"
_PASSWORD = "urn:oasis:names:tc:SAML:1.0:am:password"
_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
_PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_OTHER_AUDIENCE = "urn:federation:example"
_DAY = timedelta(days=1)


def operators() -> Iterator[Operator]:
    """Yield every fault of subject, conditions and statements."""
    yield from _subject()
    yield from _naming()
    yield from _confirmation()
    yield from _window()
    yield from _audience()
    yield from _statement()


def _each(*path: str) -> Callable[[Element], list[Element]]:
    """Find every element of a path, in whichever statement it stands."""
    return lambda assertion: list(assertion.iterfind(".//" + "/".join(map(saml, path))))


def _find(assertion: Element, *path: str) -> Element | None:
    return tree.first(assertion, *map(saml, path))


def _there(what: str, *path: str) -> Reason:
    return lambda assertion: "" if _each(*path)(assertion) else f"the assertion has no {what}"


def _all(change: Callable[[Element], None], *path: str) -> Bend:
    """Make a change to every element of a path."""

    def bend(assertion: Element) -> None:
        for element in _each(*path)(assertion):
            change(element)

    return bend


def _maker(area: Area, touches: str, applies: Reason) -> Callable[..., Operator]:
    """Return a short way to write down the operators of one part."""

    def make(
        name: str,
        sentence: str,
        bend: Bend,
        *catches: str,
        harmless: str = "",
        more: tuple[str, ...] = (),
        only: Reason = always,
    ) -> Operator:
        return Operator(
            id=name,
            sentence=sentence,
            area=area,
            touches=frozenset({touches, *more}),
            catches=frozenset(catches),
            harmless=harmless,
            applies=lambda assertion: applies(assertion) or only(assertion),
            bend=bend,
        )

    return make


def _subject() -> Iterator[Operator]:
    identifier = ("Subject", "NameIdentifier")
    make = _maker(Area.SUBJECT, "subject", _there("NameIdentifier", *identifier))

    def respelled(spell: Callable[[str], str]) -> Bend:
        return _all(lambda item: put(item, spell(tree.raw_text(item))), *identifier)

    def one_of_them(change: Callable[[Element], None], *path: str) -> Bend:
        return lambda assertion: change(_each(*path)(assertion)[-1])

    def no_guid(assertion: Element) -> str:
        return spelling.no_guid(tree.raw_text(_each(*identifier)(assertion)[0]))

    def single(assertion: Element) -> str:
        return "" if len(_each("Subject")(assertion)) > 1 else "the assertion has one statement only"

    known = {suffix: spell for suffix, _, spell in spelling.GUID_SPELLINGS}
    yield make("subject-missing", "No statement has a Subject.", _all(parts.drop, "Subject"), "SAML-09", "CLAIM-09",
               more=("confirmation",))  # fmt: skip
    yield make("subject-missing-in-one", "The last statement has no Subject.", one_of_them(parts.drop, "Subject"),
               "SAML-09", more=("confirmation",), only=single)  # fmt: skip
    yield make("subject-without-name", "No Subject has a NameIdentifier.", _all(parts.drop, *identifier), "CLAIM-09")
    yield make("subject-empty", "The NameIdentifier is empty.", respelled(lambda _: ""), "CLAIM-09")
    yield make("subject-other", "The NameIdentifier is of another object.", respelled(known["of-another"]), "CLAIM-09",
               only=no_guid)  # fmt: skip
    yield make("subject-mail", "The NameIdentifier is a mail address.", respelled(lambda _: "ws01@example.com"),
               "CLAIM-09")  # fmt: skip
    yield make("subject-big-endian", "The NameIdentifier is base64 of the bytes in the order of RFC 4122.",
               respelled(known["big-endian"]), "CLAIM-09", only=no_guid)  # fmt: skip
    yield make("subject-trailing-space", "The NameIdentifier has a blank at its end.",
               respelled(lambda text: f"{text} "), "CLAIM-09")  # fmt: skip
    yield make("subject-differs", "The statements are about different subjects.",
               one_of_them(lambda item: put(item, "bm9ib2R5IHdlIGtub3c="), *identifier), "SAML-13", "CLAIM-09",
               only=single)  # fmt: skip


def _naming() -> Iterator[Operator]:
    identifier = ("Subject", "NameIdentifier")
    make = _maker(Area.SUBJECT, "subject", _there("NameIdentifier", *identifier))
    yield make("subject-comment", "A comment stands in the middle of the NameIdentifier.",
               _all(lambda item: parts.comment_into(item, " half "), *identifier),
               harmless="no comment is part of what is signed, and the name is read whole")  # fmt: skip
    yield make("subject-format", "The NameIdentifier's Format is persistent, of SAML 2.0.",
               _all(lambda item: item.set("Format", _PERSISTENT), *identifier), "SAML-12")  # fmt: skip
    yield make("subject-no-format", "The NameIdentifier has no Format.",
               _all(lambda item: _remove(item, "Format"), *identifier),
               harmless="SAML 1.1 reads a missing Format as unspecified")  # fmt: skip


def _confirmation() -> Iterator[Operator]:
    method = ("SubjectConfirmation", "ConfirmationMethod")
    make = _maker(Area.SUBJECT, "confirmation", _there("ConfirmationMethod", *method))

    def says(uri: str) -> Bend:
        return _all(lambda item: put(item, uri), *method)

    yield make(
        "confirmation-holder-of-key", "Subjects are confirmed by holder-of-key.", says(_HOLDER_OF_KEY), "SAML-09"
    )
    yield make("confirmation-sender-vouches", "Subjects are confirmed by sender-vouches.", says(_SENDER_VOUCHES),
               "SAML-09")  # fmt: skip
    yield make("confirmation-missing", "No Subject has a SubjectConfirmation.", _all(parts.drop, "SubjectConfirmation"),
               "SAML-09")  # fmt: skip
    yield make("confirmation-and-holder-of-key", "Subjects may be confirmed by bearer or by holder-of-key.",
               _all(lambda item: parts.after(item, parts.like(item, _HOLDER_OF_KEY)), *method),
               harmless="SAML lets the relying party choose among the methods that are named")  # fmt: skip


def _window() -> Iterator[Operator]:
    make = _maker(Area.CONDITIONS, "window", _there("Conditions", "Conditions"))

    def moved(**by: timedelta) -> Bend:
        def bend(assertion: Element) -> None:
            conditions = need(_find(assertion, "Conditions"))
            for name, step in by.items():
                moment = read_instant(conditions.get(name))
                if moment is not None:
                    conditions.set(name, write_instant(moment + step, like=conditions.get(name)))

        return bend

    def without(name: str) -> Bend:
        return _all(lambda item: _remove(item, name), "Conditions")

    def unreadable(assertion: Element) -> None:
        need(_find(assertion, "Conditions")).set("NotOnOrAfter", "tomorrow")

    yield make("conditions-missing", "There are no Conditions.",
               lambda assertion: parts.drop(_find(assertion, "Conditions")), "SAML-04",
               more=("audience",))  # fmt: skip
    yield make(
        "conditions-expired", "The window ended a day ago.", moved(NotBefore=-_DAY, NotOnOrAfter=-_DAY), "SAML-05"
    )
    yield make("conditions-future", "The window begins in a day.", moved(NotBefore=_DAY, NotOnOrAfter=_DAY), "SAML-05")
    yield make("conditions-inverted", "NotBefore lies after NotOnOrAfter.", moved(NotBefore=_DAY), "SAML-04")
    yield make("conditions-without-not-before", "NotBefore is missing.", without("NotBefore"), "SAML-04")
    yield make("conditions-without-not-on-or-after", "NotOnOrAfter is missing.", without("NotOnOrAfter"), "SAML-04")
    yield make("conditions-unreadable", "NotOnOrAfter is no xs:dateTime.", unreadable, "SAML-04", "SAML-07")


def _audience() -> Iterator[Operator]:
    restriction = ("Conditions", "AudienceRestrictionCondition")
    audience = (*restriction, "Audience")
    make = _maker(Area.CONDITIONS, "audience", _there("Audience", *audience))

    def says(respell: Callable[[str], str]) -> Bend:
        return _all(lambda item: put(item, respell(tree.text(item))), *audience)

    def another_restriction(assertion: Element) -> None:
        first = need(_find(assertion, *restriction))
        second = tree.copy(first)
        put(_find(second, "Audience"), _OTHER_AUDIENCE)
        parts.after(first, second)

    yield make("audience-other", "The audience is another relying party.", says(lambda _: _OTHER_AUDIENCE), "SAML-08")
    yield make("audience-case", "The audience is written in lower case.", says(str.lower), "SAML-08")
    yield make("audience-slash", "The audience has a slash at its end.", says(lambda text: f"{text}/"), "SAML-08")
    yield make(
        "audience-missing", "There is no AudienceRestrictionCondition.", _all(parts.drop, *restriction), "SAML-08"
    )
    yield make(
        "audience-empty", "The AudienceRestrictionCondition names nobody.", _all(parts.drop, *audience), "SAML-08"
    )
    yield make("audience-two", "The AudienceRestrictionCondition names a second audience.",
               _all(lambda item: parts.after(item, parts.like(item, _OTHER_AUDIENCE)), *audience),
               harmless="one condition is kept where the relying party is one of its audiences")  # fmt: skip
    yield make("audience-two-conditions", "A second AudienceRestrictionCondition names another audience.",
               another_restriction, "SAML-08")  # fmt: skip


def _statement() -> Iterator[Operator]:
    authentication, attributes = "AuthenticationStatement", "AttributeStatement"
    make = _maker(Area.STATEMENT, "authentication", _there(authentication, authentication))
    more = ("subject", "confirmation")

    def says(method: str) -> Bend:
        return _all(lambda item: item.set("AuthenticationMethod", method), authentication)

    yield make("authentication-missing", "There is no AuthenticationStatement.", _all(parts.drop, authentication),
               "SAML-11", more=more)  # fmt: skip
    yield make("authentication-password", "The AuthenticationMethod is a password.", says(_PASSWORD), "SAML-11")
    yield make("authentication-of-saml20", "The AuthenticationMethod is a class of SAML 2.0.", says(_CLASS), "SAML-11")
    yield make("authentication-empty", "The AuthenticationMethod is empty.", says(""), "SAML-11")
    yield make("authentication-unreadable", "The AuthenticationInstant is no xs:dateTime.",
               _all(lambda item: item.set("AuthenticationInstant", "now"), authentication), "SAML-07")  # fmt: skip
    make = _maker(Area.STATEMENT, "attributes", _there(attributes, attributes))
    yield make("attributes-missing", "There is no AttributeStatement.", _all(parts.drop, attributes), "SAML-10",
               "CLAIM-01", "CLAIM-03", "CLAIM-05", more=more)  # fmt: skip
    yield make("attributes-none", "The AttributeStatement has no Attribute.", _all(parts.drop, "Attribute"), "SAML-10",
               "CLAIM-01", "CLAIM-03", "CLAIM-05")  # fmt: skip
    yield make("attributes-reversed", "The Attributes come in reverse order.", _reversed,
               harmless="attributes have no order")  # fmt: skip
    yield make("attributes-split", "Each Attribute stands in a statement of its own.", _split,
               harmless="an assertion may have several AttributeStatements")  # fmt: skip


def _remove(element: Element, attribute: str) -> None:
    element.attrib.pop(attribute, None)


def _reversed(assertion: Element) -> None:
    statement = need(_find(assertion, "AttributeStatement"))
    for attribute in reversed(list(statement.iterchildren(saml("Attribute")))):
        statement.append(attribute)


def _split(assertion: Element) -> None:
    statement = need(_find(assertion, "AttributeStatement"))
    empty = tree.copy(statement)
    for attribute in list(empty.iterchildren(saml("Attribute"))):
        empty.remove(attribute)
    for attribute in list(statement.iterchildren(saml("Attribute")))[1:]:
        own = tree.copy(empty)
        own.append(attribute)
        parts.after(statement, own)

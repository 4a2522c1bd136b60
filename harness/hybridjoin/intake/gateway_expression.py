"""The expression language of PingOne's attribute mappings, as its hybrid join guide uses it: read, and worked out.

What is read here is written down a second time in the reference identity provider, which shares nothing with it: a
misreading of the guide would show between the two.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

BASE64_GUID: Final = "string.uuidasbase64guid"
DEPTH_LIMIT: Final = 12
_SIGNS: Final = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')|(?P<function>\#[\w.]+)"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>[(),+]))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A text that stands in quotation marks; None is `null`."""

    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfProfile:
    """An attribute of somebody's profile: `user.externalId` is `externalId` of `user`."""

    scope: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A function with its arguments."""

    function: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Several terms written one behind the other."""

    terms: tuple[Term, ...]


Term = Quoted | OfProfile | Called | Joined


class NotAnExpression(ValueError):
    """The text cannot be read; the message says where, and what stands there."""


class NotWorkedOut(ValueError):
    """A function that the guide does not use: what it gives is not known here."""


def read_expression(text: str) -> Term:
    """Read an expression, with or without `${…}` around it; raise NotAnExpression."""
    inner = text.strip()
    if inner.startswith("${") and inner.endswith("}"):
        inner = inner[2:-1]
    return _Reading(inner).whole()


def attributes_of(term: Term) -> Iterator[OfProfile]:
    """Yield every attribute that an expression asks for."""
    inner = term.arguments if isinstance(term, Called) else term.terms if isinstance(term, Joined) else ()
    if isinstance(term, OfProfile):
        yield term
    for item in inner:
        yield from attributes_of(item)


def work_out(term: Term, profile: Mapping[str, str]) -> str | None:
    """Return what an expression gives for a profile, whose names are in lower case; None is no value.

    Raises:
        NotWorkedOut: it calls a function that is not known here.
    """
    match term:
        case Quoted():
            return term.text
        case OfProfile():
            return profile.get(term.name.lower()) if term.scope.lower() == "user" else None
        case Joined():
            values = [work_out(item, profile) for item in term.terms]
            return None if None in values else "".join(value for value in values if value is not None)
        case Called():
            if term.function.lower() != BASE64_GUID:
                raise NotWorkedOut(f"#{term.function} is not worked out here")
            value = work_out(term.arguments[0], profile) if term.arguments else None
            return _base64_guid(value)


def _base64_guid(value: str | None) -> str | None:
    """Write a GUID's sixteen octets in the order in which Active Directory keeps them, as base64."""
    with suppress(ValueError, AttributeError):
        return base64.b64encode(uuid.UUID(value or "").bytes_le).decode("ascii")
    return None


class _Reading:
    """One reading of one expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> Term:
        term = self._joined()
        if self._text[self._at :].strip():
            raise self._stray("the end")
        return term

    def _next(self) -> re.Match[str] | None:
        return _SIGNS.match(self._text, self._at)

    def _joined(self) -> Term:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise NotAnExpression(f"expected functions within functions at most {DEPTH_LIMIT} deep, found more")
        terms = [self._term()]
        while self._take("+"):
            terms.append(self._term())
        self._depth -= 1
        return terms[0] if len(terms) == 1 else Joined(terms=tuple(terms))

    def _take(self, sign: str) -> bool:
        found = self._next()
        if found is None or found["sign"] != sign:
            return False
        self._at = found.end()
        return True

    def _term(self) -> Term:
        found = self._next()
        if found is None or found["sign"]:
            raise self._stray("a text in quotation marks, user.<attribute> or #function(…)")
        self._at = found.end()
        if found["text"]:
            return Quoted(text=re.sub(r"\\(.)", r"\1", found["text"][1:-1]))
        if found["number"]:
            return Quoted(text=found["number"])
        return self._called(found["function"][1:]) if found["function"] else self._attribute(found["name"])

    def _attribute(self, name: str) -> Term:
        scope, dot, attribute = name.partition(".")
        if name == "null":
            return Quoted(text=None)
        if not dot or not attribute:
            raise NotAnExpression(
                f"expected user.<attribute> or a text in quotation marks, found {name} without either"
            )
        return OfProfile(scope=scope, name=attribute)

    def _called(self, name: str) -> Term:
        if not self._take("("):
            raise self._stray(f"a bracket behind #{name}")
        arguments: list[Term] = []
        while not self._take(")"):
            if arguments and not self._take(","):
                raise self._stray("a comma or a closing bracket")
            arguments.append(self._joined())
        return Called(function=name, arguments=tuple(arguments))

    def _stray(self, expected: str) -> NotAnExpression:
        rest = self._text[self._at :].strip()
        return NotAnExpression(f"expected {expected}, found {rest[:20] or 'the end'}")

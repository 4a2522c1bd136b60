"""The expression language of attribute mappings: the part of PingOne's that its hybrid join guide uses.

expression = term { "+" term }
term       = string | "null" | reference | "#" name "(" [ expression { "," expression } ] ")"
reference  = ("user" | "ldap" | "kerberos") "." name
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hybridjoin.doubles.idp.encodings import FUNCTIONS, Facts, Value

SCOPES = ("user", "ldap", "kerberos")
DEPTH_LIMIT = 16

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<function>\#[A-Za-z][A-Za-z0-9_.]*)
      | (?P<name>[A-Za-z][A-Za-z0-9_.-]*)
      | (?P<mark>[(),+])
    )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """The text is no expression; the message says where and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string in quotation marks, or NULL."""

    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An attribute of the user, of the LDAP entry or of the Kerberos client."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Terms joined to one text."""

    terms: tuple[Node, ...]


Node = Text | Reference | Call | Sum


@lru_cache(maxsize=256)
def parse(text: str) -> Node:
    """Read an expression; raises ExpressionError."""
    return _Parser(text).whole()


def evaluate(node: Node, facts: Facts) -> Value:
    """Return the expression's value; None is PingOne's NULL."""
    match node:
        case Text():
            return node.value
        case Reference():
            return facts.reference(node.name)
        case Sum():
            values = [evaluate(term, facts) for term in node.terms]
            return None if None in values else "".join(value for value in values if value is not None)
        case Call():
            return _call(node, facts)


def references(node: Node) -> Iterator[str]:
    """Yield the name of every attribute that an expression asks for."""
    match node:
        case Reference():
            yield node.name
        case Sum():
            for term in node.terms:
                yield from references(term)
        case Call():
            for argument in node.arguments:
                yield from references(argument)


def _call(node: Call, facts: Facts) -> Value:
    function = FUNCTIONS[node.function]
    arguments = [evaluate(argument, facts) for argument in node.arguments]
    if None in arguments and not function.takes_null:
        return None
    return function.call(facts.lookup, *arguments) if function.asks_directory else function.call(*arguments)


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._at < len(self._tokens):
            raise self._problem("the end of the expression")
        return node

    def _split(self) -> list[tuple[str, str, int]]:
        tokens, at = [], 0
        while self._text[at:].strip():
            match = _TOKEN.match(self._text, at)
            if match is None or match.lastgroup is None:
                raise ExpressionError(
                    f"at character {at + 1} of {self._text!r}: {self._text[at:].strip()[0]!r} is no token"
                )
            tokens.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            at = match.end()
        return tokens

    def _peek(self, mark: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][:2] == ("mark", mark)

    def _expect(self, mark: str) -> None:
        if not self._peek(mark):
            raise self._problem(f"{mark!r}")
        self._at += 1

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise ExpressionError(f"functions nest deeper than {DEPTH_LIMIT} in {self._text!r}")
        terms = [self._term()]
        while self._peek("+"):
            self._at += 1
            terms.append(self._term())
        self._depth -= 1
        return terms[0] if len(terms) == 1 else Sum(terms=tuple(terms))

    def _term(self) -> Node:
        kind, text, _ = self._tokens[self._at] if self._at < len(self._tokens) else ("", "", 0)
        if kind not in {"string", "function", "name"}:
            raise self._problem("a string in quotation marks, user.<attribute>, or a #function")
        self._at += 1
        if kind == "string":
            return Text(value=re.sub(r"\\(.)", r"\1", text[1:-1]))
        return self._function(text[1:]) if kind == "function" else _reference(text)

    def _function(self, name: str) -> Call:
        function = FUNCTIONS.get(name)
        if function is None:
            raise ExpressionError(f"no function is called #{name}{_hint(name, list(FUNCTIONS), '#')}")
        self._expect("(")
        arguments: list[Node] = []
        while not self._peek(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._expression())
        self._expect(")")
        if len(arguments) != len(function.parameters):
            wanted = ", ".join(function.parameters)
            raise ExpressionError(f"#{name}({wanted}) takes {len(function.parameters)} arguments, not {len(arguments)}")
        return Call(function=name, arguments=tuple(arguments))

    def _problem(self, expected: str) -> ExpressionError:
        found = f"{self._tokens[self._at][1]!r}" if self._at < len(self._tokens) else "the end"
        at = self._tokens[self._at][2] if self._at < len(self._tokens) else len(self._text)
        return ExpressionError(f"at character {at + 1} of {self._text!r}: expected {expected}, found {found}")


def _reference(name: str) -> Node:
    if name == "null":
        return Text(value=None)
    scope, dot, attribute = name.partition(".")
    if scope not in SCOPES or not dot or not attribute:
        raise ExpressionError(
            f"{name!r} is no attribute; write user.<name>, ldap.<name> or a string in quotation marks"
        )
    return Reference(name=name)


def _hint(name: str, known: list[str], prefix: str) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {prefix}{near[0]}?" if near else ""

"""`-k EXPR`: words of a scenario's id, title or tags, joined by `and`, `or`, `not` and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from hybridjoin.errors import Mistake, UsageError

_TOKEN = re.compile(r"\s*(?:(\(|\))|([^\s()]+))")
Test = Callable[[str], bool]


class Named(Protocol):
    """What can be selected."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def title(self) -> str:
        """The title."""

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags."""


def select(items: Iterable[Named], expression: str) -> Iterator[Named]:
    """Yield the items that an expression names; raise UsageError where it is not one."""
    test = compile_expression(expression)
    return (item for item in items if test(" ".join((item.id, item.title, *item.tags)).lower()))


def compile_expression(expression: str) -> Test:
    """Turn an expression into a test of a lower-case text."""
    parser = _Parser(expression)
    test = parser.either()
    if parser.tokens:
        raise parser.refusal(f"expected `and`, `or` or the end, found {parser.tokens[0]!r}")
    return test


class _Parser:
    """Recursive descent: or, and, not, then a word or parentheses."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = [bracket or word for bracket, word in _TOKEN.findall(expression)]

    def either(self) -> Test:
        """Read `a or b …`."""
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return lambda text: any(test(text) for test in tests)

    def _both(self) -> Test:
        tests = [self._negated()]
        while self._take("and"):
            tests.append(self._negated())
        return lambda text: all(test(text) for test in tests)

    def _negated(self) -> Test:
        if self._take("not"):
            inner = self._negated()
            return lambda text: not inner(text)
        if self._take("("):
            inner = self.either()
            if not self._take(")"):
                raise self.refusal("expected a closing parenthesis")
            return inner
        if not self.tokens or self.tokens[0].lower() in {"and", "or", ")"}:
            found = repr(self.tokens[0]) if self.tokens else "the end"
            raise self.refusal(f"expected a word, found {found}")
        word = self.tokens.pop(0).lower()
        return lambda text: word in text

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0].lower() == token:
            self.tokens.pop(0)
            return True
        return False

    def refusal(self, problem: str) -> UsageError:
        """Return the error to raise."""
        hint = "words joined by and, or, not and parentheses, such as 'claims and not guid'"
        return UsageError(Mistake(place=f"-k {self.expression!r}", problem=problem, hint=hint))

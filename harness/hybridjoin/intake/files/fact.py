"""A fact that a file states: what it is about, its value, the line it stands on, and how far it can be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hybridjoin.model.hiding import BETWEEN, hide, texts_of
from hybridjoin.model.redact import redact_text
from hybridjoin.model.spellings import DEPTH
from hybridjoin.model.vault import VAULT
from hybridjoin.model.verdict import Certainty

LIMIT_FACTS: Final = 20_000
"""How many different facts one import keeps; further ones are counted."""
LIMIT_VALUE: Final = 4_096
"""Characters of a value; what is longer is cut, and says so."""

_CUT: Final = re.compile(r"… \(\d+ characters\)")


class Strength(StrEnum):
    """What such a line is good for: it proves the fact, or only suggests it."""

    PROVES = "proves"
    SUGGESTS = "suggests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Why a line is read in this way: how well the rule is known, and where from."""

    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that one line of one file says.

    `about` and `name` make its key, `of` tells several such things apart: the id of an attempt, an object's name, a
    section. `line` is counted from 1; it is 0 where the file has no lines. `times` says how often it stood there.
    """

    about: str
    name: str
    value: str
    file: str
    line: int
    basis: Basis
    of: str = ""
    strength: Strength = Strength.PROVES
    times: int = 1

    @property
    def key(self) -> str:
        """The fact's name in full, as `tenant.id`."""
        return f"{self.about}.{self.name}"

    @property
    def place(self) -> str:
        """Where it stands, as `file:line`."""
        return f"{self.file}:{self.line}" if self.line else self.file


class FactStore:
    """Gathers facts: the same one counts once in a file, at its first line; secrets are masked as they come in.

    A screen of dsregcmd prints its whole log a second time, in reverse order, and a log repeats itself for days.
    """

    def __init__(self, limit: int = LIMIT_FACTS) -> None:
        self._found: dict[tuple[str, ...], Fact] = {}
        self._limit = limit
        self.left_out = 0

    def add(self, facts: Iterable[Fact]) -> int:
        """Keep facts; return how many of them were new."""
        before = len(self._found)
        for fact in facts:
            self._keep(fact)
        return len(self._found) - before

    def _keep(self, fact: Fact) -> None:
        value = fit(redact_text(fact.value))
        key = (fact.about, fact.name, fact.of, value, fact.file)
        held = self._found.get(key)
        if held is not None:
            self._found[key] = replace(held, times=held.times + fact.times)
        elif len(self._found) >= self._limit:
            self.left_out += 1
        else:
            self._found[key] = replace(fact, value=value)

    def hide(self) -> None:
        """Hide by value what was found to be a secret in any file, in whatever file it stood first."""
        facts = tuple(self._found.values())
        if VAULT.find(BETWEEN.join(texts_of(facts)), depth=DEPTH) is not None:
            self._found = dict(zip(self._found, map(hide, facts), strict=True))

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)


def fit(value: str) -> str:
    """Cut a value that is longer than a fact may be, and say how long it was; one that was cut stays as it is."""
    if len(value) <= LIMIT_VALUE or _CUT.fullmatch(value, LIMIT_VALUE) is not None:
        return value
    return f"{value[:LIMIT_VALUE]}… ({len(value)} characters)"


def documented(source: str) -> Basis:
    """Name a rule that its vendor documents."""
    return Basis(certainty=Certainty.DOCUMENTED, source=source)


def observed(source: str) -> Basis:
    """Name a rule that a public capture, script or thread shows."""
    return Basis(certainty=Certainty.OBSERVED, source=source)


def assumed(source: str) -> Basis:
    """Name a rule that is inferred."""
    return Basis(certainty=Certainty.ASSUMED, source=source)

"""The words of an expectation that stand in other rooms' tables: requirements, Kerberos errors, named mistakes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.checks.mistake_words import MistakeWords
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.adapters.krb5_errors import KERBEROS_NAMES
from hybridjoin.errors import Mistake
from hybridjoin.scenario.scenario import Expectation, Expected, Scenario
from hybridjoin.scenario.yaml.validate import nearest

# What a ticket that could not be had is called where libkrb5's number has no name of its own here.
_NUMBERED: Final = re.compile(r"KRB5 -?\d+\Z")


def unknown_words(scenarios: Iterable[Scenario]) -> Iterator[Mistake]:
    """Name the words that no table has, each at its line, with the nearest that one does."""
    for scenario in scenarios:
        for expectation in scenario.expectations:
            look = _LOOKS.get(expectation.about)
            if look is not None:
                yield from look(expectation)


def _requirement(expectation: Expectation) -> Iterator[Mistake]:
    known = frozenset(item.id for item in BOOK)
    if expectation.target not in known:
        hint = nearest(expectation.target, known) or "hybridjoin list requirements names them"
        yield Mistake(place=expectation.place, problem=f"unknown requirement '{expectation.target}'", hint=hint)


def _kerberos(expectation: Expectation) -> Iterator[Mistake]:
    for name in expectation.wanted:
        if name not in KERBEROS_NAMES and not _NUMBERED.match(name):
            hint = nearest(name, KERBEROS_NAMES) or "hybridjoin list kerberos names them"
            yield Mistake(place=expectation.place, problem=f"unknown Kerberos error '{name}'", hint=hint)


def _mistake(expectation: Expectation) -> Iterator[Mistake]:
    for words in expectation.wanted:
        if not any(known.said_by(words) for known in MistakeWords):
            hint = _nearest_sentence(words) or "hybridjoin list mistakes names them"
            yield Mistake(place=expectation.place, problem=f"no named mistake says '{words}'", hint=hint)


def _nearest_sentence(words: str) -> str:
    """Return the hint with the sentence that has the most of the words, spelled as they are or nearly so."""
    wanted = [word for word in re.findall(r"[a-z0-9-]+", words.lower()) if len(word) > 3]
    scored = []
    for known in MistakeWords:
        own = re.findall(r"[a-z0-9-]+", known.lower())
        scored.append(
            (sum(bool(difflib.get_close_matches(word, own, n=1, cutoff=0.8)) for word in wanted), known.shown)
        )
    score, sentence = max(scored, key=lambda item: item[0])
    return f"did you mean '{sentence}'?" if score else ""


_LOOKS: Final[Mapping[Expected, Callable[[Expectation], Iterator[Mistake]]]] = MappingProxyType(
    {Expected.VERDICT: _requirement, Expected.KERBEROS: _kerberos, Expected.CLAIM_MISTAKE: _mistake}
)

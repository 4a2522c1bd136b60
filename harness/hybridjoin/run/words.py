"""The words of an expectation that stand in other rooms' tables: requirements and Kerberos errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

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
        hint = nearest(expectation.target, known)
        yield Mistake(place=expectation.place, problem=f"unknown requirement '{expectation.target}'", hint=hint)


def _kerberos(expectation: Expectation) -> Iterator[Mistake]:
    for name in expectation.wanted:
        if name not in KERBEROS_NAMES and not _NUMBERED.match(name):
            hint = nearest(name, KERBEROS_NAMES)
            yield Mistake(place=expectation.place, problem=f"unknown Kerberos error '{name}'", hint=hint)


_LOOKS: Final[Mapping[Expected, Callable[[Expectation], Iterator[Mistake]]]] = MappingProxyType(
    {Expected.VERDICT: _requirement, Expected.KERBEROS: _kerberos}
)

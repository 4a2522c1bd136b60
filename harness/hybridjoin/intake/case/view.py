"""Facts as they are asked for: by key, by attempt, by value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files.fact import Fact

# What documents and customers put in a name's place; two of them are not the same name for it.
_MASKED: Final = re.compile(r"[xX]{4,}|\*{3,}|<[^>]*>|\{EUII Hidden\}|\[masked|…|\.\.\.|^$", re.IGNORECASE)


def is_masked(value: str) -> bool:
    """Tell whether a value was made unrecognisable, or cut."""
    return _MASKED.search(value) is not None


class FactView:
    """All facts of a case; `screens` are the lines of `dsregcmd /join /debug` by the attempt that printed them."""

    def __init__(self, facts: Iterable[Fact], screens: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> None:
        self.all = tuple(facts)
        self.screens = screens
        self._by_key: dict[str, list[Fact]] = {}
        for fact in self.all:
            self._by_key.setdefault(fact.key, []).append(fact)

    def of(self, *keys: str) -> tuple[Fact, ...]:
        """Return the facts of some keys, in the order of the keys."""
        return tuple(fact for key in keys for fact in self._by_key.get(key, ()))

    def has(self, *keys: str) -> bool:
        """Tell whether any fact has one of the keys."""
        return any(key in self._by_key for key in keys)

    def has_about(self, about: str) -> bool:
        """Tell whether any fact is about something."""
        return any(key.startswith(f"{about}.") for key in self._by_key)

    def matching(self, key: str, pattern: str) -> tuple[Fact, ...]:
        """Return the facts of a key whose value a regular expression finds, whatever the case."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return tuple(fact for fact in self._by_key.get(key, ()) if wanted.search(fact.value))

    def attempt(self, of: str) -> FactView:
        """Return the facts of one attempt."""
        return FactView((fact for fact in self.all if fact.of == of), self._screen(of))

    def by_attempt(self) -> dict[str, FactView]:
        """Return the facts of each attempt by its id, in the order in which they were met."""
        found: dict[str, list[Fact]] = {fact.of: [] for fact in self.all if fact.about == "attempt"}
        for fact in self.all:
            if fact.of in found:
                found[fact.of].append(fact)
        return {of: FactView(facts, self._screen(of)) for of, facts in found.items()}

    def _screen(self, of: str) -> Mapping[str, tuple[str, ...]]:
        return {of: self.screens[of]} if of in self.screens else {}

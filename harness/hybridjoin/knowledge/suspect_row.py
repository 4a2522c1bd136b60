"""A row of the suspects: which symptoms one change explains, and what of the evidence speaks for or against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge.article import Cause

Found = tuple[Fact, ...]
Finder = Callable[[FactView], Found]
Change = Mapping[str, object]

SYNCHRONIZED: Final = "synchronized"
"""What a row explains that lets Windows take the managed road although a domain is federated."""
_WRAPPERS: Final = frozenset({"", "0xcaa1000e", "0xcaa90006", "0xcaa1002d"})


def nothing(view: FactView) -> Found:
    """Find nothing."""
    del view
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What of the evidence proves or supports a suspect, and what excludes it."""

    proven: Finder = nothing
    supported: Finder = nothing
    excluded: Finder = nothing


NO_SIGNS: Final = Signs()
"""Of what no evidence speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRow:
    """One change, and what it explains: `AADSTS51004`, `0xcaa20003`, or a phase where the evidence tells no code.

    `change` may depend on the facts. A row that is not `alone` is no suspect unless a fact speaks for it.
    """

    id: str
    kind: str
    sentence: str
    change: Change | Callable[[FactView], Change]
    cause: Cause
    explains: frozenset[str]
    signs: Signs = NO_SIGNS
    alone: bool = True

    def bent(self, view: FactView) -> Change:
        """Return the change as these facts make it."""
        return self.change(view) if callable(self.change) else self.change


def explained(words: str) -> frozenset[str]:
    """Return what a row explains, written as words."""
    return frozenset(words.split())


def told_by(symptom: Symptom) -> frozenset[str]:
    """Return by what a symptom is looked up: the most telling of what is known of it, and nothing less."""
    if symptom.aadsts is not None:
        return frozenset({f"AADSTS{symptom.aadsts}"})
    if symptom.code not in _WRAPPERS:
        return frozenset({symptom.code})
    return frozenset({SYNCHRONIZED if symptom.road is Road.SYNCHRONIZED else symptom.phase})


def key(*keys: str) -> Finder:
    """Find the facts of some keys."""
    return lambda view: view.of(*keys)


def value(name: str, pattern: str) -> Finder:
    """Find the facts of a key whose value a regular expression finds."""
    return lambda view: view.matching(name, pattern)


def either(*finders: Finder) -> Finder:
    """Find what any of them finds."""
    return lambda view: tuple(fact for finder in finders for fact in finder(view))


def together(*finders: Finder) -> Finder:
    """Find one fact of each, where each finds something."""

    def found(view: FactView) -> Found:
        each = [finder(view) for finder in finders]
        return tuple(item[0] for item in each) if all(each) else ()

    return found


def decided(proven: Finder, witness: Finder) -> Signs:
    """Let a witness decide: where it came along, it proves the suspect or clears it."""
    return Signs(proven=proven, excluded=lambda view: () if proven(view) else witness(view))

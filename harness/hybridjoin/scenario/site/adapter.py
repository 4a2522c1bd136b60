"""Site adapters: what is known beforehand of one vendor's IdP, as data; recognised by its addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.model.verdict import Level
from hybridjoin.scenario.yaml.fields import Id, Line, Strict
from hybridjoin.scenario.yaml.source import load_yaml
from hybridjoin.scenario.yaml.validate import validate
from hybridjoin.shipped import PACKAGE

SUFFIX: Final = ".adapter.yaml"

_SHIPPED: Final = PACKAGE / "adapters"


class EndpointModel(Strict):
    """An address as the vendor shapes it; `pattern` is a regular expression that finds it in a URL."""

    role: Literal["mex", "active", "passive", "issuer", "kerberos"]
    shape: Line
    pattern: Line
    source: Line


class QuirkModel(Strict):
    """A known peculiarity, the requirements it shows in, and where it is known from."""

    sentence: Line
    source: Line
    requirements: list[Line] = Field(default_factory=list)


class ExpectedModel(Strict):
    """A row of the starter list of expected deviations."""

    requirement: Line
    reason: Line
    source: Line
    list: Literal["known", "expected", "flapping"] = "expected"


class LevelModel(Strict):
    """What this vendor's product makes of a requirement's level, and who says so."""

    requirement: Line
    level: Literal["MUST", "SHOULD", "MAY"]
    reason: Line
    source: Line


class AdapterModel(Strict):
    """An adapter's file; `immutable_id` says that users get one, where the site file says nothing of it."""

    name: Id
    title: Line
    endpoints: list[EndpointModel] = Field(min_length=1)
    quirks: list[QuirkModel]
    levels: list[LevelModel] = Field(default_factory=list)
    immutable_id: bool | None = None
    deviations: list[ExpectedModel] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of the vendor's addresses."""

    role: str
    shape: str
    pattern: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """A known peculiarity."""

    sentence: str
    source: str
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterRow:
    """An expected deviation to begin with."""

    requirement: str
    list: DeviationList
    reason: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterLevel:
    """A requirement's level at this vendor's product."""

    requirement: str
    level: Level
    reason: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One vendor's IdP."""

    name: str
    title: str
    endpoints: tuple[Endpoint, ...]
    quirks: tuple[Quirk, ...]
    deviations: tuple[StarterRow, ...] = ()
    levels: tuple[AdapterLevel, ...] = ()
    immutable_id: bool | None = None

    def quirks_of(self, requirement_id: str) -> tuple[Quirk, ...]:
        """Return what is known of this vendor about a requirement."""
        return tuple(item for item in self.quirks if requirement_id in item.requirements)

    def level_of(self, requirement_id: str) -> AdapterLevel | None:
        """Return the level that a requirement has at this vendor's product, where it is another than everywhere."""
        return next((item for item in self.levels if item.requirement == requirement_id), None)

    def starter(self, requirement_id: str) -> StarterRow | None:
        """Return the starter list's row about a requirement."""
        return next((item for item in self.deviations if item.requirement == requirement_id), None)


@cache
def load_adapters() -> tuple[Adapter, ...]:
    """Read the adapters that come with the product."""
    return tuple(_load(path) for path in sorted(_SHIPPED.glob(f"*{SUFFIX}")))


def recognise(urls: Iterable[str]) -> tuple[Adapter, str] | None:
    """Return the adapter whose addresses one of the URLs has the shape of, and that URL; the first URL decides."""
    adapters = load_adapters()
    for url in urls:
        for adapter in adapters:
            if any(re.search(item.pattern, url, re.IGNORECASE) for item in adapter.endpoints):
                return adapter, url
    return None


def find_adapter(product: str) -> Adapter | None:
    """Return the adapter that a site file calls by this name."""
    return next((item for item in load_adapters() if item.name == product.lower()), None)


def adapter_of(product: str, urls: Iterable[str | None]) -> Adapter | None:
    """Return the adapter that somebody named, or else the one that has the shape of an address."""
    named = find_adapter(product) if product else None
    if named is not None:
        return named
    found = recognise(url for url in urls if url)
    return found[0] if found is not None else None


def _load(path: Path) -> Adapter:
    data, positions = load_yaml(path, name=path.name)
    model = validate(AdapterModel, data, positions)
    return Adapter(
        name=model.name,
        title=model.title,
        endpoints=tuple(Endpoint(**item.model_dump()) for item in model.endpoints),
        quirks=tuple(
            Quirk(sentence=item.sentence, source=item.source, requirements=tuple(item.requirements))
            for item in model.quirks
        ),
        immutable_id=model.immutable_id,
        levels=tuple(
            AdapterLevel(requirement=item.requirement, level=Level(item.level), reason=item.reason, source=item.source)
            for item in model.levels
        ),
        deviations=tuple(
            StarterRow(
                requirement=item.requirement, list=DeviationList(item.list), reason=item.reason, source=item.source
            )
            for item in model.deviations
        ),
    )

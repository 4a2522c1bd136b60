"""A site's three lists of deviations: known and to be mended, expected by design, flapping; each with an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.scenario.yaml.fields import Line, Strict
from hybridjoin.scenario.yaml.refusal import refuse
from hybridjoin.scenario.yaml.source import Positions, load_yaml
from hybridjoin.scenario.yaml.validate import PLACEHOLDER, describe, nearest, salvage

SUFFIX: Final = ".deviations.yaml"
_SITE_SUFFIX: Final = ".site.yaml"
ListName = Literal["known", "expected", "flapping"]
LISTS: Final[tuple[ListName, ...]] = ("known", "expected", "flapping")


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day(value)
    except ValueError:
        return _no_day(value)


def _no_day(value: object) -> date:
    raise ValueError(f"expected a day such as 2027-03-31, found {describe(value)}")


def _nothing_to_empty(value: object) -> object:
    return [] if value is None else value


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]


class DeviationModel(Strict):
    """One row: what deviates, who answers for it, why, and until when."""

    requirement: Line = Field(description="A requirement's id, as MEX-07, or a glob of them, as 'MEX-*'.")
    owner: Line = Field(description="Who answers for it: a person, a team or a ticket.")
    reason: Line = Field(description="Why it deviates, in a sentence.")
    expires: Day = Field(description="The last day on which it is forgiven, as 2027-03-31.")


Rows = Annotated[
    list[DeviationModel], BeforeValidator(_nothing_to_empty, json_schema_input_type=list[DeviationModel] | None)
]


class DeviationsModel(Strict):
    """The lists of one site."""

    known: Rows = Field(default_factory=list, description="What is broken and will be mended.")
    expected: Rows = Field(default_factory=list, description="What deviates by design.")
    flapping: Rows = Field(default_factory=list, description="What is broken now and then.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A row that has been read; `requirement` is an id or a glob, `place` its `file:line:column`."""

    requirement: str
    list: DeviationList
    owner: str
    reason: str
    expires: date
    place: str

    def names(self, requirement_id: str) -> bool:
        """Tell whether the row is about a requirement."""
        return fnmatchcase(requirement_id, self.requirement.upper())


def deviations_beside(site_file: Path) -> Path:
    """Return where a site's deviations are looked for: `x.deviations.yaml` beside `x.site.yaml`."""
    name = site_file.name
    stem = name.removesuffix(_SITE_SUFFIX) if name.endswith(_SITE_SUFFIX) else site_file.stem
    return site_file.with_name(stem + SUFFIX)


def load_deviations(path: Path, known: Iterable[str]) -> tuple[Deviation, ...]:
    """Read the lists; `known` are the ids of all requirements.

    Raises:
        UsageError: they have mistakes; every one is told with its place.
    """
    data, positions = load_yaml(path)
    model, mistakes = salvage(DeviationsModel, {} if data is None else data, positions, fill={"expires": str(date.max)})
    if model is None:
        raise UsageError(*mistakes)
    rows: dict[ListName, list[DeviationModel]] = {
        "known": model.known, "expected": model.expected, "flapping": model.flapping
    }  # fmt: skip
    found = tuple(
        Deviation(
            requirement=row.requirement,
            list=DeviationList(name),
            owner=row.owner,
            reason=row.reason,
            expires=row.expires,
            place=positions.value((name, index, "requirement")),
        )
        for name in LISTS
        for index, row in enumerate(rows[name])
    )
    named = tuple(row for row in found if row.requirement != PLACEHOLDER)
    refuse((*mistakes, *_unknown(named, tuple(known)), *_twins(named, positions)))
    return found


def _unknown(rows: tuple[Deviation, ...], known: tuple[str, ...]) -> Iterator[Mistake]:
    for row in rows:
        if not any(row.names(item) for item in known):
            problem = f"unknown requirement '{row.requirement}'"
            yield Mistake(place=row.place, problem=problem, hint=nearest(row.requirement, known))


def _twins(rows: tuple[Deviation, ...], positions: Positions) -> Iterator[Mistake]:
    seen: dict[str, Deviation] = {}
    for row in rows:
        first = seen.setdefault(row.requirement.upper(), row)
        if first is not row:
            where = first.place.removeprefix(f"{positions.file}:")
            yield Mistake(place=row.place, problem=f"'{row.requirement}' is listed twice, first at {where}")

"""Profiles: how loud a broken requirement is, as data, so that one check serves a MUST here and a SHOULD there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_file
from hybridjoin.model.record import JoinResult
from hybridjoin.model.verdict import Level
from hybridjoin.scenario.yaml.fields import Id, Line, Strict
from hybridjoin.scenario.yaml.refusal import refuse
from hybridjoin.scenario.yaml.source import Positions, load_yaml
from hybridjoin.scenario.yaml.validate import nearest, salvage
from hybridjoin.shipped import PACKAGE

DEFAULT_PROFILE: Final = "default"
SUFFIX: Final = ".profile.yaml"

_SHIPPED: Final = PACKAGE / "profiles"

LevelName = Literal["MUST", "SHOULD", "MAY"]


class ProfileModel(Strict):
    """A profile file; `levels` moves whole levels, `requirements` single ids or globs, of which the last wins."""

    name: Id = Field(description="What reports call it.")
    sentence: Line = Field(description="Whom it is for.")
    join: Literal["federated", "synchronized"] = Field(
        default="federated",
        description="How computers are meant to be joined; a synchronized join is as good as a federated one then.",
    )
    levels: dict[LevelName, LevelName] = Field(
        default_factory=dict, description="Levels that are moved as a whole, as `SHOULD: MUST`."
    )
    requirements: dict[Line, LevelName] = Field(
        default_factory=dict,
        description="Single requirements or globs of them, as `'MEX-*': MAY`; the last one that fits wins.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Which requirement is fatal; `join` is the road by which computers are meant to be joined."""

    name: str
    sentence: str
    join: JoinResult = JoinResult.FEDERATED
    levels: tuple[tuple[Level, Level], ...] = ()
    requirements: tuple[tuple[str, Level], ...] = ()

    def level(self, requirement_id: str, level: Level) -> Level:
        """Return the level of a requirement in this profile; `level` is the one its specification gives it."""
        told = [wanted for pattern, wanted in self.requirements if fnmatchcase(requirement_id, pattern)]
        return told[-1] if told else dict(self.levels).get(level, level)


def shipped_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that come with the product."""
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in _SHIPPED.glob(f"*{SUFFIX}")))


def load_profile(wanted: str, known: Iterable[str]) -> Profile:
    """Return a profile by its name or its file; `known` are the ids of all requirements.

    Raises:
        UsageError: there is none of that name, or it has mistakes.
    """
    path = _SHIPPED / f"{wanted}{SUFFIX}" if wanted in shipped_profiles() else Path(wanted)
    if not is_file(path):
        problem = f"expected the name of a profile or a *{SUFFIX} file, found '{wanted}'"
        raise UsageError(Mistake(place="--profile", problem=problem, hint=nearest(wanted, shipped_profiles())))
    data, positions = load_yaml(path, name=str(path) if path == Path(wanted) else path.name)
    model, mistakes = salvage(ProfileModel, data, positions)
    if model is None:
        raise UsageError(*mistakes)
    refuse((*mistakes, *_unknown(model, positions, tuple(known))))
    return Profile(
        name=model.name,
        sentence=model.sentence,
        join=JoinResult(model.join),
        levels=tuple((Level(old), Level(new)) for old, new in model.levels.items()),
        requirements=tuple((pattern.upper(), Level(level)) for pattern, level in model.requirements.items()),
    )


def _unknown(model: ProfileModel, positions: Positions, known: tuple[str, ...]) -> Iterator[Mistake]:
    for pattern in model.requirements:
        if not any(fnmatchcase(item, pattern.upper()) for item in known):
            place = positions.key(("requirements", pattern))
            yield Mistake(place=place, problem=f"unknown requirement '{pattern}'", hint=nearest(pattern, known))

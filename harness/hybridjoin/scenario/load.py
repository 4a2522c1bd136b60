"""Scenario files read: every mistake of every file at once, and nothing is started before they are gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import exists, is_folder
from hybridjoin.model.flows import HYBRID_JOIN, find_flow
from hybridjoin.scenario.compose import Document, Variant, expand, load_document
from hybridjoin.scenario.read import ScenariosRead, named, read_variant
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.yaml.refusal import refuse
from hybridjoin.scenario.yaml.source import parse_yaml
from hybridjoin.shipped import MARK, located, portable

SUFFIX: Final = ".scenario.yaml"
_THOSE_THAT_COME_ALONG: Final = f"`{MARK}` names the scenarios that come along, `{MARK}claims` a folder of them"


def find_scenario_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the scenario files named, and those below the folders named, each once and in order.

    Raises:
        UsageError: a path is not there, or a folder holds no scenario.
    """
    found: dict[Path, None] = {}
    mistakes: list[Mistake] = []
    for written in paths:
        path = located(written)
        inside = sorted(path.rglob(f"*{SUFFIX}")) if is_folder(path) else [path]
        if not exists(path):
            problem = "expected a scenario file or a folder, found nothing there"
            mistakes.append(Mistake(place=str(written), problem=problem, hint=_THOSE_THAT_COME_ALONG))
        elif not inside:
            problem = f"expected *{SUFFIX} files in the folder, found none"
            mistakes.append(Mistake(place=str(written), problem=problem, hint=_THOSE_THAT_COME_ALONG))
        found.update(dict.fromkeys(inside))
    if mistakes:
        raise UsageError(*mistakes)
    return tuple(found)


def load_scenarios(paths: Iterable[Path]) -> tuple[Scenario, ...]:
    """Read scenario files and folders of them.

    Raises:
        UsageError: files have mistakes; every one of all files is told.
    """
    read = read_scenarios(find_scenario_files(paths))
    refuse(read.mistakes)
    return read.scenarios


def load_file(path: Path) -> tuple[Scenario, ...]:
    """Read one scenario file, its matrix written out.

    Raises:
        UsageError: it has mistakes; every one is told.
    """
    read = read_file(path)
    refuse(read.mistakes)
    return read.scenarios


def read_scenarios(files: Iterable[Path]) -> ScenariosRead:
    """Read scenario files, and say of each what is wrong, and which ids are used twice."""
    reads = [read_file(path) for path in files]
    scenarios = tuple(scenario for read in reads for scenario in read.scenarios)
    mistakes = (*(mistake for read in reads for mistake in read.mistakes), *twins(filter(named, scenarios)))
    return ScenariosRead(scenarios=scenarios, mistakes=mistakes)


def read_file(path: Path) -> ScenariosRead:
    """Read one scenario file, its matrix written out, and say what is wrong with it."""
    try:
        variants = expand(load_document(path, name=portable(path)))
    except UsageError as refusal:
        return ScenariosRead(mistakes=refusal.mistakes)
    reads = [read_variant(variant, path, file=portable(path)) for variant in variants]
    return ScenariosRead(
        scenarios=tuple(scenario for read in reads for scenario in read.scenarios),
        mistakes=tuple(dict.fromkeys(mistake for read in reads for mistake in read.mistakes)),
    )


def twins(scenarios: Iterable[Scenario]) -> Iterator[Mistake]:
    """Name the scenarios whose id another one has."""
    first: dict[str, Scenario] = {}
    for scenario in scenarios:
        before = first.setdefault(scenario.id, scenario)
        if before is not scenario:
            problem = f"the id '{scenario.id}' is already used in {before.file}:{before.line}"
            place = scenario.place_of("id")
            yield Mistake(place=place, problem=problem, hint="every scenario has its own id")


def scenario_of(settings: Mapping[str, object], *, name: str) -> Scenario:
    """Return a scenario that is told in Python: the words and rules of a file, and what must come of it left open.

    Args:
        settings: `flow`, `device`, `user`, `idp` and `entra` as they stand in a scenario file.
        name: what mistakes are told of.

    Raises:
        UsageError: a word is not known, or a value is not of its kind; every mistake is told.
    """
    flow = find_flow(str(settings.get("flow", HYBRID_JOIN.name))) or HYBRID_JOIN
    told = {"id": "python", "title": name, "expect": {flow.expects[0]: flow.results[0][0]}, **settings}
    data, positions = parse_yaml(json.dumps(told, default=str).encode(), file=name)
    variant = Variant(document=Document(data=data, positions=positions), suffix="")
    read = read_variant(variant, Path(name), file=name)
    refuse(read.mistakes)
    return replace(read.scenarios[0], expectations=())

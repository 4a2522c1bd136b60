"""Scenario files read: every mistake of every file at once, and nothing is started before they are gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.flows import HYBRID_JOIN, find_flow
from hybridjoin.scenario.compose import Document, Variant, expand, load_document
from hybridjoin.scenario.expectations import asserts_nothing, read_expectations
from hybridjoin.scenario.scenario import DeviceSettings, Scenario, UserSettings
from hybridjoin.scenario.scenario_schema import DeviceModel, ScenarioModel
from hybridjoin.scenario.variables import stray_variables
from hybridjoin.scenario.vocabulary import mistakes_of_names
from hybridjoin.scenario.yaml.source import parse_yaml
from hybridjoin.scenario.yaml.validate import salvage

SUFFIX: Final = ".scenario.yaml"


def find_scenario_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the scenario files named, and those below the folders named, each once and in order.

    Raises:
        UsageError: a path is not there, or a folder holds no scenario.
    """
    found: dict[Path, None] = {}
    mistakes: list[Mistake] = []
    for path in paths:
        inside = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not path.exists():
            mistakes.append(
                Mistake(place=str(path), problem="expected a scenario file or a folder, found nothing there")
            )
        elif not inside:
            mistakes.append(Mistake(place=str(path), problem=f"expected *{SUFFIX} files in the folder, found none"))
        found.update(dict.fromkeys(inside))
    if mistakes:
        raise UsageError(*mistakes)
    return tuple(found)


def load_scenarios(paths: Iterable[Path]) -> tuple[Scenario, ...]:
    """Read scenario files and folders of them.

    Raises:
        UsageError: files have mistakes; every one of all files is told.
    """
    scenarios: list[Scenario] = []
    mistakes: list[Mistake] = []
    for path in find_scenario_files(paths):
        try:
            scenarios.extend(load_file(path))
        except UsageError as refusal:
            mistakes.extend(refusal.mistakes)
    mistakes.extend(twins(scenarios))
    if mistakes:
        raise UsageError(*dict.fromkeys(mistakes))
    return tuple(scenarios)


def load_file(path: Path) -> tuple[Scenario, ...]:
    """Read one scenario file, its matrix written out.

    Raises:
        UsageError: it has mistakes; every one is told.
    """
    variants = expand(load_document(path, name=_shown(path)))
    scenarios: list[Scenario] = []
    mistakes: dict[Mistake, None] = {}
    for variant in variants:
        try:
            scenarios.append(_scenario(variant, path))
        except UsageError as refusal:
            mistakes.update(dict.fromkeys(refusal.mistakes))
    if mistakes:
        raise UsageError(*sorted(mistakes, key=_in_the_file))
    return tuple(scenarios)


def _in_the_file(mistake: Mistake) -> tuple[int, ...]:
    """Sort mistakes as a person reads the file: by line and column."""
    return tuple(int(part) for part in mistake.place.split(":") if part.isdigit())


def _shown(path: Path) -> str:
    """Name a file as it is the same on every machine: below the working directory where it is."""
    whole = path.absolute()
    here = Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else path).as_posix()


def twins(scenarios: Iterable[Scenario]) -> Iterator[Mistake]:
    """Name the scenarios whose id another one has."""
    first: dict[str, Scenario] = {}
    for scenario in scenarios:
        before = first.setdefault(scenario.id, scenario)
        if before is not scenario:
            problem = f"the id '{scenario.id}' is already used in {before.file}:{before.line}"
            yield Mistake(
                place=f"{scenario.file}:{scenario.line}:1", problem=problem, hint="every scenario has its own id"
            )


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
    return replace(_scenario(variant, Path(name)), file=name, expectations=())


def _scenario(variant: Variant, path: Path) -> Scenario:
    document = variant.document
    model, mistakes = salvage(ScenarioModel, document.data, document.positions)
    mistakes += tuple(stray_variables(document.data, document.positions))
    if model is None:
        raise UsageError(*mistakes)
    expectations, unreadable = read_expectations(model, document.positions)
    if not expectations and not mistakes:
        mistakes = (asserts_nothing(document.positions),)
    mistakes += (
        *unreadable,
        *mistakes_of_names(model, document.positions),
        *_missing_files(model, document, path),
    )
    if mistakes:
        raise UsageError(*mistakes)
    return Scenario(
        id=model.id + variant.suffix,
        title=model.title,
        file=_shown(path),
        line=document.positions.line(("id",)),
        expectations=expectations,
        tags=tuple(model.tags),
        lab=path.parent / model.lab if model.lab else None,
        site=path.parent / model.site if model.site else None,
        flow=model.flow,
        user=UserSettings(name=model.user.name, wrong=model.user.password == "wrong") if model.user else None,
        device=_device(model.device, round(model.clock.device) if model.clock else 0),
        idp=model.idp.settings(),
        entra=model.entra.settings(),
    )


def _missing_files(model: ScenarioModel, document: Document, path: Path) -> Iterator[Mistake]:
    for key, target in (("lab", model.lab), ("site", model.site)):
        if target and not (path.parent / target).is_file():
            place = document.positions.value((key,))
            yield Mistake(place=place, problem=f"expected the path of a {key} file, found none at '{target}'")
    if model.lab and model.site:
        place = document.positions.key(("site",))
        yield Mistake(place=place, problem="expected either a lab or a site, found both")


def _device(model: DeviceModel, clock_offset_s: int) -> DeviceSettings:
    scp = model.client_side_scp
    return DeviceSettings(
        name=model.name,
        fallback=model.fallback,
        trust=model.trust,
        rst_shape=model.rst_shape,
        client_side_scp=(scp.tenant_name, scp.tenant_id) if scp else None,
        kerberos_time_sync=model.kerberos_time_sync,
        mutual_authentication=model.mutual_authentication,
        timeout_s=model.timeout,
        windows=model.windows,
        user_agent=model.user_agent,
        clock_offset_s=clock_offset_s,
    )

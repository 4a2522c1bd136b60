"""What `hybridjoin check` does: finds files, reads each by its kind, and holds their names against one another."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.files.starters import FOLDER, SIGNING
from hybridjoin.cli.output import say, say_json
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import exists, is_file, is_folder
from hybridjoin.run.words import unknown_words
from hybridjoin.scenario.gateway_file import SUFFIX as GATEWAY
from hybridjoin.scenario.gateway_file import load_gateway
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.load import SUFFIX as SCENARIO
from hybridjoin.scenario.load import read_scenarios
from hybridjoin.scenario.place_names import PlaceNames, names_of_lab, names_of_site, unknown_names
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.site.deviation_file import SUFFIX as DEVIATIONS
from hybridjoin.scenario.site.deviation_file import load_deviations
from hybridjoin.scenario.site.profile_file import SUFFIX as PROFILE
from hybridjoin.scenario.site.profile_file import load_profile
from hybridjoin.scenario.site.site_file import read_site_file
from hybridjoin.scenario.site.site_files import NONE_THERE, der_of
from hybridjoin.scenario.yaml.refusal import in_order
from hybridjoin.shipped import located

SITE: Final = ".site.yaml"
LAB: Final = ".lab.yaml"
KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        SCENARIO: ("scenario file", "scenario files"),
        SITE: ("site", "sites"),
        LAB: ("lab", "labs"),
        DEVIATIONS: ("list of deviations", "lists of deviations"),
        PROFILE: ("profile", "profiles"),
        GATEWAY: ("gateway", "gateways"),
    }
)
"""The kinds of file by the ending of their names, and what one and several of them are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was checked and what was found; `notes` are worth knowing and nobody's mistake."""

    files: tuple[Path, ...]
    scenarios: int
    mistakes: tuple[Mistake, ...]
    notes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRead:
    """A lab or site as far as it could be read; `names` is None where it is too broken to ask.

    `bends` says that scenarios may bend it, as they may a lab: at a site of one's own they are skipped.
    """

    names: PlaceNames | None = None
    bends: bool = False
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[Mistake, ...] = ()


def check(paths: Iterable[Path], site_file: Path | None) -> Checked:
    """Check files and folders of them.

    Raises:
        UsageError: a path is not there, or nothing of ours is in it.
    """
    files = find_files(paths)
    places = {path: _place(path) for path in (*of_kind(files, LAB, SITE), *((site_file,) if site_file else ()))}
    read = read_scenarios(of_kind(files, SCENARIO))
    mistakes = [*read.mistakes, *unknown_words(read.scenarios)]
    mistakes += _unknown(read.scenarios, places, site_file)
    notes: list[Mistake] = []
    for place in places.values():
        mistakes += place.mistakes
        notes += place.notes
    for path in of_kind(files, DEVIATIONS, PROFILE, GATEWAY):
        found, told = _LISTS[kind_of(path)](path)
        mistakes += found
        notes += told
    return Checked(files=files, scenarios=len(read.scenarios), mistakes=in_order(mistakes), notes=in_order(notes))


def kind_of(path: Path) -> str:
    """Return the ending that says what a file is; empty where none does."""
    return next((ending for ending in KINDS if path.name.endswith(ending)), "")


def of_kind(files: Iterable[Path], *endings: str) -> tuple[Path, ...]:
    """Return the files of some kinds."""
    return tuple(path for path in files if kind_of(path) in endings)


def find_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that are named, and those in the folders that are named, each once.

    Raises:
        UsageError: a path is not there, is of no kind of ours, or is a folder without any.
    """
    found: dict[Path, None] = {}
    refused: list[Mistake] = []
    for written in paths:
        path = located(written)
        inside = tuple(_below(path)) if is_folder(path) else (path,)
        if not exists(path):
            refused.append(Mistake(place=str(written), problem="expected a file or a folder, found nothing there"))
        elif is_file(path) and not kind_of(path):
            hint = "a file that others extend is checked with them" if path.suffix in {".yaml", ".yml"} else ""
            problem = f"expected a name that ends in {', '.join(KINDS)}"
            refused.append(Mistake(place=str(written), problem=problem, hint=hint))
        elif not inside:
            problem = f"expected files in the folder that end in {', '.join(KINDS)}, found none"
            refused.append(
                Mistake(place=str(written), problem=problem, hint="hybridjoin init writes some to begin with")
            )
        found.update(dict.fromkeys(inside))
    if refused:
        raise UsageError(*refused)
    return tuple(found)


def _below(folder: Path) -> Iterator[Path]:
    """Yield our files below a folder; what is hidden, and virtual environments, are no place for them."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not Path(here, name, "pyvenv.cfg").exists()
        )
        yield from (Path(here, name) for name in sorted(names) if kind_of(Path(name)))


def _place(path: Path) -> PlaceRead:
    """Read a lab or a site, whichever the file is; `--site` may name a site as it likes."""
    if kind_of(path) == LAB:
        try:
            return PlaceRead(names=names_of_lab(load_lab_file(path)), bends=True)
        except UsageError as refusal:
            return PlaceRead(mistakes=refusal.mistakes, bends=True)
    read = read_site_file(path)
    names = names_of_site(read.left.site, double=read.left.double is not None) if read.left else None
    notes = tuple(
        Mistake(place=item.place, problem=f"{item.problem.removeprefix(NONE_THERE)} is not here", hint="a run needs it")
        for item in read.absent
    )
    if read.found and _placeholder() in read.found.site.idp.signing_certificates:
        problem = "the identity provider's certificate is the placeholder that init wrote"
        notes += (Mistake(place=str(path), problem=problem, hint="nobody has its key"),)
    return PlaceRead(names=names, mistakes=read.mistakes, notes=notes)


def _placeholder() -> bytes:
    """Return the certificate that `init` puts in the place of the identity provider's."""
    return der_of((FOLDER / SIGNING).read_bytes())


def _unknown(scenarios: Iterable[Scenario], places: dict[Path, PlaceRead], site_file: Path | None) -> Iterator[Mistake]:
    """Name what a scenario asks for and no place has that it may be meant for."""
    checked = dict(places)
    for scenario in scenarios:
        named = scenario.lab or site_file or scenario.site  # as a run has it
        own = Path(os.path.normpath(named)) if named else None
        if own is not None and is_file(own):
            if own not in checked:
                checked[own] = _place(own)
                yield from checked[own].mistakes
            yield from _at_one_of(scenario, [checked[own]])
        elif own is None:
            if default_lab_path() not in checked:
                checked[default_lab_path()] = _place(default_lab_path())
            yield from _at_one_of(scenario, [checked[default_lab_path()], *places.values()])


def _at_one_of(scenario: Scenario, places: list[PlaceRead]) -> tuple[Mistake, ...]:
    """Return what the first place has not, where none of them has all; nothing where one is too broken to ask."""
    bent = scenario.bends_the_site or scenario.device.clock_offset_s
    places = [place for place in places if place.bends or not bent]
    if not places or any(place.names is None for place in places):
        return ()
    unknown = [tuple(unknown_names(scenario, place.names)) for place in places if place.names]
    return () if () in unknown else unknown[0]


def _deviations(path: Path) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    try:
        rows = load_deviations(path, (item.id for item in BOOK))
    except UsageError as refusal:
        return refusal.mistakes, ()
    today = datetime.now(UTC).date()
    late = (row for row in rows if row.expires < today)
    return (), tuple(
        Mistake(
            place=row.place, problem=f"'{row.requirement}' is past its date, {row.expires}", hint="certify fails on it"
        )
        for row in late
    )


def _profile(path: Path) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    try:
        load_profile(str(path), (item.id for item in BOOK))
    except UsageError as refusal:
        return refusal.mistakes, ()
    return (), ()


def _gateway(path: Path) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    try:
        load_gateway(path)
    except UsageError as refusal:
        return refusal.mistakes, ()
    return (), ()


_LISTS: Final[Mapping[str, Callable[[Path], tuple[tuple[Mistake, ...], tuple[Mistake, ...]]]]] = MappingProxyType(
    {DEVIATIONS: _deviations, PROFILE: _profile, GATEWAY: _gateway}
)


def show(checked: Checked, *, as_json: bool) -> None:
    """Print what was found, and the sum of it."""
    if as_json:
        say_json(_document(checked), indent=1, ensure_ascii=False)
        return
    for item in checked.mistakes:
        say(str(item))
    for item in checked.notes:
        say(f"{item.place}: note: {item.problem}{f' ({item.hint})' if item.hint else ''}")
    counts = Counter(kind_of(path) for path in checked.files)
    told = ", ".join(f"{counts[kind]} {words[counts[kind] != 1]}" for kind, words in KINDS.items() if counts[kind])
    found = len(checked.mistakes)
    click.echo(
        f"{told} checked: {'nothing wrong' if not found else '1 mistake' if found == 1 else f'{found} mistakes'}"
    )


def _document(checked: Checked) -> dict[str, Any]:
    return {
        "files": [path.as_posix() for path in checked.files],
        "scenarios": checked.scenarios,
        "mistakes": [_row(item) for item in checked.mistakes],
        "notes": [_row(item) for item in checked.notes],
    }


def _row(item: Mistake) -> dict[str, Any]:
    file, *numbers = item.place.rsplit(":", 2)
    sound = len(numbers) == 2 and all(number.isdigit() for number in numbers)
    line, column = map(int, numbers) if sound else (None, None)
    place = file if sound else item.place
    return {"file": place, "line": line, "column": column, "problem": item.problem, "hint": item.hint}

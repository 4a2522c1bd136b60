"""Which scenarios a command is about: files read, chosen by `-k`, and their names held against the place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hybridjoin.cli.exits import mistake
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.cli.run.select import compile_expression
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.run.session import mistakes_before_start
from hybridjoin.scenario.load import find_scenario_files, read_scenarios
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.yaml.refusal import refuse

_FEW = 6


def choose(paths: Iterable[Path], expression: str | None, place: RunPlace) -> tuple[Scenario, ...]:
    """Read the files, select, and look at the names in what is chosen; nothing is started for it.

    Raises:
        UsageError: files have mistakes, all of which are told in one round, or nothing is left.
    """
    test = compile_expression(expression) if expression is not None else None
    read = read_scenarios(find_scenario_files(paths))
    chosen = tuple(item for item in read.scenarios if test is None or test(_words_of(item)))
    refuse((*read.mistakes, *_mistakes_at(place, chosen)))
    if not chosen:
        problem = f"expected to name some of {len(read.scenarios)} scenarios, found that it names none"
        raise mistake(f"-k {expression!r}", problem, "`hybridjoin run --list` names them")
    return chosen


def choose_one(path: Path, expression: str | None, place: RunPlace) -> Scenario:
    """Read a file and return the one scenario that is meant.

    Raises:
        UsageError: the file has mistakes, or it is not one scenario that is left of it.
    """
    chosen = choose((path,), expression, place)
    if len(chosen) > 1:
        names = ", ".join(item.id for item in chosen[:_FEW])
        more = f" and {len(chosen) - _FEW} more" if len(chosen) > _FEW else ""
        problem = f"expected one scenario, found {len(chosen)}: {names}{more}"
        raise mistake(str(path), problem, "-k WORD says which")
    return chosen[0]


def _words_of(scenario: Scenario) -> str:
    return " ".join((scenario.id, scenario.title, *scenario.tags)).lower()


def _mistakes_at(place: RunPlace, scenarios: tuple[Scenario, ...]) -> tuple[Mistake, ...]:
    try:
        with place.named() as provider:
            return mistakes_before_start(scenarios, provider)
    except UsageError as refusal:
        return refusal.mistakes

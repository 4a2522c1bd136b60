"""A case folder, opened for a reproduction: what `hybridjoin import` wrote, read back and thought through again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_file
from hybridjoin.intake.case.conclusions import conclusions
from hybridjoin.intake.case.missing import wanted
from hybridjoin.intake.case.symptom import symptom_of
from hybridjoin.intake.case.view import FactView
from hybridjoin.knowledge.suspects import suspects
from hybridjoin.run.reproduction.reproduce import ReproducibleCase
from hybridjoin.scenario.case.read_back import read_case
from hybridjoin.scenario.case.scenario_of_case import SCENARIO_NAME
from hybridjoin.scenario.compose import load_document

_AGAIN: Final = "write the case anew: hybridjoin import PATH… -o CASE"


def open_case(folder: Path) -> tuple[ReproducibleCase, FactView]:
    """Read a case folder; return what is to be tried, and the facts behind it.

    Raises:
        UsageError: it is no case folder, or something in it cannot be read.
    """
    view, _ = read_case(folder)
    concluded = tuple(conclusions(view))
    symptom = symptom_of(view, concluded)
    path = folder / SCENARIO_NAME
    if not is_file(path):
        problem = f"expected {SCENARIO_NAME} in the case folder, found none"
        raise UsageError(Mistake(place=str(folder), problem=problem, hint=_AGAIN))
    case = ReproducibleCase(
        document=load_document(path, name=str(path)),
        path=path,
        file=str(path),
        symptom=symptom,
        suspects=tuple(suspects(view, symptom)) if symptom is not None else (),
        wanted=tuple(wanted(view, concluded)),
    )
    return case, view

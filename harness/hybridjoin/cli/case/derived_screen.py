"""How the symptom of a case and its suspects are shown."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from hybridjoin.cli.case.derived_files import DerivedFiles
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge.suspect import Suspect
from hybridjoin.model.shown import shown
from hybridjoin.report.terminal import put
from hybridjoin.scenario.case.scenario_of_case import told
from hybridjoin.scenario.case.told_yaml import at

LIMIT_SHOWN: Final = 6
"""How many suspects the screen names; JSON has all of them."""


def show_derived(screen: Console, symptom: Symptom | None, derived: DerivedFiles) -> None:
    """Print what failed in a line, and what may have brought it about."""
    if symptom is None:
        return
    symptom, found = shown(symptom), shown(derived.suspects)
    screen.print(Text.assemble("\n", ("what failed: ", "bold"), told(symptom)))
    if not found:
        screen.print(Text("suspects: none that a lab can try", style="dim"))
        return
    more = f", {len(found)} in all" if len(found) > LIMIT_SHOWN else ""
    screen.print(Text(f"suspects, the likeliest first{more}:", style="bold"))
    for item in found[:LIMIT_SHOWN]:
        _suspect(screen, item)


def _suspect(screen: Console, item: Suspect) -> None:
    places = f"  {at(item.because)}" if item.because else ""
    words = Text.assemble((f"{item.standing:<9} ", "cyan"), item.sentence, (places, "dim"))
    put(screen, Padding(words, (0, 0, 0, 2), expand=False))


def derived_json(
    symptom: Symptom | None, derived: DerivedFiles, written: Iterable[str], kept: Set[str]
) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "symptom": _symptom_json(symptom) if symptom is not None else None,
        "suspects": [
            {"id": item.id, "kind": item.kind, "sentence": item.sentence, "standing": item.standing.value,
             "change": item.change, "because": _places(item.because)}
            for item in derived.suspects
        ],
        "written": [name for name in written if name not in kept],
        "kept": sorted(kept),
        "to_fill_in": list(derived.to_fill_in),
        "no_site": list(derived.no_site),
    }  # fmt: skip


def _symptom_json(symptom: Symptom) -> dict[str, Any]:
    return {
        "told": told(symptom),
        "road": symptom.road.value,
        "phase": symptom.phase,
        "code": symptom.code,
        "aadsts": symptom.aadsts,
        "http_status": symptom.http_status,
        "because": _places(symptom.because),
    }


def _places(facts: Iterable[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.place for fact in facts))

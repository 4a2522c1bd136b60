"""How a reproduction is shown: the verdict first, then both screens, the causes with their fixes, and every trial."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.cli.case.side_by_side import side_by_side
from hybridjoin.intake.case.skeleton import ComparedRow, RowLikeness, ScreenComparison
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge.suspect import Suspect
from hybridjoin.knowledge.vendors import fixes_for
from hybridjoin.model.shown import one_line, shown
from hybridjoin.report.terminal import put
from hybridjoin.run.reproduction.changes import words_of
from hybridjoin.run.reproduction.outcome import Agreement, LabOutcome
from hybridjoin.run.reproduction.reproduction import LabTrial, ProvenCause, Reproduced, Reproduction, TrialKind

_VERDICTS: Final = {
    Reproduced.REPRODUCED: ("✓", "bold green"),
    Reproduced.IN_PART: ("!", "bold yellow"),
    Reproduced.NOT_REPRODUCED: ("✕", "bold red"),
    Reproduced.UNDECIDED: ("‖", "bold yellow"),
}
_SIGNS: Final = {Agreement.SAME: ("=", "green"), Agreement.IN_PART: ("~", "yellow"), Agreement.OTHER: ("≠", "dim")}
_BUT: Final = "but for what builds and notes differ in"
_MOST_CAUSES: Final = 6
_MOST_PLACES: Final = 3
_MOST_TRIED: Final = 4
_MOST_TRIALS: Final = 12


def show(screen: Console, found: Reproduction, vendor: str) -> None:
    """Print a reproduction for a person; `vendor` is whose console the fixes are told for, empty for everybody's."""
    comparison, found = found.comparison, shown(found)
    sign, style = _VERDICTS[found.verdict]
    put(screen, Text.assemble((f"{sign} {found.verdict}", style), f"  {found.why}"))
    grid = _grid()
    if found.symptom is not None:
        grid.add_row("symptom", symptom_words(found.symptom))
    if found.trials:
        grid.add_row("tried", _tried(found))
    put(screen, Padding(grid, (0, 0, 0, 2), expand=False))
    if comparison is not None:
        _screens(screen, comparison)
    groups = _together(found.causes)
    for group in groups[:_MOST_CAUSES]:
        _causes(screen, group, vendor)
    left = sum(map(len, groups[_MOST_CAUSES:]))
    if left:
        put(screen, Text(f"\nand {left} more causes; --json names them", style="dim"))
    _ask(screen, found)
    _trials(screen, found.trials)


def symptom_words(symptom: Symptom) -> str:
    """Say what the customer saw, in a line."""
    parts = (
        str(symptom.road),
        symptom.phase and f"phase {symptom.phase}",
        f"AADSTS{symptom.aadsts}" if symptom.aadsts is not None else "",
        symptom.code,
        f"HTTP {symptom.http_status}" if symptom.http_status is not None else "",
    )
    return ", ".join(part for part in parts if part)


def _tried(found: Reproduction) -> str:
    took = sum(item.elapsed_s for item in found.trials)
    number = len(found.trials)
    left = f"; {found.untried} more were left out (--most)" if found.untried else ""
    return f"{number} join{'s' * (number != 1)} in {took:.1f} s{left}"


def _screens(screen: Console, comparison: ScreenComparison) -> None:
    parting = comparison.parting
    if parting is None:
        same = all(row.likeness is RowLikeness.SAME for row in comparison.rows)
        put(screen, Text(f"\nthe screens are alike, {'line for line' if same else _BUT}", style="bold"))
    else:
        put(screen, Text("\nthe screens part here first", style="bold"))
        grid = _grid()
        for name, row in (("customer", parting.theirs), ("lab", parting.ours)):
            said = f"line {row.line}: {one_line(row.said)}" if row is not None else "has no such line"
            grid.add_row(name, Text(said, style="red"))
        put(screen, Padding(grid, (0, 0, 1, 2), expand=False))
    put(screen, Padding(side_by_side(comparison), (0, 0, 0, 2)))


def _together(causes: Iterable[ProvenCause]) -> list[list[ProvenCause]]:
    """Put causes of one rank together that the same fix mends, each group where its first one stands."""
    groups: dict[object, list[ProvenCause]] = {}
    for cause in causes:
        mended_by = cause.suspect.cause if cause.suspect is not None else words_of(cause.change)
        groups.setdefault((cause.rank, cause.mended, mended_by), []).append(cause)
    return list(groups.values())


def _causes(screen: Console, group: list[ProvenCause], vendor: str) -> None:
    """Print causes that one fix mends: each sentence with what was tried, then the fix in the console's words."""
    head = _grid()
    for number, cause in enumerate(group):
        sentence = cause.suspect.sentence if cause.suspect is not None else words_of(cause.change)
        head.add_row(Text("" if number else f"{cause.rank:>2}", style="bold"), Text(sentence, style="bold"))
    put(screen, Padding(head, (1, 0, 0, 0), expand=False))
    grid = _grid()
    grid.add_row("proof", proof_words(group[0]))
    told = [cause.suspect for cause in group if cause.suspect is not None]
    for standing, facts in _evidence(told).items():
        grid.add_row("evidence", f"{standing}{_places(facts)}")
    for number, cause in enumerate(group[:_MOST_TRIED]):
        grid.add_row("" if number else "tried as", words_of(cause.change))
    if len(group) > _MOST_TRIED:
        grid.add_row("", f"and {len(group) - _MOST_TRIED} more")
    for fix in fixes_for(told[0].cause.fixes, vendor) if told else ():
        grid.add_row("fix", Text.assemble((f"{fix.vendor}: ", "cyan"), fix.words) if fix.vendor else fix.words)
    put(screen, Padding(grid, (0, 0, 0, 4), expand=False))


def _evidence(told: Iterable[Suspect]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, tuple[Fact, ...]] = {}
    for suspect in told:
        found[suspect.standing.value] = (*found.get(suspect.standing.value, ()), *suspect.because)
    return found


def proof_words(cause: ProvenCause) -> str:
    """Say what the trials show of a cause."""
    shown_as = "the symptom is there" if cause.agreement is Agreement.SAME else "phase and a code of it are there"
    without = "the computer joins by federation" if cause.mended else "something else fails"
    return f"with it {shown_as}, without it {without}"


def _places(facts: Iterable[Fact]) -> str:
    places = list(dict.fromkeys(fact.place for fact in facts))
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return f": {', '.join(places[:_MOST_PLACES])}{more}" if places else ""


def _ask(screen: Console, found: Reproduction) -> None:
    """Say what would decide where trials cannot."""
    if found.tied:
        words = f"these {len(found.tied)} cannot be told apart by this symptom"
        put(screen, Text(f"\n{words}{'; ask for:' if found.wanted else ''}", style="bold yellow"))
    elif found.wanted and found.verdict is not Reproduced.REPRODUCED:
        put(screen, Text("\nto ask for:", style="bold"))
    else:
        return
    for item in found.wanted:
        put(screen, Padding(Text(f"{item.what}: {item.decides}"), (0, 0, 0, 2), expand=False))
        put(screen, Padding(Text(item.command, style="cyan"), (0, 0, 0, 4), expand=False))


def _trials(screen: Console, trials: tuple[LabTrial, ...]) -> None:
    """Print how trials ended that show another outcome; those that show the symptom are told as causes."""
    if not trials:
        return
    put(screen, Text("\ntrials", style="bold"))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    first, *others = trials
    shown_as_causes = [item for item in others if item.agreement is Agreement.SAME and item.kind is TrialKind.ADDED]
    told = [item for item in others if item not in shown_as_causes]
    for item in (first, *told[:_MOST_TRIALS]):
        sign, style = _SIGNS[item.agreement] if item.match is not None else ("-", "yellow")
        what = str(item.kind) if item.kind is TrialKind.AS_WRITTEN else f"{item.kind} {words_of(item.change)}"
        came = outcome_words(item.match.outcome) if item.match is not None else item.trouble
        table.add_row(Text(sign, style=style), Text.assemble(what, (f"  {came}  {item.elapsed_s:.2f} s", "dim")))
    if len(told) > _MOST_TRIALS:
        table.add_row(
            "", Text(f"and {len(told) - _MOST_TRIALS} more with another outcome; --json has them", style="dim")
        )
    if shown_as_causes:
        table.add_row(Text("=", style="green"), f"{len(shown_as_causes)} more: the causes above")
    put(screen, Padding(table, (0, 0, 1, 2), expand=False))


def outcome_words(outcome: LabOutcome) -> str:
    """Say how a join in the lab ended, in a line."""
    parts = (
        outcome.result.value,
        outcome.phase and f"phase {outcome.phase}",
        f"AADSTS{outcome.aadsts}" if outcome.aadsts is not None else "",
        outcome.codes[0] if outcome.codes else "",
        f"HTTP {outcome.http_status}" if outcome.http_status is not None else "",
    )
    return ", ".join(part for part in parts if part)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def reproduction_json(found: Reproduction, vendor: str) -> dict[str, Any]:
    """Return a reproduction for machines: what `--json` prints, and `reproduction.json` holds beside the record."""
    return {
        "verdict": found.verdict.value,
        "why": found.why,
        "symptom": _symptom_json(found.symptom) if found.symptom is not None else None,
        "interrupted": found.interrupted,
        "untried": found.untried,
        "identity_provider": vendor or None,
        "causes": [_cause_json(item, vendor) for item in found.causes],
        "tied": len(found.tied),
        "missing": [
            {"id": item.id, "what": item.what, "command": item.command, "decides": item.decides}
            for item in found.wanted
        ],
        "trials": [_trial_json(item) for item in found.trials],
        "screens": _screens_json(found.comparison) if found.comparison is not None else None,
    }  # fmt: skip


def _symptom_json(symptom: Symptom) -> dict[str, Any]:
    return {
        "road": symptom.road.value, "phase": symptom.phase, "code": symptom.code, "aadsts": symptom.aadsts,
        "http_status": symptom.http_status, "because": [fact.place for fact in symptom.because],
    }  # fmt: skip


def _cause_json(cause: ProvenCause, vendor: str) -> dict[str, Any]:
    suspect = cause.suspect
    told: dict[str, Any] = {"rank": cause.rank, "change": cause.change, "proof": proof_words(cause),
                            "scenario": cause.trial.scenario, "mended": cause.mended}  # fmt: skip
    if suspect is not None:
        told |= {
            "id": suspect.id, "kind": suspect.kind, "sentence": suspect.sentence, "standing": suspect.standing.value,
            "because": [fact.place for fact in suspect.because],
            "fixes": [{"words": fix.words, "vendor": fix.vendor or None}
                      for fix in fixes_for(suspect.cause.fixes, vendor)],
        }  # fmt: skip
    return told


def _trial_json(trial: LabTrial) -> dict[str, Any]:
    told: dict[str, Any] = {
        "scenario": trial.scenario, "kind": trial.kind.value, "change": trial.change,
        "suspect": trial.suspect.id if trial.suspect is not None else None, "agreement": trial.agreement.value,
        "trouble": trial.trouble, "elapsed_s": round(trial.elapsed_s, 3),
    }  # fmt: skip
    if trial.match is not None:
        outcome = trial.match.outcome
        told |= {
            "differs": list(trial.match.differs), "result": outcome.result.value, "phase": outcome.phase,
            "codes": list(outcome.codes), "aadsts": outcome.aadsts, "http_status": outcome.http_status,
        }  # fmt: skip
    return told


def _screens_json(comparison: ScreenComparison) -> list[dict[str, Any]]:
    return [_row_json(row) for row in comparison.rows]


def _row_json(row: ComparedRow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "likeness": row.likeness.value,
        "theirs": row.theirs.text if row.theirs is not None else None,
        "ours": row.ours.text if row.ours is not None else None,
    }
    if row.basis is not None:
        told |= {"why": row.why, "rule": row.basis.certainty.value, "source": row.basis.source}
    return told

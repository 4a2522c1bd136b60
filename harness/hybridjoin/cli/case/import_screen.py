"""How a case is shown: what was recognised, what it comes to, what contradicts, what to ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from hybridjoin.cli.case.judged_parts import JudgedPart
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.conclusions import Conclusion
from hybridjoin.intake.case.contradictions import Contradiction
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.sent_file import SentFile
from hybridjoin.model.shown import shown
from hybridjoin.report.documents.metadata import finding_message
from hybridjoin.report.terminal import STYLES, put

_SHOWN_LINES = 3


def show(screen: Console, case: CustomerCase, judged: Iterable[JudgedPart]) -> None:
    """Print a case for a person; every word of it is a stranger's."""
    case, judged = shown(case), shown(tuple(judged))
    for item in case.files:
        _file(screen, item)
    for of in dict.fromkeys(item.of for item in case.conclusions):
        _attempt(screen, of, [item for item in case.conclusions if item.of == of])
    for remark in case.remarks:
        screen.print(Text.assemble("\n", ("! ", "yellow"), remark.sentence))
        _aside(screen, f"{_lines(remark.because)}; {remark.basis.certainty}: {remark.basis.source}")
    for each in case.contradictions:
        _contradiction(screen, each)
    for part in judged:
        _judged(screen, part)
    _wanted(screen, case)


def _file(screen: Console, item: SentFile) -> None:
    number = f"{item.facts} fact{'s' * (item.facts != 1)}"
    what = f"{', '.join(item.formats)}, {number}" if item.formats else f"not recognised: {item.note}"
    screen.print(Text.assemble((item.name, "bold"), f"  {what}"))
    if item.formats and item.note:
        _aside(screen, item.note)


def _contradiction(screen: Console, item: Contradiction) -> None:
    about = f"{item.key} of {item.of}" if item.of else item.key
    screen.print(Text.assemble("\n", ("✕ ", "bold red"), f"contradiction: {about}"))
    for fact in item.facts:
        _aside(screen, f"{fact.value}  {fact.place}")


def _wanted(screen: Console, case: CustomerCase) -> None:
    if case.wanted:
        screen.print(Text("\nto ask for:", style="bold"))
    for item in case.wanted:
        put(screen, Padding(Text(f"{item.what}: {item.decides}"), (0, 0, 0, 2), expand=False))
        put(screen, Padding(Text(item.command, style="cyan"), (0, 0, 0, 4), expand=False))
    if case.left_out:
        screen.print(Text(f"\n{case.left_out} further facts were not kept", style="yellow"))


def _attempt(screen: Console, of: str, items: list[Conclusion]) -> None:
    more = f"  and {items[0].times - 1} more attempts like it" if items[0].times > 1 else ""
    screen.print(Text.assemble("\n", (of or "the device", "bold"), more))
    for item in items:
        name = item.question.ljust(20)
        screen.print(Text.assemble(f"  {name}", (str(item.answer), "cyan"), (f"  {_lines(item.because)}", "dim")))


def _judged(screen: Console, part: JudgedPart) -> None:
    against = f", against {' and '.join(part.against)}" if part.against else ""
    head = f"{part.title}  {part.place}: {part.kept} of {len(part.findings)} sentences hold{against}"
    screen.print(Text.assemble("\n", (head, "bold")))
    for verdict in part.broken:
        sign, style = STYLES[verdict.outcome]
        screen.print(
            Text.assemble((f"{sign} {verdict.requirement} {verdict.level}", style), f"  {finding_message(verdict)}")
        )
        if verdict.remedy:
            _aside(screen, f"what to do: {verdict.remedy}")


def _aside(screen: Console, words: str) -> None:
    put(screen, Padding(Text(words, style="dim"), (0, 0, 0, 2), expand=False))


def _lines(facts: Iterable[Fact]) -> str:
    places = list(dict.fromkeys(fact.place for fact in facts))
    more = f" and {len(places) - _SHOWN_LINES} more" if len(places) > _SHOWN_LINES else ""
    return ", ".join(places[:_SHOWN_LINES]) + more


def case_json(case: CustomerCase, judged: Iterable[JudgedPart]) -> dict[str, Any]:
    """Return a case for machines."""
    return {
        "files": [
            {"name": item.name, "formats": list(item.formats), "facts": item.facts, "lines": item.lines,
             "note": item.note}
            for item in case.files
        ],
        "conclusions": [
            {"question": item.question, "answer": str(item.answer), "of": item.of, "because": _all(item.because),
             "witness": item.strength.value, "rule": item.basis.certainty.value, "source": item.basis.source,
             "times": item.times}
            for item in case.conclusions
        ],
        "remarks": [
            {"id": item.id, "sentence": item.sentence, "because": _all(item.because)} for item in case.remarks
        ],
        "contradictions": [
            {"about": item.key, "of": item.of,
             "values": [{"value": fact.value, "at": fact.place} for fact in item.facts]}
            for item in case.contradictions
        ],
        "judged": [
            {"what": part.title, "at": part.place, "against": list(part.against),
             "broken": [{"id": one.requirement, "level": one.level.value, "message": finding_message(one)}
                        for one in part.broken]}
            for part in judged
        ],
        "missing": [
            {"id": item.id, "what": item.what, "command": item.command, "decides": item.decides} for item in case.wanted
        ],
        "not_read": [str(item) for item in case.mistakes],
        "facts": [
            {"fact": fact.key, "value": fact.value, "at": fact.place, "of": fact.of, "witness": fact.strength.value,
             "rule": fact.basis.certainty.value, "source": fact.basis.source}
            for fact in case.facts
        ],
    }  # fmt: skip


def _all(facts: Iterable[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.place for fact in facts))

"""A run on a terminal: a compact table, and for each failure where to look.

Plain lines where the output is not a terminal, no colour where NO_COLOR asks for none: rich does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, cast

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from hybridjoin.knowledge.unnoticed import UnnoticedClaim, unnoticed
from hybridjoin.model.record import ExpectationRecord, JoinRecord, JoinResult, RunRecord, ScenarioRecord
from hybridjoin.model.shown import harmless, shown
from hybridjoin.model.verdict import ClaimRow, Outcome, wrong_claims
from hybridjoin.report.dialled import dial_rows
from hybridjoin.report.drawn import drawn_reply, drawn_request
from hybridjoin.report.fitting import Fitting, ListRow, TableShape, listing, plain_listing
from hybridjoin.report.page.ladder import short_answer
from hybridjoin.report.page.page import UNEXPECTED, headline
from hybridjoin.report.reason_text import explanation_text

STYLES = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.WARNING: ("!", "yellow"),
    Outcome.REVIEW: ("?", "magenta"),
    Outcome.FAILED: ("✕", "bold red"),
    Outcome.SKIPPED: ("-", "dim"),
    Outcome.INTERRUPTED: ("‖", "bold yellow"),
}
_WANTED, _WORST, _BETWEEN = "green", "red", "yellow"
_WIDTH_OF_A_PIPE = 120


class Screen(Console):
    """A console on which no text steers: only rich's own colours and movements do."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Draw, with every character spelled that would do something."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else harmless(segment.text)
            yield segment if text == segment.text else Segment(text, segment.style)

    @property
    def file(self) -> IO[str]:
        """The stream itself, past whatever guards it or is led through a progress bar."""
        found = cast("property", Console.file).__get__(self)
        while hasattr(found, "rich_proxied_file"):
            found = found.rich_proxied_file
        return cast("IO[str]", found)

    @file.setter
    def file(self, file: IO[str]) -> None:
        self._file = file


def console(*, error: bool = False) -> Console:
    """Return a console for results (standard output) or for progress (standard error).

    In a pipe it neither colours nor folds at 80 columns: what reads it there is a log or grep.
    """
    made = Screen(stderr=error, highlight=False, soft_wrap=False, emoji=False, markup=False)
    return (
        made
        if made.is_terminal
        else Screen(stderr=error, highlight=False, emoji=False, markup=False, width=_WIDTH_OF_A_PIPE)
    )


def put(screen: Console, *parts: RenderableType) -> None:
    """Print; in a pipe without the blanks that fill a table's last column."""
    if screen.is_terminal:
        screen.print(*parts, sep="\n")
        return
    with screen.capture() as captured:
        screen.print(*parts, sep="\n")
    screen.file.write("\n".join(line.rstrip() for line in captured.get().split("\n")))


def put_listing(screen: Console, rows: Iterable[ListRow]) -> None:
    """Print names with their sentences; in a pipe one line each, whatever their length."""
    if screen.is_terminal:
        screen.print(listing(rows))
    else:
        screen.file.write(harmless(plain_listing(rows)) + "\n")


def run_screen(record: RunRecord) -> RenderableType:
    """Return the table of scenarios, the failures in full, and the sentence that sums the run up."""
    record = shown(record)
    parts: list[RenderableType] = [_table(record)]
    parts.extend(_trouble(item) for item in record.scenarios if item.outcome in UNEXPECTED)
    if record.interrupted:
        parts.append(Text.assemble(("The run was interrupted: ", "bold yellow"), record.interrupted))
    bad = any(item.outcome in UNEXPECTED for item in record.scenarios) or bool(record.interrupted)
    took = (record.finished_at - record.started_at).total_seconds()
    parts.append(Text.assemble((headline(record), "bold red" if bad else "bold green"), f"  in {took:.1f} s"))
    return Group(*(line for part in parts for line in (part, Text())))


def _table(record: RunRecord) -> Fitting:
    """Return a line for each scenario; where ids leave no room for columns, its facts stand below its id."""
    return Fitting((TableShape(drawn=_wide_table(record)), TableShape(drawn=_narrow_table(record))))


def _wide_table(record: RunRecord) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "scenario", "device", "came out", "first code", "met"):
        table.add_column(name, no_wrap=True)
    table.add_column("took", justify="right", no_wrap=True)
    for item in record.scenarios:
        device = item.join.device if item.join else ""
        came_out, code = result_text(item.join), first_code(item.join)
        table.add_row(_sign(item), Text(item.id), device, came_out, code, _met(item), _took(item))
    return table


def _narrow_table(record: RunRecord) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item in record.scenarios:
        device = item.join.device if item.join else ""
        code, met = Text(first_code(item.join)), Text(f"{_met(item)} met")
        parts = (Text(_took(item)), Text(device), result_text(item.join), code, met)
        facts = Text(" · ", style="dim").join(part for part in parts if part)
        table.add_row(_sign(item), Text.assemble(item.id, "\n", facts))
    return table


def _sign(item: ScenarioRecord) -> Text:
    sign, style = STYLES[item.outcome]
    return Text(sign, style=style)


def _met(item: ScenarioRecord) -> str:
    return f"{sum(line.met for line in item.expectations)}/{len(item.expectations)}"


def _took(item: ScenarioRecord) -> str:
    return f"{item.elapsed_s:.2f} s"


def result_text(join: JoinRecord | None) -> Text:
    """Say in two words how a join ended."""
    if join is None:
        return Text("did not run", style="dim")
    (wanted, _), *_others, (worst, _) = join.flow.results
    style = {wanted: _WANTED, worst: _WORST}.get(join.result.value, _BETWEEN)
    return Text(join.came_out, style=style)


def first_code(join: JoinRecord | None) -> str:
    """Return the code nearest the fault, or nothing."""
    return join.failure.codes[0].code if join and join.failure and join.failure.codes else ""


def _trouble(item: ScenarioRecord) -> RenderableType:
    head = _outcome(item.outcome).append(f"  {item.id}", style="bold").append(f"  {item.title}", style="dim")
    told: list[RenderableType] = [_unmet(line, item.join) for line in item.expectations if not line.met]
    if item.error:
        told.insert(0, Text(item.error))
    hidden = unnoticed_claims(item.join) if item.join else None
    if item.join and item.join.failure:
        told.append(failure_text(item.join))
    elif hidden is not None:
        told.append(hidden)
    rows = dial_rows(item)
    if rows:
        told.append(_grid(rows))
    return Group(head, *(Padding(part, (0, 0, 0, 2), expand=False) for part in told))


def _grid(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Lay names and words out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in rows:
        table.add_row(name, Text(words))
    return table


def _outcome(outcome: Outcome) -> Text:
    sign, style = STYLES[outcome]
    return Text(f"{sign} {outcome}", style=style)


def _unmet(line: ExpectationRecord, join: JoinRecord | None) -> RenderableType:
    head = Text.assemble((line.name, "bold"), "  ", (line.place, "cyan"))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("expected", Text(line.expected))
    table.add_row("found", Text(line.found, style="red"))
    if line.explanation:
        table.add_row("because", Text(explanation_text(line)))
    for text in _exchange(line, join):
        table.add_row("exchange", Text(text))
    return Group(head, table)


def _exchange(line: ExpectationRecord, join: JoinRecord | None) -> Iterator[str]:
    """Yield the last exchange of the step that an expectation speaks of."""
    last = ""
    for number, exchange in enumerate(join.exchanges if join else (), start=1):
        if exchange.step is line.step:
            asked, answer = drawn_request(exchange.request).headline, drawn_reply(exchange.reply).headline
            last = f"{number} {exchange.step}: {asked} → {short_answer(answer)}"
    if last:
        yield last


def failure_text(join: JoinRecord) -> RenderableType:
    """Tell why the flow did not come to its end, which codes Windows shows, and what the fallback hides."""
    failure = join.failure
    if failure is None:
        return Text("")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("ended in", Text(f"{failure.phase} phase, {failure.step} exchange: {failure.reason}"))
    for code in failure.codes:
        symbol = f" · {code.symbol}" if code.symbol else ""
        words = Text.assemble(code.meaning, (f"{symbol} · {code.certainty}", "dim"))
        table.add_row(Text(code.code, style="bold default"), words)
    if join.result is JoinResult.SYNCHRONIZED:
        table.add_row("hidden", Text("Windows falls back and shows AzureAdJoined : YES all the same.", style="yellow"))
    if failure.remedy:
        table.add_row("what to do", Text(failure.remedy))
    return table


def wrong_claims_text(join: JoinRecord) -> RenderableType | None:
    """Return the claims that failed; None where none did."""
    rows = wrong_claims(join.claims)
    return _claims_table(rows) if rows else None


def unnoticed_claims(join: JoinRecord) -> RenderableType | None:
    """Say aloud what a join that came about hides; None where it hides nothing."""
    found = unnoticed(join)
    if not found:
        return None
    head = "joined, but not as itself" if any(item.of_another for item in found) else "joined, but with a wrong claim"
    parts: list[RenderableType] = [Text(f"✕ {head}: the screen shows nothing of it", style="bold red")]
    for item in found:
        parts.extend((Text(), _what_comes(item)))
    return Group(*parts)


def _what_comes(item: UnnoticedClaim) -> Table:
    table = _claims_table([item.row])
    words = Text.assemble(item.words, (f" ({item.certainty}; {item.source})", "dim"))
    table.add_row(Text("what comes", style="dim"), words)
    return table


def _claims_table(rows: Iterable[ClaimRow]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(Text(row.name, style="bold"), Text(row.mistake or _plainly(row), style="red"))
        table.add_row(Text("expected", style="dim"), _placed(row.expected, row.namespace))
        table.add_row(Text("found", style="dim"), _placed(row.found, row.found_namespace))
    return table


def _plainly(row: ClaimRow) -> str:
    return "another value than the directory's" if row.found else "missing"


def _placed(values: tuple[str, ...], namespace: str) -> str:
    told = ", ".join(values) or "nothing"
    return f"{told} in {namespace}" if values and namespace else told

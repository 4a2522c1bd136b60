"""Explanations on a terminal: what it is, then the causes, the likeliest first, each with its proof and its fix."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.knowledge.article import Article, ArticleKind, Cause, GuideStep
from hybridjoin.knowledge.diagnosis import Diagnosis
from hybridjoin.knowledge.shortcomings import Shortcoming, not_found_out
from hybridjoin.knowledge.standing import CauseStanding, RankedCause
from hybridjoin.knowledge.texts import TextReading, is_wrapper
from hybridjoin.model.claim_states import told
from hybridjoin.model.record import CertificationRecord, JoinResult, LeaveResult, RegistrationResult, SignInResult
from hybridjoin.model.verdict import Certainty, Outcome, Verdict
from hybridjoin.report.certified import excuse, wrong_deviations
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.terminal import put
from hybridjoin.report.where_text import where_text

_CERTAIN = {Certainty.DOCUMENTED: "green", Certainty.OBSERVED: "yellow", Certainty.ASSUMED: "magenta"}
_STANDING = {
    CauseStanding.PROVEN: ("✕", "bold red"),
    CauseStanding.OPEN: ("?", "yellow"),
    CauseStanding.RULED_OUT: ("✓", "green"),
}
_OUTCOME = {Outcome.FAILED: ("✕", "bold red"), Outcome.WARNING: ("!", "yellow"), Outcome.REVIEW: ("?", "magenta")}
_FEW = 2
_MANY = 6
_RESULT = {
    JoinResult.FEDERATED: "the federated join came about",
    JoinResult.SYNCHRONIZED: "only the fallback joined the device: AzureAdJoined says YES and hides the failure",
    JoinResult.FAILED: "the device is not joined",
    SignInResult.SIGNED_IN: "the user is signed in",
    SignInResult.NOT_SIGNED_IN: "the user is not signed in",
    LeaveResult.LEFT: "the device has left the tenant",
    LeaveResult.NOT_LEFT: "the device has not left the tenant",
    RegistrationResult.REGISTERED: "the device is registered",
    RegistrationResult.NO_FIRST_LOGON: "the device is registered, and its owner's first logon failed",
    RegistrationResult.NOT_REGISTERED: "the device is not registered",
}


def show_article(screen: Console, article: Article) -> None:
    """Print one article."""
    facts = " · ".join(part for part in (article.kind.value, article.phase and f"phase {article.phase}") if part)
    head = Text.assemble((article.id, "bold"), "  ", (article.symbol, "cyan"), "  ", (facts, "dim"), " · ")
    screen.print(head.append(article.certainty.value, style=_CERTAIN[article.certainty]))
    grid = _grid()
    grid.add_row("says", article.meaning)
    if article.decoded:
        about = "about" if article.kind is ArticleKind.REQUIREMENT else "really"
        grid.add_row(about, Text(article.decoded, style="bold"))
    grid.add_row("known from", article.source)
    if article.breaks:
        grid.add_row("breaks", ", ".join(article.breaks))
    if article.see:
        grid.add_row("see also", ", ".join(article.see))
    put(screen, Padding(grid, (0, 0, 0, 2), expand=False))
    for number, item in enumerate(article.causes, start=1):
        _show_cause(screen, Text(f"{number:>2}", style="bold"), item)
    _show_order(screen, article.order, "In this order; → is where this one shows")
    screen.print()


def show_text(screen: Console, name: str, reading: TextReading) -> None:
    """Print what a text names: the errors whole, the most telling first, then the rest in a line each."""
    count = len(reading.errors)
    words = f"{name}: {count} error{'s' * (count != 1)}" + ", the most telling first" * (count > 1)
    screen.print(Text(words if count else f"{name}: no error that is known here", style="bold"))
    if count > 1:
        overview = _grid()
        for article in reading.errors:
            overview.add_row(Text(article.id, style="default"), article.meaning)
        put(screen, Padding(overview, (0, 0, 0, 2), expand=False))
    screen.print()
    for article in reading.errors:
        show_article(screen, article)
    for title, articles in (("printed around them  ", reading.around), ("notes, no errors  ", reading.notes)):
        if articles:
            named = ", ".join(f"{item.id} ({item.symbol})" for item in articles)
            put(screen, Text.assemble((title, "dim"), named))


def show_run(
    screen: Console, name: str, found: tuple[Diagnosis, ...], *, hidden: int = 0, certified: bool = False
) -> None:
    """Print why each join of a run failed; `hidden` are those that were meant to, and are not shown."""
    if hidden:
        noun = "join was" if hidden == 1 else "joins were"
        words = f"{name}: {hidden} {noun} meant to fail or fall back, and did; --all explains them"
        screen.print(Text(words, style="dim"))
    elif not found:
        screen.print(Text(f"{name}: {'no join' if certified else 'nothing'} failed", style="green"))
    for item in found:
        _show_diagnosis(screen, item)


def show_certification(screen: Console, certification: CertificationRecord, found: tuple[Shortcoming, ...]) -> None:
    """Print what a certification found broken, the first to mend first; then wrong rows of lists, and the unknown."""
    if not found:
        screen.print(Text("no requirement that was tested is broken", style="green"))
    for item in found:
        _show_shortcoming(screen, item, excuse(item.row, certification))
    for row in wrong_deviations(certification):
        words = f"{row.list} deviation {row.requirement} of {row.owner}: {row.problem}"
        put(screen, Text.assemble(("no longer holds  ", "yellow"), words))
    for reason, ids in not_found_out(certification):
        more = f" and {len(ids) - _MANY} more" if len(ids) > _MANY else ""
        put(
            screen,
            Text.assemble(("not found out  ", "yellow"), f"{' '.join(ids[:_MANY])}{more}: {reason_text(reason)}"),
        )


def _show_shortcoming(screen: Console, item: Shortcoming, excused: str) -> None:
    row = item.row
    sign, style = _OUTCOME[row.outcome]
    put(screen, Text.assemble((f"{sign} {row.outcome}  ", style), (row.id, "bold"), f"  {row.level}"))
    grid = _grid()
    grid.add_row("says", row.sentence)
    if row.expected:
        grid.add_row("expected", Text(row.expected, style="green"))
    grid.add_row("found", Text(row.found or "nothing", style="red"))
    if row.where:
        grid.add_row("at", where_text(row.where))
    if row.remedy:
        grid.add_row("fix", Text(row.remedy, style="bold"))
    if excused:
        grid.add_row("excused", Text(excused, style="dim"))
    for ranked in item.causes[:_FEW]:
        grid.add_row("because" if ranked.standing is CauseStanding.PROVEN else "perhaps", ranked.cause.sentence)
        for fix in ranked.cause.fixes:
            grid.add_row("", Text.assemble((f"{fix.vendor}: ", "cyan"), fix.words) if fix.vendor else fix.words)
    if item.codes:
        grid.add_row("may end in", Text(", ".join(item.codes[:_MANY]), style="dim"))
    put(screen, Padding(grid, (0, 0, 1, 2), expand=False))


def _show_diagnosis(screen: Console, item: Diagnosis) -> None:
    head = Text.assemble((item.scenario or "join", "bold"), "  ", (item.device, "cyan"))
    screen.print(head.append("  as expected", style="dim") if item.expected else head)
    put(screen, Padding(_facts(item), (0, 0, 0, 2), expand=False))
    for ranked in item.causes:
        if ranked.standing is not CauseStanding.RULED_OUT:
            _show_ranked(screen, ranked)
    _show_ruled_out(screen, item.causes)
    _show_order(screen, item.order, "If it is the keys, this is next")
    for verdict in item.unexplained:
        put(screen, Padding(_evidence(verdict), (1, 0, 0, 1), expand=False))
    screen.print()


def _facts(item: Diagnosis) -> Table:
    grid = _grid()
    if item.result is not None:
        grid.add_row("came to", _RESULT[item.result])
    for claim in item.unnoticed:
        words = f"{told(claim.row)}. {claim.words}"
        grid.add_row("and hides", Text.assemble((words, "yellow"), (f" ({claim.certainty}; {claim.source})", "dim")))
    if item.failure is not None:
        grid.add_row("failed at", f"step {item.failure.step} (phase {item.failure.phase})")
        grid.add_row("because", Text(item.failure.reason, style="bold"))
    if item.trouble:
        grid.add_row("trouble", Text(item.trouble, style="yellow"))
    telling = [article for article in item.articles if not is_wrapper(article)] or list(item.articles)
    for article in telling:
        grid.add_row(article.id, article.decoded or article.meaning)
    around = [article.id for article in item.articles if article not in telling]
    if around:
        grid.add_row("wrapped in", Text(", ".join(around), style="dim"))
    return grid


def _show_ranked(screen: Console, item: RankedCause) -> None:
    sign, style = _STANDING[item.standing]
    words = Text(f"{sign} {item.standing}", style=style)
    if item.standing is CauseStanding.PROVEN:
        _show_cause(screen, words, item.cause, item.evidence, item.codes)
        return
    grid = _grid()
    grid.add_row(words, Text.assemble(item.cause.sentence, ("\nwould prove it: ", "dim"), item.cause.proof))
    put(screen, Padding(grid, (1, 0, 0, 1), expand=False))


def _show_order(screen: Console, order: Iterable[GuideStep], title: str) -> None:
    grid = _grid()
    for step in order:
        lead = Text(f"{'→' if step.here else ' '} {step.number}", style="bold yellow" if step.here else "dim")
        grid.add_row(lead, Text.assemble(f"If {step.sees}: ", (f"{step.does}.", "bold" if step.here else "")))
    if grid.row_count:
        put(screen, Padding(Text(title, style="bold"), (1, 0, 0, 1), expand=False))
        put(screen, Padding(grid, (0, 0, 0, 1), expand=False))


def _show_ruled_out(screen: Console, items: Iterable[RankedCause]) -> None:
    out = [item.cause.sentence for item in items if item.standing is CauseStanding.RULED_OUT]
    sign, style = _STANDING[CauseStanding.RULED_OUT]
    grid = _grid()
    for number, sentence in enumerate(out):
        grid.add_row(
            "" if number else Text(f"{sign} {CauseStanding.RULED_OUT}", style=style), Text(sentence, style="dim")
        )
    if out:
        put(screen, Padding(grid, (1, 0, 0, 1), expand=False))


def _show_cause(
    screen: Console, lead: Text, item: Cause, evidence: tuple[Verdict, ...] = (), codes: tuple[str, ...] = ()
) -> None:
    head = _grid()
    head.add_row(lead, Text(item.sentence, style="bold"))
    put(screen, Padding(head, (1, 0, 0, 1), expand=False))
    grid = _grid()
    for verdict in evidence:
        grid.add_row("evidence", _evidence(verdict))
    if codes:
        grid.add_row("evidence", Text(f"{', '.join(codes)} says so", style="red"))
    if not (evidence or codes):
        grid.add_row("proof", item.proof)
    for fix in item.fixes:
        words = Text.assemble((f"{fix.vendor}: ", "cyan"), fix.words) if fix.vendor else Text(fix.words)
        grid.add_row("fix", words)
    if item.requirements and not (evidence or codes):
        grid.add_row("checked by", Text(", ".join(item.requirements), style="dim"))
    put(screen, Padding(grid, (0, 0, 0, 5), expand=False))


def _evidence(verdict: Verdict) -> Text:
    parts = [Text(f"{verdict.requirement} {verdict.level}  ", style="red"), Text(verdict.sentence)]
    if verdict.expected or verdict.found:
        parts.append(Text.assemble("\nexpected ", (verdict.expected or "-", "green")))
        parts.append(Text.assemble("\nfound    ", (verdict.found or "-", "red")))
    if verdict.where:
        parts.append(Text(f"\nat       {where_text(verdict.where)}", style="dim"))
    return Text.assemble(*parts)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid

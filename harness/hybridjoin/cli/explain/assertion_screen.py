"""A judged assertion on a terminal: what it is, what it claims, what is broken and how to mend it, what is unknown."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.intake.asserted_person import AssertedPerson
from hybridjoin.model.shown import shown
from hybridjoin.model.verdict import BROKEN, Outcome, Verdict
from hybridjoin.report.documents.assertion import AssertionView, ClaimLine
from hybridjoin.report.documents.metadata import finding_message
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.terminal import STYLES, put

_LOUD = (*BROKEN, Outcome.INTERRUPTED)


def show(screen: Console, view: AssertionView) -> None:
    """Print a judged assertion; the file is a stranger's."""
    view = shown(view)
    screen.print(Text.assemble((view.source, "bold"), f"  {view.carrier}"))
    _show_head(screen, view)
    if view.claims:
        _show_claims(screen, view.claims)
    for verdict in (one for outcome in _LOUD for one in view.findings if one.outcome is outcome):
        _show_finding(screen, verdict)
    _show_count(screen, view)


def _show_head(screen: Console, view: AssertionView) -> None:
    grid = _grid()
    assertion, signature = view.assertion, view.signature
    if assertion is not None:
        grid.add_row("SAML", f"{assertion.version}, {assertion.assertion_id or 'no id'}")
        grid.add_row("issuer", assertion.issuer or Text("(none)", style="yellow"))
        window = f"good from {_time(assertion.not_before)} until {_time(assertion.not_on_or_after)}"
        grid.add_row("issued", f"{_time(assertion.issue_instant)}, {window}")
        grid.add_row("audience", ", ".join(assertion.audiences) or Text("(none)", style="yellow"))
    if signature is not None:
        grid.add_row("signature", signature.problem or "verifies")
        if signature.certificate_thumbprint:
            grid.add_row("signed by", f"{signature.certificate_subject}, {signature.certificate_thumbprint}")
    grid.add_row("judged as", _whose(view.person))
    if view.by_itself:
        words = "it says itself whose it is: --object-guid and --sid judge it as a computer's, --user UPN as another's"
        grid.add_row("", Text(words, style="yellow"))
    own = ", its own time of issue: --at TIME judges another" if view.own_time else ""
    grid.add_row("judged at", f"{_time(view.judged_at)}{own}")
    put(screen, Padding(grid, (0, 0, 1, 2), expand=False))


def _show_claims(screen: Console, claims: tuple[ClaimLine, ...]) -> None:
    """Print each claim on lines of its own: a value that is folded in a column cannot be copied."""
    for item in claims:
        sign, style = STYLES[item.outcome] if item.outcome is not None else ("·", "dim")
        space = (f"  {item.namespace}", "dim") if item.namespace else ""
        screen.print(Text.assemble("  ", (f"{sign} {item.name}", style), space))
        value = Text(item.value) if item.value else Text("(missing)", style="yellow")
        decoded = (f"  = {item.reads_as}", "cyan") if item.reads_as else ""
        screen.print(Text.assemble("      ", value, decoded))
        if item.mistake:
            words = f"{item.mistake}; expected {item.expected}"
            put(screen, Padding(Text(words, style="yellow"), (0, 0, 0, 6), expand=False))


def _show_finding(screen: Console, verdict: Verdict) -> None:
    sign, style = STYLES[verdict.outcome]
    head = (f"\n{sign} {verdict.requirement} {verdict.level}", style)
    screen.print(Text.assemble(head, f"  {finding_message(verdict)}"))
    lines = [f"expected: {verdict.expected}", f"what to do: {verdict.remedy}"]
    text = "\n".join(line for line in lines if not line.endswith(": "))
    put(screen, Padding(Text(text), (0, 0, 0, 2), expand=False))


def _show_count(screen: Console, view: AssertionView) -> None:
    kept = sum(one.outcome is Outcome.PASSED for one in view.findings)
    skipped = [one for one in view.findings if one.outcome is Outcome.SKIPPED]
    screen.print(Text.assemble("\n", (f"✓ {kept} of {len(view.findings)} sentences hold", "green")))
    for reason in dict.fromkeys(one.not_tested for one in skipped):
        names = ", ".join(one.requirement for one in skipped if one.not_tested == reason)
        screen.print(Text(f"- {names} not tested: {reason_text(reason)}", style="dim"))
    for option in view.not_given:
        screen.print(Text(f"  more is tested with {option}", style="dim"))
    screen.print()


def _whose(person: AssertedPerson | None) -> str:
    if person is None:
        return "a computer's, for a hybrid join"
    shown_to_it = "name and password" if person.by_password else "a ticket"
    return f"{person.name or 'a person'}'s, signed in by {shown_to_it}"


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _time(moment: datetime | None) -> str:
    return "(no readable time)" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"

"""What `hybridjoin federation` shows of a domain: the least it has to offer, its settings, what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin.checks.minimum import Consumer, Offer, losses
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_commands import DomainCommand
from hybridjoin.model.verdict import BROKEN, LOUDEST_FIRST, Outcome, Verdict
from hybridjoin.report.documents.metadata import finding_message
from hybridjoin.report.reason_text import reason_json, reason_text
from hybridjoin.report.terminal import STYLES, put
from hybridjoin.report.where_text import where_json, where_text

_LOUD = tuple(outcome for outcome in LOUDEST_FIRST if outcome in {*BROKEN, Outcome.INTERRUPTED})
_SHOWN = (
    ("issuer", "issuer_uri"),
    ("metadata", "metadata_exchange_uri"),
    ("active", "active_sign_in_uri"),
    ("passive", "passive_sign_in_uri"),
    ("protocol", "preferred_authentication_protocol"),
    ("MFA", "federated_idp_mfa_behavior"),
)
_SIGNS = {Offer.THERE: ("\u2713", "green"), Offer.MISSING: ("\u2715", "bold red"), Offer.UNKNOWN: ("?", "magenta")}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDomain:
    """A domain's settings with all that was found; `command` sets them where they came as a command."""

    settings: FederationSettings
    command: DomainCommand | None
    consumers: tuple[Consumer, ...]
    findings: tuple[Verdict, ...]


def domain_json(one: JudgedDomain) -> dict[str, Any]:
    """Return a domain for machines."""
    item = one.settings
    return {
        "domain": item.domain or None,
        "place": item.place,
        "command": None if one.command is None else one.command.name,
        "minimum": [_consumer_json(consumer) for consumer in one.consumers],
        "settings": {name: getattr(item, name) or None for _, name in _SHOWN},
        "unread": [{"name": value.name, "line": value.line, "text": value.text} for value in item.unread],
        "findings": [finding_json(finding) for finding in one.findings],
    }


def back_json(command: DomainCommand) -> dict[str, Any]:
    """Return a command that makes a domain managed, for machines."""
    return {"domain": command.domain or None, "place": command.place, "command": command.name}


def _consumer_json(consumer: Consumer) -> dict[str, Any]:
    return {
        "consumer": consumer.name,
        "needs": [{"name": need.name, "offer": need.offer.value, "detail": need.detail} for need in consumer.needs],
        "missing": list(consumer.missing),
        "hurts": consumer.hurts if consumer.missing else None,
        "source": consumer.source,
        "certainty": consumer.certainty.value,
    }


def finding_json(one: Verdict) -> dict[str, Any]:
    """Return one finding for machines."""
    return {
        "id": one.requirement,
        "level": one.level.value,
        "outcome": one.outcome.value,
        "sentence": one.sentence,
        "expected": one.expected,
        "found": one.found,
        "where": where_text(one.where),
        "place": where_json(one.where),
        "why_not": reason_text(one.not_tested),
        "not_tested": reason_json(one.not_tested),
        "remedy": one.remedy,
    }


def show_domain(screen: Console, one: JudgedDomain) -> None:
    """Print a domain: the least that it has to offer comes first."""
    item, findings = one.settings, one.findings
    title = item.domain or item.display_name or "a domain"
    by = f"  {one.command.name}, which {one.command.action}" if one.command is not None else ""
    screen.print(Text.assemble((title, "bold"), f"  {item.place}", (by, "dim")))
    _show_minimum(screen, one.consumers)
    grid = _grid()
    for label, name in _SHOWN:
        grid.add_row(label, _value(item, name))
    certificate = next((found for found in findings if found.requirement == "FED-09"), None)
    if certificate is not None and certificate.found:
        grid.add_row("signs with", certificate.found)
    put(screen, Padding(grid, (0, 0, 0, 2), expand=False))
    for value in item.unread:
        screen.print(
            Text(f"? not read: {value.name}, an expression in line {value.line}: {value.text}", style="magenta")
        )
    if one.command is not None and one.command.conditional:
        screen.print(
            Text("? the command stands within braces: whether it is carried out is not known", style="magenta")
        )
    show_findings(screen, findings)


def show_findings(screen: Console, findings: tuple[Verdict, ...]) -> None:
    """Print what is wrong, the loudest first, and how much holds."""
    for verdict in (found for outcome in _LOUD for found in findings if found.outcome is outcome):
        sign, style = STYLES[verdict.outcome]
        head = (f"\n{sign} {verdict.requirement} {verdict.level}", style)
        screen.print(Text.assemble(head, f"  {finding_message(verdict)}"))
        lines = (("expected", verdict.expected), ("what to do", verdict.remedy))
        text = "\n".join(f"{name}: {value}" for name, value in lines if value)
        put(screen, Padding(Text(text), (0, 0, 0, 2), expand=False))
    _show_count(screen, findings)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _value(item: FederationSettings, name: str) -> str | Text:
    value: str = getattr(item, name)
    if value:
        return value
    silent = item.silence_about(name.replace("_", ""))
    return Text("(not known)", style="magenta") if silent else Text("(not set)", style="yellow")


def _show_minimum(screen: Console, consumers: tuple[Consumer, ...]) -> None:
    """Print the least that a federated domain has to offer, a line for each consumer, and who is hurt by a lack."""
    grid = _grid()
    for consumer in consumers:
        needs = Text()
        for need in consumer.needs:
            sign, style = _SIGNS[need.offer]
            told = f" ({need.detail})" if need.offer is Offer.UNKNOWN and len(need.detail) < 24 else ""
            needs.append(f"{sign} {need.name}{told}  ", style=style)
        grid.add_row(consumer.name, needs)
    put(screen, Padding(grid, (0, 0, 0, 2), expand=False))
    for consumer, names in losses(consumers):
        screen.print(Text.assemble(("  without ", "red"), (names, "bold red"), f": {consumer.hurts} ({consumer.name})"))
    screen.print()


def show_back(screen: Console, commands: tuple[DomainCommand, ...]) -> None:
    """Print which commands make a domain managed again."""
    for command in commands:
        domain = command.domain or "a domain"
        screen.print(Text(f"{command.place}: {command.name} makes {domain} managed again; it sets nothing to judge"))


def _show_count(screen: Console, findings: tuple[Verdict, ...]) -> None:
    kept = sum(one.outcome is Outcome.PASSED for one in findings)
    skipped = [one for one in findings if one.outcome is Outcome.SKIPPED]
    screen.print(Text.assemble("\n", (f"\u2713 {kept} of {len(findings)} sentences hold", "green")))
    for reason in dict.fromkeys(one.not_tested for one in skipped):
        names = ", ".join(one.requirement for one in skipped if one.not_tested == reason)
        screen.print(Text(f"- {names} skipped: {reason_text(reason)}", style="dim"))
    screen.print()

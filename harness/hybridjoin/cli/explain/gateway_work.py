"""What `hybridjoin gateway` does once its arguments are understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.explain.federation_screen import finding_json, show_findings
from hybridjoin.cli.output import say_json
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.device.habits import Habits
from hybridjoin.device.opening import open_hands
from hybridjoin.evidence.parts import Parts
from hybridjoin.intake.gateway import GatewaySetup
from hybridjoin.model.shown import shown
from hybridjoin.model.site import Site
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.report.terminal import console, put
from hybridjoin.run.gateway_play import AccountFound, look_up
from hybridjoin.scenario.gateway_file import load_gateway
from hybridjoin.scenario.scenario import Scenario

COMMAND = "hybridjoin gateway"


def carry_out(
    file: Path, *, site_file: Path | None, backend: str | None, accounts: tuple[str, ...], as_json: bool
) -> ExitCode:
    """Judge, look accounts up where there is a place for it, and print; return the exit code.

    Raises:
        UsageError: the file has mistakes.
        LabError: the directory cannot be asked.
    """
    setup = load_gateway(file)
    findings = checks.judge(Parts.of(setup), sorted(BOOK.select("GATEWAY-*"), key=lambda item: item.id))
    found = _play(setup, RunPlace(site_file=site_file, backend=backend), accounts) if site_file or backend else ()
    if as_json:
        say_json(_json(setup, findings, found))
    else:
        screen = console()
        _show(screen, shown(setup), shown(findings))
        for item in shown(found):
            _show_account(screen, item)
    lost = not all(item.whole for item in found)
    broken = any(one.outcome is Outcome.FAILED for one in findings)
    return ExitCode.PEER_FAILED if broken or lost else ExitCode.AS_EXPECTED


def _play(setup: GatewaySetup, place: RunPlace, accounts: tuple[str, ...]) -> tuple[AccountFound, ...]:
    scenario = Scenario(id="gateway", title="A gateway looks accounts up", file=COMMAND, line=1, expectations=())
    with place.open() as provider, provider.site(scenario) as site:
        names = accounts or _known(setup, site)
        with open_hands(site, site.devices[0], Habits()) as hands:
            return tuple(look_up(setup, name, hands.search, base=site.directory.base_dn) for name in names)


def _known(setup: GatewaySetup, site: Site) -> tuple[str, ...]:
    """Return the accounts that a place knows, of the kinds that the gateway has user types for."""
    computers = tuple(item.sam_account_name for item in site.devices) if setup.devices else ()
    people = tuple(item.name for item in site.people) if setup.people else ()
    return (*computers, *people)


def _json(setup: GatewaySetup, findings: tuple[Verdict, ...], found: tuple[AccountFound, ...]) -> dict[str, Any]:
    return {
        "gateway": setup.place,
        "user_types": [{"name": item.name, "devices": item.devices} for item in setup.user_types],
        "findings": [finding_json(one) for one in findings],
        "accounts": [
            {
                "account": item.account,
                "user_type": item.user_type or None,
                "dn": item.dn or None,
                "tried": list(item.tried),
                "issued": {each.name: each.value or None for each in item.issued},
                "why_not": {each.name: each.why_not for each in item.issued if each.why_not},
            }
            for item in found
        ],
    }


def _show(screen: Console, setup: GatewaySetup, findings: tuple[Verdict, ...]) -> None:
    screen.print(Text.assemble((setup.place, "bold")))
    for kind in setup.user_types:
        what = "devices" if kind.devices else "people"
        screen.print(Text(f"  {kind.name}: {what}, looked up by {', '.join(kind.lookup) or 'nothing'}", style="dim"))
    show_findings(screen, findings)


def _show_account(screen: Console, item: AccountFound) -> None:
    """Print what an account is found as, and each value that is issued for it."""
    if not item.dn:
        screen.print(Text.assemble(("\u2715 ", "bold red"), (item.account, "bold"), " is found by no user type"))
    else:
        sign, style = ("✓ ", "green") if item.whole else ("✕ ", "bold red")
        screen.print(Text.assemble((sign, style), (item.account, "bold"), f" is {item.dn}, by {item.user_type}"))
    for words in item.tried if not item.dn else ():
        put(screen, Padding(Text(words, style="dim"), (0, 0, 0, 4), expand=False))
    for each in item.issued:
        lost = Text(f"no value: {each.why_not}", style="bold red" if each.needed else "dim")
        line = Text.assemble((f"{each.name}  ", "dim"), each.value or lost)
        put(screen, Padding(line, (0, 0, 0, 4), expand=False))
    if item.dn and not item.whole:
        who = "this computer does not join as a federated one" if item.devices else "this person does not sign in"
        names = ", ".join(each.name for each in item.issued if each.needed and not each.value)
        screen.print(Text(f"    without {names} {who}: Entra finds nobody (AADSTS51004)", style="red"))

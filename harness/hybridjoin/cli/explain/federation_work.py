"""What `hybridjoin federation` does once its arguments are understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hybridjoin import checks
from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.output import say_json
from hybridjoin.device.adapters.bodies import SIZE_LIMIT
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import federation_parts
from hybridjoin.given import read_given
from hybridjoin.intake.captured_token import read_token
from hybridjoin.intake.federation import FederationSettings, read_settings
from hybridjoin.model.kept_body import Excerpt, octets
from hybridjoin.model.recorded import HttpReplyRecord
from hybridjoin.model.shown import shown
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import BROKEN, LOUDEST_FIRST, Outcome, Verdict
from hybridjoin.protocol.mex import MexDocument, parse_mex
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from hybridjoin.report.documents.metadata import finding_message
from hybridjoin.report.json_report import read_record
from hybridjoin.report.reason_text import reason_json, reason_text
from hybridjoin.report.terminal import STYLES, console, put
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationRequest:
    """What the command line named besides the settings themselves; `mex` are the metadata's octets."""

    source: str
    mex: bytes | None
    assertion: Path | None
    run: Path | None


def carry_out(body: bytes, given: FederationRequest, *, as_json: bool) -> ExitCode:
    """Read, judge and print; return the exit code."""
    place = "standard input" if given.source == "-" else given.source
    domains = read_settings(body, place=place)
    document, response = _metadata(given.mex), _response(given)
    now = datetime.now(UTC)
    requirements = sorted(BOOK.select("FED-*"), key=lambda item: item.id)
    given_parts = [(item, federation_parts(item, now=now, document=document, response=response)) for item in domains]
    judged = [(item, checks.judge(parts, requirements)) for item, parts in given_parts]
    if as_json:
        say_json({"domains": [_json(item, findings) for item, findings in judged]})
    else:
        screen = console()
        for item, findings in judged:
            _show(screen, shown(item), shown(findings))
    broken = any(verdict.outcome is Outcome.FAILED for _, findings in judged for verdict in findings)
    return ExitCode.PEER_FAILED if broken else ExitCode.AS_EXPECTED


def _metadata(body: bytes | None) -> MexDocument | None:
    if body is None:
        return None
    try:
        return parse_mex(body)
    except PeerError as error:
        raise mistake("--mex", error.problem, "hybridjoin mex says more about it") from error


def _response(given: FederationRequest) -> TokenResponse | None:
    """Return the token response to compare with: one around a bare assertion, or the one that was recorded."""
    if given.run is not None:
        return _recorded(given.run)
    if given.assertion is None:
        return None
    return _read(read_given(given.assertion, limit_bytes=SIZE_LIMIT), str(given.assertion))


def _read(body: bytes, place: str) -> TokenResponse:
    try:
        found = read_token(body)
    except PeerError as error:
        raise mistake(place, f"expected an assertion or a token response: {error.problem}") from error
    if isinstance(found, SoapFault):
        raise mistake(place, f"expected an assertion or a token response, found the SOAP fault {found.reason!r}")
    if found.response.assertion is None:
        raise mistake(place, "expected a SAML 1.1 assertion, found none in the response")
    return found.response


def _recorded(run: Path) -> TokenResponse:
    """Return the first token response of a run; its signature value is masked, its certificate is not."""
    for scenario in read_record(run).scenarios:
        for exchange in scenario.join.exchanges if scenario.join is not None else ():
            if exchange.step is not Step.RST or not isinstance(exchange.reply, HttpReplyRecord) or not exchange.ok:
                continue
            if isinstance(exchange.reply.body, Excerpt):
                continue
            try:
                found = parse_reply(octets(exchange.reply.body), http_status=200, content_type="")
            except PeerError:
                continue
            if isinstance(found, TokenResponse) and found.assertion is not None:
                return found
    raise mistake(str(run), "expected a run in which the IdP issued an assertion, found none")


def _json(item: FederationSettings, findings: tuple[Verdict, ...]) -> dict[str, Any]:
    return {
        "domain": item.domain or None,
        "place": item.place,
        "settings": {name: getattr(item, name) or None for _, name in _SHOWN},
        "findings": [
            {
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
            for one in findings
        ],
    }


def _show(screen: Console, item: FederationSettings, findings: tuple[Verdict, ...]) -> None:
    title = item.domain or item.display_name or "a domain"
    screen.print(Text.assemble((title, "bold"), f"  {item.place}"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, name in _SHOWN:
        grid.add_row(label, getattr(item, name) or Text("(not set)", style="yellow"))
    certificate = next((one for one in findings if one.requirement == "FED-09"), None)
    if certificate is not None:
        grid.add_row("signs with", certificate.found)
    put(screen, Padding(grid, (0, 0, 0, 2), expand=False))
    for verdict in (one for outcome in _LOUD for one in findings if one.outcome is outcome):
        sign, style = STYLES[verdict.outcome]
        head = (f"\n{sign} {verdict.requirement} {verdict.level}", style)
        screen.print(Text.assemble(head, f"  {finding_message(verdict)}"))
        lines = (("expected", verdict.expected), ("what to do", verdict.remedy))
        text = "\n".join(f"{name}: {value}" for name, value in lines if value)
        put(screen, Padding(Text(text), (0, 0, 0, 2), expand=False))
    _show_count(screen, findings)


def _show_count(screen: Console, findings: tuple[Verdict, ...]) -> None:
    kept = sum(one.outcome is Outcome.PASSED for one in findings)
    skipped = [one for one in findings if one.outcome is Outcome.SKIPPED]
    screen.print(Text.assemble("\n", (f"✓ {kept} of {len(findings)} sentences hold", "green")))
    for reason in dict.fromkeys(one.not_tested for one in skipped):
        names = ", ".join(one.requirement for one in skipped if one.not_tested == reason)
        screen.print(Text(f"- {names} skipped: {reason_text(reason)}", style="dim"))
    screen.print()

"""What `hybridjoin curl` does once its arguments are understood."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from hybridjoin.bundle.load import load_run
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.output import say
from hybridjoin.device.probes.requests import GARBAGE, NTLM_NEGOTIATE
from hybridjoin.model.exchange import SearchRequest, TicketRequest
from hybridjoin.model.record import RunRecord
from hybridjoin.model.recorded import ExchangeRecord, HttpRequestRecord, ModifyRequestRecord
from hybridjoin.report.curl import curl_line
from hybridjoin.scenario.yaml.validate import nearest

# These probes show a token that is no ticket; the record masked it as it would mask one.
_TOKENS: Final = MappingProxyType({"rst-ntlm": NTLM_NEGOTIATE, "rst-garbage": GARBAGE})


def carry_out(record: Path, step: str, *, scenario: str | None, number: int | None) -> ExitCode:
    """Print the command, and on standard error what one has to know before it is run.

    Raises:
        UsageError: there is no such exchange, or none that curl could make.
    """
    said = _said(load_run(record), step, scenario, place=str(record))
    exchange = _chosen(said, step, number)
    if not isinstance(exchange.request, HttpRequestRecord):
        raise _not_http(exchange.request, step)
    line = curl_line(exchange.request, place=f"{record}: {step}", token=_TOKENS.get(step, ""))
    for remark in line.remarks:
        say(f"# {remark}", err=True)
    click.echo(line.command)
    return ExitCode.AS_EXPECTED


def _said(run: RunRecord, step: str, scenario: str | None, *, place: str) -> tuple[ExchangeRecord, ...]:
    """Return the exchanges of a step or a probe."""
    probes = {row.id: row for row in run.certification.probes} if run.certification else {}
    if step in probes:
        if not probes[step].exchanges:
            raise mistake(
                place, f"the probe {step} was not asked: {probes[step].note or 'its exchanges were not kept'}"
            )
        return probes[step].exchanges
    joins = {item.id: item.join for item in run.scenarios if item.join is not None}
    if scenario is not None and scenario not in joins:
        raise mistake("--scenario", f"no scenario of the record is called {scenario!r}", _hint(scenario, joins))
    if not joins:
        raise mistake(place, "expected the record of a run in which something was said, found none")
    found = {
        name: exchanges
        for name, join in joins.items()
        if scenario in {None, name} and (exchanges := tuple(item for item in join.exchanges if item.step == step))
    }
    if not found:
        made = {item.step.value for join in joins.values() for item in join.exchanges} | set(probes)
        raise mistake("STEP", f"nothing in the record is called {step!r}", _hint(step, sorted(made)))
    if len(found) > 1:
        raise mistake(
            "STEP", f"{len(found)} scenarios made the step {step!r}", f"choose with --scenario: {_few(found)}"
        )
    return next(iter(found.values()))


def _chosen(said: Sequence[ExchangeRecord], step: str, number: int | None) -> ExchangeRecord:
    if number is not None and number > len(said):
        raise mistake("--number", f"expected at most {len(said)}, found {number}", f"{step!r} was made so many times")
    if number is None and len(said) > 1:
        click.echo(f"# this is the last of {len(said)} exchanges (--number 1 is the first)", err=True)
    return said[-1 if number is None else number - 1]


def _not_http(request: SearchRequest | ModifyRequestRecord | TicketRequest, step: str) -> Exception:
    """Say which tool makes such an exchange."""
    if isinstance(request, TicketRequest):
        words = ["kvno", request.spn]
    elif isinstance(request, ModifyRequestRecord):
        words = ["ldapmodify", "-Y", "GSSAPI"]
    else:
        words = ["ldapsearch", "-Y", "GSSAPI", "-b", request.base, "-s", request.scope, request.filter]
        words += request.attributes
    return mistake("STEP", f"the step {step!r} is no HTTP, and curl cannot make it", f"try: {shlex.join(words)}")


def _hint(name: str, known: Iterable[str]) -> str:
    return nearest(name, known) or f"there are {_few(known)}"


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (f" and {len(listed) - 8} more" if len(listed) > 8 else "")

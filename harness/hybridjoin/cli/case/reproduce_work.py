"""What `hybridjoin reproduce` does once its arguments are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from hybridjoin.cli.case.reproduce_screen import reproduction_json, show
from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.next_steps import tell_next
from hybridjoin.cli.output import say_json
from hybridjoin.cli.run.memory import keep
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.knowledge.lookup import find
from hybridjoin.knowledge.vendors import vendor_of
from hybridjoin.model.record import RunRecord
from hybridjoin.model.shown import in_lines
from hybridjoin.report.progress import RunProgress
from hybridjoin.report.terminal import console
from hybridjoin.report.write import page_in
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.run.reproduction.case_folder import open_case
from hybridjoin.run.reproduction.reproduce import ReproducibleCase, nothing_to_try, reproduce
from hybridjoin.run.reproduction.reproduction import Reproduced, Reproduction

FILE_NAME: Final = "reproduction.json"


def carry_out(folder: Path, *, backend: str | None, most: int, report_dir: Path, as_json: bool) -> int:
    """Try the case out, show and write what came of it; return the exit code.

    Raises:
        UsageError: it is no case folder, or something in it has mistakes; nothing was started.
        LabError: the lab cannot be brought up here.
    """
    case, view = open_case(folder)
    vendor = vendor_of(view)
    found, record = nothing_to_try(case), None
    if found is None:
        found, record = _tried(case, RunPlace(backend=backend), most)
    document = reproduction_json(found, vendor)
    _tell(found, vendor, document if as_json else None)
    body = json.dumps(document, indent=1, ensure_ascii=True).encode() + b"\n"
    written = keep(record, report_dir, beside={FILE_NAME: body}) if record is not None else None
    if written is not None:
        click.echo(f"report: {page_in(written)}", err=as_json)
    if found.interrupted:
        click.echo(f"hybridjoin: {in_lines(found.interrupted)}", err=True)
    tell_next(*_next(found.symptom), err=as_json)
    return _code(found) or (ExitCode.LAB if record is not None and written is None else ExitCode.AS_EXPECTED)


def _tried(case: ReproducibleCase, place: RunPlace, most: int) -> tuple[Reproduction, RunRecord]:
    place.settle()
    with RunProgress(console(error=True), opening="bringing the lab up") as progress, place.open() as provider:
        return reproduce(case, provider, most=most, on_event=progress.tell)


def _tell(found: Reproduction, vendor: str, document: dict[str, Any] | None) -> None:
    """Say what came of it before the report is drawn, which takes longer than ten joins."""
    if document is not None:
        say_json(document)
        return
    screen = console()
    show(screen, found, vendor)
    screen.file.flush()


def _next(symptom: Symptom | None) -> tuple[tuple[str, ...], ...]:
    """Name what explains the symptom's most telling code."""
    if symptom is None:
        return ()
    codes = (f"AADSTS{symptom.aadsts}" if symptom.aadsts is not None else "", symptom.code)
    known = [code for code in codes if code and find(code) is not None]
    return (("explain", known[0]),) if known else ()


def _code(found: Reproduction) -> ExitCode:
    if found.interrupted == INTERRUPTED_BY_HAND:
        return ExitCode.INTERRUPTED
    if found.verdict is Reproduced.REPRODUCED:
        return ExitCode.AS_EXPECTED
    if found.interrupted or found.verdict is Reproduced.UNDECIDED:
        return ExitCode.LAB
    return ExitCode.DIFFERENT

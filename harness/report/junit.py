"""JUnit XML, drawn from the record: identities hold no host, port or time, so that CI can follow a test.

A scenario's identity is its file (classname) and its id (name); only attributes that CI systems read as
measurements carry times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harness.model.record import ExpectationRecord, RunRecord, ScenarioRecord
from harness.model.verdict import Outcome

_TEMPLATES = Path(__file__).parent / "templates"
# XML 1.0 (2.2) has no way to write these, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One `<testcase>`; `kind` is the element that says why it is not green, or empty."""

    classname: str
    name: str
    time_s: float
    kind: str = ""
    message: str = ""
    text: str = ""
    properties: tuple[tuple[str, str], ...] = ()


def render_junit(record: RunRecord) -> str:
    """Draw JUnit XML of a record; a run that was interrupted has an errored case that says so."""
    cases = [_case(item) for item in record.scenarios]
    if record.interrupted:
        cases.append(
            Case(
                classname="hybridjoin",
                name="the run was finished",
                time_s=0,
                kind="error",
                message=_first_line(record.interrupted),
                text=record.interrupted,
            )
        )
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )
    kinds = [case.kind for case in cases]
    return environment.get_template("junit.xml.j2").render(
        cases=cases,
        failures=kinds.count("failure"),
        errors=kinds.count("error"),
        skipped=kinds.count("skipped"),
        time_s=(record.finished_at - record.started_at).total_seconds(),
        timestamp=f"{record.started_at:%Y-%m-%dT%H:%M:%S}",
    )


def _case(item: ScenarioRecord) -> Case:
    kind = {Outcome.FAILED: "failure", Outcome.INTERRUPTED: "error", Outcome.SKIPPED: "skipped"}.get(item.outcome, "")
    unmet = [line for line in item.expectations if not line.met]
    text = "\n\n".join(_failure(line) for line in unmet) if kind == "failure" else item.error
    return Case(
        classname=PurePosixPath(item.file).as_posix().removesuffix(".scenario.yaml").replace("/", "."),
        name=item.id,
        time_s=item.elapsed_s,
        kind=kind,
        message=_first_line(f"{unmet[0].name}: expected {unmet[0].expected}, found {unmet[0].found}")
        if unmet and kind == "failure"
        else _first_line(item.error or (kind and item.title)),
        text=text,
        properties=tuple(_properties(item)),
    )


def _failure(line: ExpectationRecord) -> str:
    parts = [
        f"{line.place}: {line.name}",
        f"  expected: {line.expected}",
        f"  found:    {line.found}",
    ]
    if line.step:
        parts.append(f"  exchange: {line.step}")
    if line.explanation:
        parts.append(f"  {line.explanation}")
    return "\n".join(parts)


def _properties(item: ScenarioRecord) -> Iterator[tuple[str, str]]:
    yield "title", item.title
    yield from (("tag", tag) for tag in item.tags)
    if item.outcome in {Outcome.WARNING, Outcome.REVIEW}:
        yield "outcome", item.outcome
    if item.join is not None:
        yield "join", item.join.result
        failure = item.join.failure
        yield from (("code", code.code) for code in (failure.codes if failure else ()))


def _first_line(text: str) -> str:
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= 300 else line[:299] + "…"


def _writable(value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _FORBIDDEN.sub("\ufffd", value)

"""A record as a list of test cases, for the formats that CI systems read: identities hold no host, port or time.

A run has a case for each scenario, a certification one for each requirement. What a list of deviations
forgives is neither green nor red: it is `forgiven`, and says by whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.record import CertificationRecord, DeviationRow, ExpectationRecord, RunRecord
from hybridjoin.model.record import ScenarioRecord as Scenario
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.certified import excuse, source_of
from hybridjoin.report.formats.catalogue import RECORD
from hybridjoin.report.formats.look_at import line_of_place, line_to_look_at
from hybridjoin.report.reason_text import explanation_text, reason_text
from hybridjoin.report.where_text import where_text

_ROOT = "hybridjoin"
_CERTIFICATION = "hybridjoin.certification"


class State(StrEnum):
    """How a case counts; everything but PASSED has a message."""

    PASSED = "passed"
    FAILED = "failed"
    FORGIVEN = "forgiven"
    ERROR = "error"
    SKIPPED = "skipped"


STATES = {Outcome.FAILED: State.FAILED, Outcome.INTERRUPTED: State.ERROR, Outcome.SKIPPED: State.SKIPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCase:
    """One test; `suite` and `name` are its identity, `title` is for people, `text` the whole story.

    `facts` are what else is known of it, by name; a name may come more than once. `label` is what lists for people
    show where the name is a number that nobody knows by heart. `file` and `line` are what somebody has to look at: the
    first expectation that is not met, the part of the site file, the row of a list.
    """

    suite: str
    name: str
    title: str
    state: State
    outcome: Outcome
    time_s: float = 0.0
    message: str = ""
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    label: str = ""
    file: str = RECORD.file_name
    line: int = 1


def cases(record: RunRecord) -> tuple[ReportedCase, ...]:
    """Return the cases of a record; a run that was interrupted has an errored one that says so."""
    made = list(_certified(record, record.certification) if record.certification else map(_scenario, record.scenarios))
    if record.interrupted:
        made.append(_broken_off(record.interrupted))
    return tuple(made)


def first_line(text: str) -> str:
    """Return the first line of a text, cut to what a list of tests can show."""
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= 300 else line[:299] + "…"


def _broken_off(reason: str) -> ReportedCase:
    return ReportedCase(
        suite=_ROOT,
        name="the run was finished",
        title="the run was finished",
        state=State.ERROR,
        outcome=Outcome.INTERRUPTED,
        message=first_line(reason),
        text=reason,
    )


def _scenario(item: Scenario) -> ReportedCase:
    state = STATES.get(item.outcome, State.PASSED)
    unmet = [line for line in item.expectations if not line.met]
    text = "\n\n".join(map(_failure, unmet)) if state is State.FAILED else item.error
    file, line = line_of_place(unmet[0].place) if unmet and unmet[0].place else (item.file, item.line)
    return ReportedCase(
        suite=PurePosixPath(item.file).as_posix().removesuffix(".scenario.yaml").replace("/", "."),
        name=item.id,
        title=item.title,
        time_s=item.elapsed_s,
        state=state,
        outcome=item.outcome,
        message=first_line(f"{unmet[0].name}: expected {unmet[0].expected}, found {unmet[0].found}")
        if unmet and state is State.FAILED
        else first_line(item.error or (item.title if state is not State.PASSED else "")),
        text=text,
        facts=tuple(_scenario_facts(item)),
        file=file,
        line=line,
    )


def _failure(line: ExpectationRecord) -> str:
    parts = [f"{line.place}: {line.name}", f"  expected: {line.expected}", f"  found:    {line.found}"]
    if line.step:
        parts.append(f"  exchange: {line.step}")
    if line.explanation:
        parts.append(f"  {explanation_text(line)}")
    return "\n".join(parts)


def _scenario_facts(item: Scenario) -> Iterator[tuple[str, str]]:
    yield "title", item.title
    yield from (("tag", tag) for tag in item.tags)
    if item.outcome in {Outcome.WARNING, Outcome.REVIEW}:
        yield "outcome", item.outcome
    if item.join is not None:
        yield "join", item.join.result
        failure = item.join.failure
        yield from (("code", code.code) for code in (failure.codes if failure else ()))


def _certified(record: RunRecord, certification: CertificationRecord) -> Iterator[ReportedCase]:
    for row in certification.requirements:
        yield _requirement(row, excuse(row, certification), record.place)
    for deviation in certification.deviations:
        yield _deviation(deviation)
    unexplained = record.unexplained_joins
    yield ReportedCase(
        suite=_CERTIFICATION,
        name="every failed join is explained",
        title="every failed join is explained by a requirement",
        state=State.FAILED if unexplained else State.PASSED,
        outcome=Outcome.FAILED if unexplained else Outcome.PASSED,
        message=first_line(", ".join(unexplained)),
        text="\n".join(unexplained),
    )


def _requirement(row: RequirementRow, excused: str, place: PlaceFile | None) -> ReportedCase:
    state = STATES.get(row.outcome, State.PASSED)
    if state is State.FAILED and excused:
        state = State.FORGIVEN
    why = reason_text(row.not_tested)
    file, line = line_to_look_at(place, row.where)
    message = why if state in {State.ERROR, State.SKIPPED} else f"expected {row.expected}, found {row.found}"
    return ReportedCase(
        suite=f"{_CERTIFICATION}.{row.area}",
        name=row.id,
        title=row.sentence,
        label=f"{row.id}: {row.sentence}",
        state=state,
        outcome=row.outcome,
        message="" if state is State.PASSED else first_line(excused or message or row.sentence),
        text="" if row.outcome is Outcome.PASSED else "\n".join(_story(row, excused)),
        facts=(
            ("level", row.level),
            ("outcome", row.outcome),
            ("specification", source_of(row)),
        ),
        file=file,
        line=line,
    )


def _story(row: RequirementRow, excused: str) -> Iterator[str]:
    yield row.sentence
    rows = (
        ("expected", row.expected),
        ("found", row.found),
        ("where", where_text(row.where)),
        ("source", f"{source_of(row)} {row.url}".strip()),
        ("what to do", row.remedy if row.tested else ""),
        ("excused", excused),
        ("not tested", reason_text(row.not_tested)),
    )
    yield from (f"  {name + ':':<11} {value}" for name, value in rows if value)


def _deviation(row: DeviationRow) -> ReportedCase:
    told = f"{row.problem}\n  owner:   {row.owner}\n  reason:  {row.reason}\n  expires: {row.expires}"
    file, line = line_of_place(row.place) if row.place else (RECORD.file_name, 1)
    return ReportedCase(
        suite=f"{_CERTIFICATION}.deviations",
        name=f"{row.list} {row.requirement}",
        title=f"the {row.list} deviation {row.requirement} still holds",
        state=State.FAILED if row.problem else State.PASSED,
        outcome=Outcome.FAILED if row.problem else Outcome.PASSED,
        message=first_line(row.problem),
        text=told if row.problem else "",
        file=file,
        line=line,
    )

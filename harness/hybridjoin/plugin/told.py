"""What came of a scenario: in lines for a terminal where it was not as expected, in properties for JUnit always."""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.model.record import ExpectationRecord, JoinRecord, ScenarioRecord
from hybridjoin.model.shown import shown
from hybridjoin.model.verdict import BROKEN, Outcome
from hybridjoin.report.drawn import drawn_reply, drawn_request
from hybridjoin.report.reason_text import explanation_text
from hybridjoin.scenario.scenario import Expected, Scenario


def told_of(record: ScenarioRecord) -> str:
    """Say which expectations were not met, what came instead, in which exchange, and where they are written."""
    record = shown(record)
    lines = [f"{record.title}"]
    for expectation in record.expectations:
        if not expectation.met:
            lines.extend(_unmet(expectation, record.join))
    return "\n".join(lines)


def _unmet(expectation: ExpectationRecord, join: JoinRecord | None) -> Iterator[str]:
    yield ""
    yield f"{expectation.place}: {expectation.name}"
    yield f"  expected: {expectation.expected}"
    yield f"  found:    {expectation.found}"
    if expectation.explanation:
        yield f"  because:  {explanation_text(expectation)}"
    exchange = (
        next((item for item in reversed(join.exchanges) if item.step is expectation.step), None) if join else None
    )
    if exchange is not None:
        asked, answer = drawn_request(exchange.request).headline, drawn_reply(exchange.reply).headline
        yield f"  exchange: {exchange.step}: {asked} -> {answer}"


def properties_of(scenario: Scenario, record: ScenarioRecord) -> Iterator[tuple[str, str]]:
    """Yield what a JUnit file says of a scenario: its sentence and place, what came of it, which requirements spoke.

    `hybridjoin.aadsts` and `hybridjoin.hresult` come once for each code, the innermost first.
    """
    record = shown(record)
    yield "hybridjoin.title", scenario.title
    yield "hybridjoin.file", f"{scenario.file}:{scenario.line}"
    if scenario.tags:
        yield "hybridjoin.tags", " ".join(scenario.tags)
    yield "hybridjoin.outcome", record.outcome.value
    yield "hybridjoin.device", record.join.device if record.join else scenario.device.name
    if record.join is not None:
        yield "hybridjoin.result", record.join.result.value
        failure = record.join.failure
        for code in failure.codes if failure else ():
            yield f"hybridjoin.{'aadsts' if code.code.startswith('AADSTS') else 'hresult'}", code.code
        broken = (verdict.requirement for verdict in record.join.verdicts if verdict.outcome in BROKEN)
        yield "hybridjoin.broken", " ".join(broken)
    named = {item.target for item in scenario.expectations if item.about is Expected.VERDICT}
    for verdict in record.join.verdicts if record.join else ():
        if verdict.requirement in named or verdict.outcome is Outcome.FAILED:
            yield f"hybridjoin.requirement.{verdict.requirement}", f"{verdict.outcome}: {verdict.sentence}"

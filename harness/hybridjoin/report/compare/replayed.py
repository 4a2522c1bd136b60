"""What a newer judge says otherwise of the same record: every answer that differs, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from hybridjoin.model.record import (
    CertificationRecord,
    DeviationRow,
    ExpectationRecord,
    FailureRecord,
    JoinRecord,
    ProbeRow,
    RunRecord,
    ScenarioRecord,
)
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import ClaimRow, Verdict
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.where_text import where_text

ABSENT: Final = "absent"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOtherwise:
    """One answer that differs; `scenario` is empty where it is the certification's."""

    scenario: str
    what: str
    before: str
    after: str


def judged_otherwise(before: RunRecord, after: RunRecord) -> tuple[JudgedOtherwise, ...]:
    """Compare a record with the same one judged again: outcomes, verdicts, claims, codes, screens, expectations."""
    found: list[JudgedOtherwise] = []
    for then, now in zip(before.scenarios, after.scenarios, strict=True):
        found.extend(_named(then.id, _scenario(then, now)))
    if before.certification is not None and after.certification is not None:
        found.extend(_named("", _certification(before.certification, after.certification)))
    return tuple(found)


_Pair = tuple[str, str, str]


def _named(scenario: str, pairs: Iterable[_Pair]) -> Iterator[JudgedOtherwise]:
    for what, before, after in pairs:
        if before != after:
            yield JudgedOtherwise(scenario=scenario, what=what, before=before, after=after)


def _scenario(then: ScenarioRecord, now: ScenarioRecord) -> Iterator[_Pair]:
    yield "outcome", then.outcome, now.outcome
    yield from _rows("expectation", then.expectations, now.expectations, lambda line: line.name, _expectation)
    if then.join is None or now.join is None:
        yield "join", ABSENT if then.join is None else "made", ABSENT if now.join is None else "made"
        return
    yield from _join(then.join, now.join)


def _join(then: JoinRecord, now: JoinRecord) -> Iterator[_Pair]:
    yield "result", then.result, now.result
    yield "device id", then.device_id, now.device_id
    yield "failure", _failure(then.failure), _failure(now.failure)
    yield "failure of the fallback", _failure(then.fallback_failure), _failure(now.fallback_failure)
    yield from _rows("verdict", then.verdicts, now.verdicts, lambda item: item.requirement, _verdict)
    yield from _rows("claim", then.claims, now.claims, lambda row: row.name, _claim)
    yield from _lines("debug screen", then.debug_screen, now.debug_screen)
    yield from _lines("status screen", then.status_screen, now.status_screen)


def _certification(then: CertificationRecord, now: CertificationRecord) -> Iterator[_Pair]:
    yield "adapter", then.adapter, now.adapter
    yield "complete", str(then.complete), str(now.complete)
    yield from _rows("requirement", then.requirements, now.requirements, lambda row: row.id, _requirement)
    yield from _rows("deviation", then.deviations, now.deviations, lambda row: row.requirement, _deviation)
    yield from _rows("probe", then.probes, now.probes, lambda row: row.id, _probe)


def _rows(
    kind: str,
    then: Sequence[Answer],
    now: Sequence[Answer],
    name: Callable[[Answer], str],
    words: Callable[[Answer], str],
) -> Iterator[_Pair]:
    """Pair rows by their names, the second of a name with the second of it."""
    before, after = _by_name(then, name), _by_name(now, name)
    for key in dict.fromkeys((*before, *after)):
        mine, theirs = before.get(key), after.get(key)
        yield f"{kind} {key[0]}", words(mine) if mine else ABSENT, words(theirs) if theirs else ABSENT


def _by_name(rows: Sequence[Answer], name: Callable[[Answer], str]) -> dict[tuple[str, int], Answer]:
    found: dict[tuple[str, int], Answer] = {}
    for row in rows:
        number = 0
        while (name(row), number) in found:
            number += 1
        found[name(row), number] = row
    return found


def _lines(screen: str, then: Sequence[str], now: Sequence[str]) -> Iterator[_Pair]:
    for number in range(max(len(then), len(now))):
        yield (
            f"{screen}, line {number + 1}",
            then[number] if number < len(then) else ABSENT,
            now[number] if number < len(now) else ABSENT,
        )


def _told(head: str, *rest: tuple[str, str]) -> str:
    """Return an answer in one line: its outcome, and whatever else it says."""
    return "; ".join((head, *(f"{name} {value}" for name, value in rest if value)))


def _verdict(item: Verdict | RequirementRow) -> str:
    return _told(
        item.outcome,
        ("expected", item.expected),
        ("found", item.found),
        ("at", where_text(item.where)),
        ("not tested:", reason_text(item.not_tested)),
    )


def _requirement(row: RequirementRow) -> str:
    return _told(_verdict(row), ("deviation", row.deviation))


def _deviation(row: DeviationRow) -> str:
    return _told("happened" if row.happened else "did not happen", ("problem", row.problem))


def _probe(row: ProbeRow) -> str:
    return _told(row.outcome, ("answer", row.note), ("sent", row.sent_digest))


def _expectation(line: ExpectationRecord) -> str:
    return _told("met" if line.met else "not met", ("expected", line.expected), ("found", line.found))


def _claim(row: ClaimRow) -> str:
    found = ", ".join(row.found)
    return _told(
        row.outcome,
        ("expected", ", ".join(row.expected)),
        ("found", f"{found} in {row.found_namespace}" if row.found_namespace else found),
        ("mistake", row.mistake),
    )


def _failure(failure: FailureRecord | None) -> str:
    if failure is None:
        return "none"
    codes = ", ".join(f"{code.code} {code.symbol}".strip() for code in failure.codes)
    return _told(
        f"{failure.phase} phase, step {failure.step}",
        ("reason", failure.reason),
        ("codes", codes),
        ("server", failure.server_message),
        ("remedy", failure.remedy),
    )

"""SARIF 2.1.0 (OASIS): rules are the requirements, results the verdicts that are broken or could not be found out.

A sentence that was not reached is no result: the services that read SARIF would open an alert for each. A broken
one that a scenario expects, or a list of deviations forgives, is there as a suppressed result. A scenario that came to
no end, or to another than it expects, is a notification of the invocation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import hybridjoin
from hybridjoin.model.record import RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import Level, Outcome, Verdict
from hybridjoin.model.where import Spot, Where
from hybridjoin.report.certified import excuse, source_of
from hybridjoin.report.formats.cases import ReportedCase, State, cases
from hybridjoin.report.formats.look_at import line_to_look_at
from hybridjoin.report.loudest import answers, every_verdict, foreseen
from hybridjoin.report.reason_text import reason_text
from hybridjoin.report.where_text import spot_text, where_text

SCHEMA_URL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# SARIF 3.27.9 and 3.27.10: a result that is not of kind `fail` has the level `none`.
_KINDS = {
    Outcome.FAILED: ("fail", "error"),
    Outcome.WARNING: ("fail", "warning"),
    Outcome.REVIEW: ("review", "none"),
    Outcome.INTERRUPTED: ("open", "none"),
}
# The kinds of 3.33.7 where it has a word; others are allowed.
_SPOTS = {
    Spot.MESSAGE: "message",
    Spot.STATUS: "status",
    Spot.HEADER: "header",
    Spot.ELEMENT: "element",
    Spot.MEMBER: "property",
    Spot.ENTRY: "entry",
    Spot.TICKET: "ticket",
}
_TOLD = {State.ERROR, State.FAILED}
_LEVELS = {Level.MUST: "error", Level.SHOULD: "warning", Level.MAY: "note"}


def render_sarif(record: RunRecord) -> str:
    """Draw the SARIF log of a record."""
    rows = answers(record)
    index = {row.id: number for number, row in enumerate(rows)}
    results = list(_certified(record, rows) if record.certification else _from_scenarios(record))
    for result in results:
        result["ruleIndex"] = index[result["ruleId"]]
    run = {
        "tool": {"driver": _driver(rows)},
        "automationDetails": {"id": f"hybridjoin/{record.site}/"},
        "invocations": [_invocation(record)],
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA_URL, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _driver(rows: Iterable[RequirementRow]) -> dict[str, Any]:
    return {
        "name": "hybridjoin",
        "semanticVersion": hybridjoin.__version__,
        "rules": [_rule(row) for row in rows],
    }


def _rule(row: RequirementRow) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": row.id,
        "shortDescription": {"text": row.sentence or row.id},
        "defaultConfiguration": {"level": _LEVELS[row.level]},
        "properties": {"tags": [row.area, row.level.value]},
    }
    if row.url.startswith(("https://", "http://")):
        rule["helpUri"] = row.url
    source = source_of(row)
    if row.remedy or source:
        rule["help"] = {"text": "\n".join(part for part in (row.remedy, source) if part)}
    return rule


def _certified(record: RunRecord, rows: Iterable[RequirementRow]) -> Iterator[dict[str, Any]]:
    certification = record.certification
    for row in rows:
        if certification is None or row.outcome not in _KINDS:
            continue
        excused = excuse(row, certification)
        result = _result(row, row.id, row.id)
        result["locations"] = [_location(*line_to_look_at(record.place, row.where), row.where)]
        if excused:
            result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": excused}]
        yield result


def _from_scenarios(record: RunRecord) -> Iterator[dict[str, Any]]:
    for item, verdict in every_verdict(record):
        if verdict.outcome not in _KINDS:
            continue
        result = _result(verdict, verdict.requirement, f"{verdict.requirement} {item.file} {item.id}")
        result["locations"] = [_location(item.file, item.line, verdict.where)]
        if foreseen(item):
            why = f"the scenario {item.id} came out as it expects"
            result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
        yield result


def _result(answer: RequirementRow | Verdict, rule: str, identity: str) -> dict[str, Any]:
    kind, level = _KINDS[answer.outcome]
    words = f"{answer.sentence} Expected {answer.expected or 'it to hold'}, found {answer.found or 'nothing'}."
    if answer.outcome is Outcome.INTERRUPTED:
        why = reason_text(answer.not_tested) or "the run was interrupted"
        words = f"{answer.sentence} It could not be found out: {why}."
    return {
        "ruleId": rule,
        "kind": kind,
        "level": level,
        "message": {"text": f"{words} {answer.remedy}".strip()},
        "partialFingerprints": {"hybridjoin/v1": hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()},
    }


def _location(uri: str, line: int, where: Where | None) -> dict[str, Any]:
    place: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(uri)}, "region": {"startLine": max(line, 1)}}
    }
    if where is not None:
        place["logicalLocations"] = [_logical_location(where)]
    return place


def _logical_location(where: Where) -> dict[str, Any]:
    """Return a place as SARIF 3.33 tells it: what has no line of its own is the same when lines move."""
    named: dict[str, Any] = {
        "name": spot_text(where) or where_text(where),
        "fullyQualifiedName": where_text(replace(where, line=0)),
        "kind": _SPOTS[where.spot],
    }
    return {**named, "properties": {"line": where.line}} if where.line else named


def _uri(path: str) -> str:
    """Return a path as a URI reference (RFC 3986, 4.2), one from the root as a file URI (RFC 8089)."""
    quoted = quote(path.replace("\\", "/"), errors="replace")
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _invocation(record: RunRecord) -> dict[str, Any]:
    found = cases(record)
    made: dict[str, Any] = {
        "executionSuccessful": all(case.state is not State.ERROR for case in found),
        "startTimeUtc": f"{record.started_at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "endTimeUtc": f"{record.finished_at:%Y-%m-%dT%H:%M:%S.%f}Z",
    }
    if record.certification is None:
        notifications = [_notification(case) for case in found if case.state in _TOLD]
    else:
        notifications = [{"level": "error", "message": {"text": record.interrupted}}] if record.interrupted else []
    return made | ({"toolExecutionNotifications": notifications} if notifications else {})


def _notification(case: ReportedCase) -> dict[str, Any]:
    """Tell of a scenario that came to no end, or to another than it expects: no requirement says that."""
    return {
        "level": "error",
        "message": {"text": f"{case.title}: {case.text or case.message}"},
        "locations": [_location(case.file, case.line, None)],
    }

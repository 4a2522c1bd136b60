"""The schema of an event stream: what each kind of line holds, and what its members mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any, Final

from hybridjoin.model.flows import FLOWS
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Untested
from hybridjoin.model.where import Side, Spot, Where
from hybridjoin.report.schemas.result_words import RESULTS, SHARED

SCHEMA: Final = "hybridjoin-events/1"

_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "run-started": "The first line: how much is known to be done.",
        "scenario-started": "A scenario begins.",
        "verdict": "A requirement that a scenario's join broke; it comes before the scenario ends.",
        "stage-started": "A join or a probe of a certification begins.",
        "stage-finished": "A join or a probe of a certification is done.",
        "requirement": "The answer to one requirement of a certification.",
        "scenario-finished": "A scenario is done.",
        "run-finished": "The last line; a stream without it was cut off.",
    }
)
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **SHARED,
        **RESULTS["Where"],
        **RESULTS["NotTested"],
        "schema": "The version of this format.",
        "total": "How many scenarios or stages are known of.",
        "number": "Which of them it is, from 1.",
        "id": "The scenario's id.",
        "name": "What it is called.",
        "requirement": "The requirement's id, as MEX-07.",
        "where": "The place in words; empty where it is about none.",
        "place": "The place as data, or the line of a file.",
        "reason": "Why, as a word.",
        "step": "The step that is meant; null or empty where none is.",
        "probe": "The probe that is meant; empty where none is.",
        "elapsed_s": "How long it took, in seconds.",
        "note": "What came of it where that is not plain.",
        "deviation": "The list that forgives its failure; empty where none does.",
        "tested": "Whether it was answered.",
        "why_not": "Why it was not tested, in words; empty where it was.",
        "not_tested": "Why it was not tested, as data; null where it was.",
        "join": "What the device did; null where it did nothing. In a place, which of several joins.",
        "device": "The computer, or the user who signed in.",
        "result": "How the flow ended.",
        "codes": "The codes that Windows and Entra show, the nearest first.",
        "unmet": "The expectations that were not met.",
        "run_id": "The run's own id, as in its record.",
        "headline": "The sentence that sums the run up.",
        "counts": "How many requirements, or scenarios, came to each outcome.",
        "interrupted": "Why the run stopped early; empty where it did not.",
        "report": "The folder of the report; null where none was written.",
    }
)


def events_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of the stream: `event` says which definition the line keeps."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": "hybridjoin events",
        "description": "One line of a run's event stream.",
        "type": "object",
        "properties": {
            "event": {"enum": list(_EVENTS), "description": "What happened."},
            "at": {"type": "string", "format": "date-time", "description": "When the line was written."},
        },
        "required": ["event", "at"],
        "allOf": [
            {"if": {"properties": {"event": {"const": name}}}, "then": {"$ref": f"#/$defs/{name}"}} for name in _EVENTS
        ],
        "$defs": {name: _event(name, _FIELDS[name]) for name in _EVENTS},
    }


def _event(name: str, members: dict[str, Any]) -> dict[str, Any]:
    told = {
        "event": {"const": name, "description": "What happened."},
        "at": {"type": "string", "format": "date-time", "description": "When the line was written."},
        **{key: _told(key, value) for key, value in members.items()},
    }
    return {
        "description": _EVENTS[name],
        "type": "object",
        "properties": told,
        "required": list(told),
        "additionalProperties": False,
    }


def _told(name: str, node: dict[str, Any]) -> dict[str, Any]:
    """Return a member with its sentence, and its own members with theirs; a test names one that has none."""
    told = {**node, **({"description": _WORDS[name]} if name in _WORDS else {})}
    if "properties" in node:
        told["properties"] = {key: _told(key, value) for key, value in node["properties"].items()}
    if "properties" in node.get("items", {}):
        told["items"] = {
            **node["items"],
            "properties": {key: _told(key, value) for key, value in node["items"]["properties"].items()},
        }
    return told


_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_OUTCOME: dict[str, Any] = {"enum": ["passed", "warning", "review", "failed", "skipped", "interrupted"]}
_JOIN: dict[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "device": _TEXT,
        "result": {"enum": list(dict.fromkeys(name for flow in FLOWS for name, _ in flow.results))},
        "codes": {"type": "array", "items": _TEXT},
    },
    "required": ["device", "result", "codes"],
    "additionalProperties": False,
}
_UNMET: dict[str, Any] = {
    "type": "object",
    "properties": {"name": _TEXT, "place": _TEXT, "expected": _TEXT, "found": _TEXT},
    "required": ["name", "place", "expected", "found"],
    "additionalProperties": False,
}
_PLACE: dict[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        **dict.fromkeys(("name", "label", "probe", "document", "join", "reader"), _TEXT),
        **dict.fromkeys(("line", "assertion", "answer"), _COUNT),
        "step": {"enum": [*(step.value for step in Step), None]},
        "side": {"enum": [side.value for side in Side]},
        "spot": {"enum": [spot.value for spot in Spot]},
    },
    "required": [item.name for item in fields(Where)],
    "additionalProperties": False,
}
_NOT_TESTED: dict[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        **dict.fromkeys(("step", "probe", "requirement", "detail"), _TEXT),
        "reason": {"enum": [reason.value for reason in Untested]},
    },
    "required": [item.name for item in fields(NotTested)],
    "additionalProperties": False,
}
_FIELDS: dict[str, dict[str, Any]] = {
    "run-started": {"schema": {"const": SCHEMA}, "total": _COUNT},
    "scenario-started": {"id": _TEXT, "number": _COUNT, "total": _COUNT},
    "verdict": {
        "id": _TEXT,
        "requirement": _TEXT,
        "level": {"enum": ["MUST", "SHOULD", "MAY"]},
        "outcome": {"enum": ["failed", "warning", "review"]},
        "expected": _TEXT,
        "found": _TEXT,
        "where": _TEXT,
        "place": _PLACE,
    },
    "stage-started": {"name": _TEXT, "number": _COUNT, "total": _COUNT},
    "stage-finished": {
        "name": _TEXT,
        "outcome": _OUTCOME,
        "elapsed_s": {"type": "number", "minimum": 0},
        "note": _TEXT,
        "number": _COUNT,
        "total": _COUNT,
    },
    "requirement": {
        "requirement": _TEXT,
        "level": {"enum": ["MUST", "SHOULD", "MAY"]},
        "outcome": _OUTCOME,
        "expected": _TEXT,
        "found": _TEXT,
        "where": _TEXT,
        "place": _PLACE,
        "deviation": {"enum": ["", "known", "expected", "flapping"]},
        "tested": {"type": "boolean"},
        "why_not": _TEXT,
        "not_tested": _NOT_TESTED,
    },
    "scenario-finished": {
        "id": _TEXT,
        "file": _TEXT,
        "line": _COUNT,
        "outcome": _OUTCOME,
        "elapsed_s": {"type": "number", "minimum": 0},
        "join": _JOIN,
        "unmet": {"type": "array", "items": _UNMET},
        "error": _TEXT,
        "number": _COUNT,
        "total": _COUNT,
    },
    "run-finished": {
        "run_id": _TEXT,
        "headline": _TEXT,
        "counts": {"type": "object", "propertyNames": _OUTCOME, "additionalProperties": _COUNT},
        "interrupted": _TEXT,
        "report": {"type": ["string", "null"]},
    },
}

"""The schemas of records and events: every member says what it is, and a validator says what is wrong where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from hybridjoin.report.json_report import encode_record, record_schema
from hybridjoin.report.schemas.event_schema import events_schema
from hybridjoin.report.schemas.result_words import RESULTS
from hybridjoin.report.schemas.said_words import SAID
from tests.report.sample import sample_record

SCHEMAS = {"record": record_schema, "events": events_schema}


def members(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, node in (*schema.get("properties", {}).items(), *schema.get("$defs", {}).items()):
        yield f"{path}.{name}", node
        yield from members(node, f"{path}.{name}")
    if isinstance(schema.get("items"), dict):
        yield from members(schema["items"], path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_member_says_what_it_is(name: str) -> None:
    found = dict(members(SCHEMAS[name]()))

    assert len(found) > 40
    assert [path for path, node in found.items() if not node.get("description")] == []


def test_the_tables_speak_of_nothing_that_there_is_not() -> None:
    schema = record_schema()
    types = {"RunRecord": schema, **schema["$defs"]}

    told = {name: set(words) for name, words in (*RESULTS.items(), *SAID.items())}
    left = {name: words - types[name].get("properties", {}).keys() for name, words in told.items()}
    assert {name: words for name, words in left.items() if words} == {}


def depth_of_unions(node: object) -> int:
    if isinstance(node, list):
        return max(map(depth_of_unions, node), default=0)
    if not isinstance(node, dict):
        return 0
    here = "anyOf" in node or "oneOf" in node
    return max((here + depth_of_unions(value) for key, value in node.items() if key != "$defs"), default=0)


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_union_lies_in_another(name: str) -> None:
    schema = SCHEMAS[name]()

    assert depth_of_unions(schema) <= 1
    assert max(map(depth_of_unions, schema["$defs"].values())) <= 1


def test_a_record_keeps_its_schema_and_a_slip_is_told_where_it_is() -> None:
    check = Draft202012Validator(record_schema())
    record = json.loads(encode_record(sample_record()))
    assert list(check.iter_errors(record)) == []

    record["scenarios"][0]["outcome"] = "pased"
    best = best_match(check.iter_errors(record))
    assert best is not None
    assert (best.json_path, best.message[:18]) == ("$.scenarios[0].outcome", "'pased' is not one")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"event": "other", "at": "2026-07-14T10:22:31Z"}, "'other' is not one of ['run-started', "),
        ({"event": "run-started", "at": "2026-07-14T10:22:31Z", "total": 1}, "'schema' is a required property"),
        (
            {"event": "run-started", "at": "x", "total": "1", "schema": "hybridjoin-events/1"},
            "'1' is not of type 'integer'",
        ),
    ],
)
def test_a_line_that_does_not_keep_the_schema_is_told_why(line: dict[str, Any], words: str) -> None:
    best = best_match(Draft202012Validator(events_schema()).iter_errors(line))

    assert best is not None
    assert best.message.startswith(words)

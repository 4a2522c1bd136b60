"""The record on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from pydantic import TypeAdapter

from hybridjoin.errors import UsageError
from hybridjoin.model.record import SCHEMA, RunRecord
from hybridjoin.model.shown import harmless
from hybridjoin.report.json_report import (
    decode_record,
    encode_record,
    read_record,
    record_in_parts,
    record_schema,
    write_record,
)
from tests.report.certification_sample import certified_record
from tests.report.sample import good_scenario, sample_record


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    record = sample_record(interrupted="the engine went away")

    path = write_record(record, tmp_path)

    assert path.name == "record.json"
    assert read_record(path) == record
    assert read_record(tmp_path) == record


def test_a_record_satisfies_its_own_published_schema() -> None:
    schema = record_schema()

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(encode_record(sample_record())), schema)


@pytest.mark.parametrize("joins", [0, 1, 2, 3])
def test_a_record_that_is_written_scenario_by_scenario_is_the_json_of_the_whole(joins: int) -> None:
    scenarios = tuple(replace(good_scenario(), id=f"s{number}", title="two\nlines") for number in range(joins))
    record = replace(certified_record(), scenarios=scenarios)

    written = b"".join(record_in_parts(record)).decode()

    assert written == harmless(TypeAdapter(RunRecord).dump_json(record, indent=1).decode()) + "\n"
    assert decode_record(written.encode(), place="record.json") == record


def test_a_record_from_before_sections_were_verified_still_reads() -> None:
    data = json.loads(encode_record(certified_record()))
    told = [row.pop("verified") for row in data["certification"]["requirements"]]

    older = decode_record(json.dumps(data).encode(), place="record.json").certification

    jsonschema.validate(data, record_schema())
    assert any(told)
    assert older is not None
    assert not any(row.verified for row in older.requirements)


def test_the_schema_refuses_the_record_of_another_version() -> None:
    data = json.loads(encode_record(sample_record())) | {"schema": "hybridjoin-record/1"}

    with pytest.raises(jsonschema.ValidationError, match="hybridjoin-record/2"):
        jsonschema.validate(data, record_schema())


@pytest.mark.parametrize(
    ("schema", "advice"),
    [
        ("hybridjoin-record/3", "a newer hybridjoin wrote it"),
        ("hybridjoin-record/0", "an older hybridjoin wrote it"),
        ("somebody-else/1", "not a record of hybridjoin"),
        (None, "not a record of hybridjoin"),
        (7, "not a record of hybridjoin"),
    ],
)
def test_a_newer_older_or_foreign_record_is_refused_with_advice(schema: object, advice: str) -> None:
    data = json.loads(encode_record(sample_record())) | {"schema": schema}

    with pytest.raises(UsageError, match=advice) as caught:
        decode_record(json.dumps(data).encode(), place="record.json")

    assert f"expected a record of schema {SCHEMA}" in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000], ids=repr)
def test_what_is_no_record_at_all_is_a_usage_error(body: bytes) -> None:
    with pytest.raises(UsageError, match=r"record\.json"):
        decode_record(body, place="record.json")


def test_every_mistake_of_a_record_is_named_with_its_path() -> None:
    data = json.loads(encode_record(sample_record()))
    data["scenarios"][0]["outcome"] = "splendid"
    data["started_at"] = "noon"

    with pytest.raises(UsageError) as caught:
        decode_record(json.dumps(data).encode(), place="record.json")

    places = [mistake.place for mistake in caught.value.mistakes]
    assert places == ["record.json: started_at", "record.json: scenarios.0.outcome"]


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_record(tmp_path / "nowhere")

"""The record on disk: the frozen dataclasses written down as JSON, and read back with every mistake named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.given import is_folder, read_given
from hybridjoin.model.record import SCHEMA, RunRecord, ScenarioRecord
from hybridjoin.model.shown import harmless
from hybridjoin.report import record_1
from hybridjoin.report.formats.catalogue import RECORD
from hybridjoin.report.schemas.described import described
from hybridjoin.report.write import LATEST
from hybridjoin.scenario.flat_schema import flat

FILE_NAME = RECORD.file_name
_ADAPTER: TypeAdapter[RunRecord] = TypeAdapter(RunRecord)
LIMIT_BYTES = 256 * 1024 * 1024
LIMIT_VALUES = 4_000_000
"""How many values a record may have; a run of a thousand scenarios has a tenth of them."""
_EACH_VALUE = (b",", b"[", b"{")
_SCENARIO: TypeAdapter[ScenarioRecord] = TypeAdapter(ScenarioRecord)
_NO_SCENARIOS = b'\n "scenarios": [],\n'
_Part = TypeVar("_Part")
_FAMILY, _, _VERSION = SCHEMA.rpartition("/")


def encode_record(record: RunRecord) -> bytes:
    """Write a record as indented UTF-8 JSON; half a surrogate pair, which UTF-8 cannot hold, becomes `?`.

    What cannot be seen is written as an escape, so that the file may be looked at, too.
    """
    return b"".join(record_in_parts(record))


def record_in_parts(record: RunRecord) -> Iterator[bytes]:
    """Write a record as `encode_record` does, scenario by scenario: no more of the text is ever held than one."""
    around = _dumped(_ADAPTER, replace(record, scenarios=()))
    before, nothing, behind = around.partition(_NO_SCENARIOS)
    yield before
    if record.scenarios:
        yield b'\n "scenarios": [\n  '
        for number, item in enumerate(record.scenarios):
            yield b",\n  " * bool(number) + _dumped(_SCENARIO, item).replace(b"\n", b"\n  ")
        yield b"\n ],\n"
    else:
        yield nothing
    yield behind + b"\n"


def _dumped(adapter: TypeAdapter[_Part], value: _Part) -> bytes:
    """Write a value as indented JSON; a line end stands between two lines of it alone."""
    try:
        body = adapter.dump_json(value, indent=1)
    except (PydanticSerializationError, UnicodeEncodeError):
        body = adapter.dump_json(adapter.validate_python(_written(adapter.dump_python(value))), indent=1)
    return harmless(body.decode("utf-8")).encode("utf-8")


def _written(value: Any) -> Any:  # noqa: ANN401 - whatever a record is made of
    """Return a value whose texts UTF-8 can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_written(key): _written(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_written(item) for item in value)
    return value


def write_record(record: RunRecord, directory: Path) -> Path:
    """Write `record.json` into a directory and return its path."""
    path = directory / FILE_NAME
    path.write_bytes(encode_record(record))
    return path


def read_record(path: Path) -> RunRecord:
    """Read a record back; `path` is the file, the run's directory, or the folder of all runs, whose latest is meant.

    Raises:
        UsageError: it cannot be used; what is wrong is told.
    """
    file = record_file(path)
    body = read_given(file, limit_bytes=LIMIT_BYTES, place=str(path), hint=f"a run writes reports/<time>/{FILE_NAME}")
    return decode_record(body, place=str(file))


def record_file(path: Path) -> Path:
    """Return the record that a path means: itself, the one in a run's directory, the latest one of a folder of runs.

    Raises:
        UsageError: it is a folder without any of these.
    """
    if not is_folder(path):
        return path
    found = next((file for file in (path / FILE_NAME, path / LATEST / FILE_NAME) if file.is_file()), None)
    if found is None:
        problem = f"expected a folder with {FILE_NAME} in it, or with {LATEST}/{FILE_NAME}, found neither"
        hint = f"a run writes reports/<time>/{FILE_NAME}, and reports/{LATEST} leads to the last one"
        raise UsageError(Mistake(place=str(path), problem=problem, hint=hint))
    return found


def decode_record(body: bytes, *, place: str) -> RunRecord:
    """Read a record from its JSON, of this version or the first; `place` is named in the mistakes.

    Raises:
        UsageError: it is no record, or one of a newer version.
    """
    document = _refuse_foreign(body, place)
    if document["schema"] == record_1.SCHEMA:
        record_1.upgrade(document)
        document["schema"] = SCHEMA
    try:
        return _ADAPTER.validate_python(document)
    except ValidationError as error:
        raise UsageError(*(_mistake(place, item["loc"], item["msg"]) for item in error.errors()[:20])) from error


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record file."""
    schema = flat(described(_ADAPTER.json_schema(mode="serialization"), RunRecord.__name__))
    schema["properties"]["schema"] = {"const": SCHEMA, "description": schema["properties"]["schema"]["description"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": "hybridjoin record",
        **schema,
    }


def _refuse_foreign(body: bytes, place: str) -> dict[str, Any]:
    if sum(map(body.count, _EACH_VALUE)) > LIMIT_VALUES:
        raise UsageError(Mistake(place=place, problem=f"expected at most {LIMIT_VALUES} values in JSON, found more"))
    try:
        data = _json(body)
    except json.JSONDecodeError as error:
        where = f"{place}:{error.lineno}:{error.colno}"
        raise UsageError(Mistake(place=where, problem=f"expected JSON, found {error.msg.lower()}")) from error
    except UnicodeDecodeError as error:
        raise UsageError(Mistake(place=place, problem="expected JSON in UTF-8, found something else")) from error
    except (ValueError, RecursionError) as error:
        problem = "expected JSON of some hundred levels and numbers of some thousand digits at most, found more"
        raise UsageError(Mistake(place=place, problem=problem)) from error
    found = data.get("schema") if isinstance(data, dict) else None
    if isinstance(data, dict) and found in {SCHEMA, record_1.SCHEMA}:
        return data
    problem = f"expected a record of schema {SCHEMA}, found {found!r}"
    raise UsageError(Mistake(place=place, problem=problem, hint=_advice(found)))


def _json(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read JSON by a reader that needs no text of it beside the octets; what it refuses, the usual one reads or words.

    Where any letter lies beyond Latin-1, the text of a large record takes twice its octets.
    """
    try:
        return from_json(body)
    except ValueError:
        return json.loads(body)


def _advice(found: object) -> str:
    match = re.fullmatch(rf"{re.escape(_FAMILY)}/(\d{{1,6}})", found) if isinstance(found, str) else None
    if match is None:
        return "this is not a record of hybridjoin; a run writes one as reports/<time>/record.json"
    if int(match[1]) > int(_VERSION):
        return "a newer hybridjoin wrote it; update this one to read it"
    return "an older hybridjoin wrote it; draw it with that version"


def _mistake(place: str, location: tuple[int | str, ...], problem: str) -> Mistake:
    path = ".".join(str(part) for part in location) or "(top)"
    return Mistake(place=f"{place}: {path}", problem=problem)

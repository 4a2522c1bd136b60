"""pydantic's errors, told as `file:line:column: what was expected, what was found (did you mean …?)`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.scenario.yaml.source import DataPath, Positions

Model = TypeVar("Model", bound=BaseModel)

SALVAGE_ATTEMPTS = 4
PLACEHOLDER = "placeholder"
NOTHING: Mapping[str, str] = MappingProxyType({})

_EXPECTED = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "string": "text",
    "dict": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
    "list": "a list",
    "tuple": "a list",
}


def validate(model: type[Model], data: object, positions: Positions) -> Model:
    """Return the data as the model.

    Raises:
        UsageError: it has mistakes; every one is told at its place.
    """
    try:
        return model.model_validate(data)
    except ValidationError as trouble:
        raise UsageError(*_mistakes(model, data, positions, trouble)) from trouble


def salvage(
    model: type[Model], data: object, positions: Positions, *, fill: Mapping[str, str] = NOTHING
) -> tuple[Model | None, tuple[Mistake, ...]]:
    """Return the data as the model, without its mistaken parts, and every mistake at its place.

    What is left lets the names in it be looked at in the same breath. It is None where too little is left. `fill` says
    by key what stands for a missing one that takes no placeholder.
    """
    mistakes: tuple[Mistake, ...] = ()
    for attempt in range(SALVAGE_ATTEMPTS):
        try:
            return model.model_validate(data), mistakes
        except ValidationError as trouble:
            if attempt == 0:
                mistakes = _mistakes(model, data, positions, trouble)
            data = _without(data, trouble.errors(include_url=False), fill)
    return None, mistakes


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the hint `did you mean 'x'?`, or the choices where there are few, or nothing."""
    names = sorted(set(known))
    same = [name for name in names if name.lower() == word.lower()]
    close = same or difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 16 else ""


def describe(value: object) -> str:
    """Say what a value is, as a person would."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    text = str(value)
    return f"'{text if len(text) <= 60 else text[:57] + '…'}'"


def _without(data: object, errors: Iterable[ErrorDetails], fill: Mapping[str, str]) -> object:
    """Return a copy without what the errors point at; lists go whole, so that no place in them shifts."""
    copy = deepcopy(data)
    for error in errors:
        path = _existing(copy, error["loc"])
        if error["type"] == "missing":
            _container(copy, path)[error["loc"][-1]] = fill.get(str(error["loc"][-1]), PLACEHOLDER)
            continue
        while path and isinstance(path[-1], int):
            path = path[:-1]
        if path:
            _container(copy, path[:-1]).pop(path[-1], None)
    return copy


def _container(data: object, path: DataPath) -> dict[int | str, object]:
    for step in path:
        data = cast("Any", data)[step]
    return cast("dict[int | str, object]", data) if isinstance(data, dict) else {}


def _mistakes(
    model: type[BaseModel], data: object, positions: Positions, trouble: ValidationError
) -> tuple[Mistake, ...]:
    found: dict[tuple[str, str], Mistake] = {}
    for error in trouble.errors(include_url=False):
        path = _existing(data, error["loc"])
        mistake = _mistake(model, error, path, positions)
        found.setdefault((mistake.place, mistake.problem), mistake)
    return tuple(found.values())


def _mistake(model: type[BaseModel], error: ErrorDetails, path: DataPath, positions: Positions) -> Mistake:
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        known = _siblings(model, error["loc"])
        word = str(path[-1])
        return Mistake(place=positions.key(path), problem=f"unknown key '{word}'", hint=nearest(word, known))
    if kind == "missing":
        problem = f"expected the key '{error['loc'][-1]}', found nothing of that name"
        return Mistake(place=positions.value(path), problem=problem)
    place = positions.value(path)
    if kind in {"literal_error", "enum"}:
        choices = _choices(str(error.get("ctx", {}).get("expected", "")))
        problem = f"expected one of {', '.join(choices)}, found {describe(value)}"
        return Mistake(place=place, problem=problem, hint=_did_you_mean(value, choices))
    if kind == "value_error":
        return Mistake(place=place, problem=str(error["msg"]).removeprefix("Value error, "))
    expected = _EXPECTED.get(kind.removesuffix("_type").removesuffix("_parsing"))
    if expected:
        hint = "put it in quotes" if expected == "text" and isinstance(value, (bool, int, float)) else ""
        return Mistake(place=place, problem=f"expected {expected}, found {describe(value)}", hint=hint)
    return Mistake(place=place, problem=f"{error['msg'][:1].lower()}{error['msg'][1:]}, found {describe(value)}")


def _existing(data: object, loc: Iterable[int | str]) -> DataPath:
    """Keep of pydantic's location the steps that the data has; the others name members of a union."""
    path: list[str | int] = []
    here: Any = data
    for step in loc:
        if (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        ):
            path.append(step)
            here = cast("Any", here)[step]
    return tuple(path)


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return a model's JSON Schema, worked out once: it takes longer than all else that is said of a mistake."""
    return model.model_json_schema(by_alias=True)


def _siblings(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Walk the model's JSON Schema to the object that refused the key, and list what it knows."""
    schema = _schema(model)
    definitions = schema.get("$defs", {})
    here: list[dict[str, Any]] = [schema]
    for step in loc[:-1]:
        here = [after for node in here for after in _step(node, step, definitions)] or here
    known = {name for node in here for part in _resolve(node, definitions) for name in part.get("properties", {})}
    return tuple(known)


def _step(node: dict[str, Any], step: int | str, definitions: dict[str, Any]) -> list[dict[str, Any]]:
    after: list[dict[str, Any]] = []
    for part in _resolve(node, definitions):
        if isinstance(step, int) and isinstance(part.get("items"), dict):
            after.append(part["items"])
        elif step in part.get("properties", {}):
            after.append(part["properties"][step])
        elif isinstance(part.get("additionalProperties"), dict):
            after.append(part["additionalProperties"])
    return after


def _resolve(node: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in node:
        return _resolve(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    members = [member for key in ("anyOf", "oneOf", "allOf") for member in node.get(key, ())]
    return [part for member in members for part in _resolve(member, definitions)] or [node]


def _choices(expected: str) -> tuple[str, ...]:
    return tuple(word.strip(" '\"") for word in expected.replace(" or ", ", ").split(",") if word.strip(" '\""))


def _did_you_mean(value: object, choices: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(str(value).lower(), choices, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""

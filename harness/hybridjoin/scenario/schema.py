"""The JSON Schemas of the three files, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel

from hybridjoin.doubles.fault import Fault, Option
from hybridjoin.scenario.lab.lab_schema import LabDocument
from hybridjoin.scenario.scenario_schema import ScenarioModel
from hybridjoin.scenario.site.site_schema import SiteModel
from hybridjoin.scenario.vocabulary import CLAIMS, EXPECTED_CLAIMS, FAULTS

Kind = Literal["scenario", "site", "lab"]

_MODELS: Final[dict[str, type[BaseModel]]] = {"scenario": ScenarioModel, "site": SiteModel, "lab": LabDocument}
_TITLES: Final = {"scenario": "hybridjoin scenario", "site": "hybridjoin site", "lab": "hybridjoin lab"}
_TYPES: Final = {"text": "string", "integer": "integer", "number": "number", "list": "array"}
_NULL: Final = {"type": "null"}
_REFERENCE: Final = {"type": "string", "pattern": r"\$\{\s*matrix\."}


def json_schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of file."""
    schema = _MODELS[kind].model_json_schema(by_alias=True)
    if kind == "scenario":
        _name_claims_and_faults(schema["$defs"])
        schema = _with_references(schema)
        # A file that others extend, or that extends one, need not say everything itself.
        schema["required"] = ["id", "title"]
    if kind == "lab":
        schema.pop("required", None)  # what a lab extends may have said it
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:hybridjoin-{kind}:1",
        **schema,
        "title": _TITLES[kind],
    }


def _name_claims_and_faults(definitions: dict[str, Any]) -> None:
    """Let an editor offer the names that are checked only after the file has been read."""
    for model, claims in (("IdpModel", CLAIMS), ("ExpectModel", EXPECTED_CLAIMS)):
        definitions[model]["properties"]["claims"]["propertyNames"] = {"enum": list(claims)}
    for model, place in (("IdpModel", "idp"), ("EntraModel", "entra")):
        faults = FAULTS[place]
        definitions[model]["properties"]["faults"]["items"] = {
            "anyOf": [
                {"enum": list(faults)},
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": False,
                    "properties": {name: _fault(fault) for name, fault in faults.items()},
                },
            ]
        }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "type": "object",
        "description": fault.sentence,
        "additionalProperties": False,
        "properties": {option.name: _option(option) for option in fault.options},
    }


def _option(option: Option) -> dict[str, Any]:
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    schema: dict[str, Any] = {"type": _TYPES[option.type], "description": option.sentence, "default": default}
    choices = [int(item) for item in option.choices] if option.type == "integer" else list(option.choices)
    closed = {"enum": choices} if choices else {"type": "string"}
    if option.type == "list":
        return {**schema, "items": closed, "minItems": 1}
    bounds = {"minimum": option.least, "maximum": option.most}
    return {**schema, **(closed if choices else {}), **{k: v for k, v in bounds.items() if v is not None}}


def _with_references(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Allow `${matrix.axis}` wherever a closed set or a number is asked for, and null where a base may be undone."""
    if isinstance(node, list):
        return [_with_references(item) for item in node]
    if not isinstance(node, dict):
        return node
    walked = {key: _with_references(value) for key, value in node.items()}
    if isinstance(walked.get("properties"), dict):
        walked["properties"] = {name: {"anyOf": [value, _NULL]} for name, value in walked["properties"].items()}
    if isinstance(walked.get("additionalProperties"), dict):
        walked["additionalProperties"] = {"anyOf": [walked["additionalProperties"], _NULL]}
    closed = "enum" in node or "const" in node or node.get("type") in {"boolean", "integer", "number"}
    return {"anyOf": [walked, _REFERENCE]} if closed else walked

"""The JSON Schemas of the files that people write, for editors that complete and check while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel

from hybridjoin.doubles.fault import Fault, Option
from hybridjoin.scenario.case.case_file import CaseModel
from hybridjoin.scenario.flat_schema import NULL, Node, closed_set, flat, kinds_of
from hybridjoin.scenario.gateway_file import GatewayModel
from hybridjoin.scenario.lab.lab_schema import LabDocument
from hybridjoin.scenario.scenario_schema import ScenarioModel
from hybridjoin.scenario.site.deviation_file import DeviationsModel
from hybridjoin.scenario.site.profile_file import ProfileModel
from hybridjoin.scenario.site.site_schema import SiteModel
from hybridjoin.scenario.vocabulary import CLAIMS, DIAL, EXPECTED_CLAIMS, FAULTS

Kind = Literal["scenario", "site", "lab", "deviations", "profile", "case", "gateway"]

_MODELS: Final[dict[Kind, type[BaseModel]]] = {
    "scenario": ScenarioModel,
    "site": SiteModel,
    "lab": LabDocument,
    "deviations": DeviationsModel,
    "profile": ProfileModel,
    "case": CaseModel,
    "gateway": GatewayModel,
}
_TYPES: Final = {"text": "string", "integer": "integer", "number": "number", "list": "array"}
_REFERENCE: Final[Node] = {"pattern": r"\$\{\s*matrix\."}


def json_schema(kind: Kind) -> Node:
    """Return the JSON Schema (2020-12) of a kind of file."""
    schema = flat(_MODELS[kind].model_json_schema(by_alias=True))
    if kind == "scenario":
        _name_claims_and_faults(schema["$defs"])
        schema["properties"]["dial"]["items"] = _chosen_from(DIAL)
        schema = _lenient(schema)
        # A file that extends another need not say everything itself, at the top or in a mapping below; lists are whole.
        for name in schema["$defs"].keys() - {"ExtraClaimModel"}:
            schema["$defs"][name].pop("required", None)
        schema["required"] = ["id", "title"]
    if kind == "lab":
        schema.pop("required", None)  # what a lab extends may have said it
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:hybridjoin-{kind}:1",
        "title": f"hybridjoin {kind}",
        **schema,
    }


def _name_claims_and_faults(definitions: Node) -> None:
    """Let an editor offer the names that are checked only after the file has been read."""
    for model, claims in (("IdpModel", CLAIMS), ("ExpectModel", EXPECTED_CLAIMS)):
        definitions[model]["properties"]["claims"]["propertyNames"] = {"type": "string", "enum": list(claims)}
    for model, place in (("IdpModel", "idp"), ("EntraModel", "entra")):
        definitions[model]["properties"]["faults"]["items"] = _chosen_from(FAULTS[place])
    definitions.pop("FaultModel", None)


def _chosen_from(faults: Mapping[str, Fault]) -> Node:
    """Return what stands for one item of a list of faults: a name, or a name with its options."""
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": list(faults)},
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {name: _fault(fault) for name, fault in faults.items()},
    }


def _fault(fault: Fault) -> Node:
    return {
        "type": "object",
        "description": fault.sentence,
        "additionalProperties": False,
        "properties": {option.name: _option(option) for option in fault.options},
    }


def _option(option: Option) -> Node:
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    schema: Node = {"type": _TYPES[option.type], "description": option.sentence, "default": default}
    choices = [int(item) for item in option.choices] if option.type == "integer" else list(option.choices)
    closed: Node = {"enum": choices} if choices else {}
    if option.type == "list":
        return {**schema, "items": {"type": "string", **closed}, "minItems": 1}
    bounds = {"minimum": option.least, "maximum": option.most}
    return {**schema, **closed, **{key: value for key, value in bounds.items() if value is not None}}


def _lenient(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Allow `${matrix.axis}` wherever a closed set or a number is asked for, and null, which takes a base's away."""
    if not isinstance(node, dict):
        return node
    walked = {key: value if key in {"default", "enum"} else _lenient(value) for key, value in node.items()}
    for name, value in (walked["properties"] if isinstance(walked.get("properties"), dict) else {}).items():
        walked["properties"][name] = _or_null(_or_reference(value))
    for definition in walked.get("$defs", {}).values():
        definition.update(_or_null(definition))
    if isinstance(walked.get("additionalProperties"), dict):
        walked["additionalProperties"] = _or_null(_or_reference(walked["additionalProperties"]))
    for key in ("items", "propertyNames"):
        if key in walked:
            walked[key] = _or_reference(walked[key])
    return walked


def _or_reference(node: Node) -> Node:
    """Let a text refer to the matrix; a validator still says of any other one what was expected of it."""
    if "then" in node:
        return {**node, "then": _closed_or_reference(node["then"])}
    rest = {key: value for key, value in node.items() if key not in {"type", "enum", "minimum", "maximum"}}
    kinds = kinds_of(node)
    if set(kinds) <= {"string", "null"}:
        closed = closed_set(node)
        return {**rest, "type": node["type"], **_closed_or_reference({"enum": closed})} if closed else node
    if not closed_set(node) and not {"boolean", "integer", "number"} & set(kinds):
        return node
    asked = {key: node[key] for key in ("type", "enum", "minimum", "maximum") if key in node}
    shown = [value for value in closed_set(node) if isinstance(value, str)]
    types = list(dict.fromkeys((*kinds, "string")))
    offered: Node = {"examples": shown} if shown else {}
    return {**rest, **offered, "type": types, "if": {"type": "string", **_REFERENCE}, "else": asked}


def _closed_or_reference(node: Node) -> Node:
    return {"anyOf": [{"type": "string", "enum": [item for item in node["enum"] if item is not None]}, _REFERENCE]}


def _or_null(node: Node) -> Node:
    if "anyOf" in node and NULL in node["anyOf"]:
        (other,) = (item for item in node["anyOf"] if item != NULL)
        return {**{key: value for key, value in node.items() if key != "anyOf"}, **other}
    if "type" not in node:
        return node
    told: Node = {**node, "type": list(dict.fromkeys((*kinds_of(node), "null")))}
    if "else" in told:
        told["else"] = _or_null(told["else"])
    if "enum" in told and None not in told["enum"]:
        told["enum"] = [*told["enum"], None]
    return told

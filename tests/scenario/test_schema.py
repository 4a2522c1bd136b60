"""The published schemas say of a file what the loader says of it, so that an editor can be believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.schema import Kind, json_schema
from hybridjoin.scenario.yaml.source import load_yaml

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.scenario.yaml"))


def complaints(kind: Kind, data: object) -> list[str]:
    return [error.message for error in Draft202012Validator(json_schema(kind)).iter_errors(data)]


@pytest.mark.parametrize("kind", ["scenario", "site", "lab"])
def test_each_schema_is_one(kind: Kind) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert (schema["$id"], schema["title"]) == (f"urn:hybridjoin-{kind}:1", f"hybridjoin {kind}")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_each_scenario_of_the_collection_fits_its_schema(path: Path) -> None:
    data, _ = load_yaml(path)
    assert complaints("scenario", data) == []


def test_the_default_lab_fits_its_schema() -> None:
    data, _ = load_yaml(ROOT / "scenarios" / "default.lab.yaml")
    assert complaints("lab", data) == []


BASE: dict[str, Any] = {"id": "a", "title": "b", "expect": {"join": "failed"}}


@pytest.mark.parametrize(
    "change",
    [
        {"devise": {}},
        {"device": {"trust": "1.4"}},
        {"idp": {"claims": {"acounttype": "drop"}}},
        {"idp": {"faults": ["unsinged"]}},
        {"idp": {"faults": [{"slow-answer": {"secs": 1}}]}},
        {"entra": {"faults": ["unsigned"]}},
        {"expect": {"join": "maybe"}},
        {"expect": {"claims": {"primarysid": "mising"}}},
    ],
    ids=str,
)
def test_an_editor_sees_what_the_loader_would_refuse(change: dict[str, Any]) -> None:
    assert complaints("scenario", BASE) == []
    assert complaints("scenario", BASE | change)


def test_a_matrix_may_stand_where_a_closed_set_is_asked_for() -> None:
    data = BASE | {"device": {"trust": "${matrix.trust}", "fallback": "${ matrix.on }"}}
    data |= {"idp": {"claims": {"${matrix.claim}": "drop"}, "faults": ["${matrix.fault}"]}}
    assert complaints("scenario", data) == []


def test_the_collection_is_as_large_as_it_should_be() -> None:
    scenarios = load_scenarios([ROOT / "scenarios"])
    assert len(SCENARIOS) >= 30
    assert len({scenario.id for scenario in scenarios}) == len(scenarios) >= 150
    assert all(len(scenario.title) >= 20 and scenario.tags for scenario in scenarios)

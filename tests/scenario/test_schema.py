"""The published schemas say of a file what the loader says of it, so that an editor can be believed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.schema import Kind, json_schema
from hybridjoin.scenario.yaml.source import load_yaml

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.scenario.yaml"))


@cache
def validator(kind: Kind) -> Draft202012Validator:
    return Draft202012Validator(json_schema(kind))


def complaints(kind: Kind, data: object) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(data)]


KINDS: tuple[Kind, ...] = get_args(Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one(kind: Kind) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert (schema["$id"], schema["title"]) == (f"urn:hybridjoin-{kind}:1", f"hybridjoin {kind}")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: str(path.relative_to(ROOT)))
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


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"devise": {}}, "$", "Additional properties are not allowed ('devise' was unexpected)"),
        ({"tags": "claims"}, "$.tags", "'claims' is not of type 'array', 'null'"),
        ({"device": "WS01"}, "$.device", "'WS01' is not of type 'object', 'null'"),
        ({"device": {"nmae": "WS01"}}, "$.device", "Additional properties are not allowed ('nmae' was unexpected)"),
        ({"device": {"fallback": "no"}}, "$.device.fallback", "'no' is not of type 'boolean', 'null'"),
        ({"device": {"trust": 1.4}}, "$.device.trust", "1.4 is not one of ['1.3', '2005', 1.3, 2005, None]"),
        ({"idp": {"claims": {"accounttype": "dorp"}}}, "$.idp.claims.accounttype", "'dorp' is not one of ['drop']"),
        (
            {"idp": {"claims": {"accounttype": {"vaule": "x"}}}},
            "$.idp.claims.accounttype",
            "Additional properties are not allowed ('vaule' was unexpected)",
        ),
        ({"idp": {"claims": {"acounttype": "drop"}}}, "$.idp.claims", "'acounttype' is not one of ['ImmutableID'"),
        ({"idp": {"faults": ["unsinged"]}}, "$.idp.faults[0]", "'unsinged' is not one of ["),
        (
            {"idp": {"faults": [{"slow-answer": {"secs": 1}}]}},
            "$.idp.faults[0]['slow-answer']",
            "Additional properties are not allowed ('secs' was unexpected)",
        ),
        (
            {"expect": {"join": "maybe"}},
            "$.expect.join",
            "'maybe' is not one of ['federated', 'synchronized', 'failed']",
        ),
        ({"expect": {"phase": "autth"}}, "$.expect.phase", "'autth' is not one of ['pre-check', 'discover'"),
        ({"expect": {"http_status": 42}}, "$.expect.http_status", "42 is less than the minimum of 100"),
        ({"expect": {"claims": {"UPN": "mising"}}}, "$.expect.claims.UPN", "'mising' is not one of ['ok', 'missing'"),
        (
            {"expect": {"verdicts": {"MEX-01": "fail"}}},
            "$.expect.verdicts['MEX-01']",
            "'fail' is not one of ['passed', 'warning', 'review', 'failed', 'skipped']",
        ),
    ],
    ids=str,
)
def test_the_best_message_of_a_validator_names_what_was_expected_there(
    change: dict[str, Any], place: str, words: str
) -> None:
    best = best_match(Draft202012Validator(json_schema("scenario")).iter_errors(BASE | change))

    assert best is not None
    assert (best.json_path, best.message[: len(words)]) == (place, words)


def named_parts(node: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every key and definition with its path."""
    if isinstance(node, list):
        for item in node:
            yield from named_parts(item, path)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        named = key in {"properties", "$defs"} and "type" not in value
        for name, part in value.items() if named else ():
            yield f"{path}.{name}", part
            yield from named_parts(part, f"{path}.{name}")
        if not named:
            yield from named_parts(value, path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_says_what_it_is(kind: Kind) -> None:
    parts = dict(named_parts(json_schema(kind)))

    assert len(parts) >= 4
    assert [path for path, part in parts.items() if not part.get("description")] == []


def depth_of_unions(node: object) -> int:
    """How deep unions lie in one another."""
    if isinstance(node, list):
        return max(map(depth_of_unions, node), default=0)
    if not isinstance(node, dict):
        return 0
    return max((("anyOf" in node) + depth_of_unions(value) for value in node.values()), default=0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_union_lies_in_another(kind: Kind) -> None:
    assert depth_of_unions(json_schema(kind)["properties"]) <= 1
    for definition in json_schema(kind).get("$defs", {}).values():
        assert max(map(depth_of_unions, definition.get("properties", {}).values()), default=0) <= 1


def test_what_a_base_says_may_be_taken_away_and_left_unsaid() -> None:
    data = {"id": "a", "title": "b", "extends": "base.yaml", "expect": {"code": None, "claims": {"UPN": None}}}
    assert (
        complaints("scenario", data | {"device": {"trust": None, "fallback": None}, "user": {"password": "wrong"}})
        == []
    )


def test_a_matrix_may_stand_where_a_closed_set_is_asked_for() -> None:
    data = BASE | {"device": {"trust": "${matrix.trust}", "fallback": "${ matrix.on }"}}
    data |= {"idp": {"claims": {"${matrix.claim}": "drop"}, "faults": ["${matrix.fault}"]}}
    assert complaints("scenario", data) == []


def test_the_collection_is_as_large_as_it_should_be() -> None:
    scenarios = load_scenarios([ROOT / "scenarios"])
    assert len(SCENARIOS) >= 30
    assert len({scenario.id for scenario in scenarios}) == len(scenarios) >= 150
    assert all(len(scenario.title) >= 20 and scenario.tags for scenario in scenarios)

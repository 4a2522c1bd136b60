"""`hybridjoin status` and `hybridjoin schema`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from hybridjoin.cli.run.memory import FILE_NAME, remember, remember_last
from hybridjoin.doubles.idp.faults import FAULTS
from tests.cli.conftest import Run
from tests.report.sample import good_join, sample_record


def test_the_screen_of_the_last_join_is_shown(run: Run) -> None:
    remember(good_join(), site="hybridjoin.test")

    done = run("status")

    assert done.code == 0
    assert done.out.rstrip("\n").split("\n") == list(good_join().status_screen)
    assert "WS01 at hybridjoin.test" in done.err


def test_the_later_join_of_a_run_is_the_one_remembered(run: Run) -> None:
    remember_last(sample_record())

    kept = json.loads(run("status", "--json").out)

    assert kept["result"] == "synchronized"
    assert kept["codes"] == ["AADSTS51004", "0xcaa20003", "0xcaa1000e"]


def test_before_any_join_it_says_how_to_make_one(run: Run) -> None:
    done = run("status")

    assert done.code == 3
    assert "no device has joined yet" in done.err
    assert "hybridjoin join" in done.err


@pytest.mark.parametrize("text", ["", "[]", '{"screen": 7}', "\x00"])
def test_a_damaged_memory_is_no_join(run: Run, own_state: Path, text: str) -> None:
    (own_state / FILE_NAME).write_text(text)

    assert run("status").code == 3


@pytest.mark.parametrize("name", ["scenario", "site", "lab", "deviations", "profile", "case", "gateway", "record"])
def test_each_schema_is_one(run: Run, name: str) -> None:
    schema = json.loads(run("schema", name).out)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"


def test_the_schema_of_scenarios_knows_the_faults_and_says_what_each_does(run: Run) -> None:
    schema = json.loads(run("schema", "scenario").out)

    told = json.dumps(schema["$defs"]["IdpModel"]["properties"]["faults"], ensure_ascii=False)
    assert [name for name, fault in FAULTS.items() if f'"{name}"' not in told or fault.sentence not in told] == []
    wrong = {"id": "a", "title": "b", "expect": {"join": "failed"}, "idp": {"faults": ["accepts-replay"]}}
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(wrong))


def test_an_unknown_format_is_a_usage_error(run: Run) -> None:
    done = run("schema", "picture")

    assert done.code == 2
    assert "'scenario', 'site', 'lab', 'deviations', 'profile', 'case', 'gateway', 'record'" in done.err

"""A scenario file names its flow, and is told what only another flow could answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.model.flows import FLOWS, HYBRID_JOIN, SIGN_IN_USERNAME
from hybridjoin.scenario.expect_schema import ExpectModel
from hybridjoin.scenario.load import load_file
from hybridjoin.scenario.scenario import Expected
from hybridjoin.scenario.scenario_schema import ScenarioModel

KNOWN = ", ".join(flow.name for flow in FLOWS)
SIGN_IN = "id: a\ntitle: b\nflow: sign-in-username\n"


def load(folder: Path, text: str) -> Path:
    path = folder / "a.scenario.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_without_a_flow_is_a_join(tmp_path: Path) -> None:
    (scenario,) = load_file(load(tmp_path, "id: a\ntitle: b\nexpect: {join: federated}\n"))

    assert (scenario.flow, scenario.user) == (HYBRID_JOIN.name, None)


def test_a_sign_in_says_who_and_expects_its_own_result(tmp_path: Path) -> None:
    (scenario,) = load_file(load(tmp_path, SIGN_IN + "user: {name: carol}\nexpect: {sign_in: signed-in}\n"))

    assert scenario.flow == SIGN_IN_USERNAME.name
    assert scenario.user is not None
    assert (scenario.user.name, scenario.user.wrong, scenario.user.password) == ("carol", False, None)
    assert [item.about for item in scenario.expectations] == [Expected.SIGN_IN, Expected.OTHER_VERDICTS]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "id: a\ntitle: b\nflow: gone\nexpect: {join: failed}\n",
            f"expected one of {KNOWN}, found",
        ),
        (SIGN_IN + "expect: {sign_in: signed-in}\n", "the flow sign-in-username needs to know who signs in"),
        (
            SIGN_IN + "user: {name: a}\nexpect: {join: federated}\n",
            "the flow sign-in-username says nothing about 'join'",
        ),
        (
            SIGN_IN + "user: {name: a}\nexpect: {sign_in: not-signed-in, step: ticket}\n",
            "the flow sign-in-username has no step 'ticket'",
        ),
        (
            SIGN_IN + "user: {name: a}\nexpect: {sign_in: not-signed-in, kerberos: X}\n",
            "the flow sign-in-username says nothing about 'kerberos'",
        ),
        (
            SIGN_IN + "user: {name: a}\nexpect: {sign_in: signed-in, step: rst}\n",
            "'step' speaks of a failure, but 'sign_in' expects none",
        ),
        (
            SIGN_IN + "user: {name: a, password: hunter2}\nexpect: {sign_in: signed-in}\n",
            "expected one of right, wrong",
        ),
        (
            "id: a\ntitle: b\nflow: managed-join\nexpect: {join: federated}\n",
            "the flow managed-join never ends 'federated'",
        ),
        (
            "id: a\ntitle: b\nflow: managed-join\nexpect: {join: synchronized, step: realm}\n",
            "'step' speaks of a failure, but the join is expected to be synchronized",
        ),
        ("id: a\ntitle: b\nexpect: {sign_in: signed-in}\n", "the flow join says nothing about 'sign_in'"),
        ("id: a\ntitle: b\nuser: {name: a}\nexpect: {join: failed}\n", "nobody signs in by name in the flow join"),
    ],
)
def test_what_another_flow_could_answer_is_a_mistake(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_file(load(tmp_path, text))

    assert problem in str(refused.value)


def test_the_schema_knows_every_flow_with_its_results_and_what_may_be_expected_of_it() -> None:
    schema = ScenarioModel.model_json_schema()
    expect = ExpectModel.model_json_schema()["properties"]

    assert schema["properties"]["flow"]["enum"] == [flow.name for flow in FLOWS]
    for flow in FLOWS:
        assert set(flow.expects) - set(expect) == set()
        told = next(item["enum"] for item in expect[flow.expects[0]]["anyOf"] if "enum" in item)
        assert [name for name in told if name in dict(flow.results)] == [name for name, _ in flow.results]

"""`hybridjoin list`: everything that may be written, and nothing that may not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.cli.files.kinds import KINDS
from hybridjoin.model.verdict import Outcome
from hybridjoin.scenario.expect_schema import CLAIM_STATES, VERDICTS, ClaimState, OutcomeName
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.scenario import Expected
from hybridjoin.scenario.vocabulary import AADSTS, BROWSER_AADSTS, EXPECTED_CLAIMS, FAULTS
from tests.cli.conftest import Run

COLLECTION = Path(__file__).parents[2] / "scenarios"


def names(run: Run, kind: str, *words: str) -> list[str]:
    done = run("list", kind, *words, "--json")
    assert done.code == 0
    return [row["name"] for row in json.loads(done.out)[kind] if row["name"]]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_rows_for_people_and_for_machines(run: Run, kind: str) -> None:
    listed = names(run, kind)
    shown = run("list", kind)

    assert len(listed) >= 2
    assert (shown.code, shown.err) == (0, "")
    assert [name for name in listed if name not in shown.out] == []


def test_without_a_kind_it_lists_the_kinds(run: Run) -> None:
    assert [line.split()[0] for line in run("list").out.splitlines()] == list(KINDS)


def test_the_lists_are_the_tables(run: Run) -> None:
    assert names(run, "requirements") == [item.id for item in BOOK]
    assert names(run, "aadsts") == sorted({*AADSTS, *BROWSER_AADSTS}, key=int)
    assert set(names(run, "claims")) == set(EXPECTED_CLAIMS)
    assert names(run, "faults") == [name for faults in FAULTS.values() for name in faults]


def test_every_word_of_a_closed_set_has_a_sentence() -> None:
    assert set(CLAIM_STATES) == set(get_args(ClaimState))
    assert set(VERDICTS) == set(get_args(OutcomeName)) == {item.value for item in Outcome} - {"interrupted"}


def test_what_the_collection_expects_can_be_looked_up(run: Run) -> None:
    kinds = {Expected.AADSTS: "aadsts", Expected.KERBEROS: "kerberos", Expected.STEP: "steps"}
    listed = {about: names(run, kind) for about, kind in kinds.items()}
    written = [item for scenario in load_scenarios([COLLECTION]) for item in scenario.expectations]

    assert [item for item in written if item.about in kinds and item.wanted[0] not in listed[item.about]] == []


def test_words_choose_rows(run: Run) -> None:
    assert names(run, "faults", "entra", "wrong", "thumbprint") == ["wrong-thumbprint"]
    assert names(run, "verdicts", "MUST") == ["failed"]
    assert run("list", "faults", "zzz").err == "no fault holds zzz\n"
    assert run("list", "steps", "zzz", "y").err == "nothing in steps holds zzz and y\n"


def test_a_kind_that_there_is_none_of_is_a_usage_error(run: Run) -> None:
    done = run("list", "fautls")

    assert done.code == 2
    assert "'faults'" in done.err

"""The lists held against what was found, and rows suggested from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hybridjoin.model.requirement_row import DeviationList, RequirementRow
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested
from hybridjoin.run.certification.deviations import Held, hold_against, suggest
from hybridjoin.scenario.site.adapter import load_adapters
from hybridjoin.scenario.site.deviation_file import Deviation, load_deviations

TODAY = date(2026, 11, 21)
BROKEN = RequirementRow(
    id="MEX-13", level=Level.MUST, area="MEX", specification="X", section="1", url="https://x.example",
    sentence="Every port names its principal.", remedy="", outcome=Outcome.FAILED, found='no "Spn"\nat all',
)  # fmt: skip
KEPT = replace(BROKEN, id="MEX-07", outcome=Outcome.PASSED)
SKIPPED = replace(
    BROKEN, id="SIG-11", outcome=Outcome.SKIPPED, found="", not_tested=NotTested(reason=Untested.STEP_FAILED)
)


def row(requirement: str, listed: str = "known", expires: date = TODAY) -> Deviation:
    return Deviation(
        requirement=requirement, list=DeviationList(listed), owner="o", reason="r", expires=expires, place="d.yaml:1:1"
    )


def hold(
    *rows: Deviation, undecided: bool = False, found: tuple[RequirementRow, ...] = (BROKEN, KEPT, SKIPPED)
) -> Held:
    return hold_against(found, rows, today=TODAY, undecided=lambda _: undecided)


@pytest.mark.parametrize("listed", ["known", "expected", "flapping"])
@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.WARNING, Outcome.REVIEW])
def test_a_row_forgives_what_it_names(listed: str, outcome: Outcome) -> None:
    held = hold(row("mex-13", listed), found=(replace(BROKEN, outcome=outcome), KEPT))

    assert [item.deviation for item in held.requirements] == [listed, ""]
    assert [(item.happened, item.problem) for item in held.deviations] == [(True, "")]


@pytest.mark.parametrize(
    ("listed", "problem"), [("known", "did not happen"), ("expected", "did not happen"), ("flapping", "")]
)
def test_what_was_expected_and_did_not_happen_is_a_problem_but_flapping_is_not(listed: str, problem: str) -> None:
    assert hold(row("MEX-07", listed)).deviations[0].problem == problem


@pytest.mark.parametrize("listed", ["known", "expected", "flapping"])
@pytest.mark.parametrize("requirement", ["MEX-13", "MEX-07"])
def test_a_row_past_its_date_is_a_problem_and_forgives_nothing(listed: str, requirement: str) -> None:
    held = hold(row(requirement, listed, date(2026, 11, 20)))

    assert held.deviations[0].problem == "past its date"
    assert {item.deviation for item in held.requirements} == {""}


def test_a_glob_has_happened_where_one_of_many_did() -> None:
    assert hold(row("MEX-*")).deviations[0].problem == ""


def test_a_requirement_that_was_skipped_did_not_fail_unless_nobody_could_ask() -> None:
    assert hold(row("SIG-11")).deviations[0].problem == "did not happen"
    assert hold(row("SIG-11"), undecided=True).deviations[0].problem == ""


def test_what_was_interrupted_decides_nothing() -> None:
    found = (replace(BROKEN, outcome=Outcome.INTERRUPTED),)

    assert hold(row("MEX-13"), found=found).deviations[0].problem == ""


def test_rows_about_what_was_not_selected_are_left_out() -> None:
    assert hold(row("CLAIM-01")).deviations == ()


def test_suggested_rows_can_be_pasted_and_forgive(tmp_path: Path) -> None:
    path = tmp_path / "x.deviations.yaml"
    path.write_text(suggest([BROKEN, KEPT, SKIPPED], adapter=None, owner="identity", today=TODAY, fresh=True))

    rows = load_deviations(path, ["MEX-13"])

    assert [(item.requirement, item.list, item.owner, item.reason) for item in rows] == [
        ("MEX-13", "known", "identity", 'no "Spn" at all')
    ]
    assert hold(*rows).requirements[0].deviation == "known"


def test_what_a_vendor_does_by_design_is_suggested_so() -> None:
    jumpcloud = next(item for item in load_adapters() if item.name == "jumpcloud")

    text = suggest([replace(BROKEN, id="MEX-03")], adapter=jumpcloud, owner="identity", today=TODAY, fresh=False)

    assert text.startswith("# under `expected:`\n  - requirement: MEX-03")
    assert "describes no endpoint" in text


def test_nothing_is_suggested_for_what_is_forgiven() -> None:
    forgiven = replace(BROKEN, deviation=DeviationList.KNOWN)

    assert suggest([forgiven, KEPT], adapter=None, owner="o", today=TODAY, fresh=True) == ""

"""What a join that came about hides is said for each wrong claim, with how sure it is; of a failed one nothing is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.knowledge.diagnosis import explain_join
from hybridjoin.knowledge.standing import CauseStanding
from hybridjoin.knowledge.unnoticed import IDENTITY, unnoticed
from hybridjoin.model.record import JoinRecord, JoinResult
from hybridjoin.model.verdict import Certainty, Level, Outcome, Verdict
from tests.report.sample import good_join


def joined_with(*names: str, outcome: Outcome = Outcome.FAILED) -> JoinRecord:
    rows = tuple(
        replace(row, outcome=outcome, found=("wrong",), mistake="a mistake") if row.name in names else row
        for row in good_join().claims
    )
    return replace(good_join(), claims=rows)


@pytest.mark.parametrize("name", sorted(IDENTITY))
def test_a_device_with_anothers_identity_is_said_to_be_one(name: str) -> None:
    (found,) = unnoticed(joined_with(name))

    assert (found.row.name, found.of_another) == (name, True)
    assert found.words.startswith("Entra believed it")
    assert "Entra Connect synchronizes" in found.words
    assert found.certainty is Certainty.ASSUMED
    assert found.source


def test_the_second_object_is_named_for_a_wrong_object_guid() -> None:
    (found,) = unnoticed(joined_with("onpremobjectguid"))

    assert "a second object appears under the true objectGUID" in found.words
    assert "MS-DVRJ 3.1.5.1.1.3" in found.source


def test_what_is_of_another_device_comes_first() -> None:
    found = unnoticed(joined_with("Subject", "primarysid", "onpremobjectguid"))

    assert [item.of_another for item in found] == [True, True, False]
    assert "did not look at it" in found[-1].words


@pytest.mark.parametrize("outcome", [Outcome.WARNING, Outcome.REVIEW, Outcome.PASSED, Outcome.SKIPPED])
def test_what_is_not_wrong_hides_nothing(outcome: Outcome) -> None:
    assert unnoticed(joined_with("onpremobjectguid", outcome=outcome)) == ()


@pytest.mark.parametrize("result", [JoinResult.SYNCHRONIZED, JoinResult.FAILED])
def test_a_join_that_failed_hides_nothing_of_this_kind(result: JoinResult) -> None:
    assert unnoticed(replace(joined_with("onpremobjectguid"), result=result)) == ()


def test_a_join_that_hides_something_is_explained_by_what_its_verdicts_prove() -> None:
    broken = Verdict(requirement="CLAIM-06", level=Level.MUST, outcome=Outcome.FAILED, sentence="x.", found="y")
    join = replace(joined_with("primarysid"), verdicts=(broken,))

    found = explain_join(join)

    assert found is not None
    assert [item.row.name for item in found.unnoticed] == ["primarysid"]
    assert {item.standing for item in found.causes} == {CauseStanding.PROVEN}
    assert "primarysid is not the computer's own SID" in found.causes[0].cause.sentence
    assert found.unexplained == ()

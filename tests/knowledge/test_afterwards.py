"""A join that succeeds under somebody else's name is not passed over in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.knowledge.afterwards import afterwords
from hybridjoin.model.record import JoinRecord, JoinResult
from hybridjoin.model.verdict import Certainty, Outcome
from tests.report.sample import good_join


def with_value(claim: str, *found: str) -> JoinRecord:
    """A join that succeeded though a claim says something else."""
    join = good_join()
    rows = [replace(row, found=found, outcome=Outcome.FAILED) if row.name == claim else row for row in join.claims]
    assert rows != list(join.claims)
    return replace(join, claims=tuple(rows))


def test_of_a_good_join_there_is_nothing_to_say() -> None:
    assert afterwords(good_join()) == ()


@pytest.mark.parametrize(
    ("claim", "value", "words"),
    [
        ("onpremobjectguid", "EBAREBAREBAREBAREBAREA==", "second object"),
        ("primarysid", "S-1-5-21-1-2-3-515", "a SID that is not its own"),
    ],
)
def test_a_join_as_another_is_said_aloud_with_how_sure_it_is(claim: str, value: str, words: str) -> None:
    (word,) = afterwords(with_value(claim, value))
    assert word.about == claim
    assert words in word.sentence
    assert word.certainty is Certainty.ASSUMED
    assert "[MS-DVRJ] 3.1.5.1.1.3" in word.source


@pytest.mark.parametrize("result", [JoinResult.SYNCHRONIZED, JoinResult.FAILED])
def test_where_entra_did_not_take_the_claims_nothing_is_said(result: JoinResult) -> None:
    join = with_value("onpremobjectguid", "EBAREBAREBAREBAREBAREA==")
    assert afterwords(replace(join, result=result)) == ()


def test_a_claim_that_did_not_come_is_no_join_as_another() -> None:
    assert afterwords(with_value("onpremobjectguid")) == ()

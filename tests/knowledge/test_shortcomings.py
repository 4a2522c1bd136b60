"""Behind a broken requirement of a certification stand the causes that its joins prove or leave open, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hybridjoin.checks.claims import claim_rows
from hybridjoin.checks.verdicts import judge_flow
from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.article import Cause
from hybridjoin.knowledge.shortcomings import shortcomings
from hybridjoin.knowledge.standing import CauseStanding
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.verdict import Outcome
from tests.checks.messages import AnyEvidence
from tests.knowledge.test_standing import CAME
from tests.report.certification_sample import certification, requirement
from tests.report.sample import bad_join, bad_scenario, sample_record


def certified(name: str, case: Callable[[], AnyEvidence] | None) -> RunRecord:
    """A certification in which one requirement is broken, with the join that broke it or with none."""
    scenarios: tuple[ScenarioRecord, ...] = ()
    if case is not None:
        parts = case().parts
        join = replace(bad_join(), verdicts=judge_flow(parts), claims=claim_rows(parts))
        scenarios = (replace(bad_scenario(), join=join),)
    rows = (requirement(name, Outcome.FAILED),)
    return replace(sample_record(*scenarios), certification=replace(certification(), requirements=rows))


@pytest.mark.parametrize(
    ("name", "case", "proven", "away"),
    [
        ("CLAIM-01", CAME["CLAIM-01", "missing"], c.NOT_MAPPED, c.NAMESPACE),
        ("CLAIM-01", CAME["CLAIM-01", "wrong-namespace"], c.NAMESPACE, c.NOT_MAPPED),
        ("CLAIM-01", CAME["CLAIM-01", "wrong-name"], c.SPELLING, c.NAMESPACE),
    ],
)
def test_a_requirement_is_broken_because_of_what_was_found(
    name: str, case: Callable[[], AnyEvidence], proven: Cause, away: Cause
) -> None:
    (found,) = shortcomings(certified(name, case))

    assert (found.causes[0].cause, found.causes[0].standing) == (proven, CauseStanding.PROVEN)
    assert away not in [item.cause for item in found.causes]


def test_without_a_join_the_row_itself_proves_what_needs_no_claim() -> None:
    (settings,) = shortcomings(certified("FED-16", None))
    (claim,) = shortcomings(certified("CLAIM-01", None))

    assert (settings.causes[0].cause, settings.causes[0].standing) == (c.ISSUER, CauseStanding.PROVEN)
    assert CauseStanding.OPEN in {item.standing for item in claim.causes if item.cause is c.NAMESPACE}


def test_a_run_that_certified_nothing_has_no_shortcomings() -> None:
    assert shortcomings(sample_record(bad_scenario())) == ()

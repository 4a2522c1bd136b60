"""What a certification asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.verdicts import judge
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested, Verdict
from hybridjoin.model.where import Where
from hybridjoin.run.certification.plan import EVERY_ID, Plan, levelled, plain_scenario, probes_for, select
from hybridjoin.run.certification.requirement_rows import Judgement, requirement_rows
from hybridjoin.scenario.site.adapter import find_adapter
from hybridjoin.scenario.site.profile_file import load_profile
from tests.checks.evidence_factory import HEALTHY


def test_probes_are_asked_for_every_requirement_whose_answer_needs_them() -> None:
    asked = {item.requirement: item for item in judge(HEALTHY.parts)}
    unasked = judge(replace(HEALTHY, probes=()).parts)

    needing = {item.requirement for item in unasked if item != asked[item.requirement]}

    assert needing
    assert needing == {item.id for item in BOOK if probes_for([item])}


def test_no_probe_is_asked_for_requirements_that_read_none() -> None:
    assert probes_for(select(["CLAIM-*", "MEX-01"])) == ()
    assert probes_for(BOOK) != ()


def test_the_product_gives_a_level_and_the_profile_has_the_last_word() -> None:
    pingone = find_adapter("pingone")
    asked = select(["NEG-12", "NEG-13"])

    def levels(profile: str) -> list[Level]:
        return [item.level for item in levelled(asked, load_profile(profile, EVERY_ID), pingone)]

    assert [item.level for item in asked] == [Level.MUST, Level.MUST]
    assert levels("default") == [Level.SHOULD, Level.MUST]
    assert levels("strict") == [Level.MUST, Level.MUST]


@pytest.mark.parametrize(
    ("hostile", "hosts", "harmed", "words"),
    [
        (False, None, ("sts.test",), "nobody allowed hostile probes"),
        (True, None, ("sts.test",), ""),
        (True, frozenset({"sts.test"}), ("STS.test",), ""),
        (True, frozenset({"sts.test"}), ("sts.test", "other.test"), "does not allow that to other.test"),
    ],
)
def test_harm_is_done_only_where_it_is_allowed(
    hostile: bool, hosts: frozenset[str] | None, harmed: tuple[str, ...], words: str
) -> None:
    plan = Plan(
        scenario=plain_scenario("WS01"), profile=load_profile("default", EVERY_ID), requirements=(), hostile=hostile,
        hostile_hosts=hosts,
    )  # fmt: skip

    found = plan.forbids_harm_to(harmed)

    assert (words in found) if words else found == ""


def verdict(outcome: Outcome, found: str = "") -> Verdict:
    where = Where(step=Step.MEX)
    return Verdict(requirement="MEX-01", level=Level.MUST, outcome=outcome, sentence="", found=found, where=where)


def test_the_loudest_answer_of_all_joins_is_kept_and_says_where() -> None:
    (mex,) = levelled(select(["MEX-01"]), load_profile("default", EVERY_ID))
    judgements = (
        Judgement(label="1.3", verdicts=(verdict(Outcome.PASSED),)),
        Judgement(label="2005", verdicts=(verdict(Outcome.FAILED, "nothing"),)),
    )

    (row,) = requirement_rows([mex], judgements)

    assert (row.outcome, row.found, row.where) == (Outcome.FAILED, "nothing", Where(step=Step.MEX, join="2005"))


def test_a_row_says_whether_its_section_was_read_asked_or_not() -> None:
    chosen = select(["MEX-01", "MEX-24"])
    judgement = Judgement(label="1.3", verdicts=(verdict(Outcome.PASSED),))

    assert {row.id: row.verified for row in requirement_rows(chosen, [judgement])} == {"MEX-01": True, "MEX-24": False}
    assert {row.id: row.verified for row in requirement_rows(chosen, [])} == {"MEX-01": True, "MEX-24": False}


def test_what_a_join_that_was_cut_off_did_not_come_to_is_interrupted_not_skipped() -> None:
    (mex,) = select(["MEX-01"])
    judgement = Judgement(label="1.3", verdicts=(verdict(Outcome.SKIPPED),), cut_off="the KDC died")

    (row,) = requirement_rows([mex], [judgement])

    assert (row.outcome, row.tested) == (Outcome.INTERRUPTED, False)
    assert row.not_tested == NotTested(reason=Untested.INTERRUPTED, detail="the KDC died")

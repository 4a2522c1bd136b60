"""What a certification asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.verdicts import judge
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested, Verdict
from hybridjoin.model.where import Where
from hybridjoin.run.certify_plan import EVERY_ID, READING_PROBES, Plan, levelled, plain_scenario, probes_for, select
from hybridjoin.run.requirement_rows import Judgement, requirement_rows
from hybridjoin.scenario.site.profile_file import load_profile


class Spy(str):
    """A probe's id that notices when somebody looks for a probe."""

    __slots__ = ("looked",)

    def __new__(cls, looked: Callable[[], None]) -> Spy:
        made = super().__new__(cls, "spy")
        made.looked = looked
        return made

    looked: Callable[[], None]

    def __eq__(self, other: object) -> bool:
        self.looked()
        return False

    def __hash__(self) -> int:
        return 0


def test_every_requirement_that_reads_probes_is_in_a_room_that_probes_are_asked_for() -> None:
    found: set[str] = set()
    for item in BOOK:

        def looked(module: str = item.check.__module__) -> None:
            found.add(module)

        evidence = JoinEvidence(
            result=JoinResult.FAILED, client_request_id="", started_at=datetime(2026, 1, 1, tzinfo=UTC),
            fallback_enabled=False, applies_to="", issuer="", probes=(ProbeResult(probe=Spy(looked)),),
        )  # fmt: skip
        judge(evidence, [item])

    assert found
    assert found <= READING_PROBES


def test_no_probe_is_asked_for_requirements_that_read_none() -> None:
    assert probes_for(select(["CLAIM-*", "MEX-01"])) == ()
    assert probes_for(BOOK) != ()


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

"""What changed between two runs, and what only differs because no two runs are the same."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.model.record import JoinRecord, JoinResult, RunRecord, ScenarioRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, Outcome, Verdict
from hybridjoin.model.where import Spot, Where
from hybridjoin.report.compare.runs import Change, ChangeKind, Topic, compare
from hybridjoin.report.compare.stable import shape, steady
from hybridjoin.report.compare.words import comparison_json, comparison_markdown, comparison_text
from tests.bundle.evidence import certification, clean_record, requirement
from tests.report.sample import bad_join, good_join, good_scenario, lost_scenario, sample_record

PASSED, FAILED, WARNING, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.WARNING, Outcome.SKIPPED


def run(join: JoinRecord | None = None, **more: object) -> RunRecord:
    scenario = replace(good_scenario(), join=join or good_join())
    return sample_record(replace(scenario, **more))  # type: ignore[arg-type]


def certified(outcome: Outcome, **more: object) -> RunRecord:
    return clean_record(certification(replace(requirement(outcome=outcome), **more)))  # type: ignore[arg-type]


def changes(before: RunRecord, after: RunRecord, topic: Topic) -> list[Change]:
    return [item for item in compare(before, after).changes if item.topic is topic]


def later(record: RunRecord) -> RunRecord:
    """The same again, on another day, port and computer."""
    hour = timedelta(hours=7)
    scenarios = tuple(replace(item, started_at=item.started_at + hour, elapsed_s=9.1) for item in record.scenarios)
    return replace(record, run_id="other", started_at=record.started_at + hour, scenarios=scenarios)


def test_a_run_made_again_has_no_difference() -> None:
    done = compare(clean_record(certification()), later(clean_record(certification())))

    assert done.changes == ()
    assert comparison_text(done).endswith("\nNo difference\n")
    assert comparison_json(done)["differs"] is False


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (PASSED, FAILED, ChangeKind.NEW),
        (SKIPPED, FAILED, ChangeKind.NEW),
        (PASSED, WARNING, ChangeKind.NEW),
        (FAILED, PASSED, ChangeKind.FIXED),
        (WARNING, PASSED, ChangeKind.FIXED),
        (FAILED, WARNING, ChangeKind.CHANGED),
        (FAILED, SKIPPED, ChangeKind.CHANGED),
        (FAILED, Outcome.INTERRUPTED, ChangeKind.CHANGED),
        (PASSED, SKIPPED, ChangeKind.CHANGED),
        (Outcome.INTERRUPTED, FAILED, ChangeKind.CHANGED),
    ],
)
def test_a_requirement_is_new_fixed_or_changed(before: Outcome, after: Outcome, kind: ChangeKind) -> None:
    (change,) = changes(certified(before), certified(after), Topic.REQUIREMENT)

    assert (change.name, change.kind) == ("CLAIM-02", kind)
    assert (change.before, change.after) == (f"MUST {before}", f"MUST {after}")


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (PASSED, FAILED, True),
        (SKIPPED, WARNING, True),
        (WARNING, FAILED, True),
        (PASSED, Outcome.INTERRUPTED, True),
        (Outcome.INTERRUPTED, FAILED, True),
        (FAILED, Outcome.INTERRUPTED, False),
        (FAILED, WARNING, False),
        (FAILED, PASSED, False),
        (PASSED, SKIPPED, False),
    ],
)
def test_a_requirement_is_worse_where_its_answer_is_louder(before: Outcome, after: Outcome, worse: bool) -> None:
    (change,) = changes(certified(before), certified(after), Topic.REQUIREMENT)

    assert change.worse is worse
    assert (f"✕ {change.kind}" in comparison_text(compare(certified(before), certified(after)))) is worse


def test_a_join_that_comes_to_less_is_worse_unless_a_scenario_wants_it() -> None:
    wanted, unwanted = run(bad_join()), run(bad_join(), outcome=FAILED)
    lost = sample_record(replace(good_scenario(), join=None, outcome=Outcome.INTERRUPTED))

    assert [item.worse for item in changes(run(), unwanted, Topic.JOIN)] == [True]
    assert [item.worse for item in changes(run(), wanted, Topic.JOIN)] == [False]
    assert [item.worse for item in changes(unwanted, run(), Topic.JOIN)] == [False]
    assert [item.worse for item in changes(unwanted, lost, Topic.JOIN)] == [True]


def test_a_failure_that_fails_in_another_way_has_changed() -> None:
    one, two = certified(FAILED, found="'Computer'"), certified(FAILED, found="'User'")

    assert [item.kind for item in changes(one, two, Topic.REQUIREMENT)] == [ChangeKind.CHANGED]


def test_another_level_of_the_profile_is_a_change() -> None:
    one, two = certified(PASSED), certified(PASSED, level=Level.SHOULD)

    assert [(item.before, item.after) for item in changes(one, two, Topic.REQUIREMENT)] == [
        ("MUST passed", "SHOULD passed")
    ]


def test_a_requirement_that_only_one_certification_has_is_told() -> None:
    one = clean_record(certification(requirement(), requirement("MEX-01")))
    two = clean_record(certification(requirement(), requirement("MEX-02", FAILED)))

    told = {item.name: (item.kind, item.before, item.after) for item in changes(one, two, Topic.REQUIREMENT)}

    assert told == {
        "MEX-01": (ChangeKind.CHANGED, "MUST passed", "absent"),
        "MEX-02": (ChangeKind.NEW, "absent", "MUST failed"),
    }


def test_the_wrong_namespace_shows_as_verdict_join_and_claim() -> None:
    done = compare(run(), run(bad_join()))

    told = {(item.topic, item.name): item for item in done.changes}
    claim = told[Topic.CLAIM, "accounttype"]
    assert told[Topic.REQUIREMENT, "CLAIM-02"].kind is ChangeKind.NEW
    assert told[Topic.REQUIREMENT, "CLAIM-02"].scenarios == ("pingone-trust-13",)
    assert told[Topic.JOIN, "pingone-trust-13"].after.startswith("synchronized (auth phase, token: AADSTS51004")
    assert claim.kind is ChangeKind.NEW
    assert claim.before == "passed, 'DJ' in http://schemas.microsoft.com/ws/2012/01"
    assert "'DJ' in http://schemas.microsoft.com/identity/claims" in claim.after
    assert compare(run(bad_join()), run()).count(ChangeKind.FIXED) >= 2


def test_a_claim_of_another_shape_is_a_change_and_another_computers_is_none() -> None:
    join = good_join()
    rows = {row.name: row for row in join.claims}

    def with_value(value: str) -> JoinRecord:
        changed = {**rows, "onpremobjectguid": replace(rows["onpremobjectguid"], found=(value,))}
        return replace(join, claims=tuple(changed.values()))

    assert changes(run(), run(with_value("AAECAwQFBgcICQoLDA0ODw==")), Topic.CLAIM) == []
    (change,) = changes(run(), run(with_value("5c0c4151-e2aa-435e-987a-a97ae798c444")), Topic.CLAIM)
    assert (change.before, change.after) == (
        "passed, base64 of 16 bytes in http://schemas.microsoft.com/identity/claims",
        "passed, a GUID in http://schemas.microsoft.com/identity/claims",
    )
    (gone,) = changes(run(), run(replace(join, claims=tuple(rows.values())[:-1])), Topic.CLAIM)
    assert (gone.name, gone.after) == ("primarysid", "absent")


def test_scenarios_that_came_went_or_came_out_otherwise_are_told() -> None:
    one = sample_record(good_scenario(), lost_scenario())
    two = sample_record(replace(good_scenario(), outcome=FAILED), replace(good_scenario(), id="more"))

    told = {item.name: (item.kind, item.before, item.after) for item in changes(one, two, Topic.SCENARIO)}

    assert told == {
        "pingone-trust-13": (ChangeKind.NEW, "passed", "failed"),
        "directory-dies": (ChangeKind.CHANGED, "interrupted", "absent"),
        "more": (ChangeKind.CHANGED, "absent", "passed"),
    }


def test_a_join_that_ends_otherwise_is_told_and_one_that_did_not_run_too() -> None:
    failed = replace(bad_join(), result=JoinResult.FAILED)

    (ended,) = changes(run(bad_join()), run(failed), Topic.JOIN)
    assert ended.after.startswith("failed (auth")
    assert [item.after for item in changes(run(), sample_record(not_run()), Topic.JOIN)] == ["absent"]


def not_run() -> ScenarioRecord:
    return replace(good_scenario(), join=None)


def test_a_check_that_the_older_version_had_not_and_that_passes_is_no_difference() -> None:
    more = Verdict(requirement="NEW-01", level=Level.MUST, outcome=PASSED, sentence="New.")
    broken = replace(more, outcome=FAILED)
    join = good_join()

    assert changes(run(), run(replace(join, verdicts=(*join.verdicts, more))), Topic.REQUIREMENT) == []
    told = changes(run(), run(replace(join, verdicts=(*join.verdicts, broken))), Topic.REQUIREMENT)
    assert [(item.name, item.kind) for item in told] == [("NEW-01", ChangeKind.NEW)]


def test_one_change_in_many_scenarios_is_told_once() -> None:
    many = [replace(good_scenario(), id=f"s{number}") for number in range(5)]
    broken = [replace(item, join=bad_join()) for item in many]

    (claim,) = changes(sample_record(*many), sample_record(*broken), Topic.CLAIM)

    assert claim.scenarios == ("s0", "s1", "s2", "s3", "s4")
    assert "in s0, s1, s2 and 2 more" in comparison_text(compare(sample_record(*many), sample_record(*broken)))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(clean_record(certification()), site="contoso"), "the site differs: lab and contoso"),
        (clean_record(certification(profile="strict")), "the profile differs: default and strict"),
        (clean_record(), "the profile differs: default and none"),
    ],
)
def test_runs_of_different_places_are_not_compared_unless_asked(other: RunRecord, words: str) -> None:
    one = clean_record(certification())

    with pytest.raises(UsageError, match=words):
        compare(one, other)

    assert words in compare(one, other, across=True).notes


def test_an_interrupted_run_and_another_version_are_said() -> None:
    other = replace(clean_record(), interrupted="by hand", tool="hybridjoin 9.9")

    notes = compare(clean_record(), other).notes

    assert notes == (
        "the second run was interrupted: by hand",
        "written by different versions: hybridjoin 0.1.0 and hybridjoin 9.9",
    )


def test_a_peers_words_are_no_markup_and_no_control_characters() -> None:
    hostile = "<img src=x> | `a` [b](c)\x1b[31m\nnext"
    done = compare(certified(PASSED), certified(FAILED, found=hostile))

    drawn, plain = comparison_markdown(done), comparison_text(done)
    (row,) = [line for line in drawn.splitlines() if "CLAIM-02" in line]
    assert "&lt;img src=x&gt; \\| \\`a\\` \\[b\\](c)" in row
    assert "\x1b" not in drawn + plain
    assert row.count(" | ") == 4


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("UUEMXKriXkOYeql655jERA==", "base64 of 16 bytes"),
        ("UUEMXKriXkOYeql655jERA", "unpadded base64 of 16 bytes"),
        ("UUEMXKriXkOYeql6_5jERA==", "url-safe base64 of 16 bytes"),
        ("5c0c4151e2aa435e987aa97ae798c444", "32 hex digits"),
        ("{5c0c4151-e2aa-435e-987a-a97ae798c444}", "a GUID in braces"),
        ("5c0c4151-e2aa-435e-987a-a97ae798c444 ", "a GUID with blanks around it"),
        ("S-1-5-21-1004336348-1177238915-682003330-1260", "a SID"),
        ("DJ", "'DJ'"),
        ("dj", "'dj'"),
        (" ", "empty with blanks around it"),
        ("", "empty"),
    ],
)
def test_the_shape_of_a_value_names_how_it_was_written(value: str, words: str) -> None:
    assert shape(value) == words


def test_what_differs_between_any_two_runs_is_taken_out() -> None:
    one = (
        "at 2026-11-21 04:03:04+00:00 from sts.example.test:38123 within 3.2 s for 5c0c4151-e2aa-435e-987a-a97ae798c444"
    )
    two = (
        "at 2026-11-22 05:03:04+00:00 from sts.example.test:41002 within 12 s for 6c0c4151-e2aa-435e-987a-a97ae798c445"
    )

    assert steady(one) == steady(two)
    assert steady("http://schemas.microsoft.com/ws/2012/01") == "http://schemas.microsoft.com/ws/2012/01"


def placed(where: Where, *, found: str = "no namespace") -> RunRecord:
    row = replace(requirement("CLAIM-02", Outcome.FAILED), where=where, found=found)
    return replace(sample_record(), certification=replace(certification(), requirements=(row,), deviations=()))


ATTRIBUTE = Where(step=Step.RST, spot=Spot.ELEMENT, name="saml:Attribute", label="accounttype", line=3)


@pytest.mark.parametrize(
    "where",
    [
        replace(ATTRIBUTE, line=40),
        replace(ATTRIBUTE, join="2005"),
        Where(document="RSTR, saml:Attribute accounttype"),  # as the first version of records told places
    ],
)
def test_a_place_that_has_moved_a_few_lines_is_no_change(where: Where) -> None:
    assert compare(placed(ATTRIBUTE), placed(where)).changes == ()


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (replace(ATTRIBUTE, name="saml:Assertion", label="", line=0), "RSTR, saml:Assertion"),
        (replace(ATTRIBUTE, step=Step.MEX, line=0), "MEX, saml:Attribute accounttype"),
        (Where(step=Step.RST, spot=Spot.STATUS), "RSTR, HTTP status"),
        (Where(probe="rst-user", spot=Spot.STATUS), "HTTP status, probe rst-user"),
    ],
)
def test_the_same_fault_in_another_place_is_a_change_and_says_where(where: Where, told: str) -> None:
    (change,) = compare(placed(ATTRIBUTE), placed(where)).changes

    assert (change.kind, change.name) == (ChangeKind.CHANGED, "CLAIM-02")
    assert change.before == "MUST failed: no namespace (at RSTR, saml:Attribute accounttype (line 3))"
    assert change.after == f"MUST failed: no namespace (at {told})"


def test_what_is_found_is_told_without_its_place_where_that_is_the_same() -> None:
    (change,) = compare(placed(ATTRIBUTE), placed(ATTRIBUTE, found="another one")).changes

    assert change.after == "MUST failed: another one"


def test_a_value_that_begins_as_a_sid_takes_no_time() -> None:
    began = time.perf_counter()

    shape("S-1-5-21-" + "1" * 5_000 + "\x1b")

    assert time.perf_counter() - began < 2

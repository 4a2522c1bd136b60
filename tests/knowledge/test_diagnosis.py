"""Why a recorded run failed: what its verdicts prove comes first, what they rule out last."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.knowledge.diagnosis import diagnose, explain_join
from hybridjoin.knowledge.lookup import ARTICLES
from hybridjoin.knowledge.standing import CauseStanding
from hybridjoin.knowledge.texts import is_wrapper
from hybridjoin.model.record import FailureRecord, JoinRecord, RunRecord
from hybridjoin.model.steps import Phase, Step
from hybridjoin.model.verdict import Level, Outcome, Verdict
from hybridjoin.model.where import Where
from tests.report.sample import bad_join, bad_scenario, good_join, good_scenario, lost_scenario, sample_record


def verdict(requirement: str, outcome: Outcome, level: Level = Level.MUST) -> Verdict:
    return Verdict(
        requirement=requirement,
        level=level,
        outcome=outcome,
        sentence="x.",
        expected="a",
        found="b",
        where=Where(document="c"),
    )


def failing(reason: str, *verdicts: Verdict, message: str = "") -> JoinRecord:
    failure = FailureRecord(phase=Phase.AUTH, step=Step.TOKEN, reason=reason, server_message=message)
    return replace(bad_join(), failure=failure, fallback_failure=None, verdicts=verdicts)


def test_the_claim_in_the_wrong_namespace_is_proven_by_its_verdict() -> None:
    found = explain_join(failing("AADSTS51004", verdict("CLAIM-01", Outcome.FAILED)))

    assert found is not None
    first = found.causes[0]
    assert first.standing is CauseStanding.PROVEN
    assert "namespace" in first.cause.sentence
    assert [item.requirement for item in first.evidence] == ["CLAIM-01"]
    assert found.articles[0].id == "AADSTS51004"


def test_proven_comes_before_open_and_open_before_ruled_out() -> None:
    join = failing(
        "Entra refused the assertion: AADSTS51004",
        verdict("CLAIM-06", Outcome.FAILED),
        *(verdict(f"CLAIM-0{number}", Outcome.PASSED) for number in (1, 3, 5)),
    )
    group = next(replace(row, found=("S-1-5-21-1-2-3-515",)) for row in join.claims if row.name == "primarysid")
    found = explain_join(replace(join, claims=(replace(group, outcome=Outcome.FAILED),)))

    assert found is not None
    order = [item.standing for item in found.causes]
    assert order == sorted(order, key=list(CauseStanding).index)
    assert "primarysid" in found.causes[0].cause.sentence
    out = [item.cause.sentence for item in found.causes if item.standing is CauseStanding.RULED_OUT]
    assert any("wrong namespace" in sentence for sentence in out)


def test_what_was_skipped_or_interrupted_rules_nothing_out() -> None:
    skipped = explain_join(failing("AADSTS51004", verdict("CLAIM-04", Outcome.SKIPPED)))
    interrupted = explain_join(
        failing("AADSTS51004", verdict("CLAIM-10", Outcome.PASSED), verdict("CLAIM-11", Outcome.INTERRUPTED))
    )

    assert skipped is not None
    assert {item.standing for item in skipped.causes} == {CauseStanding.OPEN}
    assert interrupted is not None
    assert {item.standing for item in interrupted.causes if "Two rules" in item.cause.sentence} == {CauseStanding.OPEN}


def test_wrappers_bring_no_causes_where_a_code_tells_more() -> None:
    found = explain_join(failing("SOAP fault FailedAuthentication", message="see 0xcaa90014 and 0xcaa1000e"))

    assert found is not None
    assert [item.id for item in found.articles if not is_wrapper(item)] == ["FailedAuthentication"]
    assert {item.article for item in found.causes} == {"FailedAuthentication"}


def test_kerberos_errors_are_read_out_of_the_reason() -> None:
    found = explain_join(failing("no account has it (KDC_ERR_S_PRINCIPAL_UNKNOWN)", verdict("KRB-01", Outcome.FAILED)))

    assert found is not None
    assert "service principal name" in found.causes[0].cause.sentence
    assert found.causes[0].standing is CauseStanding.PROVEN


def test_broken_requirements_that_no_cause_stands_for_are_not_lost() -> None:
    found = explain_join(failing("AADSTS51004", verdict("RSTR-06", Outcome.WARNING, Level.SHOULD)))

    assert found is not None
    assert [item.requirement for item in found.unexplained] == ["RSTR-06"]


def test_a_healthy_join_needs_no_explanation_and_a_broken_must_does() -> None:
    healthy = replace(good_join(), verdicts=(verdict("MEX-01", Outcome.PASSED),))

    assert explain_join(healthy) is None
    assert explain_join(replace(healthy, verdicts=(verdict("MEX-07", Outcome.FAILED),))) is not None


def test_a_run_is_explained_scenario_by_scenario() -> None:
    record: RunRecord = sample_record(good_scenario(), bad_scenario(), lost_scenario())

    found = diagnose(record)

    assert [item.scenario for item in found if item.trouble] == [lost_scenario().id]
    assert bad_scenario().id in {item.scenario for item in found}
    assert good_scenario().id not in {item.scenario for item in found}
    assert {item.expected for item in found if item.scenario == bad_scenario().id} == {
        bad_scenario().outcome is Outcome.PASSED
    }


def test_a_broken_ticket_does_not_prove_a_missing_name_where_the_kdc_said_another_thing() -> None:
    found = explain_join(
        failing("0xcaa30191, the KDC has no such key (KDC_ERR_ETYPE_NOSUPP)", verdict("KRB-01", Outcome.FAILED))
    )

    assert found is not None
    assert {item.article for item in found.causes} == {"KDC_ERR_ETYPE_NOSUPP"}
    assert "service principal name" not in " ".join(item.cause.sentence for item in found.causes)


def test_the_fallbacks_own_code_brings_its_causes_too() -> None:
    both = replace(
        failing("AADSTS51004"),
        fallback_failure=FailureRecord(phase=Phase.JOIN, step=Step.SYNC_JOIN, reason="refused with 0x801c03f2"),
    )

    found = explain_join(both)

    assert found is not None
    assert {item.article for item in found.causes} == {"AADSTS51004", "0x801c03f2"}


def test_a_cause_whose_fix_is_to_explain_another_code_says_so() -> None:
    causes = {cause for article in ARTICLES for cause in article.causes}

    sending = {cause for cause in causes if any("explain" in fix.words for fix in cause.fixes)}
    assert sending
    assert {cause.sentence for cause in sending if not cause.elsewhere} == set()

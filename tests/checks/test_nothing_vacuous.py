"""Every requirement can be kept and can be broken: one piece of evidence for each, counted."""

from __future__ import annotations

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.model.verdict import Level, Outcome, Verdict
from tests.checks.breaking import BREAKING, PASSING
from tests.checks.evidence_factory import HEALTHY
from tests.checks.messages import AnyEvidence

LOUDNESS = {Level.MUST: Outcome.FAILED, Level.SHOULD: Outcome.WARNING, Level.MAY: Outcome.REVIEW}
BY_ID = {item.id: item for item in BOOK}
IDS = list(BY_ID)


def verdict_of(requirement: str, evidence: AnyEvidence) -> Verdict:
    (verdict,) = judge(evidence.parts, [BY_ID[requirement]])
    return verdict


def test_there_is_a_breaking_case_for_every_requirement_and_for_nothing_else() -> None:
    assert set(IDS) - set(BREAKING) == set(), "a row in BREAKING (tests/checks/breaking.py) is missing"
    assert set(BREAKING) - set(IDS) == set()
    assert set(PASSING) - set(IDS) == set()


@pytest.mark.parametrize("requirement", IDS)
def test_it_passes_on_evidence_that_keeps_it(requirement: str) -> None:
    evidence = PASSING[requirement]() if requirement in PASSING else HEALTHY

    verdict = verdict_of(requirement, evidence)

    assert verdict.outcome is Outcome.PASSED, verdict


@pytest.mark.parametrize("requirement", [item for item in IDS if item in BREAKING])
def test_it_breaks_on_evidence_that_does_not(requirement: str) -> None:
    verdict = verdict_of(requirement, BREAKING[requirement]())

    assert verdict.outcome is LOUDNESS[verdict.level], verdict
    assert verdict.expected
    assert verdict.found
    assert verdict.where
    assert verdict.remedy


def test_a_healthy_join_breaks_nothing() -> None:
    odd = [item for item in judge(HEALTHY.parts) if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]

    assert odd == []


def test_no_check_falls_over_on_any_of_the_cases() -> None:
    cases = [*BREAKING.values(), *PASSING.values()]

    fallen = [item for case in cases for item in judge(case().parts) if item.outcome is Outcome.INTERRUPTED]

    assert fallen == []


@pytest.mark.parametrize(
    ("case", "broken"),
    [
        pytest.param("SAML-02", {"SAML-02"}, id="wrong issuer"),
        pytest.param("SAML-08", {"SAML-08"}, id="wrong audience"),
        pytest.param("SIG-03", {"SIG-03"}, id="wrong signing key"),
        pytest.param("SIG-04", {"SIG-04", "SIG-05"}, id="SHA-1"),
        pytest.param("SIG-10", {"SIG-03", "SIG-10"}, id="expired certificate of another key"),
        pytest.param("SIG-02", {"SIG-02", "CLAIM-02"}, id="tampered after signing"),
        pytest.param("SIG-01", {"SIG-01"}, id="unsigned"),
        pytest.param("RSTR-09", {"RSTR-09"}, id="second assertion"),
        pytest.param("CLAIM-01", {"CLAIM-01"}, id="accounttype in the wrong namespace"),
        pytest.param("CLAIM-03", {"CLAIM-03"}, id="onpremobjectguid missing"),
        pytest.param("CLAIM-04", {"CLAIM-04"}, id="big-endian onpremobjectguid"),
        pytest.param("CLAIM-02", {"CLAIM-02"}, id="dj in lower case"),
        pytest.param("CLAIM-10", {"CLAIM-10"}, id="duplicate attribute"),
        pytest.param("CLAIM-11", {"CLAIM-11"}, id="two values"),
    ],
)
def test_a_fault_breaks_exactly_what_it_is_about(case: str, broken: set[str]) -> None:
    verdicts = judge(BREAKING[case]().parts)

    assert {item.requirement for item in verdicts if item.outcome in {Outcome.FAILED, Outcome.WARNING}} == broken

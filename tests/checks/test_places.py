"""Every place that a verdict points at is complete, and what it names stands in the message concerned."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Verdict
from hybridjoin.model.where import Side, Spot, Where
from hybridjoin.protocol.mex import MexDocument
from tests.checks.breaking import BREAKING, PASSING, Case
from tests.checks.broken_places import BROKEN_PLACES
from tests.checks.evidence_factory import HEALTHY, bent, metadata_evidence
from tests.checks.messages import AnyEvidence, stands

IDS = [item.id for item in BOOK if item.id in BREAKING]  # which all of them are: test_nothing_vacuous


CASES: dict[str, Case] = {
    "healthy": lambda: HEALTHY,
    **{f"{name}, kept": case for name, case in PASSING.items()},
    **BREAKING,
}


@cache
def judged(name: str) -> tuple[AnyEvidence, tuple[Verdict, ...]]:
    evidence = CASES[name]()
    return evidence, judge(evidence.parts)


def broken(requirement: str) -> Where:
    """Where a breaking case is said to be broken."""
    where = next(item.where for item in judged(requirement)[1] if item.requirement == requirement)
    assert where is not None
    return where


@pytest.mark.parametrize("name", CASES)
def test_whatever_is_judged_is_said_of_a_place_that_is_there_and_a_silence_of_none(name: str) -> None:
    evidence, verdicts = judged(name)

    lost = {
        item.requirement: item.where
        for item in verdicts
        if item.not_tested is None and (item.where is None or not stands(item.where, evidence))
    }
    assert lost == {}
    assert [item for item in verdicts if item.not_tested is not None and item.where is not None] == []


def told(where: Where) -> str:
    message = f"{where.step or where.probe or where.document}{' request' if where.side is Side.REQUEST else ''}:"
    reader = f"by {where.reader}" if where.reader else ""
    return " ".join(part for part in (message, where.spot.value, where.name, where.label, reader) if part)


def test_every_broken_sentence_points_at_the_very_thing_that_is_wrong() -> None:
    assert set(IDS) - set(BROKEN_PLACES) == set(), "a row in BROKEN_PLACES (tests/checks/broken_places.py) is missing"
    assert {requirement: told(broken(requirement)) for requirement in IDS} == BROKEN_PLACES


def on_lines(evidence: AnyEvidence) -> JoinEvidence:
    """The same metadata with each policy, binding and port on a line of its own."""
    document = evidence.parts.get(MexDocument)
    assert document is not None
    body = re.sub(rb"(<wsp:Policy w?s?u:Id|<wsdl:(?:binding|port) )", rb"\n\1", document.body)
    return bent(**metadata_evidence(body=body))


def test_what_stands_on_a_line_of_the_metadata_is_said_with_that_line() -> None:
    lined = {}
    for requirement in (item.id for item in BOOK.select("MEX-*") if item.id in BREAKING and broken(item.id).line):
        evidence = on_lines(judged(requirement)[0])
        where = next(item.where for item in judge(evidence.parts) if item.requirement == requirement)
        assert where is not None
        assert stands(where, evidence), requirement
        lined[requirement] = where.line

    assert len(lined) >= 12
    assert min(lined.values()) > 1


@pytest.mark.parametrize("requirement", IDS)
def test_a_wrong_name_does_not_stand(requirement: str) -> None:
    where = broken(requirement)

    wrong = replace(where, name="saml:Nonsense" if where.spot is Spot.ELEMENT else "Nonsense")

    assert where.spot is Spot.STATUS or not stands(wrong, judged(requirement)[0])

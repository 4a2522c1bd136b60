"""No verdict and no claim row depends on what time it is: a clock that is a century off changes none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from freezegun import freeze_time

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.verdict import Verdict
from hybridjoin.run.flows import FLOWS, Flow
from tests.checks.breaking import BREAKING, PASSING
from tests.checks.test_flows import HEALTHY_PARTS

CLOCKS = ("1990-01-15", "2090-01-15")
BY_ID = {item.id: item for item in BOOK}


def of_each_case() -> Iterator[tuple[str, Parts]]:
    """Every requirement with the evidence that breaks it, and with what keeps it where the healthy join does not."""
    for cases in (BREAKING, PASSING):
        yield from ((name, case().parts) for name, case in cases.items())


def verdicts_at(clock: str, asked: list[tuple[str, Parts]]) -> list[tuple[Verdict, ...]]:
    with freeze_time(clock, real_asyncio=True):
        return [judge(parts, [BY_ID[name]]) for name, parts in asked]


def test_a_verdict_is_the_same_whatever_the_time() -> None:
    asked = list(of_each_case())

    then, later = (verdicts_at(clock, asked) for clock in CLOCKS)

    assert len(asked) >= len(BOOK)
    assert then == later


@pytest.mark.parametrize("flow", FLOWS, ids=[flow.name for flow in FLOWS])
def test_a_whole_flow_is_judged_the_same_whatever_the_time(flow: Flow) -> None:
    parts = HEALTHY_PARTS[flow.name]
    found = []
    for clock in CLOCKS:
        with freeze_time(clock, real_asyncio=True):
            found.append((flow.judge(parts), flow.claims(parts)))

    assert found[0] == found[1]
    assert found[0][0]

"""Every requirement that is broken leads to a mark on the page: in an exchange, in a probe's, or in the settings."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from hybridjoin.checks.rules import BOOK
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import BROKEN
from hybridjoin.model.where import Spot, Where
from hybridjoin.report.drawn import drawn_reply
from hybridjoin.report.page.html import render_html
from hybridjoin.report.page.spots import find_spot
from tests.checks.breaking import BREAKING
from tests.report.broken_joins import record_of

IN_THE_REGISTRY = {"MANAGED-13", "MANAGED-14", "MANAGED-15", "MANAGED-16"}
"""What stands in the computer's own registry: nobody sent it, so that no page draws it."""
IDS = [item.id for item in BOOK if item.id in BREAKING and item.id not in IN_THE_REGISTRY]


@pytest.fixture(scope="module")
def records() -> dict[str, RunRecord]:
    """For each requirement the record of a certification in which it is broken."""
    return {name: record_of(BREAKING[name](), name) for name in IDS}


def broken_at(record: RunRecord, requirement: str) -> Where:
    """Return the place that a broken requirement of a certification points at."""
    assert record.certification is not None
    row = next(row for row in record.certification.requirements if row.id == requirement)
    assert row.outcome in BROKEN, row
    assert row.where is not None, row
    return row.where


def home_of(record: RunRecord, where: Where) -> str:
    """Return the element of the page in which a place lies: the probe, the settings, or one exchange of the join."""
    if where.probe:
        assert record.certification is not None
        (probe,) = record.certification.probes
        assert bool(where.answer) is (len(probe.exchanges) > 1), "of several answers a place says which"
        return f"probe.{where.probe}.{where.answer or 1}"
    if where.document:
        return "document.1"
    (scenario,) = record.scenarios
    assert scenario.join is not None
    steps = [item.step for item in scenario.join.exchanges]
    return f"{scenario.id}.{steps.index(where.step) + 1}" if where.step in steps else "nowhere"


def test_what_leads_to_no_mark_lies_in_the_computers_registry() -> None:
    for requirement in IN_THE_REGISTRY:
        assert broken_at(record_of(BREAKING[requirement](), requirement), requirement).document == "registry"


@pytest.mark.parametrize("requirement", IDS)
def test_a_broken_requirement_leads_to_its_mark(records: dict[str, RunRecord], requirement: str) -> None:
    record = records[requirement]
    where = broken_at(record, requirement)

    tree = lxml_html.document_fromstring(render_html(record))

    links = tree.get_element_by_id(requirement).xpath(".//a[@data-open]/@href")
    assert len(links) == 1, where
    mark = tree.get_element_by_id(links[0][1:])
    assert (mark.tag, mark.get("class")) == ("mark", "spot"), where
    assert requirement in mark.get("data-why", "").split(), where
    around = [above.get("id") or "" for above in mark.iterancestors()]
    assert home_of(record, where) in around, where


def test_what_a_place_names_stands_in_the_message_that_it_is_about(records: dict[str, RunRecord]) -> None:
    lost = {}
    for requirement, record in records.items():
        where = broken_at(record, requirement)
        if where.document or where.spot is Spot.MESSAGE:
            continue
        assert record.certification is not None
        join = record.scenarios[0].join
        assert join is not None
        probe = next((item for item in record.certification.probes if item.id == where.probe), None)
        exchanges = probe.exchanges if probe else [item for item in join.exchanges if item.step is where.step]
        if not any(find_spot(where, drawn_reply(item.reply)) for item in exchanges):
            lost[requirement] = where

    assert lost == {}

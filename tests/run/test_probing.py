"""What probes leave in the record: what was said and heard, and nothing that opens a door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.checks.rules import BOOK
from harness.lab.provider import Provider
from harness.model.record import ProbeRow, RunRecord
from harness.model.verdict import Outcome
from harness.report.html import render_html
from harness.report.json_report import decode_record, encode_record
from harness.report.leaks import scan_text, scan_value
from harness.report.places import place_of
from harness.run.certify import certify
from harness.run.certify_plan import EVERY_ID, READING_PROBES, Plan, levelled, plain_scenario
from harness.scenario.profile_file import load_profile

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def record() -> Iterator[RunRecord]:
    profile = load_profile("default", EVERY_ID)
    plan = Plan(
        scenario=plain_scenario("WS01"),
        profile=profile,
        requirements=levelled(BOOK, profile),
        hostile=True,
        hostile_hosts=None,
    )
    with Provider(backend="process") as provider:
        yield certify(plan, provider)


def probes(record: RunRecord) -> tuple[ProbeRow, ...]:
    assert record.certification is not None
    return record.certification.probes


def test_every_probe_that_was_asked_shows_what_was_said(record: RunRecord) -> None:
    asked = [item for item in probes(record) if item.outcome is Outcome.PASSED]

    assert len(asked) > 30
    assert [item.id for item in asked if not item.exchanges] == []
    by_id = {item.id: item for item in asked}
    (anonymous,) = by_id["rst-anonymous"].exchanges
    assert anonymous.reply.headline.startswith("401")
    assert "<" in anonymous.request.body
    assert "Authorization" not in dict(anonymous.request.headers)
    first, second = by_id["rst-replay"].exchanges
    shown = [dict(item.request.headers)["Authorization"] for item in (first, second)]
    assert all(header.startswith("Negotiate [masked ") for header in shown)
    assert (first.reply.headline[:3], second.reply.headline[:3]) == ("200", "401")


def test_nothing_secret_is_kept_of_them(record: RunRecord) -> None:
    assert list(scan_value(probes(record))) == []
    assert list(scan_text(render_html(record), "index.html")) == []


def test_they_survive_the_file(record: RunRecord) -> None:
    assert probes(decode_record(encode_record(record), place="record.json")) == probes(record)


def test_what_a_probe_brought_to_light_says_which_one(record: RunRecord) -> None:
    assert record.certification is not None
    of_probes = [item for item in BOOK if item.check.__module__ in READING_PROBES]
    places = {row.id: place_of(row.where) for row in record.certification.requirements if row.tested}

    # These read several probes at once.
    unnamed = {item.id for item in of_probes if (place := places.get(item.id)) is None or not place.probe}
    assert {name for name in unnamed if name in places} == {
        "FAULT-04", "FAULT-05", "FAULT-06", "FAULT-07", "FAULT-08", "FAULT-09", "NEG-17", "RST-12",
    }  # fmt: skip

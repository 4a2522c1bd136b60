"""The page's table of events: a row for each that people find in Event Viewer, and no block for the rest."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from hybridjoin.device.events import windows_events
from hybridjoin.report.formats.catalogue import PAGE
from tests.device.events import run_record
from tests.report.sample import good_scenario, sample_record


def rows_of(page: bytes) -> list[list[str]]:
    root = etree.HTML(page.decode())
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in root.iterfind(".//table[@class='expected events']/tbody/tr")
    ]


def test_each_event_of_the_admin_log_is_a_row_with_how_sure_it_is() -> None:
    record = run_record("refused-no-fallback")

    rows = rows_of(PAGE.draw(record))

    assert [row[0] for row in rows] == ["331", "100", "101", "305", "304"]
    assert rows[3][1:4] == [
        "Error",
        "User Device Registration/Admin",
        "Automatic registration failed at authentication phase. Unable to acquire access token.",
    ]
    assert rows[3][4].startswith("observed Microsoft Q&A 687273")


def test_the_hidden_log_is_counted_and_not_shown_again() -> None:
    record = run_record("refused-no-fallback")
    hidden = sum(event.id == 500 for event in windows_events(record.scenarios[0]))

    page = PAGE.draw(record).decode()

    assert f"with the {hidden} lines of <code>/join /debug</code>" in page
    assert len(rows_of(page.encode())) == 5


def test_a_scenario_that_did_not_run_has_no_table() -> None:
    record = sample_record(replace(good_scenario(), join=None))

    assert rows_of(PAGE.draw(record)) == []

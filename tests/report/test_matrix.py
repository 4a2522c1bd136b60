"""Several records side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser, expect

from hybridjoin.model.verdict import Outcome
from hybridjoin.report.page.matrix import build_matrix, render_matrix
from tests.report.certification_sample import certification, certified_record, requirement
from tests.report.sample import bad_scenario, good_scenario, sample_record

RECORDS = [
    certified_record(),
    replace(
        certified_record(),
        site="okta",
        certification=replace(
            certification(),
            requirements=(requirement("MEX-01", Outcome.PASSED), requirement("CLAIM-02", Outcome.PASSED)),
        ),
    ),
]


def test_requirements_go_down_and_sites_across() -> None:
    matrix = build_matrix(RECORDS)

    assert [column.name for column in matrix.columns] == ["lab", "okta"]
    rows = {
        row.example.id: (*(cell.outcome.value if cell else None for cell in row.cells), row.differs)
        for row in matrix.rows
    }
    assert rows["MEX-01"] == ("passed", "passed", False)
    assert rows["CLAIM-02"] == ("failed", "passed", True)
    assert rows["TOKEN-01"] == ("interrupted", None, True)


def test_records_of_one_site_are_numbered() -> None:
    assert [column.name for column in build_matrix([RECORDS[0]] * 2).columns] == ["lab (1)", "lab (2)"]


def test_of_a_run_the_loudest_verdict_counts() -> None:
    matrix = build_matrix([sample_record(good_scenario(), bad_scenario())])

    cells = {row.example.id: row.cells[0] for row in matrix.rows}
    assert cells["CLAIM-02"] is not None
    assert cells["CLAIM-02"].outcome is Outcome.FAILED


def test_hostile_text_stays_text_and_nothing_is_asked_of_the_network() -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    rows = tuple(replace(row, found=evil, sentence=evil) for row in certification().requirements)

    tree = lxml_html.document_fromstring(
        render_matrix(
            [replace(certified_record(), site=evil, certification=replace(certification(), requirements=rows))]
        )
    )

    assert tree.findall(".//img") == []
    assert len(tree.findall(".//script")) == 1
    assert [link.get("href") for link in tree.findall(".//a")] == ["#requirements"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 390])
def test_only_differences_can_be_shown_and_nothing_sticks_out(chromium: Browser, tmp_path: Path, width: int) -> None:
    at = tmp_path / "matrix.html"
    at.write_text(render_matrix(RECORDS * 3), "utf-8")
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.goto(at.as_uri())
    tab.get_by_label("only differences").check()
    expect(tab.locator(".matrix tbody tr:visible")).to_have_count(6)
    expect(tab.locator("#tally")).to_have_text("6 of 7 shown")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()

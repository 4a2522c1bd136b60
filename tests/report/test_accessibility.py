"""The pages before axe-core in a real browser: WCAG 2.2 A and AA, and axe's own advice, with nothing broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from hybridjoin.report.page.html import render_html
from hybridjoin.report.page.matrix import render_matrix
from tests.report.certification_sample import certified_record
from tests.report.sample import sample_record

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES: dict[str, Callable[[], str]] = {
    "joins": lambda: render_html(sample_record()),
    "certification": lambda: render_html(certified_record()),
    "matrix": lambda: render_matrix([certified_record(), certified_record()]),
}


@pytest.mark.parametrize(
    ("name", "width"), [("joins", 1400), ("certification", 1400), ("certification", 390), ("matrix", 390)]
)
def test_nothing_of_wcag_aa_is_broken(chromium: Browser, tmp_path: Path, name: str, width: int) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGES[name](), encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    answer = Axe().run(page, options={"runOnly": RULES}).response

    page.close()
    assert len(answer["passes"]) > 20, "axe judged next to nothing"
    broken = [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in answer["violations"]]
    assert broken == []


def test_axe_would_find_something(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><p style='color:#aaa'>pale</p></main>")

    answer = Axe().run(page, options={"runOnly": RULES}).response

    page.close()
    assert [one["id"] for one in answer["violations"]] == ["color-contrast"]

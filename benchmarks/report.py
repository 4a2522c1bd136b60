"""A record of ten thousand verdicts: drawing it, and filtering the page in Chromium."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmarks.figures import Figure
from hybridjoin.model.record import RunRecord
from hybridjoin.report.json_report import encode_record, read_record
from hybridjoin.report.page.html import render_html
from tests.report.sample import large_record

RUNS = 5
RENDER_BUDGET_S = 2.0
FILTER_BUDGET_MS = 200.0
SHAPES = {"100 joins": (100, 100), "one join": (1, 10_000)}
TYPED = ("c", "cl", "claim", "claim-05", "", "scenario 30", "failed", "zzz", "line 12", "sentence 7") * 2
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# From the key until the page has been laid out and painted anew.
FILTER = """async (typed) => {
  const find = document.getElementById("find"), took = [];
  for (const words of typed) {
    const began = performance.now();
    find.value = words;
    find.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => { document.body.offsetHeight; setTimeout(done, 0); }));
    took.push(performance.now() - began);
  }
  return took;
}"""


def measure() -> Iterator[Figure]:
    """Draw from the file on disk, then filter as soon as the page is there, and twenty times more."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (scenarios, requirements) in SHAPES.items():
            record = large_record(scenarios=scenarios, requirements=requirements)
            page = Path(folder) / "index.html"
            yield _drawing(name, record, page)
            yield from _filtering(name, browser, page)
        browser.close()


def _drawing(name: str, record: RunRecord, page: Path) -> Figure:
    file = page.with_name("record.json")
    file.write_bytes(encode_record(record))
    samples = []
    for _ in range(RUNS):
        began = time.perf_counter()
        page.write_text(render_html(read_record(file)), "utf-8")
        samples.append(time.perf_counter() - began)
    return Figure(
        name=f"render 10,000 verdicts, {name}",
        unit="s",
        samples=tuple(samples),
        budget=RENDER_BUDGET_S,
        note=f"record {file.stat().st_size / 1e6:.1f} MB, page {page.stat().st_size / 1e6:.1f} MB",
    )


def _filtering(name: str, browser: Browser, page: Path) -> Iterator[Figure]:
    first, worst, every = [], [], []
    for _ in range(RUNS):
        tab = browser.new_page(viewport={"width": 1400, "height": 900})
        tab.goto(page.as_uri(), wait_until="domcontentloaded")
        first += tab.evaluate(FILTER, ["claim-05"])
        took = tab.evaluate(FILTER, list(TYPED))
        worst.append(max(took))
        every += took
        tab.close()
    what = f"filter 10,000 verdicts, {name}"
    yield Figure(name=f"{what}, right after load", unit="ms", samples=tuple(first), budget=FILTER_BUDGET_MS)
    yield Figure(name=f"{what}, worst of {len(TYPED)}", unit="ms", samples=tuple(worst), budget=FILTER_BUDGET_MS)
    yield Figure(name="  each of them", unit="ms", samples=tuple(every))

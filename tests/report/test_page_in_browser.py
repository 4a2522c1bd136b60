"""The page in a real browser, with the network cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect

from hybridjoin.report.page.html import render_html
from tests.report.sample import large_record, sample_record

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # two busy cores are no reason to fail


@dataclass
class Opened:
    """A page, all it complained about, and all it asked for beyond itself."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def load(browser: Browser, text: str, at: Path, *, width: int = 1400, script: bool = True) -> Opened:
    at.write_text(text, encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    opened = Opened(page=context.new_page())

    def complained(message: ConsoleMessage) -> None:
        opened.complaints.append(message.text)

    def asked(request: Request) -> None:
        if request.url != at.as_uri() and not request.url.startswith("data:"):
            opened.asked.append(request.url)

    def cut(route: Route) -> None:
        if route.request.url == at.as_uri():
            route.continue_()
        else:
            route.abort()

    opened.page.on("console", complained)
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("request", asked)
    opened.page.route("**/*", cut)
    opened.page.goto(at.as_uri())
    return opened


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    opened = load(chromium, render_html(sample_record()), tmp_path / "index.html")
    yield opened
    opened.page.context.close()
    assert opened.complaints == []
    assert opened.asked == []


FAILED = "#accounttype-wrong-namespace"


def test_an_arrow_opens_its_exchange_with_the_xml_indented(opened: Opened) -> None:
    exchange = opened.page.locator(f"details:has(> [id='{FAILED[1:]}.7'])")
    expect(exchange).not_to_have_attribute("open", "")

    opened.page.locator(f"{FAILED} svg.wide a[href='{FAILED}.7']").click()

    expect(exchange).to_have_attribute("open", "")
    expect(exchange.locator("pre").last).to_contain_text("\n" + "  " * 5)
    expect(exchange.locator("pre").last).to_contain_text("<saml:AttributeValue>DJ</saml:AttributeValue>")
    expect(exchange).to_be_in_viewport()


def test_the_keyboard_alone_reaches_an_exchange(opened: Opened) -> None:
    opened.page.locator(f"{FAILED} svg.wide a[href='{FAILED}.7']").focus()
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")

    exchange = opened.page.locator(f"details:has(> [id='{FAILED[1:]}.8'])")
    expect(exchange).to_have_attribute("open", "")
    expect(exchange.locator("summary")).to_be_focused()


def test_a_body_that_stands_elsewhere_is_filled_in_when_opened(opened: Opened) -> None:
    body = opened.page.locator("[id='pingone-trust-13.5'] pre").last
    expect(body).to_contain_text("The same body")

    opened.page.locator("details:has(> [id='pingone-trust-13.5']) summary").click()

    expect(body).to_contain_text("<wsdl:port name=")


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("AADSTS51004", ["accounttype-wrong-namespace"]),
        ("clock claim-02", []),
        ("identity", ["accounttype-wrong-namespace", "pingone-trust-13"]),
        ("namespace of onpremobjectguid", ["accounttype-wrong-namespace"]),
    ],
)
def test_the_filter_leaves_what_was_asked_for(opened: Opened, typed: str, left: list[str]) -> None:
    opened.page.keyboard.press("/")
    opened.page.keyboard.type(typed)

    expect(opened.page.locator(".scenario:visible")).to_have_count(len(left))
    shown = opened.page.locator(".scenario:visible").evaluate_all("nodes => nodes.map((node) => node.id)")
    assert shown == left
    expect(opened.page.locator(".runs tbody tr:visible")).to_have_count(len(left))
    expect(opened.page.locator("#nothing")).to_be_visible(visible=not left)


def test_verdicts_are_filtered_by_area_level_and_outcome(opened: Opened) -> None:
    opened.page.select_option("#level", "MUST")
    opened.page.select_option("#verdict", "failed")

    rows = opened.page.locator(".verdicts tbody tr:visible")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("CLAIM-02")
    expect(opened.page.locator(".scenario:visible")).to_have_count(1)


def test_scenarios_are_filtered_by_how_they_came_out(opened: Opened) -> None:
    opened.page.get_by_label("1 unexpected").uncheck()

    expect(opened.page.locator(FAILED)).to_be_hidden()
    expect(opened.page.locator("#tally")).to_have_text("2 of 3 shown")


@pytest.mark.parametrize("width", [1400, 900, 390, 320])
def test_nothing_sticks_out_of_the_window(chromium: Browser, tmp_path: Path, width: int) -> None:
    opened = load(chromium, render_html(sample_record()), tmp_path / "index.html", width=width)
    opened.page.locator("#open").click()
    opened.page.locator(f"{FAILED} .exchange summary").last.click()

    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.locator("svg.ladder:visible").count() == 2
    opened.page.context.close()


def test_without_script_an_arrow_still_opens_its_exchange(chromium: Browser, tmp_path: Path) -> None:
    opened = load(chromium, render_html(sample_record()), tmp_path / "index.html", script=False)

    opened.page.locator(f"{FAILED} svg.wide a[href='{FAILED}.7']").click()

    expect(opened.page.locator(f"[id='{FAILED[1:]}.7']")).to_be_visible()
    expect(opened.page.locator("#bar")).to_be_hidden()
    opened.page.context.close()


def test_ten_thousand_verdicts_can_still_be_filtered(chromium: Browser, tmp_path: Path) -> None:
    opened = load(chromium, render_html(large_record()), tmp_path / "index.html")

    expect(opened.page.locator(".head")).to_contain_text("10,000")
    opened.page.locator("#find").fill("claim-05 scenario 30")

    expect(opened.page.locator("#tally")).to_have_text("1 of 100 shown")
    assert opened.complaints == []
    opened.page.context.close()

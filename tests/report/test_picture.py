"""The page that a flow ended on is shown as people would have seen it, and can do nothing in the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hybridjoin.model.record import RunRecord
from hybridjoin.model.recorded import HttpReplyRecord
from hybridjoin.model.steps import Party, Step
from hybridjoin.report.page.html import render_html
from tests.report.sample import bad_scenario, exchange, get, sample_record

HOSTILE = (
    '<html><head><title>Down</title><meta http-equiv="refresh" content="0;url=https://evil.test/refresh">'
    '<script>top.document.title = "taken"; fetch("https://evil.test/script")</script></head><body>'
    '<h1 id="words">The sign-in service is down</h1><img src="https://evil.test/image" onerror="top.x = 1">'
    '<form action="https://evil.test/form"><input type="password"><button id="go">Sign in</button></form>'
    '<a id="away" href="https://evil.test/link">Go on</a></body></html>'
)
KIND = "text/html; charset=utf-8"


def ended_on(body: str, *, kind: str = KIND) -> RunRecord:
    """A record whose one flow ended at a page of the IdP."""
    scenario = bad_scenario()
    assert scenario.join is not None
    assert scenario.join.failure is not None
    reply = HttpReplyRecord(status=200, headers=(("Content-Type", kind),), body=body)
    page = exchange(Step.MEX, Party.IDP, get("https://sts.hybridjoin.test/mex"), reply, at_ms=0, took_ms=1)
    failure = replace(scenario.join.failure, step=Step.MEX)
    join = replace(scenario.join, failure=failure, exchanges=(page,), verdicts=())
    return sample_record(replace(scenario, join=join))


def test_the_page_is_shown_where_the_flow_ended_and_escaped_there() -> None:
    page = render_html(ended_on(HOSTILE))

    assert page.count("<iframe sandbox srcdoc=") == 1
    assert "&lt;h1 id=&#34;words&#34;&gt;The sign-in service is down" in page
    assert HOSTILE not in page


@pytest.mark.parametrize(
    "record",
    [ended_on('{"error": "down"}', kind="application/json"), ended_on(" "), sample_record(bad_scenario())],
    ids=["no page", "an empty one", "a flow that ended at no page"],
)
def test_what_is_no_page_is_not_drawn_as_one(record: RunRecord) -> None:
    assert "<iframe" not in render_html(record)


@pytest.mark.browser
def test_a_hostile_page_is_seen_and_can_do_nothing(chromium: Browser, tmp_path: Path) -> None:
    at = tmp_path / "index.html"
    at.write_text(render_html(ended_on(HOSTILE)), "utf-8")
    tab = chromium.new_page(viewport={"width": 1200, "height": 900})
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(at.as_uri())
    title = tab.title()
    for details in tab.locator("details").all():
        details.evaluate("element => { element.open = true }")
    frame = tab.frame_locator(".as-seen iframe")
    tab.locator(".as-seen iframe").scroll_into_view_if_needed()

    assert frame.locator("#words").inner_text() == "The sign-in service is down"
    frame.locator("#go").click()
    frame.locator("#away").click()
    tab.wait_for_timeout(500)

    assert [url for url in asked if url.startswith("http")] == []
    assert tab.title() == title
    assert tab.url == at.as_uri()
    tab.close()

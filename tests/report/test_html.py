"""The page as text: hostile replies, anchors, self-containment, contrast."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from hybridjoin.model.record import ExpectationRecord, RunRecord
from hybridjoin.model.recorded import HttpReplyRecord, HttpRequestRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.model.where import Where
from hybridjoin.report.page.html import render_html
from hybridjoin.report.page.page import build_page, headline
from tests.report.sample import bad_scenario, good_scenario, sample_record

HOSTILE = "</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>\"' onmouseover=alert(1) {{ 7*7 }}"


def hostile_record() -> RunRecord:
    scenario = bad_scenario()
    assert scenario.join is not None
    headers = ((HOSTILE, HOSTILE),)
    request = HttpRequestRecord(method=HOSTILE, url=HOSTILE, headers=headers, body=HOSTILE)
    reply = HttpReplyRecord(status=200, reason=HOSTILE, headers=headers, body=HOSTILE)
    exchanges = tuple(replace(item, request=request, reply=reply) for item in scenario.join.exchanges)
    claims = tuple(
        replace(row, found=(HOSTILE,), mistake=HOSTILE, found_namespace=HOSTILE) for row in scenario.join.claims
    )
    verdicts = tuple(
        replace(item, found=HOSTILE, expected=HOSTILE, where=Where(document=HOSTILE)) for item in scenario.join.verdicts
    )
    join = replace(
        scenario.join,
        device=HOSTILE,
        exchanges=exchanges,
        claims=claims,
        verdicts=verdicts,
        debug_screen=(HOSTILE,),
        status_screen=(HOSTILE,),
    )
    return sample_record(replace(scenario, id=HOSTILE, title=HOSTILE, error=HOSTILE, tags=(HOSTILE,), join=join))


def test_hostile_replies_bring_no_element_and_no_attribute_into_the_page() -> None:
    tree = lxml_html.document_fromstring(render_html(hostile_record()))

    assert len(tree.findall(".//script")) == 1
    assert tree.findall(".//img") == []
    assert [name for node in tree.iter() for name in node.attrib if name.startswith("on")] == []


def test_hostile_text_is_shown_word_for_word() -> None:
    tree = lxml_html.document_fromstring(render_html(hostile_record()))

    screens = [node.text_content() for node in tree.findall(".//pre[@class='screen']")]
    assert screens == [HOSTILE, HOSTILE]


def test_every_link_leads_to_an_element_of_the_page() -> None:
    tree = lxml_html.document_fromstring(render_html(sample_record()))

    ids = {node.get("id") for node in tree.iter() if node.get("id")}
    links = [link.get("href", "") for link in tree.findall(".//a")]
    assert len(links) > 20
    assert {link for link in links if link[0] != "#" or link[1:] not in ids} == set()


def test_no_id_is_given_twice_even_when_scenarios_look_alike() -> None:
    record = sample_record(good_scenario(), replace(good_scenario(), id="PINGONE trust/13"))

    tree = lxml_html.document_fromstring(render_html(record))

    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {"pingone-trust-13", "pingone-trust-13--2"} <= set(ids)


def test_the_page_refers_to_nothing_outside_itself() -> None:
    page = render_html(sample_record())

    tree = lxml_html.document_fromstring(page)
    addresses = [node.get(name, "#") for node in tree.iter() for name in ("src", "href", "srcset", "action")]
    assert [address for address in addresses if not address.startswith(("#", "data:"))] == []
    assert "@import" not in page
    assert "url(" not in page


def test_each_arrow_opens_the_exchange_it_stands_for() -> None:
    tree = lxml_html.document_fromstring(render_html(sample_record(bad_scenario())))

    arrows = (
        tree.cssselect("svg.wide a") if hasattr(tree, "cssselect") else tree.xpath("//svg[contains(@class,'wide')]//a")
    )
    targets = [arrow.get("href") for arrow in arrows]
    assert targets == [f"#accounttype-wrong-namespace.{number}" for number in range(1, 10)]


def test_a_long_body_stands_in_the_page_once() -> None:
    page = render_html(sample_record())

    assert page.count("<b>DJ</b>") == 2  # two different assertions
    assert (
        page.count("&#34;windows13&#34; binding=&#34;tns:windows13&#34;") == 1
    )  # one metadata document, two scenarios
    assert page.count('data-same="accounttype-wrong-namespace.5.reply"') == 1


def test_unexpected_scenarios_come_first_and_open() -> None:
    page = build_page(sample_record(*[good_scenario()] * 4, bad_scenario()))

    assert [(view.record.outcome, view.open) for view in page.scenarios][:2] == [
        (Outcome.FAILED, True),
        (Outcome.PASSED, False),
    ]


def test_the_fallback_that_hides_a_failure_is_unmasked() -> None:
    assert "Windows would hide this." in render_html(sample_record(bad_scenario()))
    assert "Windows would hide this." not in render_html(sample_record(good_scenario()))


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        ([], "No scenario was run"),
        ([Outcome.PASSED], "The scenario came out as expected"),
        ([Outcome.PASSED, Outcome.WARNING], "Both scenarios came out as expected"),
        ([Outcome.PASSED] * 3, "All 3 scenarios came out as expected"),
        ([Outcome.FAILED], "Of 1 scenario, 1 did not come out as expected"),
        (
            [Outcome.FAILED, Outcome.INTERRUPTED],
            "Of 2 scenarios, 1 did not come out as expected and 1 could not be finished",
        ),
    ],
)
def test_the_headline_sums_the_run_up(outcomes: list[Outcome], sentence: str) -> None:
    scenarios = tuple(replace(good_scenario(), outcome=outcome) for outcome in outcomes)

    assert headline(replace(sample_record(), scenarios=scenarios)) == sentence


PALETTE = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")
INKS = ("ink", "quiet", "link", "passed", "failed", "warning", "review", "skipped", "interrupted")


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", render_html(sample_record()), re.DOTALL)
    light, dark, paper = (dict(PALETTE.findall(block)) for block in blocks)
    return {"light": light, "dark": light | dark, "print": light | paper}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark", "print"])
def test_every_ink_keeps_the_contrast_of_wcag_aa_on_every_ground(name: str) -> None:
    colours = palettes()[name]

    grounds = ("paper", "sheet", "hover", "failed-wash", "side-wash")
    weak = {
        (ink, ground): round(contrast(colours[ink], colours[ground]), 2)
        for ink in INKS
        for ground in grounds
        if contrast(colours[ink], colours[ground]) < 4.5
    }
    assert weak == {}
    assert contrast(colours["mark-ink"], colours["mark"]) >= 4.5


def test_an_expectation_of_a_verdict_leads_to_what_that_verdict_is_about() -> None:
    scenario = bad_scenario()
    assert scenario.join is not None
    broken = next(item for item in scenario.join.verdicts if item.outcome is Outcome.FAILED)
    line = ExpectationRecord(
        name=f"verdict {broken.requirement}",
        place=f"{scenario.file}:9:3",
        expected="passed",
        found="failed",
        met=False,
        explanation=broken.sentence,
        where=broken.where,
    )

    tree = lxml_html.document_fromstring(render_html(sample_record(replace(scenario, expectations=(line,)))))

    (link,) = tree.xpath("//table[contains(@class, 'expected')]//a[@data-open]")
    assert link.text == "RSTR, saml:Attribute accounttype (line 1)"
    assert tree.get_element_by_id(link.get("href")[1:]).get("data-why") == broken.requirement
    assert "(at RSTR, saml:Attribute accounttype" in tree.xpath("//p[@class='why']")[0].text_content()

"""The certification's chapters, and the way from a verdict to the element that breaks it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser, expect

from hybridjoin.model.loss import Client, Loss
from hybridjoin.model.record import DocumentRecord, RunRecord
from hybridjoin.model.requirement_row import DeviationList
from hybridjoin.model.verdict import Outcome
from hybridjoin.model.where import Spot, Where
from hybridjoin.report.certified import certified_headline
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.page.html import render_html
from tests.report.certification_sample import certification, certified_record, requirement
from tests.report.sample import STS, bad_scenario, good_scenario, large_record, sample_record

expect.set_options(timeout=30_000)


def page(record: RunRecord) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(render_html(record))


def rows(tree: lxml_html.HtmlElement, table: str) -> list[str]:
    found = tree.xpath(f"//table[contains(concat(' ', @class, ' '), ' {table} ')]/tbody/tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in found]


def test_every_requirement_says_where_it_was_tested_or_why_not() -> None:
    answers = rows(page(certified_record()), "answers")

    assert len(answers) == len(certification().requirements)
    assert [row for row in answers if "RSTR, saml" not in row and "MEX, " not in row and "RST, " not in row] == [
        row for row in answers if "not tested: " in row
    ]
    assert answers[0].startswith("failed CLAIM-02 MUST")  # what nobody excuses comes first
    (excused,) = (number for number, row in enumerate(answers) if "MEX-13" in row)
    assert "Excused. Known deviation until 2027-01-31 (idp-team): mended in 7.4" in answers[excused]
    assert [row.split()[1] for row in answers[:excused]] == ["CLAIM-02", "TOKEN-01", "NEG-01"]  # nobody excuses these


def test_a_source_that_nobody_has_read_says_so() -> None:
    answers = rows(page(certified_record()), "answers")

    assert "SAML11 2.4.4 " in answers[0]
    assert ["SAML11 2.4.4 (unverified)" in row for row in answers] == [False, *[True] * (len(answers) - 1)]


def test_each_requirement_says_whom_it_breaks() -> None:
    loss = Loss(client=Client.MSAL_JAVA, source="MSAL4J WSTrustRequest")
    first, *others = certification().requirements
    drawn = replace(certification(), requirements=(replace(first, breaks=(loss,)), *others))

    tree = page(replace(certified_record(), certification=drawn))
    told = {row.get("id"): row.text_content() for row in tree.xpath("//tr[@data-a][@id]")}

    assert "breaks MSAL Java" in told["MEX-01"]
    assert len(told) == len(drawn.requirements)
    assert all("breaks nobody known" in text for name, text in told.items() if name != "MEX-01")


def test_coverage_deviations_and_the_untested_have_their_tables() -> None:
    tree = page(certified_record())

    assert rows(tree, "areas")[1] == "NEG 1/3 1 warning 2 skipped"
    assert rows(tree, "deviations")[0].startswith("past its date SIG-03")
    assert rows(tree, "deviations")[0].endswith("expected idp-team by design 2026-01-31")
    assert rows(tree, "reasons")[0] == "it is hostile NEG-07 NEG-08"
    assert rows(tree, "untested") == ["Replays are refused by every node. RFC4120 3.2.3 One node answers."]
    probes = [" ".join(item.text_content().split()) for item in tree.xpath("//ol[@class='probes']/li")]
    assert [text[: text.index(".")] for text in probes] == [
        "asked rst-wrong-applies-to An RST for somebody else",
        "not asked rst-dtd hostile An RST with a DTD",
    ]


def test_what_a_probe_said_and_heard_stands_below_it_and_a_refusal_is_no_alarm() -> None:
    probe = page(certified_record()).get_element_by_id("probe.rst-wrong-applies-to")

    (exchange,) = probe.find_class("exchange")
    assert exchange.get("class") == "exchange"
    assert "Ask the token service" in exchange.text_content()
    bodies = [body.text_content() for body in exchange.iter("pre")]
    assert "RequestSecurityToken" in bodies[0]
    assert len(bodies) == 2


def test_a_record_without_the_exchanges_of_probes_is_drawn_too() -> None:
    record = certified_record()
    data = json.loads(encode_record(record))
    for row in data["certification"]["probes"]:
        del row["exchanges"]

    older = decode_record(json.dumps(data).encode(), place="older")

    assert "rst-wrong-applies-to" in page(older).get_element_by_id("probe.rst-wrong-applies-to").text_content()


def test_links_lead_to_elements_of_the_page_or_to_the_specification() -> None:
    tree = page(certified_record())

    ids = {node.get("id") for node in tree.iter() if node.get("id")}
    links = {link.get("href", "") for link in tree.findall(".//a")}
    assert {link for link in links if link[0] != "#"} == {"https://docs.example/saml11"}
    assert {link[1:] for link in links if link[0] == "#"} <= ids
    assert "#probe.rst-wrong-applies-to.1.request.first" in links


def test_a_foreign_record_brings_no_address_that_runs() -> None:
    rows_ = tuple(replace(row, url="javascript:alert(1)") for row in certification().requirements)

    tree = page(replace(certified_record(), certification=replace(certification(), requirements=rows_)))

    assert [link.get("href") for link in tree.findall(".//a") if "javascript" in link.get("href", "")] == []


@pytest.mark.parametrize("record", [certified_record(), sample_record(bad_scenario())])
def test_a_broken_verdict_leads_to_its_marked_element(record: RunRecord) -> None:
    tree = page(record)

    links = [
        link.get("href", "")[1:] for link in tree.findall(".//a") if "saml:Attribute accounttype" in (link.text or "")
    ]
    targets = [tree.get_element_by_id(name) for name in links]
    assert targets
    for target in targets:
        assert target.get("data-why") == "CLAIM-02"
        assert 'AttributeName="accounttype"' in target.text_content()


def test_the_same_body_in_two_scenarios_keeps_the_marks_apart() -> None:
    tree = page(sample_record(bad_scenario(), replace(bad_scenario(), id="again")))

    ids = [name for node in tree.iter() if (name := node.get("id"))]
    assert len(ids) == len(set(ids))
    of_bodies = [name.split(".reply.") for name in ids if ".7.reply." in name]
    assert {chapter for chapter, _ in of_bodies} == {"accounttype-wrong-namespace.7", "again.7"}
    assert len({line for _, line in of_bodies}) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "1 requirement is broken that nothing excuses, and not everything could be found out"),
        (
            {"requirements": (requirement("A-1", Outcome.PASSED),), "complete": True},
            "A join failed although no requirement that was asked is broken",
        ),
        (
            {
                "requirements": (replace(requirement("A-1", Outcome.FAILED), deviation=DeviationList.KNOWN),),
                "deviations": (),
                "complete": True,
            },
            "Certified: no requirement that is fatal here is broken",
        ),
        (
            {
                "requirements": (replace(requirement("A-1", Outcome.FAILED), deviation=DeviationList.KNOWN),),
                "complete": True,
            },
            "1 row of the list of deviations no longer holds",
        ),
    ],
)
def test_the_headline_sums_the_certification_up(change: dict[str, object], words: str) -> None:
    record = replace(certification(), **change)  # type: ignore[arg-type]

    assert certified_headline(replace(certified_record(), certification=record), record) == words


def test_a_join_that_the_machine_cut_off_is_not_held_against_the_idp() -> None:
    lost = replace(certification(), requirements=(requirement("A-1", Outcome.INTERRUPTED),), deviations=())
    record = replace(certified_record(), certification=lost)
    (join,) = record.scenarios
    cut_off = replace(record, scenarios=(replace(join, outcome=Outcome.INTERRUPTED, error="the directory is gone"),))

    assert record.unexplained_joins == (join.title,)
    assert cut_off.unexplained_joins == ()
    assert certified_headline(cut_off, lost) == "The certification could not be finished"


@pytest.mark.browser
def test_the_keyboard_leads_from_a_verdict_to_the_offending_element(chromium: Browser, tmp_path: Path) -> None:
    at = tmp_path / "index.html"
    at.write_text(render_html(certified_record()), "utf-8")
    tab = chromium.new_page(viewport={"width": 1400, "height": 900})
    tab.goto(at.as_uri())

    tab.locator(".answers a", has_text="accounttype").last.focus()
    tab.keyboard.press("Enter")

    spot = tab.locator("mark.spot[data-why='CLAIM-02'][id]")
    expect(spot).to_be_focused()
    expect(spot).to_be_in_viewport()
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 420])
def test_a_requirement_that_a_probe_broke_leads_to_what_that_probe_said(
    chromium: Browser, tmp_path: Path, width: int
) -> None:
    at = tmp_path / "index.html"
    record = certified_record()
    assert record.certification is not None
    (asked, *_) = record.certification.probes
    before = tuple(replace(asked, id=f"rst-{number}") for number in range(30))
    many = replace(record, certification=replace(record.certification, probes=(*before, asked)))
    at.write_text(render_html(many), "utf-8")
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.goto(at.as_uri())

    tab.locator(".answers a", has_text="rst-wrong-applies-to").click()

    probe = tab.locator("[id='probe.rst-wrong-applies-to']")
    expect(probe.locator("mark.spot[data-why='NEG-01']")).to_be_focused()
    expect(probe.locator("mark.spot[data-why='NEG-01']")).to_be_in_viewport()
    expect(probe.locator(".message pre").first).to_be_in_viewport()
    expect(tab.locator(".probes .exchange[open]")).to_have_count(1)
    tab.close()


@pytest.mark.browser
def test_marks_are_copied_with_a_body_that_stands_elsewhere(chromium: Browser, tmp_path: Path) -> None:
    at = tmp_path / "index.html"
    record = sample_record(bad_scenario(), replace(bad_scenario(), id="again"))
    at.write_text(render_html(record), "utf-8")
    tab = chromium.new_page(viewport={"width": 1400, "height": 900})
    tab.goto(at.as_uri())

    tab.locator("#again .sentences a", has_text="accounttype").click()

    spot = tab.locator("[id^='again.7.reply.']")
    expect(spot).to_be_focused()
    expect(spot).to_contain_text("accounttype")
    expect(tab.locator("[id^='accounttype-wrong-namespace.7.reply.']")).to_have_count(1)
    tab.close()


@pytest.mark.browser
def test_requirements_are_filtered_by_area_and_level(chromium: Browser, tmp_path: Path) -> None:
    at = tmp_path / "index.html"
    at.write_text(render_html(certified_record()), "utf-8")
    tab = chromium.new_page(viewport={"width": 1400, "height": 900})
    tab.goto(at.as_uri())

    tab.select_option("#area", "NEG")
    expect(tab.locator(".answers tbody tr:visible")).to_have_count(3)
    expect(tab.locator("#tally")).to_have_text("3 of 7 shown")
    tab.select_option("#level", "SHOULD")
    expect(tab.locator(".answers tbody tr:visible")).to_have_count(1)
    tab.select_option("#level", "MAY")
    expect(tab.locator("#no-answer")).to_be_visible()
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 900, 390, 320])
def test_no_chapter_sticks_out_of_the_window(chromium: Browser, tmp_path: Path, width: int) -> None:
    at = tmp_path / "index.html"
    at.write_text(render_html(certified_record()), "utf-8")
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.goto(at.as_uri())
    tab.locator("#open").click()

    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


@pytest.mark.browser
def test_a_sheet_without_a_match_leaves_no_gap(chromium: Browser, tmp_path: Path) -> None:
    at = tmp_path / "index.html"
    at.write_text(render_html(large_record(scenarios=1, requirements=1000)), "utf-8")
    tab = chromium.new_page(viewport={"width": 1400, "height": 900})
    tab.goto(at.as_uri())
    assert tab.locator(".scenario .sheet").count() == 4

    tab.locator("#find").fill("sentence 999 ")

    expect(tab.locator(".scenario .sheet:visible")).to_have_count(1)
    expect(tab.locator(".verdicts tbody tr:visible")).to_have_count(1)
    tab.close()


def test_a_table_of_ordinary_length_is_one_table() -> None:
    assert page(sample_record(good_scenario())).xpath("//*[@class='sheet']") == []


def with_settings() -> RunRecord:
    """A certification that held settings against the IdP, of which one is wrong and one is not set."""
    members = (("IssuerUri", STS), ("PassiveSignInUri", ""), ("SigningCertificate", "A" * 1200))
    places = {"FED-04": "PassiveSignInUri", "FED-09": "SigningCertificate", "FED-01": "IssuerUri"}
    rows = tuple(
        replace(
            requirement(name, Outcome.PASSED if name == "FED-01" else Outcome.FAILED),
            where=Where(document="settings.txt:3", spot=Spot.MEMBER, name=member),
        )
        for name, member in places.items()
    )
    document = DocumentRecord(name="settings.txt:3", members=members)
    record = certified_record()
    return replace(record, certification=replace(certification(), requirements=rows, documents=(document,)))


def test_the_settings_that_were_handed_in_are_shown_and_what_is_wrong_in_them_is_marked() -> None:
    tree = page(with_settings())

    marks = {mark.get("data-why", ""): mark for mark in tree.get_element_by_id("document.1").iter("mark")}
    assert sorted(marks) == ["FED-04", "FED-09"]
    assert marks["FED-04"].text_content() == "not set"
    assert marks["FED-09"].text_content().endswith("… (1200 characters)")
    links = {row: tree.get_element_by_id(row).xpath(".//a[@data-open]/@href") for row in ("FED-04", "FED-01")}
    assert links == {"FED-04": ["#document.1.PassiveSignInUri"], "FED-01": ["#document.1.IssuerUri"]}
    assert tree.get_element_by_id("document.1.IssuerUri").text_content() == STS


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 420])
def test_a_requirement_on_the_settings_leads_to_the_wrong_one(chromium: Browser, tmp_path: Path, width: int) -> None:
    at = tmp_path / "index.html"
    at.write_text(render_html(with_settings()), "utf-8")
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.goto(at.as_uri())

    tab.locator("[id='FED-04'] .spot-of a").click()

    mark = tab.locator("mark.spot[data-why='FED-04']")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.close()


def test_the_filter_of_a_certification_counts_joins_and_the_coverage_says_what_came_of_them() -> None:
    tree = page(certified_record())

    (chip,) = tree.xpath("//fieldset[@class='chips']//label")
    assert chip.text_content().strip() == "1 join unexpected"
    (lede,) = tree.find_class("lede")
    assert "1 way was tried; none came out as meant." in " ".join(lede.text_content().split())

"""Bodies made readable, whatever they hold."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.report.page.pretty import LIMIT_CHARACTERS, LIMIT_LINES, pretty
from tests.report.sample import MEX, assertion


def plain(body: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"</?[bi]>", "", pretty(body)))


def test_xml_is_indented_by_depth_and_keeps_leaves_on_their_line() -> None:
    assert plain("<a><b>1</b><c x='1'/><d><e></e></d></a>").split("\n") == [
        "<a>",
        "  <b>1</b>",
        "  <c x='1'/>",
        "  <d>",
        "    <e></e>",
        "  </d>",
        "</a>",
    ]


def test_a_wide_start_tag_has_one_attribute_a_line() -> None:
    lines = plain(MEX).split("\n")

    assert lines[1] == "<wsdl:definitions"
    assert lines[2].strip() == 'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"'
    assert max(map(len, lines)) <= 160


def test_values_are_set_off_from_markup() -> None:
    assert "<b>DJ</b>" in pretty(assertion())


def test_json_is_indented_and_keeps_the_order_of_its_members() -> None:
    assert plain('{"b":[1,{"a":"x"}],"a":null}').split("\n") == [
        "{",
        '  "b": [',
        "    1,",
        "    {",
        '      "a": "x"',
        "    }",
        "  ],",
        '  "a": null',
        "}",
    ]


def test_a_form_has_a_field_a_line_and_the_document_in_it_indented() -> None:
    body = "grant_type=urn:saml1_1-bearer&assertion=<a><b>1</b></a>&client_id=dd76"

    assert plain(body).split("\n") == [
        "grant_type=urn:saml1_1-bearer",
        "&assertion=",
        "<a>",
        "  <b>1</b>",
        "</a>",
        "&client_id=dd76",
    ]


def test_the_values_of_a_directory_entry_are_set_off() -> None:
    assert pretty("dn: CN=WS01\nobjectSid: S-1-5") == "dn: <b>CN=WS01</b>\nobjectSid: <b>S-1-5</b>"


def test_json_with_a_member_given_twice_is_left_as_it_came() -> None:
    body = '{"a": 1, "a": 2}'

    assert plain(body) == body


@pytest.mark.parametrize(
    "body",
    ["<a><b>cut", "<html><br><p>x", "{'not': json}", "<", "", "plain", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
)
def test_what_cannot_be_laid_out_is_shown_all_the_same(body: str) -> None:
    assert re.sub(r"\s", "", plain(body)) == re.sub(r"\s", "", body)


@given(st.text(alphabet=st.sampled_from("<>/ab\"'&= \n{}[]:!-?"), max_size=60))
def test_no_body_brings_markup_of_its_own_into_the_page(body: str) -> None:
    assert set(re.findall(r"<[^>]*>", pretty(body))) <= {"<b>", "</b>", "<i>", "</i>"}


@given(st.text(max_size=60))
def test_no_letter_of_a_body_is_lost(body: str) -> None:
    if body.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return  # JSON is written anew: escapes and number forms may change
    assert re.sub(r"\s", "", plain(body)) == re.sub(r"\s", "", html.unescape(body).replace("\ufeff", "")) or (
        re.sub(r"\s", "", plain(body)) == re.sub(r"\s", "", body)
    )


def test_a_huge_body_is_cut_and_says_so() -> None:
    text = plain("x" * (LIMIT_CHARACTERS + 1234))

    assert "1,234 more characters" in text
    assert len(text) < LIMIT_CHARACTERS + 200


def test_deeply_nested_json_does_not_stop_the_page() -> None:
    body = "[" * 50_000

    assert plain(body) == body


@pytest.mark.parametrize("body", ["<deep>" * 40_000, "[" + "1," * 40_000 + "1]", "a line\n" * 20_000])
def test_markup_that_would_grow_without_end_is_cut_by_lines_and_says_so(body: str) -> None:
    text = plain(body)

    assert text.count("\n") == LIMIT_LINES
    assert text.endswith("… the first 5,000 lines; record.json has the whole message")
    assert len(pretty(body)) < 3 * LIMIT_CHARACTERS

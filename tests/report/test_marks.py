"""From a verdict's place to the element that is marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.where import Spot, Where
from hybridjoin.report.drawn import DrawnMessage
from hybridjoin.report.page.marked import mark_lines
from hybridjoin.report.page.pretty import lay_out
from hybridjoin.report.page.spots import Target, find_spot
from tests.report.sample import MEX, assertion


def element(name: str = "", label: str = "", line: int = 0) -> Where:
    return Where(spot=Spot.ELEMENT, name=name, label=label, line=line)


def marked(body: str, spot: Where) -> str:
    """Return what is marked, without the marks."""
    target = find_spot(spot, DrawnMessage(headline="200 OK", body=body))
    if target is None or target.line is None:
        return ""
    text = mark_lines(body, {target.line: "CLAIM-02"}, "x")
    return "\n".join(re.findall(r'<mark class="spot"[^>]*>(.*?)</mark>', text, re.DOTALL))


def test_the_whole_attribute_is_marked_and_no_other() -> None:
    text = marked(assertion(), element(name="Attribute", label="accounttype"))

    assert "AttributeName=&#34;accounttype&#34;" in text
    assert "<b>DJ</b>" in text
    assert "onpremobjectguid" not in text


def test_an_element_is_found_by_its_local_name_whatever_its_prefix() -> None:
    body = '<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"><Conditions NotBefore="x"/></Assertion>'

    assert "Conditions" in marked(body, element(name="Conditions"))


def test_a_name_and_a_line_tell_one_element_from_another() -> None:
    body = '<definitions>\n<binding\n name="a"/>\n<port name="a"/>\n</definitions>'

    assert "binding" in marked(body, element(label="a", line=3))
    assert "port" in marked(body, element(label="a", line=4))
    assert marked(body, element(label="b", line=4)) == ""


def test_a_huge_element_is_marked_at_its_start_tag_only() -> None:
    assert "saml:Conditions" not in marked(assertion(), element(name="Assertion"))


def test_a_member_of_json_is_marked() -> None:
    spot = Where(spot=Spot.MEMBER, name="account_type")

    assert marked('{"a": {"account_type": "Managed"}}', spot).strip() == (
        "&#34;account_type&#34;: <b>&#34;Managed&#34;</b>"
    )


@pytest.mark.parametrize(
    ("spot", "text"),
    [
        (Where(spot=Spot.TICKET, name="ticket_etype"), "ticket encryption: <b>aes256</b>"),
        (Where(spot=Spot.TICKET, name="session_etype"), "session key: <b>rc4-hmac</b>"),
        (Where(spot=Spot.TICKET, name="server"), "server: <b>HTTP/sts</b>"),
    ],
)
def test_a_field_of_a_ticket_is_marked(spot: Where, text: str) -> None:
    assert marked("server: HTTP/sts\nticket encryption: aes256\nsession key: rc4-hmac", spot) == text


@pytest.mark.parametrize(
    ("name", "text"), [("", "dn: <b>CN=WS01</b>"), ("ms-ds-consistencyguid", "mS-DS-ConsistencyGuid: <b>0x00</b>")]
)
def test_a_directory_entry_or_an_attribute_of_it_is_marked(name: str, text: str) -> None:
    assert marked("dn: CN=WS01\nmS-DS-ConsistencyGuid: 0x00", Where(spot=Spot.ENTRY, name=name)) == text


@pytest.mark.parametrize(
    ("spot", "target"),
    [
        (Where(), Target()),
        (Where(spot=Spot.STATUS), Target()),
        (Where(spot=Spot.HEADER, name="content-type"), Target(header=1)),
        (Where(spot=Spot.HEADER, name="WWW-Authenticate"), None),
        (Where(spot=Spot.ENTRY), Target()),
        (Where(spot=Spot.ENTRY, name="mail"), None),
        (Where(spot=Spot.TICKET), Target()),
    ],
)
def test_a_status_or_header_is_found_and_what_is_missing_is_not(spot: Where, target: Target | None) -> None:
    message = DrawnMessage(headline="0 entries", headers=(("Date", "now"), ("Content-Type", "text/xml")))

    assert find_spot(spot, message) == target


def test_what_is_missing_from_the_message_is_not_marked() -> None:
    assert marked(MEX, element(name="Attribute", label="UPN")) == ""


@given(st.text(alphabet=st.sampled_from("<>/ab\"'&= \n{}[]:!-?"), max_size=60), st.integers(0, 5))
def test_marks_bring_nothing_of_the_body_to_life(body: str, line: int) -> None:
    text = mark_lines(body, {line: '"><script>'} if line < len(lay_out(body)) else {}, "x")

    tags = set(re.findall(r"<(/?\w+)", text))
    assert tags <= {"b", "/b", "i", "/i", "mark", "/mark"}

"""From a verdict's place to the element that is marked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.where import Spot, Where
from hybridjoin.report.page.marked import mark_spots
from tests.report.sample import MEX, assertion


def element(name: str = "", label: str = "", line: int = 0) -> Where:
    return Where(spot=Spot.ELEMENT, name=name, label=label, line=line)


def marked(body: str, spot: Where) -> str:
    """Return what is marked, without the marks."""
    done = mark_spots(body, [(spot, "CLAIM-02")], "x")
    return "\n".join(re.findall(r'<mark class="spot"[^>]*>(.*?)</mark>', done.text, re.DOTALL))


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
    assert marked('{"a": {"account_type": "Managed"}}', element(name="account_type")).strip() == (
        "&#34;account_type&#34;: <b>&#34;Managed&#34;</b>"
    )


def test_what_is_missing_from_the_message_is_not_marked() -> None:
    done = mark_spots(MEX, [(element(name="Attribute", label="UPN"), "CLAIM-13")], "x")

    assert done.found == frozenset()
    assert "<mark" not in done.text


@given(st.text(alphabet=st.sampled_from("<>/ab\"'&= \n{}[]:!-?"), max_size=60), st.sampled_from(["a", "b"]))
def test_marks_bring_nothing_of_the_body_to_life(body: str, name: str) -> None:
    done = mark_spots(body, [(element(name=name), '"><script>')], "x")

    tags = set(re.findall(r"<(/?\w+)", done.text))
    assert tags <= {"b", "/b", "i", "/i", "mark", "/mark"}

"""From a verdict's `where` to the element that is marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.steps import Step
from hybridjoin.report.page.marked import mark_spots
from hybridjoin.report.page.places import Place, Spot, place_of
from tests.report.sample import MEX, assertion


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("RSTR, saml:Attribute accounttype", Place(step=Step.RST, spot=Spot(name="Attribute", label="accounttype"))),
        ("RSTR, ds:SignatureMethod", Place(step=Step.RST, spot=Spot(name="SignatureMethod"))),
        ("MEX, windows13 (line 12)", Place(step=Step.MEX, spot=Spot(label="windows13", line=12))),
        ("MEX, Identity/Spn", Place(step=Step.MEX, spot=Spot(name="Spn"))),
        ("mex reply, wsdl:port windows, line 1", Place(step=Step.MEX, spot=Spot(name="port", label="windows", line=1))),
        ("user realm, account_type", Place(step=Step.REALM, spot=Spot(name="account_type"))),
        ("LDAP, SCP", Place(step=Step.SCP)),
        ("RST", Place(step=Step.RST, reply=False)),
        ("RST, probe rst-msal-go", Place(probe="rst-msal-go")),
        ("fault, probe rst-dtd", Place(probe="rst-dtd")),
        ("RSTR, ds:KeyInfo (join by WS-Trust 2005)", Place(step=Step.RST, spot=Spot(name="KeyInfo"), join="2005")),
        ("RSTR, namespace of the response", Place(step=Step.RST)),
        ("RST, a user's own ticket", None),
        ("empty POST", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_place_is_read_back(where: str, place: Place | None) -> None:
    assert place_of(where) == place


@given(st.text(max_size=80))
def test_whatever_stands_there_is_a_place_or_none(where: str) -> None:
    place = place_of(where)

    assert place is None or place.step is not None or place.probe


def marked(body: str, spot: Spot) -> str:
    """Return what is marked, without the marks."""
    done = mark_spots(body, [(spot, "CLAIM-02")], "x")
    return "\n".join(re.findall(r'<mark class="spot"[^>]*>(.*?)</mark>', done.text, re.DOTALL))


def test_the_whole_attribute_is_marked_and_no_other() -> None:
    text = marked(assertion(), Spot(name="Attribute", label="accounttype"))

    assert "AttributeName=&#34;accounttype&#34;" in text
    assert "<b>DJ</b>" in text
    assert "onpremobjectguid" not in text


def test_an_element_is_found_by_its_local_name_whatever_its_prefix() -> None:
    body = '<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"><Conditions NotBefore="x"/></Assertion>'

    assert "Conditions" in marked(body, Spot(name="Conditions"))


def test_a_name_and_a_line_tell_one_element_from_another() -> None:
    body = '<definitions>\n<binding\n name="a"/>\n<port name="a"/>\n</definitions>'

    assert "binding" in marked(body, Spot(label="a", line=3))
    assert "port" in marked(body, Spot(label="a", line=4))
    assert marked(body, Spot(label="b", line=4)) == ""


def test_a_huge_element_is_marked_at_its_start_tag_only() -> None:
    assert "saml:Conditions" not in marked(assertion(), Spot(name="Assertion"))


def test_a_member_of_json_is_marked() -> None:
    assert marked('{"a": {"account_type": "Managed"}}', Spot(name="account_type")).strip() == (
        "&#34;account_type&#34;: <b>&#34;Managed&#34;</b>"
    )


def test_what_is_missing_from_the_message_is_not_marked() -> None:
    done = mark_spots(MEX, [(Spot(name="Attribute", label="UPN"), "CLAIM-13")], "x")

    assert done.found == frozenset()
    assert "<mark" not in done.text


@given(st.text(alphabet=st.sampled_from("<>/ab\"'&= \n{}[]:!-?"), max_size=60), st.sampled_from(["a", "b"]))
def test_marks_bring_nothing_of_the_body_to_life(body: str, name: str) -> None:
    done = mark_spots(body, [(Spot(name=name), '"><script>')], "x")

    tags = set(re.findall(r"<(/?\w+)", done.text))
    assert tags <= {"b", "/b", "i", "/i", "mark", "/mark"}

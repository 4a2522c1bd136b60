"""The expression language of attribute mappings, as the guide uses it."""

from __future__ import annotations

import base64
import uuid
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.idp.encodings import Facts
from hybridjoin.doubles.idp.expression import evaluate, parse
from hybridjoin.intake.gateway_expression import (
    NotAnExpression,
    NotWorkedOut,
    OfProfile,
    attributes_of,
    read_expression,
    work_out,
)

GUID = uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444")
ENCODED = base64.b64encode(GUID.bytes_le).decode()
PROFILE = {"externalid": str(GUID), "nickname": "WS01$"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#string.uuidAsBase64Guid(user.externalId,null)", ENCODED),
        ("  #string.uuidAsBase64Guid( user.externalId , null ) ", ENCODED),
        ("#string.uuidAsBase64Guid(user.nickname,null)", None),
        ("#string.uuidAsBase64Guid(user.nothing,null)", None),
        ('"DJ"', "DJ"),
        ("'D\\'J'", "D'J"),
        ("user.nickname", "WS01$"),
        ("${user.nickname}", "WS01$"),
        ('"a" + user.nickname + "b"', "aWS01$b"),
        ('"a" + user.nothing', None),
        ("null", None),
        ("12", "12"),
        ("ldap.nickname", None),
    ],
)
def test_an_expression_is_worked_out(text: str, value: str | None) -> None:
    assert work_out(read_expression(text), PROFILE) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DJ", "found DJ without either"),
        ("", "found the end"),
        ('"DJ', 'found "DJ'),
        ("#string.uuidAsBase64Guid", "expected a bracket"),
        ("#f(user.a", "expected a comma or a closing bracket, found the end"),
        ("user.a user.b", "expected the end, found user.b"),
        ("#f(" * 40, "at most 12 deep"),
    ],
)
def test_what_is_no_expression_is_told_by_its_place(text: str, words: str) -> None:
    with pytest.raises(NotAnExpression) as caught:
        read_expression(text)

    assert words in str(caught.value)


def test_a_function_of_another_guide_is_read_and_not_worked_out() -> None:
    term = read_expression("#string.toLowerCase(user.nickname)")

    assert list(attributes_of(term)) == [OfProfile(scope="user", name="nickname")]
    with pytest.raises(NotWorkedOut, match=r"#string\.toLowerCase is not worked out here"):
        work_out(term, PROFILE)


@pytest.mark.parametrize(
    "text",
    ["#string.uuidAsBase64Guid(user.externalId,null)", '"DJ"', "user.objectSid", "user.nothing", '"a"+user.nickname'],
)
def test_the_reference_identity_provider_reads_it_alike(text: str) -> None:
    profile = {"externalId": str(GUID), "nickname": "WS01$", "objectSid": "S-1-5-21-1"}
    theirs = evaluate(parse(text), facts({f"user.{name}": value for name, value in profile.items()}))

    assert work_out(read_expression(text), {name.lower(): value for name, value in profile.items()}) == theirs


def facts(values: dict[str, str]) -> Facts:
    return Facts(values=values, lookup=lambda _account, _name: None)


@given(st.text(st.sampled_from("#usera.()+,'\"\\ \t1${}"), max_size=60))
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    with suppress(NotAnExpression, NotWorkedOut):
        assert work_out(read_expression(text), PROFILE) is None or text

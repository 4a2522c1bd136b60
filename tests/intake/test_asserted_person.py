"""Whose an assertion is: two signs of three make it a person's, one is a mistake of the IdP's like any other."""

from __future__ import annotations

import pytest

from hybridjoin.intake.asserted_person import AssertedPerson, person_of
from hybridjoin.intake.captured_token import CapturedToken, read_token
from tests.protocol.documents import AssertionText, sign

PASSWORD, WINDOWS = "urn:oasis:names:tc:SAML:1.0:am:password", "urn:federation:authentication:windows"
DEVICE = ("http://schemas.microsoft.com/ws/2012/01", "accounttype", ("DJ",))
CAROL = ("http://schemas.xmlsoap.org/claims", "UPN", ("carol@contoso.example",))
WS01 = ("http://schemas.xmlsoap.org/claims", "UPN", ("WS01$@contoso.example",))
ANCHOR = ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID", ("AAAA",))
Claims = tuple[tuple[str, str, tuple[str, ...]], ...]


def captured(claims: Claims, method: str) -> CapturedToken:
    found = read_token(sign(str(AssertionText(claims=claims, method=method))).encode())
    assert isinstance(found, CapturedToken)
    return found


@pytest.mark.parametrize(
    ("claims", "method", "found"),
    [
        pytest.param((CAROL, ANCHOR), PASSWORD, ("carol@contoso.example", True), id="a person by password"),
        pytest.param((CAROL, ANCHOR), WINDOWS, ("carol@contoso.example", False), id="a person by ticket"),
        pytest.param((CAROL, DEVICE), PASSWORD, ("carol@contoso.example", True), id="one mapping for all callers"),
        pytest.param((CAROL, DEVICE), WINDOWS, None, id="a computer by another name"),
        pytest.param((DEVICE, ANCHOR), PASSWORD, None, id="a ticket that is called a password"),
        pytest.param((WS01, ANCHOR), WINDOWS, None, id="a computer of which nothing is claimed"),
        pytest.param((DEVICE, WS01), WINDOWS, None, id="a computer"),
    ],
)
def test_an_assertion_tells_whose_it_is(claims: Claims, method: str, found: tuple[str, bool] | None) -> None:
    wanted = None if found is None else AssertedPerson(name=found[0], by_password=found[1])

    assert person_of(captured(claims, method)) == wanted


def test_what_a_browser_takes_along_is_a_persons() -> None:
    one = captured((CAROL, DEVICE), WINDOWS)

    assert person_of(one, b"wa=wsignin1.0&wresult=x") == AssertedPerson(name="carol@contoso.example", by_password=False)

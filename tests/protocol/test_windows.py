"""The code table."""

from __future__ import annotations

import pytest

from hybridjoin.errors import Breakage
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol import windows


def test_every_code_of_the_table_says_what_it_means_and_where_that_is_known_from() -> None:
    assert len(windows.CODES) > 50
    for number, code in windows.CODES.items():
        assert code.code == number
        assert code.symbol
        assert code.meaning
        assert code.source


def test_symbols_are_not_used_twice() -> None:
    symbols = [code.symbol for code in windows.CODES.values()]
    assert sorted(symbols) == sorted(set(symbols))


def test_an_http_status_is_added_to_a_base() -> None:
    assert str(windows.code(0xCAA30191)) == "0xcaa30191"
    assert windows.code(0xCAA30191) == windows.http_status(401)


def test_a_code_that_is_not_in_the_table_is_unknown_and_keeps_its_number() -> None:
    code = windows.code(0xDEADBEEF)
    assert windows.is_unknown(code)
    assert str(code) == "0xdeadbeef"
    assert code.certainty is Certainty.ASSUMED


def test_an_assumed_code_keeps_its_meaning_and_says_why() -> None:
    code = windows.assumed(0x801C001D, "inferred")
    assert code.symbol == windows.code(0x801C001D).symbol
    assert (code.certainty, code.source) == (Certainty.ASSUMED, "inferred")


@pytest.mark.parametrize(
    ("breakage", "wininet", "adal"),
    [
        (Breakage.TIMEOUT, "0x80072ee2", "0xcaa82ee2"),
        (Breakage.NAME_NOT_RESOLVED, "0x80072ee7", "0xcaa82ee7"),
        (Breakage.REFUSED, "0x80072efd", "0xcaa82efd"),
        (Breakage.RESET, "0x80072efe", "0xcaa82efe"),
        (Breakage.TLS, "0x80072f8f", "0xcaa82f8f"),
    ],
)
def test_network_trouble_has_two_forms(breakage: Breakage, wininet: str, adal: str) -> None:
    assert str(windows.network(breakage, adal=False)) == wininet
    assert str(windows.network(breakage, adal=True)) == adal


@pytest.mark.parametrize("breakage", list(Breakage))
def test_every_breakage_has_a_code_or_says_that_nobody_knows(breakage: Breakage) -> None:
    for adal in (True, False):
        code = windows.network(breakage, adal=adal)
        assert windows.is_unknown(code) or code.code in windows.CODES


@pytest.mark.parametrize(
    ("error", "code"), [("invalid_grant", "0xcaa20003"), ("interaction_required", "0xcaa2000c"), ("?", "0xcaa20064")]
)
def test_oauth_errors_have_their_codes(error: str, code: str) -> None:
    assert str(windows.oauth_error(error)) == code


@pytest.mark.parametrize(
    ("error_type", "status", "code", "certainty"),
    [
        ("DirectoryError", 400, "0x801c03f2", Certainty.DOCUMENTED),
        ("AuthenticationError", 400, "0x801c0002", Certainty.DOCUMENTED),
        ("DirectoryError", 503, "0x801c0025", Certainty.DOCUMENTED),
        ("Surprise", 400, "0x801c0006", Certainty.ASSUMED),
        ("", 500, "0x801c0006", Certainty.ASSUMED),
    ],
)
def test_enrolment_errors_have_their_codes(error_type: str, status: int, code: str, certainty: Certainty) -> None:
    found = windows.enrolment_error(error_type, status)
    assert (str(found), found.certainty) == (code, certainty)

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
    symbols = [code.symbol for code in windows.CODES.values() if not code.symbol.startswith("(")]
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
    ("error_type", "subcode", "code", "certainty"),
    [
        ("DirectoryError", "", "0x801c03f2", Certainty.DOCUMENTED),
        ("DirectoryError", "error_missing_device", "0x801c03f2", Certainty.DOCUMENTED),
        ("AuthenticationError", "", "0x801c0002", Certainty.DOCUMENTED),
        ("AuthenticationError", "DeviceNotFound", "0x00000000", Certainty.ASSUMED),
        ("AuthorizationError", "", "0x801c0003", Certainty.ASSUMED),
        ("MessageFormatError", "", "0x801c0001", Certainty.ASSUMED),
        ("Surprise", "", "0x801c0006", Certainty.ASSUMED),
        ("", "", "0x801c0006", Certainty.ASSUMED),
    ],
)
def test_enrolment_errors_have_their_codes(error_type: str, subcode: str, code: str, certainty: Certainty) -> None:
    found = windows.enrolment_error(error_type, subcode)
    assert (str(found), found.certainty) == (code, certainty)


def test_a_newer_client_has_a_number_of_its_own_for_a_device_that_entra_does_not_know() -> None:
    found = windows.enrolment_error("DirectoryError", "error_missing_device", newer=True)

    assert (str(found), found.certainty) == ("0x801c03f3", Certainty.OBSERVED)
    assert str(windows.enrolment_error("DirectoryError", newer=True)) == "0x801c03f2"


@pytest.mark.parametrize(
    ("status", "symbol", "certainty"),
    [
        (302, "ERROR_HTTP_STATUS_REDIRECT", Certainty.DOCUMENTED),
        (401, "ERROR_HTTP_STATUS_DENIED", Certainty.DOCUMENTED),
        (505, "ERROR_HTTP_STATUS_VERSION_NOT_SUP", Certainty.DOCUMENTED),
        (308, "ADAL HTTP status 308", Certainty.ASSUMED),
        (429, "ADAL HTTP status 429", Certainty.ASSUMED),
        (511, "ADAL HTTP status 511", Certainty.ASSUMED),
    ],
)
def test_only_a_status_of_the_published_list_is_documented(status: int, symbol: str, certainty: Certainty) -> None:
    code = windows.http_status(status)

    assert (code.symbol, code.certainty, code.code) == (symbol, certainty, 0xCAA30000 + status)


def test_the_published_statuses_are_those_of_the_page() -> None:
    published = {*range(300, 306), 307, *range(400, 416), 449, *range(500, 506)}

    assert {
        item for item in range(100, 600) if windows.http_status(item).certainty is Certainty.DOCUMENTED
    } == published


def test_an_answer_that_is_too_large_ends_in_the_token_clients_own_code_and_that_is_assumed() -> None:
    code = windows.network(Breakage.TOO_LARGE, adal=True)

    assert (str(code), code.symbol) == ("0xcaa10024", "ERROR_ADAL_WINHTTP_EXCEEDS_TOTAL_DOWNLOAD_SIZE")
    assert code.certainty is Certainty.ASSUMED


def test_the_outer_code_has_its_published_symbol_and_its_meaning_is_only_observed() -> None:
    code = windows.code(windows.ADAL_WRAPPER)

    assert (code.symbol, code.certainty) == ("ERROR_ADAL_HANDLE", Certainty.OBSERVED)
    assert windows.code(0xCAA10023).symbol == "ERROR_ADAL_WINHTTP_STATUS_NOT_OK"

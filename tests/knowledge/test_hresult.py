"""The number of a code that nobody knows still says whose it is."""

from __future__ import annotations

import pytest

from hybridjoin.knowledge.hresult import anatomy, is_failure, number_of


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("0x801C03F2", 0x801C03F2),
        ("-2145647630", 0x801C03F2),
        ("-1", 0xFFFFFFFF),
        ("0x00000000", 0),
        ("-2147483648", 0x80000000),
        ("-2147483649", None),
        ("2147483648", None),
        ("-0", None),
        ("0x801c03f", None),
        ("event 304", None),
    ],
)
def test_hex_and_signed_decimals_are_the_same_number(name: str, number: int | None) -> None:
    assert number_of(name) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0x800705B4, "the Win32 error 1460"),
        (0x801C0FFF, "the device registration client"),
        (0x80280001, "the TPM's services"),
        (0x80290001, "the TPM's software"),
        (0xCAA90FFF, "the token client (ADAL, WAM)"),
        (0xC0048999, "AAD_CLOUDAP"),
        (0x80131500, "facility 0x013"),
    ],
)
def test_an_unknown_code_says_whose_it_is(number: int, words: str) -> None:
    assert words in anatomy(number)
    assert f"0x{number:08x}" in anatomy(number)
    assert is_failure(number)

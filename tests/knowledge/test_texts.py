"""What a pasted text names is found in every form that Windows writes it in, and the errors come first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.knowledge.lookup import find
from hybridjoin.knowledge.texts import mentions, read_text


def test_the_names_in_a_pasted_line_are_found_in_their_order() -> None:
    line = "AdalLog: AADSTS51004: The user account … 0xcaa20003, event 304, KDC_ERR_ETYPE_NOSUPP, MEX-07, 0xcaa20003"

    assert mentions(line) == ("AADSTS51004", "0xcaa20003", "event 304", "KDC_ERR_ETYPE_NOSUPP", "MEX-07")


@pytest.mark.parametrize(
    "text",
    [
        "Event ID: 304",
        "  Event ID:      304\n",
        "EventID: 304",
        "event 304 and nothing else",
        "Event 304: Automatic registration failed",
        "event id 304.",
        "<System><EventID>304</EventID></System>",
        "<EventID Qualifiers='0'>304</EventID>",
        '{"event_id": 304, "version": 0}',
        '"EventID":304,',
        "EventCode=304",
        "TimeCreated  : 27/11/2026 08:30:00\nId           : 304\nMessage      : Automatic …",
        "11/27/2026 8:30:00 AM            304 Error            Automatic registration failed at join phase…",
    ],
)
def test_an_event_is_found_in_every_export(text: str) -> None:
    assert mentions(text) == ("event 304",)


@pytest.mark.parametrize(
    "text", ["events 304 and 305", "event 2026-11-27", "event 1234567", "the event took 304 ms", "Event[0]:"]
)
def test_a_number_near_an_event_is_not_one(text: str) -> None:
    assert mentions(text) == ()


@pytest.mark.parametrize("text", ["Exit code: -2145647630.", "hr=-2145647630", "(-2145647630)", "-2145647630, see"])
def test_a_signed_decimal_is_found_as_event_texts_print_it(text: str) -> None:
    reading = read_text(text, find)

    assert [item.id for item in reading.errors] == ["0x801c03f2"]


@pytest.mark.parametrize(
    "text",
    [
        "S-1-5-21-2145647630-1177238915-682003330-1260",
        "2026-2145647630",
        "+49-2145647630",
        "-21456476301",
        "-2145647630.5",
        "0-2145647630",
    ],
)
def test_a_number_with_a_hyphen_before_it_is_no_code(text: str) -> None:
    assert mentions(text) == ()


def test_errors_come_before_events_and_what_is_around_them_and_notes_come_apart() -> None:
    reading = read_text(
        "0x4aa90010 Event ID: 304 0xcaa1000e 0x801c03f2 AADSTS51004 0x0badcafe 0x80041234 KB-42 event 4999", find
    )

    assert [item.id for item in reading.errors] == ["AADSTS51004", "0x801c03f2", "event 304"]
    assert [item.id for item in reading.around] == ["0xcaa1000e"]
    assert [item.id for item in reading.notes] == ["0x4aa90010"]
    assert reading.unknown == ("0x80041234", "event 4999")


def test_a_wrapper_alone_is_the_error() -> None:
    reading = read_text("failed with error 0xcaa1000e", find)

    assert [item.id for item in reading.errors] == ["0xcaa1000e"]
    assert reading.around == ()


@given(st.text(max_size=200))
def test_any_text_is_searched_without_falling_over(text: str) -> None:
    reading = read_text(text, find)

    assert {*reading.unknown} <= {*mentions(text)}

"""What others said is shown so that it does nothing, loses nothing, and can be told from what only looks like it."""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.shown import _IN_ONE, _spell, _with_names, harmless, in_lines, one_line, shown, visible
from tests.report.sample import bad_scenario

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
NASTY = st.text(
    st.sampled_from("\\u001bU:#[e\x1b\x7f\x9b\u202e\u200b\u2028\ufeff\ud800\U000e0041↵\n\t\r ü日"), max_size=40
)


def said(text: str) -> str:
    """Undo the spelling, as a reader would."""

    def undone(match: re.Match[str]) -> str:
        slashes, code = match[1], match[2]
        kept = "\\" * (len(slashes) // 2)
        return kept + (chr(int(code, 16)) if len(slashes) % 2 else f"u{code}")

    text = re.sub("↵", "\n", text)
    text = re.sub(r"(\\+)u([0-9a-fA-F]{4})", undone, text)
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(NASTY | st.text())
def test_nothing_steers_and_nothing_is_lost(text: str) -> None:
    plain = one_line(text)

    assert not [letter for letter in plain if unicodedata.category(letter) in UNSEEN]
    assert said(plain) == text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(NASTY)
def test_what_was_shown_passes_the_last_net_unchanged(text: str) -> None:
    assert harmless(one_line(text)) == one_line(text)
    assert harmless(in_lines(text)) == in_lines(text)


@given(
    st.recursive(
        NASTY | st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3)
    )
)
def test_json_stays_the_same_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)

    assert json.loads(harmless(text)) == json.loads(text)
    assert json.loads(visible(text)) == json.loads(text)


def test_every_character_without_a_shape_is_spelled() -> None:
    every = (chr(number) for number in range(sys.maxunicode + 1))
    unseen = {letter for letter in every if unicodedata.category(letter) in UNSEEN}

    assert {letter for letter in unseen - {"\n", "\t"} if visible(letter) == letter} == set()
    assert {letter for letter in unseen if one_line(letter) == letter} == set()


@pytest.mark.parametrize(
    "text",
    [
        "Jürgen Müller",
        "株式会社日本",
        "Ελλάδα",
        "שלום",
        "CORP\\user",
        "C:\\Users\\uwe",
        "❤️",
        "fe80::1",
        "a::b",
        "ns::abcd",
        "DsrCmdJoinHelper::Join: TenantInfo::Discover failed with error code 0x801c001d.",
    ],
)
def test_names_stay_as_they_are(text: str) -> None:
    assert one_line(text) == in_lines(text) == text


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("\x1b[2J", "\\u001b[2J"),
        ("\\u001b", "\\\\u001b"),
        ("CORP\\\x1b", "CORP\\\\\\u001b"),
        ("one\r\ntwo", "one\\u000d↵two"),
        ("↵", "\\u21b5"),
        ("::error::x", "\\u003a:error::x"),
        ("a ##vso[task.complete]", "a \\u0023#vso[task.complete]"),
        ("x::Warning file=a::b", "x\\u003a:Warning file=a::b"),
        ("a ::pause-logging::b", "a \\u003a:pause-logging::b"),
        ("##[error]", "\\u0023#[error]"),
        ("\U000e0041", "\\udb40\\udc41"),
    ],
)
def test_it_is_spelled_as_json_spells_it(text: str, shown_as: str) -> None:
    assert one_line(text) == shown_as


def test_a_further_line_is_marked_as_one() -> None:
    assert in_lines("it died\n::error::x\r\nend") == "it died\n| \\u003a:error::x\n| end"


def test_a_text_of_backslashes_takes_no_time() -> None:
    began = time.process_time()

    one_line("\\" * 1_000_000)
    one_line("\\u001" * 200_000)
    one_line("::" * 500_000 + "#" * 500_000)

    assert time.process_time() - began < 5


def test_a_tree_is_shown_whole_and_left_alone_where_it_is_harmless() -> None:
    scenario = bad_scenario()
    hostile = replace(scenario, title="a\x1bb", error="died\nlog", tags=("x", "\u202e"))

    assert shown(scenario) is scenario
    assert shown(hostile) == replace(scenario, title="a\\u001bb", error="died\n| log", tags=("x", "\\u202e"))


@given(NASTY | st.text())
def test_a_text_that_is_passed_over_would_have_stayed_as_it_is(text: str) -> None:
    assert one_line(text) == _IN_ONE.sub(_spell, _with_names(text))

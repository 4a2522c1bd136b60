"""Runs and lines of base64 are found by their signs as the expressions that say what they are would find them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.spellings import FOLDED, WHOLE, folded, levels, runs, unpacked, without_marks, without_markup

RUN = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % WHOLE)
BREAKS = [b"\n", b"\r\n", b"\r", b"\n \t", b"\\n", b"\\r", b"\\t", b"&#10;", b"&#xD;", b"&#13", b"&amp;"]
SIGNS = [b"=", b"-_", b"<", b" ", b"\0", b"\xff", b"B", b"/", b"+"]
# As their sentences say it, sign by sign.
TAGS = rb"</?(?:span|mark|b|i|wbr|a|code|em|strong)"
MARKUP = re.compile(
    rb"<!--(?:(?!-->|<!--).)*-->|<!\[CDATA\[|\]\]>|<\?(?:(?!\?>|<\?).)*\?>|" + TAGS + rb"\b[^<>]*>", re.DOTALL
)
MARKS = re.compile(rb"<!--|-->|<!\[CDATA\[|\]\]>|<\?|\?>|" + TAGS + rb"\s*/?>")
MARKED = st.lists(
    st.sampled_from([
        b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>", b"<b>", b"</ span>", b"</span>", b"<wbr/>",
        b"<a href='x'>", b"<bold>", b"<", b">", b"-", b"!", b"?", b"]", b"[", b"/", b"b", b"\n", b"\xff", b"word",
    ]),
    max_size=30,
).map(b"".join)  # fmt: skip
PIECES = st.sampled_from([b"A" * 9, b"Zm9v" * 3, b"QUFB" * 6, *BREAKS, *SIGNS])
TEXTS = st.lists(PIECES, max_size=40).map(b"".join)
HOSTILE = {
    "one run": b"A" * 2_000_000,
    "runs too short": (b"A" * (WHOLE - 1) + b" ") * 80_000,
    "breaks that fold nothing": (b"A" * 10 + b"\n<") * 180_000,
    "backslashes": (b"A" * 10 + b"\\") * 180_000,
    "lines of ten": (b"A" * 10 + b"\n") * 180_000,
    "no space at all": b"\\n&#10" * 300_000,
}


@given(TEXTS)
def test_runs_are_those_of_the_expression(text: bytes) -> None:
    assert list(runs(text)) == [found.group() for found in RUN.finditer(text)]


@given(TEXTS)
def test_folded_lines_are_those_of_the_expression(text: bytes) -> None:
    assert list(folded(text)) == [found.group() for found in FOLDED.finditer(text)]


@given(st.binary(max_size=200))
def test_so_they_are_in_any_octets(text: bytes) -> None:
    assert list(runs(text)) == [found.group() for found in RUN.finditer(text)]
    assert list(folded(text)) == [found.group() for found in FOLDED.finditer(text)]


@given(MARKED)
def test_markup_and_marks_are_those_of_the_expressions(text: bytes) -> None:
    assert without_markup(text) == (MARKUP.sub(b"", text) if b"<" in text else text)
    assert without_marks(text) == (MARKS.sub(b"", text) if b"<" in text else text)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_no_hostile_text_takes_long(hostile: bytes) -> None:
    began = time.process_time()
    found = [*runs(hostile), *folded(hostile)]

    assert time.process_time() - began < 1.5
    assert found == [item.group() for expression in (RUN, FOLDED) for item in expression.finditer(hostile)]


def test_a_text_without_escapes_has_one_level_and_nothing_packed() -> None:
    assert list(levels(b"plain text")) == [b"plain text"]
    assert list(unpacked(b"x\x01 \x9c \xda \x08" * 9)) == []

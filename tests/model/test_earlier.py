"""Windows of secrets that were put away are found wherever they stand, as if the whole text were cut in eight ways."""

from __future__ import annotations

import base64
import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.earlier import LINE, MARKED, ODD, WORD, Earlier, Trace, sort_of
from hybridjoin.model.secret import PIECE, WINDOW

KIND = "a secret"
SORTS = {
    WORD: b"Zm9vYmFyYmF6cXV",
    LINE: b"P4ss.w0rd!that'",
    ODD: b"caf\xc3\xa9-liegeois!",
    MARKED: b'<b>"fat"</b>1234',
}
# Few octets of every sort, so that a text falls into runs of all lengths and says things again.
OCTETS = st.lists(st.sampled_from(b'aB7.<"\xe9\x01'), max_size=120).map(bytes)


def digest(window: bytes) -> bytes:
    return hashlib.blake2b(window, key=b"k", digest_size=8).digest()


def traces(*windows: bytes) -> dict[int, Trace]:
    return {
        int.from_bytes(window[:PIECE], "little"): (digest(window), f"{KIND} {number}", sort_of(window))
        for number, window in enumerate(windows)
    }


def kept(*windows: bytes, most: int = 1000) -> Earlier:
    earlier = Earlier(most)
    earlier.keep(traces(*windows))
    return earlier


def in_eight_ways(known: dict[int, Trace], plain: bytes) -> set[str]:
    """Look at each place of a text: what the search has to come to, told as plainly as can be."""
    found = set()
    for at in range(len(plain) - WINDOW + 1):
        window = plain[at : at + WINDOW]
        trace = known.get(int.from_bytes(window[:PIECE], "little"))
        if trace is not None and trace[0] == digest(window):
            found.add(trace[1])
    return found


@pytest.mark.parametrize(("sort", "window"), SORTS.items())
def test_a_window_is_of_the_narrowest_sort(sort: int, window: bytes) -> None:
    assert sort_of(window) == sort


@pytest.mark.parametrize("window", SORTS.values())
@pytest.mark.parametrize("before", [b"", b"x", b"<td>", b"\xff", b"seven.." * 9, b'"' * 64])
@pytest.mark.parametrize("after", [b"", b"y", b"</td>", b"\x80", b"..seven" * 9])
def test_it_is_found_whatever_stands_around_it(window: bytes, before: bytes, after: bytes) -> None:
    window = window[:WINDOW]

    for junk in range(PIECE):
        assert list(kept(window).kinds_in(before + b"z" * junk + window + after, digest)) == [f"{KIND} 0"]
        assert list(kept(window).kinds_in(before + b"z" * junk + window[:-1] + b"~" + after, digest)) == []


@given(OCTETS, st.data())
def test_it_finds_what_eight_cuts_of_the_whole_text_find(text: bytes, data: st.DataObject) -> None:
    windows = [data.draw(st.binary(min_size=WINDOW, max_size=WINDOW).map(lambda it: it.replace(b" ", b"x")))]
    if len(text) >= WINDOW:
        places = data.draw(st.lists(st.integers(0, len(text) - WINDOW), max_size=4))
        windows += [text[at : at + WINDOW] for at in places]
    known = traces(*windows)

    other = data.draw(OCTETS)
    for plain in (text, other, other + text, text + other + text):
        assert set(kept(*windows).kinds_in(plain, digest)) == in_eight_ways(known, plain)


@given(st.lists(st.sampled_from([*SORTS.values(), b"<p>", b"word", b"\xf0\x9f\x99\x82", b"a" * 40, b"."]), max_size=30))
def test_so_it_does_in_what_looks_like_a_page(parts: list[bytes]) -> None:
    windows = [window[:WINDOW] for window in SORTS.values()]
    plain = b"".join(parts).replace(b" ", b"")

    assert set(kept(*windows).kinds_in(plain, digest)) == in_eight_ways(traces(*windows), plain)


def test_runs_that_stood_apart_are_no_window_together() -> None:
    window = b"0123456789abcde"

    for between in (b"<", b".", b"\x00\xff", b"<i>&"):
        for cut in range(1, WINDOW):
            plain = b"x" * 20 + window[:cut] + between + window[cut:] + b"x" * 20
            assert list(kept(window).kinds_in(plain, digest)) == []


def test_of_many_the_last_ones_stay() -> None:
    earlier, windows = Earlier(80), [base64.b64encode(os.urandom(12))[:WINDOW] for _ in range(200)]
    for window in windows:
        earlier.keep(traces(window))

        assert len(earlier) <= 90

    found = [bool(list(earlier.kinds_in(b"<" + window + b">", digest))) for window in windows]
    assert all(found[-80:])
    assert not any(found[:100])


def test_a_window_that_begins_as_another_one_takes_its_place() -> None:
    first, second = b"01234567abcdefg", b"01234567.bcdefg"
    earlier = kept(first)
    earlier.keep(traces(second))

    assert len(earlier) == 1
    assert list(earlier.kinds_in(b"<" + first + b"><" + second + b">", digest)) == [f"{KIND} 0"]
    earlier.clear()
    assert list(earlier.kinds_in(second, digest)) == []

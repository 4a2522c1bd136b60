"""Texts that look alike are told apart by the character that does it, and by nothing where anybody sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.likeness import unlike


@pytest.mark.parametrize(
    ("found", "wanted", "words"),
    [
        ("D\u0408", "DJ", "'\u0408' in it is U+0408 CYRILLIC CAPITAL LETTER JE and not 'J'"),
        ("\uff24\uff2a", "DJ", "'\uff24' in it is U+FF24 FULLWIDTH LATIN CAPITAL LETTER D and not 'D'"),
        ("DJ\u200b", "DJ", "U+200B ZERO WIDTH SPACE, which nobody sees, stands in it"),
        ("\ufeffDJ", "DJ", "U+FEFF ZERO WIDTH NO-BREAK SPACE, which nobody sees, stands in it"),
        ("D\x00J", "DJ", "U+0000 without a name, which nobody sees"),
        ("urn:\u0430", "urn:a", "'\u0430' in it is U+0430 CYRILLIC SMALL LETTER A and not 'a'"),
    ],
)
def test_the_character_that_does_it_is_named(found: str, wanted: str, words: str) -> None:
    assert words in unlike(found, wanted)


@pytest.mark.parametrize(
    ("found", "wanted"), [("DJ", "DJ"), ("dj", "DJ"), ("User", "DJ"), ("DJ ", "DJ"), ("", "DJ"), ("UX", "DJ")]
)
def test_what_anybody_sees_needs_no_words(found: str, wanted: str) -> None:
    assert unlike(found, wanted) == ""


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_two_texts_can_be_held_against_each_other(found: str, wanted: str) -> None:
    assert isinstance(unlike(found, wanted), str)
    assert unlike(found, found) == ""

"""The table of named mistakes: whole, and asked with words that a person would write."""

from __future__ import annotations

import ast
import inspect

import pytest

from hybridjoin.checks import claims, mistakes
from hybridjoin.checks.mistake_words import MistakeWords


def test_the_recognisers_say_nothing_that_is_not_in_the_table() -> None:
    tree = ast.parse(inspect.getsource(mistakes))
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)]
    documented = {ast.get_docstring(node, clean=False) for node in blocks}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    sentences = {text for text in texts if " " in text.strip()}

    assert sentences - documented == set()


def test_every_sentence_of_the_table_is_used() -> None:
    used = inspect.getsource(mistakes) + inspect.getsource(claims)
    seen = {"UNSEEN": mistakes.name_dressing("DJ\u200b", "DJ"), "LOOK_ALIKE": mistakes.name_dressing("D\u0408", "DJ")}

    assert all(MistakeWords[name].said_by(sentence) for name, sentence in seen.items())
    assert [words.name for words in MistakeWords if f"MistakeWords.{words.name}" not in used] == list(seen)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("big-endian bytes", True),
        ("a user's SID (alice)", True),
        ("Domain Computers); the computer's own", True),
        ("a group's SID (Domain Computers)", True),
        ("issued 2 times", True),
        ("2 values", True),
        ("none of this computer's", True),
        ("bytes of objectGUID in hexadecimal", True),
        ("it should be 'http://schemas.microsoft.com/ws/2012/01'", True),
        ("mS-DS-ConsistencyGuid", True),
        ("Domain Computers", True),
        ("blurb", False),
        ("alice", False),
        ("big-endian bites", False),
        ("of objectGUID in hexadezimal", False),
        ("", True),
    ],
)
def test_words_are_said_by_a_sentence_where_some_of_its_own_are_among_them(words: str, said: bool) -> None:
    assert any(known.said_by(words) for known in MistakeWords) is said


def test_a_sentence_is_shown_with_its_gaps() -> None:
    assert MistakeWords.WRONG_CASE.shown == "'…' in the wrong case; '…' is compared exactly"

"""YAML is read with the place of everything in it, and its mistakes are told, never thrown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.scenario.yaml.source import MAX_BYTES, load_yaml, parse_yaml


def mistakes_of(text: str) -> list[str]:
    with pytest.raises(UsageError) as refusal:
        parse_yaml(text.encode(), file="a.yaml")
    return [str(mistake) for mistake in refusal.value.mistakes]


def test_every_key_and_value_has_its_place() -> None:
    text = b"id: one\nexpect:\n  join: failed\n  screen:\n    - first\n    - second\n"
    data, positions = parse_yaml(text, file="a.yaml")
    assert data == {"id": "one", "expect": {"join": "failed", "screen": ["first", "second"]}}
    assert positions.key(("expect", "join")) == "a.yaml:3:3"
    assert positions.value(("expect", "join")) == "a.yaml:3:9"
    assert positions.value(("expect", "screen", 1)) == "a.yaml:6:7"
    assert positions.value(("expect", "screen", 7)) == "a.yaml:5:5", "an unknown path is shown at the nearest above it"
    assert positions.line(("expect", "join")) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("0xcaa20003", 0xCAA20003),
        ("1.3", 1.3),
        ("+6m", "+6m"),
        ("007", 7),
        ("1_000", "1_000"),
        ("~", None),
        ("'5'", "5"),
        ("!!str 5", "5"),
    ],
)
def test_scalars_follow_the_core_types_of_yaml_12(text: str, value: object) -> None:
    data, _ = parse_yaml(f"key: {text}\n".encode(), file="a.yaml")
    assert data == {"key": value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["a.yaml:3:1: the key 'a' was already given on line 1 (keep one of the two)"]),
        ("a: {b: 1, b: 2}\nc: 1\nc: 1\n", ["a.yaml:1:11: the key 'b'", "a.yaml:3:1: the key 'c'"]),
        ("a: !!python/object:os.system x\n", ["a.yaml:1:4: expected plain data, found the tag !!python/object"]),
        ("a: !thing {b: 1}\n", ["a.yaml:1:4: expected plain data, found the tag !thing"]),
        ("a: !!int abc\n", ["a.yaml:1:4: expected a number, found 'abc'"]),
        ("? [a, b]\n: 1\n", ["a.yaml:1:3: expected a word as the key"]),
        ("a: &x [*x]\n", ["a.yaml:1:4: expected plain data, found an alias"]),
        ("a: [1, 2\n", ["a.yaml:2:1: expected YAML, found: while parsing a flow sequence"]),
        ("a:\n\tb: 1\n", ["a.yaml:2:1: expected YAML, found: while scanning for the next token"]),
        ("a: 1\n---\nb: 1\n", ["a.yaml:2:1: expected YAML, found: expected a single document"]),
        ("a: \x07\n", ["a.yaml:1:4: expected printable text, found the character U+0007"]),
        ("[" * 40 + "]" * 40, ["a.yaml:1:33: expected at most 32 levels"]),
    ],
)
def test_a_mistake_of_the_grammar_has_a_place(text: str, expected: list[str]) -> None:
    found = mistakes_of(text)
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


def test_bytes_that_are_not_utf_8_have_a_place() -> None:
    with pytest.raises(UsageError, match=r"a\.yaml:2:4: expected UTF-8 text"):
        parse_yaml(b"a: 1\nb: \xff\n", file="a.yaml")


def test_aliases_cannot_blow_up_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "expected at most 50000 values" in mistakes_of("\n".join(lines))[0]


def test_a_file_that_cannot_be_read_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_yaml(tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        load_yaml(tmp_path)
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(UsageError, match="expected at most 1000000 bytes"):
        load_yaml(big)


def places_of(raw: bytes) -> list[str]:
    try:
        _, positions = parse_yaml(raw, file="a.yaml")
    except UsageError as refusal:
        return [mistake.place for mistake in refusal.mistakes]
    return [positions.value(())]


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_raise_anything_but_a_usage_error(raw: bytes) -> None:
    places = places_of(raw)
    assert places
    assert all(place.startswith("a.yaml:") for place in places)


@given(st.text(alphabet=":-[]{}#&*!|>'\"%@`?, \n\tab01~", max_size=80))
def test_no_yaml_like_text_makes_the_reader_raise_anything_but_a_usage_error(text: str) -> None:
    places = places_of(text.encode())
    assert places
    assert all(place.startswith("a.yaml:") for place in places)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" * 33 + "]" * 33, "1:33"),
        ("\n".join("  " * at + "a:" for at in range(33)) + " 1", "33:65"),
        ("- [[], []]\n" * 50 + "- " + "{a: " * 32 + "1" + "}" * 32, "51:127"),
        ("[" * 100_000, "1:33"),
    ],
    ids=["a list", "indented", "behind many shallow ones", "never closed"],
)
def test_the_first_level_too_many_is_named(text: str, place: str) -> None:
    assert mistakes_of(text) == [f"a.yaml:{place}: expected at most 32 levels, found more"]


def test_as_many_levels_as_may_be_are_read_side_by_side() -> None:
    deepest = "[" * 31 + "]" * 31
    data, _ = parse_yaml(f"[{deepest}, {deepest}]".encode(), file="a.yaml")

    assert len(data) == 2

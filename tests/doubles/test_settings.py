"""The reader of the doubles' settings: every mistake at its place, and a key is known because it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.settings import ConfigError, Reader, found, keys_of, read_settings


def inner(reader: Reader) -> tuple[str, float]:
    return reader.text("name"), reader.number("size", default=1)


def outer(reader: Reader) -> tuple[object, ...]:
    return (
        reader.choice("kind", ("bare", "soap"), default="bare"),
        reader.choices("kinds", ("bare", "soap"), default=("soap",)),
        reader.flag("on", default=True),
        reader.texts("words", default=()),
        reader.section("one", inner),
        reader.optional("maybe", inner),
        reader.each("many", inner),
        reader.named("by_name", inner),
    )


GOOD = {"one": {"name": "a"}, "many": [{"name": "b", "size": 2}], "by_name": {"x": {"name": "c"}}, "words": ["w"]}


def test_good_settings_are_read_with_their_defaults() -> None:
    expected = ("bare", ("soap",), True, ("w",), ("a", 1), None, (("b", 2),), (("x", ("c", 1)),))

    assert read_settings(GOOD, outer) == expected


def test_every_mistake_has_its_place_and_what_was_found() -> None:
    wrong = {
        "kind": "soop", "kinds": [], "on": "yes", "words": ["a", 1], "one": {"nome": 7}, "maybe": "x",
        "many": [{"name": " ", "size": True}, None], "by_name": {"y": {"name": None}}, "mayby": 1,
    }  # fmt: skip

    with pytest.raises(ConfigError) as caught:
        read_settings(wrong, outer)

    assert caught.value.mistakes == (
        "kind: expected one of bare, soap, found 'soop'; did you mean 'soap'?",
        "kinds: expected one or more of bare, soap, found []",
        "on: expected true or false, found 'yes'",
        "words[1]: expected a text, found 1",
        "one.name: expected a text, found nothing",
        "one.nome: unknown key; did you mean 'name'?",
        "maybe: expected a mapping, found 'x'",
        "many[0].name: expected a text, found ' '",
        "many[0].size: expected a number, found True",
        "many[1]: expected a mapping, found nothing",
        "by_name.y.name: expected a text, found nothing",
        "mayby: unknown key; did you mean 'maybe'?",
    )
    assert str(caught.value) == "\n".join(caught.value.mistakes)


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_what_is_no_mapping_is_one_mistake(data: object) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(data, outer)

    assert caught.value.mistakes == (f"the configuration: expected a mapping, found {found(data)}",)


def test_a_file_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    reader = Reader({"a": tmp_path / "there", "b": str(tmp_path / "not"), "c": 1})

    assert [reader.file(key).name for key in "abc"] == ["there", "not", ""]
    assert reader.mistakes == (f"b: no such file: {tmp_path / 'not'}", "c: expected the path of a file, found 1")


def test_the_keys_that_are_asked_for_are_known_by_their_paths() -> None:
    nested = {f"{place}.{key}" for place in ("one", "many[]", "by_name.*") for key in ("name", "size")}

    assert keys_of(GOOD, outer) == nested | {"kind", "kinds", "on", "words", "one", "maybe", "many", "by_name"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ("a", "'a'"),
        (1.5, "1.5"),
        ([], "the list []"),
        (("a",), "the list ('a',)"),
        ({"a": 1}, "the mapping {'a': 1}"),
        ("x" * 100, "'" + "x" * 58 + "…"),
    ],
)
def test_what_was_found_is_said_shortly(value: object, words: str) -> None:
    assert found(value) == words


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda deeper: (
            st.lists(deeper, max_size=3)
            | st.dictionaries(st.sampled_from(["kind", "on", "one", "many", "by_name", "name", "size", "x"]), deeper)
        ),
        max_leaves=8,
    )
)
def test_whatever_the_settings_are_nothing_is_raised(data: object) -> None:
    reader = Reader(data)

    reader.whole(outer)

    assert reader.mistakes or isinstance(data, dict)

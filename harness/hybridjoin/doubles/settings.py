"""Reads a double's settings key by key: every mistake is noted with its place, none stops the reading.

A key is known because somebody asks for it, so each setting is spelled once, where it is read; what stands in the
mapping and nobody asked for is a mistake with the nearest known key beside it.
"""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SHOWN_CHARACTERS = 60


class ConfigError(ValueError):
    """The settings cannot be used; `mistakes` names each place and what is wrong there."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


def read_settings(data: object, read: Callable[[Reader], T]) -> T:
    """Return what `read` makes of the settings.

    Raises:
        ConfigError: with every mistake of the mapping, each with its place.
    """
    reader = Reader(data)
    value = reader.whole(read)
    if reader.mistakes:
        raise ConfigError(reader.mistakes)
    return value


def keys_of(data: object, read: Callable[[Reader], object]) -> frozenset[str]:
    """Return every key that `read` asks for in such settings, by its path: `subject.format`, `faults[].name`."""
    reader = Reader(data)
    reader.whole(read)
    return reader.asked


class Reader:
    """One mapping of the settings with its place in the whole; the readers inside it share its notes."""

    def __init__(self, data: object, *, place: str = "", shape: str = "", notes: _Notes | None = None) -> None:
        self._place = place
        self._shape = shape
        self._notes = self._pen = notes or _Notes()
        self._known: dict[str, None] = {}
        self._data: Mapping[str, object] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.mistake("", f"expected a mapping, found {found(data)}")
            self._pen = _Notes()  # what such a thing lacks besides is of no interest

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Every mistake so far, each once."""
        return tuple(self._notes.mistakes)

    @property
    def asked(self) -> frozenset[str]:
        """Every key that was asked for so far, by its path."""
        return frozenset(self._notes.asked)

    def mistake(self, key: str, problem: str) -> None:
        """Note that a key is wrong, and why."""
        self._pen.mistakes[f"{_join(self._place, key) or 'the configuration'}: {problem}"] = None

    def whole(self, read: Callable[[Reader], T]) -> T:
        """Return what `read` makes of this mapping, and note the keys that it did not ask for."""
        value = read(self)
        for key in self._data:
            if key not in self._known:
                self.mistake(str(key), f"unknown key{near(str(key), self._known)}")
        return value

    def has(self, key: str) -> bool:
        """Say whether a key is given and not null."""
        return self._take(key) is not None

    def text(self, key: str, *, default: str | None = None, empty: bool = False) -> str:
        """Return a text; without a default it must be there, and must not be blank unless it may be empty."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        needed = default is None and not empty
        if not isinstance(value, str) or (needed and not value.strip()):
            self.mistake(key, f"expected a text, found {found(value)}")
            return default or ""
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, list | tuple):
            self.mistake(key, f"expected a list of texts, found {found(value)}")
            return default or ()
        for at, item in enumerate(value):
            if not isinstance(item, str):
                self.mistake(f"{key}[{at}]", f"expected a text, found {found(item)}")
        return tuple(item for item in value if isinstance(item, str))

    def choice(self, key: str, choices: Sequence[str], *, default: str | None = None) -> str:
        """Return one of a closed set of words."""
        value = self.text(key, default=default)
        if value and value not in choices:
            self.mistake(key, f"expected one of {', '.join(choices)}, found {value!r}{near(value, choices)}")
        return value if value in choices else choices[0]

    def choices(self, key: str, known: Sequence[str], *, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a non-empty selection of a closed set of words."""
        values = self.texts(key, default=default)
        if not values or any(value not in known for value in values):
            self.mistake(key, f"expected one or more of {', '.join(known)}, found {list(values)!r}")
        return values

    def number(self, key: str, *, default: float) -> float:
        """Return a number."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.mistake(key, f"expected a number, found {found(value)}")
            return default
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.mistake(key, f"expected true or false, found {found(value)}")
            return default
        return value

    def file(self, key: str) -> Path:
        """Return the path of a file that exists."""
        value = self._take(key)
        if not isinstance(value, str | Path) or not str(value):
            self.mistake(key, f"expected the path of a file, found {found(value)}")
            return Path()
        if not Path(value).is_file():
            self.mistake(key, f"no such file: {value}")
        return Path(value)

    def uuid(self, key: str) -> uuid.UUID:
        """Return a GUID, read from its textual form."""
        value = self.text(key)
        try:
            return uuid.UUID(value)
        except ValueError:
            if value:
                example = "3f0817b9-ca17-4714-ab81-f7b5943dec7b"
                self.mistake(key, f"expected a GUID such as {example}, found {found(value)}")
            return uuid.UUID(int=0)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return a mapping of text to text as pairs, in its order."""
        value = self._take(key)
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for pair in value.items() for item in pair):
            self.mistake(key, f"expected a mapping of text to text, found {found(value)}")
            return ()
        return tuple(value.items())

    def plain(self, key: str) -> dict[str, object]:
        """Return an optional mapping whose values somebody else judges."""
        value = self._take(key)
        if value is not None and not isinstance(value, Mapping):
            self.mistake(key, f"expected a mapping, found {found(value)}")
        return dict(value) if isinstance(value, Mapping) else {}

    def section(self, key: str, read: Callable[[Reader], T]) -> T:
        """Return what `read` makes of a mapping inside this one, which must be there."""
        return self._inside(self._take(key), key, read)

    def optional(self, key: str, read: Callable[[Reader], T]) -> T | None:
        """Return what `read` makes of a mapping inside this one, or None where there is none."""
        value = self._take(key)
        return None if value is None else self._inside(value, key, read)

    def each(self, key: str, read: Callable[[Reader], T]) -> tuple[T, ...]:
        """Return what `read` makes of each mapping of an optional list."""
        value = self._take(key)
        if value is not None and not isinstance(value, list | tuple):
            self.mistake(key, f"expected a list of mappings, found {found(value)}")
        items = value if isinstance(value, list | tuple) else ()
        return tuple(self._inside(item, f"{key}[{at}]", read, f"{key}[]") for at, item in enumerate(items))

    def named(self, key: str, read: Callable[[Reader], T]) -> tuple[tuple[str, T], ...]:
        """Return what `read` makes of each mapping in an optional mapping of them, with its name."""
        items = self.plain(key).items()
        return tuple((str(name), self._inside(item, f"{key}.{name}", read, f"{key}.*")) for name, item in items)

    def _inside(self, data: object, place: str, read: Callable[[Reader], T], shape: str = "") -> T:
        place, shape = _join(self._place, place), _join(self._shape, shape or place)
        return Reader(data, place=place, shape=shape, notes=self._pen).whole(read)

    def _take(self, key: str) -> object:
        self._known[key] = None
        self._pen.asked[_join(self._shape, key)] = None
        return self._data.get(key)


class _Notes:
    """What the readers of one configuration write down together, in order and each once."""

    def __init__(self) -> None:
        self.mistakes: dict[str, None] = {}
        self.asked: dict[str, None] = {}


def near(word: str, words: Iterable[str]) -> str:
    """Suggest the nearest known word, as a clause to append."""
    close = difflib.get_close_matches(word, list(words), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def found(value: object) -> str:
    """Say what stands there instead of what was expected."""
    if value is None:
        return "nothing"
    text = repr(value)
    shown = text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
    if isinstance(value, Mapping):
        return f"the mapping {shown}"
    return f"the list {shown}" if isinstance(value, list | tuple) else shown


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)

"""Reads plain data key by key and collects every mistake instead of stopping at the first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path


class ConfigError(ValueError):
    """The configuration cannot be used; `mistakes` names each place and what is wrong there."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class Reader:
    """One mapping of the configuration with its place in the whole; sections share the list of mistakes."""

    def __init__(self, data: object, *, place: str = "", mistakes: list[str] | None = None) -> None:
        self._place = place
        self._mistakes = [] if mistakes is None else mistakes
        self._data: Mapping[str, object] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self._mistakes.append(f"{place or 'configuration'}: expected a mapping, found {_kind(data)}")

    def mistake(self, key: str, problem: str) -> None:
        """Note a mistake at a key."""
        self._mistakes.append(f"{self._at(key)}: {problem}")

    def finish(self) -> None:
        """Raise ConfigError if anything was noted."""
        if self._mistakes:
            raise ConfigError(self._mistakes)

    def has(self, key: str) -> bool:
        """Say whether a key is given and not null."""
        return self._data.get(key) is not None

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        """Note every key that has no meaning here, with the nearest that has."""
        for key in self._data:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                self.mistake(str(key), "unknown key" + (f"; did you mean {near[0]!r}?" if near else ""))

    def text(self, key: str, *, default: str | None = None, empty: bool = False) -> str:
        """Return a text; without a default it must be there, and must not be empty unless it may."""
        if not self.has(key) and default is not None:
            return default
        value = self._data.get(key)
        if not isinstance(value, str) or (not value and not empty and default is None):
            self.mistake(key, f"expected a text, found {_kind(value)}")
            return ""
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        if not self.has(key) and default is not None:
            return default
        value = self._data.get(key)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.mistake(key, f"expected a list of texts, found {_kind(value)}")
            return ()
        return tuple(value)

    def choice(self, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
        """Return one of a closed set."""
        value = self.text(key, default=default)
        if value and value not in choices:
            self.mistake(key, f"expected one of {', '.join(choices)}, found {value!r}")
        return value if value in choices else choices[0]

    def choices(self, key: str, known: tuple[str, ...], *, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a non-empty selection of a closed set."""
        values = self.texts(key, default=default)
        if not values or any(value not in known for value in values):
            self.mistake(key, f"expected one or more of {', '.join(known)}, found {list(values)!r}")
        return values

    def integer(self, key: str, *, default: int) -> int:
        """Return an integer."""
        value = self._data[key] if self.has(key) else default
        if not isinstance(value, int) or isinstance(value, bool):
            self.mistake(key, f"expected an integer, found {_kind(value)}")
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._data[key] if self.has(key) else default
        if not isinstance(value, bool):
            self.mistake(key, f"expected true or false, found {_kind(value)}")
            return default
        return value

    def file(self, key: str) -> Path:
        """Return the path of a file that exists."""
        value = self._data.get(key)
        if not isinstance(value, str | Path) or not str(value):
            self.mistake(key, f"expected the path of a file, found {_kind(value)}")
            return Path()
        if not Path(value).is_file():
            self.mistake(key, f"no such file: {value}")
        return Path(value)

    def section(self, key: str) -> Reader:
        """Return a mapping inside this one."""
        return Reader(self._data.get(key), place=self._at(key), mistakes=self._mistakes)

    def sections(self, key: str, *, default: bool = False) -> tuple[Reader, ...]:
        """Return a list of mappings; with `default` an absent one is empty."""
        value = self._data.get(key)
        if value is None and default:
            return ()
        if not isinstance(value, list | tuple):
            self.mistake(key, f"expected a list of mappings, found {_kind(value)}")
            return ()
        return tuple(
            Reader(item, place=f"{self._at(key)}[{index}]", mistakes=self._mistakes) for index, item in enumerate(value)
        )

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return a mapping of text to text as pairs, in its order."""
        value = self._data.get(key)
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for pair in value.items() for item in pair):
            self.mistake(key, f"expected a mapping of text to text, found {_kind(value)}")
            return ()
        return tuple(value.items())

    def plain(self, key: str) -> dict[str, object]:
        """Return a mapping whose values somebody else judges."""
        value = self._data.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.mistake(key, f"expected a mapping, found {_kind(value)}")
            return {}
        return dict(value)

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return repr(value) if isinstance(value, str | int | float | bool) else f"a {type(value).__name__}"

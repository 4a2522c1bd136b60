"""Reads a plain mapping field by field and remembers every mistake instead of stopping at the first."""

from __future__ import annotations

import base64
import binascii
import difflib
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from cryptography import x509

T = TypeVar("T")


class ConfigError(Exception):
    """The configuration cannot be used; `mistakes` names every one of them."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class Fields:
    """One mapping of a configuration; `path` is where it stands in the whole (`domains[0]`)."""

    def __init__(self, data: object, *, path: str, mistakes: list[str]) -> None:
        self._path = path
        self._mistakes = mistakes
        self._known: list[str] = []
        self._data: Mapping[str, object] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.mistake("", f"expected a mapping, found {_kind(data)}")

    def mistake(self, key: str, problem: str) -> None:
        """Remember that the field is wrong, and why."""
        place = ".".join(part for part in (self._path, key) if part) or "the configuration"
        self._mistakes.append(f"{place}: {problem}")

    def text(self, key: str, *, default: str | None = None) -> str:
        """Read a text; without a default it must be there and not be empty."""
        value = self._take(key)
        if value is None:
            if default is None:
                self.mistake(key, "expected a text, found nothing")
            return default or ""
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.mistake(key, f"expected a text, found {_kind(value)}")
            return default or ""
        return value

    def choice(self, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
        """Read one of a closed set of words."""
        value = self.text(key, default=default)
        if value and value not in choices:
            self.mistake(key, f"expected one of {', '.join(choices)}, found {value!r}{near(value, choices)}")
        return value

    def number(self, key: str, *, default: float) -> float:
        """Read a number."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.mistake(key, f"expected a number, found {_kind(value)}")
            return default
        return float(value)

    def uuid(self, key: str) -> uuid.UUID:
        """Read a GUID in its textual form."""
        value = self.text(key)
        try:
            return uuid.UUID(value)
        except ValueError:
            if value:
                self.mistake(key, f"expected a GUID such as 3f0817b9-ca17-4714-ab81-f7b5943dec7b, found {value!r}")
            return uuid.UUID(int=0)

    def certificate(self, key: str) -> bytes | None:
        """Read an optional certificate, base64 of its DER as Microsoft Graph holds it."""
        value = self.text(key, default="")
        return self._certificate(key, value) if value else None

    def certificates(self, key: str) -> tuple[bytes, ...]:
        """Read a list of certificates, base64 of their DER."""
        read = (self._certificate(f"{key}[{at}]", value) for at, value in enumerate(self.texts(key)))
        return tuple(item for item in read if item is not None)

    def texts(self, key: str) -> tuple[str, ...]:
        """Read an optional list of texts."""
        items = self._list(key)
        for at, item in enumerate(items):
            if not isinstance(item, str):
                self.mistake(f"{key}[{at}]", f"expected a text, found {_kind(item)}")
        return tuple(item for item in items if isinstance(item, str))

    def each(self, key: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        """Read an optional list of mappings, each with a reader of its own."""
        return tuple(self._inside(item, f"{key}[{at}]", read) for at, item in enumerate(self._list(key)))

    def optional(self, key: str, read: Callable[[Fields], T]) -> T | None:
        """Read an optional mapping with a reader of its own."""
        value = self._take(key)
        return None if value is None else self._inside(value, key, read)

    def mapping(self, key: str) -> Mapping[str, object]:
        """Read an optional mapping as it is."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.mistake(key, f"expected a mapping, found {_kind(value)}")
            return {}
        return value

    def finish(self) -> None:
        """Name the keys that nobody asked for."""
        for key in self._data:
            if key not in self._known:
                self.mistake(str(key), f"unknown field{near(str(key), self._known)}")

    def _inside(self, data: object, place: str, read: Callable[[Fields], T]) -> T:
        inner = Fields(data, path=".".join(part for part in (self._path, place) if part), mistakes=self._mistakes)
        result = read(inner)
        inner.finish()
        return result

    def _certificate(self, key: str, value: str) -> bytes | None:
        try:
            der = base64.b64decode("".join(value.split()), validate=True)
            x509.load_der_x509_certificate(der)
        except (binascii.Error, ValueError):
            self.mistake(key, "expected an X.509 certificate as base64 of its DER, found something else")
            return None
        return der

    def _list(self, key: str) -> tuple[object, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.mistake(key, f"expected a list, found {_kind(value)}")
            return ()
        return tuple(value)

    def _take(self, key: str) -> object:
        self._known.append(key)
        return self._data.get(key)


def near(word: str, words: Iterable[str]) -> str:
    """Suggest the nearest known word, as a clause to append."""
    found = difflib.get_close_matches(word, list(words), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _kind(value: object) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {value!r:.60}"

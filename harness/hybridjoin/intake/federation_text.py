"""Format-List as it is pasted: one `Name : value` a line, long values wrapped, perhaps a prompt above each domain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FIELD = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]{1,80})[ \t]*:(?:[ \t]+(.*)|)$")
_QUOTED = re.compile(r"^(?:[>|][ \t]?)+")
_COMMAND = re.compile(r"\bGet-M\w+Domain\w*\b.*", re.IGNORECASE)
_DOMAIN = re.compile(r"""-Domain(?:Id|Name)[ \t:]+["']?([\w.-]{1,253})""", re.IGNORECASE)
_PROMPT = re.compile(r"\s*PS [^>]{0,260}>")
_BASE64 = re.compile(r"\s*[A-Za-z0-9+/]{4,}={0,2}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One domain's names and values, as they came; `line` is where they begin."""

    line: int
    domain: str
    values: tuple[tuple[str, str], ...]


class _FormatListReader:
    """Takes line after line; a name that comes again, or a new command, begins another domain."""

    def __init__(self, known: Callable[[str], str | None]) -> None:
        self._known = known
        self._values: dict[str, list[str]] = {}
        self._last: str | None = None
        self._after_blank = False
        self._line = 0
        self._domain = ""

    def take(self, number: int, line: str) -> Iterator[Block]:
        command = _COMMAND.search(line)
        if command is not None:
            yield from self.close()
            domain = _DOMAIN.search(command[0])
            self._domain = domain[1] if domain is not None else ""
            return
        if not line.strip() or _PROMPT.match(line):
            self._after_blank = True
            return
        field = _FIELD.match(line)
        if field is not None:
            yield from self._start(number, field[1], field[2] or "")
        elif self._continues(line):
            self._values[self._last or ""].append(line.strip())

    def _start(self, number: int, name: str, value: str) -> Iterator[Block]:
        if name in self._values and self._known(name) is not None:
            yield from self.close()
        self._line = self._line or number
        self._values[name] = [value.strip()]
        self._last, self._after_blank = name, False

    def _continues(self, line: str) -> bool:
        """Tell whether a line without a name goes on with the last value; after a blank one only base64 does."""
        if self._last is None:
            return False
        if self._after_blank:
            return "certificate" in self._last.lower() and _BASE64.fullmatch(line) is not None
        return True

    def close(self) -> Iterator[Block]:
        """Give the domain that was being read, where any of its names is a setting."""
        if any(self._known(name) is not None for name in self._values):
            values = tuple((name, _joined(name, parts)) for name, parts in self._values.items())
            yield Block(line=self._line, domain=self._domain, values=values)
        self._values, self._last, self._after_blank, self._line, self._domain = {}, None, False, 0, ""


def _joined(name: str, parts: list[str]) -> str:
    """Put a wrapped value together: words with a blank between them, addresses and certificates with none."""
    wordy = name.lower() in {"displayname", "federationbrandname"}
    return (" " if wordy else "").join(parts).strip()


def read_blocks(text: str, *, known: Callable[[str], str | None]) -> tuple[Block, ...]:
    """Read the domains of a pasted text; `known` says which names are settings."""
    reader = _FormatListReader(known)
    found: list[Block] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found += reader.take(number, _QUOTED.sub("", line))
    return (*found, *reader.close())

"""Texts in quotation marks: literal, expandable, and here-strings of both kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from hybridjoin.intake.powershell.cursor import Cursor
from hybridjoin.intake.powershell.letters import DOUBLE, ESCAPES, SINGLE, VARIABLE, WORDS, variable_name
from hybridjoin.intake.powershell.nouns import Literal, Value

VALUE_LIMIT: Final = 64 * 1024
"""How long a value may become by what variables hold: a text that doubles itself in each line would fill the memory."""

_SPECIAL: Final = frozenset("($?^")
_CODE_POINT: Final = re.compile(r"`u\{([0-9A-Fa-f]{1,6})\}")
_HERE: Final = re.compile("@(['\u2018\u2019\u201a\u201b\"\u201c\u201d\u201e])[ \t]*\n")
_HERE_END: Final = re.compile("\n['\u2018\u2019\u201a\u201b\"\u201c\u201d\u201e]@")


def at_string(cursor: Cursor) -> bool:
    """Tell whether a text in quotation marks begins here."""
    return cursor.peek() in SINGLE | DOUBLE or _HERE.match(cursor.text, cursor.at) is not None


def read_string(cursor: Cursor, known: Mapping[str, Value]) -> str | None:
    """Read a text in quotation marks; None where a part of it would have to be worked out, or it never ends."""
    here = _HERE.match(cursor.text, cursor.at)
    if here is not None:
        return _here_string(cursor, here, known)
    expands = cursor.peek() in DOUBLE
    start = cursor.at
    cursor.past_string()
    marks = DOUBLE if expands else SINGLE
    if cursor.at - start < 2 or cursor.text[cursor.at - 1] not in marks:
        return None
    inner = cursor.text[start + 1 : cursor.at - 1]
    return expanded(inner, known, marks=True) if expands else _undoubled(inner)


def _here_string(cursor: Cursor, begun: re.Match[str], known: Mapping[str, Value]) -> str | None:
    marks = SINGLE if begun[1] in SINGLE else DOUBLE
    end = next((at for at in _ends(cursor.text, begun.end() - 1) if cursor.text[at + 1] in marks), -1)
    if end < 0:
        cursor.at = len(cursor.text)
        return None
    cursor.at = end + 3
    inner = cursor.text[begun.end() : end] if end >= begun.end() else ""
    return expanded(inner, known, marks=False) if marks is DOUBLE else inner


def _ends(text: str, start: int) -> Iterator[int]:
    """Yield where a line begins with a quotation mark and an at sign; the place is that of the line end before it."""
    return (match.start() for match in _HERE_END.finditer(text, start))


def _undoubled(inner: str) -> str:
    found: list[str] = []
    at = 0
    while at < len(inner):
        at += inner[at] in SINGLE  # of a doubled mark the second one counts
        found.append(inner[at : at + 1])
        at += 1
    return "".join(found)


def expanded(inner: str, known: Mapping[str, Value], *, marks: bool) -> str | None:
    """Put in what variables are known to hold, and undo escapes; None where something would have to be worked out.

    `marks` says that a doubled quotation mark stands for one, as it does everywhere but in here-strings.
    """
    found: list[str] = []
    at = size = 0
    while at < len(inner):
        letter = inner[at]
        if letter == "`":
            text, at = _escape(inner, at)
            found.append(text)
        elif letter == "$" and inner[at + 1 : at + 2]:
            piece, at = _dollar(inner, at, known)
            size += len(piece or "")
            if piece is None or size > VALUE_LIMIT:
                return None
            found.append(piece)
        else:
            at += marks and letter in DOUBLE
            found.append(inner[at : at + 1])
            at += 1
    return "".join(found)


def _escape(inner: str, at: int) -> tuple[str, int]:
    point = _CODE_POINT.match(inner, at)
    if point is not None and int(point[1], 16) <= 0x10FFFF:
        return chr(int(point[1], 16)), point.end()
    letter = inner[at + 1 : at + 2]
    return ESCAPES.get(letter, letter), at + 2


def _dollar(inner: str, at: int, known: Mapping[str, Value]) -> tuple[str | None, int]:
    match = VARIABLE.match(inner, at)
    if match is None:
        return (None if inner[at + 1] in _SPECIAL else "$"), at + 1
    if inner[match.end() : match.end() + 1] == ":" and match[1] is None:
        return None, at  # a drive or scope that is none of those whose names are known
    value = value_of(match, known)
    return (value.text if isinstance(value, Literal) else None), match.end()


def value_of(match: re.Match[str], known: Mapping[str, Value]) -> Value | None:
    """Return what a variable is known to hold, and what PowerShell's own three words mean."""
    name = variable_name(match)
    return Literal(text=WORDS[name], line=0) if name in WORDS else known.get(name)

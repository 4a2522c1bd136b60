"""How PowerShell reads letters: quotation marks, dashes and escapes, in every shape that it takes for one.

A word processor's curly quotation marks quote as the straight ones do, and its long dashes begin a parameter; whoever
writes a value between quotation marks has to double every one of them (about_Quoting_Rules, and the tokenizer's
`CharTraits`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SINGLE: Final = frozenset("'\u2018\u2019\u201a\u201b")
DOUBLE: Final = frozenset('"\u201c\u201d\u201e')
DASHES: Final = frozenset("-\u2013\u2014\u2015")
BLANKS: Final = frozenset(" \t\u00a0\u0085\v\f")
ESCAPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "0": "\0",
        "a": "\a",
        "b": "\b",
        "e": "\x1b",
        "f": "\f",
        "n": "\n",
        "r": "\r",
        "t": "\t",
        "v": "\v",
    }
)
VARIABLE: Final = re.compile(
    r"\$(?:\{([^{}`\n]{1,80})\}|((?:(?:global|script|local|private):)?[A-Za-z0-9_]{1,80}))", re.IGNORECASE
)
WORDS: Final[Mapping[str, str]] = MappingProxyType({"true": "true", "false": "false", "null": ""})


def quoted(text: str) -> str:
    """Write a text between single quotation marks, so that PowerShell takes every letter of it as it stands.

    Raises:
        ValueError: the text holds a control letter or half a letter, which no command is to be written with.
    """
    for letter in text:
        if ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000:
            raise ValueError(f"expected text without control letters, found {letter!r} in {text!r}")
    return "'" + "".join(letter * 2 if letter in SINGLE else letter for letter in text) + "'"


def variable_name(match: re.Match[str]) -> str:
    """Return the name that a variable is kept under: in lower case, without its scope."""
    return (match[1] or match[2]).lower().rpartition(":")[2]

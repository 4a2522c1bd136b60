"""Standard output and error under any locale: what it has no letters for is written with those that it has.

A locale is the surroundings' affair. It must not end a command, and never become anybody's verdict.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Final

HANDLER: Final = "hybridjoin"
_IN_ASCII: Final[Mapping[str, str]] = {
    "✓": "ok",
    "✕": "x",
    "‖": "||",
    "…": "...",
    "→": "->",
    "·": "-",
    "◂": "<",
    "│": "|",
}


def use_what_the_terminal_can() -> None:
    """Let both streams write every text; one that is ASCII only because nobody set a locale writes UTF-8.

    Python itself takes UTF-8 for the C locale, unless its environment forbids that, and so does click.
    """
    codecs.register_error(HANDLER, _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors=HANDLER)


def _spell(error: UnicodeError) -> tuple[str | bytes, int]:
    """Spell what an encoding lacks; an octet of a file's name that was no text when it was read is that octet again."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    first = error.object[error.start]
    if "\udc80" <= first <= "\udcff":
        return bytes([ord(first) - 0xDC00]), error.start + 1
    return _IN_ASCII.get(first) or ascii(first)[1:-1], error.start + 1

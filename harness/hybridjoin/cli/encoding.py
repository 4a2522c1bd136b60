"""Standard output and error under any locale: what it has no letters for is written with those that it has.

A locale is the surroundings' affair. It must not end a command, and never become anybody's verdict.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any, Final, TextIO

from hybridjoin.model.shown import harmless

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
    "↵": "\\u000a",
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
    sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)


class _Guarded(TextIOWrapper):
    """A stream on which nothing steers: the last net, below whatever shows the words of others."""

    def write(self, text: str) -> int:
        """Write a text, with every character in it spelled that would do something."""
        super().write(harmless(text))
        return len(text)

    @property
    def rich_proxied_file(self) -> _Drawn:
        """The way past the net, as rich asks for it: colours are ours, and `Screen` has spelled the texts."""
        return _Drawn(self)


class _Drawn:
    """A guarded stream for who draws on it."""

    def __init__(self, stream: _Guarded) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what was drawn, as it is."""
        return TextIOWrapper.write(self._stream, text)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a stream has
        if name == "rich_proxied_file":
            raise AttributeError(name)
        return getattr(self._stream, name)


def _guarded(stream: TextIO) -> TextIO:
    if not isinstance(stream, TextIOWrapper) or isinstance(stream, _Guarded):
        return stream
    return _Guarded(
        stream.buffer,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Spell what an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    first = error.object[error.start]
    return _IN_ASCII.get(first) or ascii(first)[1:-1], error.start + 1

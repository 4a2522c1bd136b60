"""Lines of text out of octets, whatever wrote them: UTF-16 of PowerShell, code pages, both in one file, a web page.

Every line is decoded by itself, for `>>` of two tools glues UTF-16 to single bytes. Nothing larger than a line is held.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LIMIT_LINE: Final = 1024 * 1024
"""Octets of a line; what is longer is read up to there."""

_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# What a terminal would obey (ECMA-48): colours, titles, and single control characters.
_TERMINAL: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b-\x1f\x7f]")
_QUOTED: Final = re.compile(r"(?:>[ \t]?)+")
_LETTERS: Final = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u200b": "",
        "\ufeff": "",
    }
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-z]{2,6});")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a file, counted from 1, without its end and without what a mail or a terminal put around it.

    `escaped` is the line before HTML's escapes were undone, which XML has of its own; empty where there were none.
    """

    number: int
    text: str
    escaped: str = ""


def lines_of(pieces: Iterable[bytes]) -> Iterator[TextLine]:
    """Decode lines of octets, each with the line feed that ends it."""
    wide = False
    for number, piece in enumerate(pieces, start=1):
        octets = _unmarked(piece)
        if b"\0" not in octets and not wide:
            text = _narrow(octets)
        else:
            text, wide = _maybe_wide(octets, wide=wide)
        yield TextLine(number, clean(text), text.rstrip() if "&" in text else "")


def _unmarked(piece: bytes) -> bytes:
    """Take a byte order mark away; one may stand in the middle of a file that another was appended to."""
    for mark in _MARKS:
        if piece.startswith(mark):
            return piece[len(mark) :]
    return piece


def _narrow(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _maybe_wide(octets: bytes, *, wide: bool) -> tuple[str, bool]:
    """Decode a line that may be UTF-16; the second octet of a little-endian line feed begins the next line."""
    if octets.startswith(b"\0") and b"\0" not in octets[1:] and octets.isascii():
        return _narrow(octets[1:]), False  # the seam: what follows was appended in another encoding
    if octets.endswith(b"\0\n"):  # big-endian, or little-endian behind the rest of the last line feed: the same octets
        return octets.decode("utf-16-be", "replace"), False
    rest = octets[1:] if wide and octets[:1] == b"\0" else octets
    for mark in _MARKS:
        rest = rest.removeprefix(mark)
    if b"\0" not in rest and (rest.isascii() or not wide):
        return _narrow(rest), False
    if not rest.strip(b"\0"):
        return "", True
    whole = rest[:-1] if rest.endswith(b"\n") and len(rest) % 2 else rest
    return whole.decode("utf-16-le", "replace"), True


def clean(text: str) -> str:
    """Return a line without its end, terminal codes, quotation marks of a mail, HTML escapes and typographic quotes."""
    text = text.rstrip()
    if not text.isascii():
        text = text.translate(_LETTERS)
    if not text.isprintable():
        text = _TERMINAL.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text).rstrip()
    if text.startswith(">"):
        text = _QUOTED.sub("", text, count=1)
    return text


def unwrap(lines: Iterable[TextLine], begins: re.Pattern[str]) -> tuple[TextLine, ...]:
    """Put lines together that a console cut at its width; `begins` knows how a line of the screen begins.

    A line is continued only where the one before it fills the width, less the blank that copying trims away.
    """
    held = tuple(lines)
    width = max((len(line.text) for line in held), default=0)
    if sum(len(line.text) >= width - 1 for line in held) < 2 or width < 40:
        return held
    whole: list[TextLine] = []
    last = 0
    for line in held:
        if whole and last >= width - 1 and line.text and not begins.match(line.text):
            blank = " " if last < width else ""
            whole[-1] = TextLine(whole[-1].number, whole[-1].text + blank + line.text)
        else:
            whole.append(line)
        last = len(line.text)
    return tuple(whole)

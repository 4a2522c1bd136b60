"""The ways in which one text can be written, undone: escapes, base64, hex, other alphabets, and what was packed.

A secret that comes back need not come back as it went. Two means together find it however it is written. `bare` takes
away what wrappings put between a text's characters (line breaks, the zero octets of UTF-16, JSON's backslashes, and
the signs in which the two alphabets of base64 differ); it does so to any part of a text as it does to the whole, so
that what is a part of one bare text was a part of the text. `forms` undoes what changes the characters themselves.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import string
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

LIMIT_BYTES: Final = 16 * 1024 * 1024  # what all forms of one text may come to
# A shorter text is a syllable of other words: hiding it would only spoil what is kept, and name its letters.
SHORTEST: Final = 6
WHOLE: Final = 24  # no shorter run of base64 or hex is worth undoing
DEPTH: Final = 3
_LEVELS: Final = 3
_NOISE: Final = b" \t\r\n\x0b\x0c\0\\+-_/="
_LETTERS: Final = (string.ascii_letters + string.digits).encode("ascii")
# Base64 in lines of at least ten characters, each broken as it stands or as JSON and XML escape it.
FOLDED: Final = re.compile(
    rb"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/=]{10,}+(?:(?:\r?\n[ \t]*|\\[rn]|&#(?:x[AaDd]|1[03]);)++[A-Za-z0-9+/=]++)++"
)
_FOLDED_IN: Final = re.compile(rb"(?:\r?\n[ \t]*|\\[rn]|&#(?:x[AaDd]|1[03]);)++[A-Za-z0-9+/=]")
_BREAKS: Final = re.compile(rb"\s+|(?:\\[rn])+|&#(?:x[AaDd]|1[03]);")
_HEX: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}){12,}")
_JSON: Final = re.compile(rb"\\(?:[ux]([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})|([nrt/\"\\]))")
_CONTROLS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_WIDE: Final = re.compile(rb"(?:[\x09-\x7e]\0){12,}|(?:\0[\x09-\x7e]){12,}")
_TAGS: Final = rb"/?(?:span|mark|b|i|wbr|a|code|em|strong)"
# A comment and an instruction are read run by run: sign by sign, a body that is nothing but one took most of a search.
MARKUP: Final = re.compile(
    rb"<(?:!--[^<-]*+(?:(?!-->|<!--)[<-][^<-]*+)*+-->|!\[CDATA\[|\?[^<?]*+(?:(?!\?>|<\?)[<?][^<?]*+)*+\?>|"
    + _TAGS
    + rb"\b[^<>]*>)|\]\]>"
)
# What only marks: where a comment or an instruction begins and ends, and tags that say nothing.
_BEGINS: Final = re.compile(rb"<(?:!--|!\[CDATA\[|\?|" + _TAGS + rb"\s*/?>)")
_MARK_ENDS: Final = (b"-->", b"]]>", b"?>")
MARKS: Final = re.compile(b"|".join([_BEGINS.pattern, *map(re.escape, _MARK_ENDS)]))
_PACKED: Final = ((b"\x1f\x8b\x08", 31), (b"\x78\x01", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15))


def _shown(*alphabets: tuple[bytes, bytes]) -> bytes:
    """Return the table that shows of each octet the sign of its alphabet, and a space for one of none."""
    signs = {octet: sign[0] for alphabet, sign in alphabets for octet in alphabet}
    return bytes(signs.get(octet, 0x20) for octet in range(256))


# What a regular expression looks for character by character, `find` finds in a text of two or three signs much sooner.
_RUNS: Final = _shown((_LETTERS + b"+/_-", b"A"))
_LINES: Final = _shown((_LETTERS + b"+/=", b"A"))
_LINE_END: Final = b"A" * 10 + b"B"
_ENDS: Final = _shown((_LETTERS + b"+/=", b"A"), (b"\r\n\\&", b"B"))


def bare(octets: bytes) -> bytes:
    """Return a text without what wrappings put between its characters."""
    return octets.translate(None, _NOISE)


def forms(octets: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """Yield a text and whatever it says when it is read in each of the ways in which it may be wrapped.

    All that is unfolded is bounded, by what the text itself comes to and `LIMIT_BYTES` besides.
    """
    left = LIMIT_BYTES + len(octets) * (_LEVELS + 1)
    seen: set[bytes] = set()
    waiting = [(octets, depth)]
    while waiting and left > 0:
        found, deep = waiting.pop()
        for level in levels(found):
            left -= len(level)
            yield level
            if deep == 0:
                continue
            for inner in _within(level, seen, min(left, LIMIT_BYTES)):
                waiting.append((inner, deep - 1))
                left -= len(inner)


def levels(octets: bytes) -> Iterator[bytes]:
    """Yield a text, and the text with its escapes undone once, twice and thrice, as often as there are any.

    Each time it is read as it stands then, for what looks like markup may be a value's own signs; without the markup
    that may stand inside of a value; and with what that says: a comment's text, a link's address.
    """
    yield octets
    plain = whole = octets
    for _ in range(_LEVELS):
        before = plain, whole
        read = _unescaped(plain)
        kept = read if whole is plain else _unescaped(whole)
        if read != plain:
            yield read
        plain, whole = without_markup(read), without_marks(kept)
        if (plain, whole) == before:
            return
        if plain != read:
            yield plain
        if whole not in (plain, read):
            yield whole


def escaped_in_one_way(octets: bytes) -> Iterator[bytes]:
    """Yield a text as JSON alone, XML alone and a URL alone would read it: one's escape is another's sign."""
    for read in (_without_json, _without_xml, _without_url):
        plain = read(octets)
        if plain != octets:
            yield plain


def _without_json(octets: bytes) -> bytes:
    return _JSON.sub(_character, octets) if b"\\" in octets else octets


def _without_xml(octets: bytes) -> bytes:
    if b"&" not in octets or b";" not in octets:
        return octets
    return html.unescape(octets.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _without_url(octets: bytes) -> bytes:
    return unquote_to_bytes(octets) if b"%" in octets else octets


def _unescaped(octets: bytes) -> bytes:
    """Return a text with one round of escapes undone: JSON's, XML's, a URL's."""
    return _without_url(_without_xml(_without_json(octets)))


def without_markup(octets: bytes) -> bytes:
    """Return a text without the markup that may stand inside of a value, and without what that says."""
    return MARKUP.sub(b"", octets) if b"<" in octets else octets


def without_marks(octets: bytes) -> bytes:
    """Return a text without what only marks; what markup says stays."""
    if b"<" not in octets:
        return octets
    # An expression that can begin with one sign only is looked for many times as soon as one that has a choice.
    marks = MARKS if any(end in octets for end in _MARK_ENDS) else _BEGINS
    return marks.sub(b"", octets)


def plainly_escaped(octets: bytes) -> Iterator[bytes]:
    """Yield a text with its escapes undone, where it has any that could stand for a character of a secret."""
    if (b"&" in octets and b";" in octets) or b"\\u" in octets or b"\\n" in octets or b"<!" in octets:
        yield from levels(octets)
    elif b"%" in octets:
        yield unquote_to_bytes(octets)


def decoded(run: bytes) -> Iterator[bytes]:
    """Yield what a run of letters and digits says as base64, wherever in it that begins, and as hex."""
    plain = run.translate(bytes.maketrans(b"-_", b"+/"))
    for start in range(4 if len(run) >= 2 * WHOLE else 1):
        part = plain[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            yield binascii.a2b_base64(part + b"=" * (-len(part) % 4))
        except binascii.Error:
            continue
    for found in _HEX.finditer(run):
        yield bytes.fromhex(found.group().decode("ascii"))


def unpacked(octets: bytes, limit: int = LIMIT_BYTES) -> Iterator[bytes]:
    """Yield what was packed with gzip, zlib, deflate or into a zip archive, as far as the limit goes."""
    for mark, window in _PACKED:
        at = octets.find(mark) if mark[-1:] in octets else -1  # its last octet is rarer than its first one
        if at >= 0 and (inner := _inflated(octets[at:], window, limit)):
            yield inner
    if octets[:1] and octets[0] & 0b110 in {2, 4} and (inner := _inflated(octets, -15, limit)):
        yield inner
    if b"PK\x03\x04" in octets:
        yield from _members(octets, limit)


def spelled(value: bytes) -> tuple[bytes, ...]:
    """Return every way in which octets stand in a text that was encoded once, bare: raw, base64 thrice, hex twice.

    In base64 the same octets read in three ways, by how many stood before them.
    """
    base64s = (_base64_behind(value, before) for before in range(3))
    return (bare(value), *base64s, value.hex().encode("ascii"), value.hex().upper().encode("ascii"))


def runs(octets: bytes) -> Iterator[bytes]:
    """Yield each run of the signs of base64, in either alphabet, that is long enough to be undone."""
    shown = octets.translate(_RUNS)
    start = shown.find(b"A" * WHOLE)
    while start >= 0:
        end = shown.find(b" ", start + WHOLE)
        end = len(octets) if end < 0 else end
        yield octets[start:end]
        start = shown.find(b"A" * WHOLE, end)


def folded(octets: bytes) -> Iterator[bytes]:
    """Yield all that `FOLDED` matches, and look at it only where a line of base64 really ends in a break."""
    shown, lines, done = octets.translate(_ENDS), b"", 0
    at = shown.find(_LINE_END)
    while at >= 0:
        end = at + len(_LINE_END) - 1
        if _FOLDED_IN.match(octets, end):
            lines = lines or octets.translate(_LINES)
            start = lines.rfind(b" ", done, end) + 1 or done
            if (found := FOLDED.match(octets, start)) is not None:
                yield found.group()
                done = end = found.end()
        at = shown.find(_LINE_END, end)


def unfolded(run: bytes) -> bytes:
    """Return base64 without the breaks between its lines."""
    return _BREAKS.sub(b"", run)


def canonical(text: str) -> bytes:
    """Return the octets that a secret stands for: of base64 those within, of anything else its own.

    The signature is what makes a JSON web token a secret, so it stands for the whole.
    """
    plain = "".join(text.split())
    if plain.count(".") == 2 and plain.isascii() and len(plain.rpartition(".")[2]) >= WHOLE:
        plain = plain.rpartition(".")[2]
    standard = plain.rstrip("=").replace("-", "+").replace("_", "/")
    if len(standard) >= WHOLE and len(standard) % 4 != 1:
        try:
            return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except (binascii.Error, ValueError):
            pass
    return text.strip().encode("utf-8", "surrogatepass")


def _base64_behind(value: bytes, before: int) -> bytes:
    """Return the characters of base64 that octets fill by themselves, bare, behind some others."""
    text = base64.b64encode(b"\0" * before + value).rstrip(b"=")
    if (before + len(value)) % 3:
        text = text[:-1]
    return bare(text[(0, 2, 3)[before] :])


def _within(octets: bytes, seen: set[bytes], limit: int) -> Iterator[bytes]:
    """Yield what stands in a text in base64, in hex, in UTF-16, or packed; no run is undone twice."""
    for run in [*runs(octets), *map(unfolded, folded(octets))]:
        if run not in seen:
            seen.add(run)
            yield from (inner for inner in decoded(run) if len(inner) >= SHORTEST)
    if b"\0" in octets:
        yield from (found.group().translate(None, b"\0") for found in _WIDE.finditer(octets))
    yield from unpacked(octets, limit)


def _inflated(octets: bytes, window: int, limit: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(octets, max(limit, 1))
    except zlib.error:
        return b""


def _members(octets: bytes, limit: int) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            for member in archive.infolist()[:1000]:
                with archive.open(member) as body:
                    yield body.read(max(limit, 1))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return  # NotImplementedError: a compression method that zipfile does not know; RuntimeError: a password


def _character(found: re.Match[bytes]) -> bytes:
    if found[2]:
        return _CONTROLS.get(found[2], found[2])
    return chr(int(found[1], 16)).encode("utf-8", "surrogatepass")

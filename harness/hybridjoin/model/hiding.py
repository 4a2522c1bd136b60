"""Hides the secrets of the vault in whatever is kept: in texts, in octets, in messages and in whole records.

Nearly every text holds none, and is given back as the same object. In one that does, the secret's own characters go
and its placeholder comes, however they were escaped; markup and line breaks between them stay. What was encoded whole
(base64 or hex of something that holds a secret, a packed body) goes whole. In the end the text is searched once more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import Field, fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar, Final, Protocol, TypeVar, cast, runtime_checkable

from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.secret import Secret
from hybridjoin.model.spellings import DEPTH, FOLDED, MARKS, MARKUP, WHOLE, bare, decoded, spelled, unfolded
from hybridjoin.model.vault import VAULT

ON_ENTRY: Final = 0
# No secret is put together of the end of one text and the beginning of the next, and a tag that one leaves open ends
# here. It begins no markup itself: texts without any need not be searched for it.
BETWEEN: Final = b"\n>\n"
AT_ONCE: Final = 512 * 1024  # a larger text with a secret in it is hidden whole
LITERALLY: Final = 256  # a longer secret is a key or a token, whose signs at its ends say nothing
_ROUNDS: Final = 6
_LEVELS: Final = 3
_RUN: Final = re.compile(rb"[A-Za-z0-9+/_=-]{%d,}" % WHOLE)
_ESCAPES: Final = (
    rb"(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});)"
    rb"|%(?P<percent>[0-9A-Fa-f]{2})|\\u(?P<unicode>[0-9A-Fa-f]{4})|\\x(?P<octet>[0-9A-Fa-f]{2})"
    rb"|\\(?P<control>[nrtbf])|(?P<one>.)"
)
_UNIT: Final = re.compile(b"(?P<markup>" + MARKUP.pattern + b")|" + _ESCAPES, re.DOTALL)
_UNIT_WITHIN: Final = re.compile(b"(?P<markup>" + MARKS.pattern + b")|" + _ESCAPES, re.DOTALL)
_CONTROLS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Span = tuple[int, int]


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@runtime_checkable
class _HidesWithin(Protocol):
    """What keeps octets in a form of its own."""

    def hidden_by(self, hide: Callable[[bytes], bytes]) -> object: ...


Kept = TypeVar("Kept", bound=_Dataclass)
AskedT = TypeVar("AskedT", bound=_Dataclass)
AnsweredT = TypeVar("AnsweredT", bound=_Dataclass)


def hide_text(text: str, *, depth: int = DEPTH) -> str:
    """Return a text without any secret that the vault holds at hand."""
    octets = text.encode("utf-8", "surrogatepass")
    hidden = hide_octets(octets, depth=depth)
    return text if hidden is octets else hidden.decode("utf-8", "surrogatepass")


def hide_octets(octets: bytes, *, depth: int = DEPTH) -> bytes:
    """Return octets without any secret that the vault holds at hand; the same object where there was none."""
    found = VAULT.find(octets, depth=depth)
    if found is None:
        return octets
    if len(octets) <= AT_ONCE:
        for _ in range(_ROUNDS):
            octets = _without_runs(_without_spelled(octets), depth)
            again = VAULT.find(octets, depth=depth)
            if again is None:
                return octets
            found = again
    return _placeholder(found, len(octets))


def hide(message: Kept, *, depth: int = DEPTH) -> Kept:
    """Return a frozen dataclass without secrets in its texts and octets, however deep; the same where there is none."""
    if VAULT.find(BETWEEN.join(texts_of(message)), depth=depth) is None:
        return message
    return cast("Kept", _hidden(message, depth, {}))


def hide_both(asked: AskedT, answered: AnsweredT) -> tuple[AskedT, AnsweredT]:
    """Return a request and its reply without secrets; both are searched in one go, for hardly any holds one.

    What is wrapped deeply is not undone here, where every exchange comes through, but once the record is whole.
    """
    if VAULT.find(BETWEEN.join([*_said(asked), *_said(answered)]), depth=ON_ENTRY) is None:
        return asked, answered
    return hide(asked), hide(answered)


def _said(message: object) -> Iterator[bytes]:
    """Yield the texts of a message, quicker than field by field where it is one of HTTP."""
    if isinstance(message, HttpRequest):
        words = [message.url, *[value for _, value in message.headers]]
    elif isinstance(message, HttpReply):
        words = [message.reason, *[value for _, value in message.headers]]
    else:
        yield from texts_of(message)
        return
    yield BETWEEN.decode("ascii").join(words).encode("utf-8", "surrogatepass")
    yield message.body


def texts_of(value: object) -> Iterator[bytes]:
    """Yield every text in a value, however deep."""
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item.encode("utf-8", "surrogatepass")
        elif isinstance(item, bytes):
            yield item
        elif isinstance(item, tuple | list):
            waiting += reversed(item)
        else:
            kind: Any = type(item)
            waiting += [getattr(item, name) for name in _backwards(kind)]


@cache
def _backwards(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass' fields, the last one first; of any other type none."""
    return tuple(field.name for field in reversed(fields(kind))) if is_dataclass(kind) else ()


def _hidden(value: object, depth: int, done: dict[object, object]) -> object:
    """Hide in a value; a text that comes again, as one peer's words do under many requirements, is done once."""
    if type(value) is str or isinstance(value, bytes):
        if value not in done:
            done[value] = hide_text(value, depth=depth) if isinstance(value, str) else hide_octets(value, depth=depth)
        return done[value]
    if isinstance(value, _HidesWithin):
        return value.hidden_by(lambda octets: hide_octets(octets, depth=depth))
    if isinstance(value, tuple):
        items = [_hidden(item, depth, done) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else tuple(items)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = _hidden(old, depth, done)
            if new is not old:
                changed[field.name] = new
        return replace(value, **changed) if changed else value
    return value


def _placeholder(secret: Secret, size: int) -> bytes:
    return f"[masked {size} characters {secret.tag}]".encode("ascii")


def _without_spelled(octets: bytes) -> bytes:
    """Hide every secret that stands in a text as it is, or with its characters escaped, around markup or within it."""
    hits: list[tuple[list[Span], Secret]] = []
    for unit in (_UNIT, _UNIT_WITHIN) if b"<" in octets else (_UNIT,):
        plain = octets
        spans: list[Span] = [(at, at + 1) for at in range(len(octets))]
        for level in range(_LEVELS):
            if level:
                undone, further = _undone(plain, spans, unit)
                if undone == plain:
                    break
                plain, spans = undone, further
            hits += _hits(plain, spans)
    return _replaced(octets, hits)


def _undone(plain: bytes, spans: list[Span], unit: re.Pattern[bytes]) -> tuple[bytes, list[Span]]:
    """Undo one level of escapes; each octet keeps the place in the source that it came from."""
    out = bytearray()
    places: list[Span] = []
    for found in unit.finditer(plain):
        kind = found.lastgroup or ""
        if kind == "markup":
            continue
        octets = _octets(kind, found)
        place = (spans[found.start()][0], spans[found.end() - 1][1])
        out += octets
        places += [place] * len(octets)
    return bytes(out), places


def _octets(kind: str, found: re.Match[bytes]) -> bytes:
    text = found[kind]
    if kind == "entity":
        return html.unescape(text.decode("ascii")).encode("utf-8", "replace")
    if kind == "control":
        return _CONTROLS[text]
    if kind == "one":
        return text
    return bytes.fromhex(text.decode("ascii")) if kind != "unicode" else chr(int(text, 16)).encode("utf-8", "replace")


def _hits(plain: bytes, spans: list[Span]) -> Iterator[tuple[list[Span], Secret]]:
    """Yield the places of the characters of each secret that a text holds, and the secret."""
    kept = [at for at in range(len(plain)) if bare(plain[at : at + 1])]
    text = bytes(plain[at] for at in kept)
    for secret in VAULT.secrets:
        if len(secret.value) <= LITERALLY:
            yield from _as_it_is(plain, spans, secret)
        whole = spelled(secret.value)
        for window in {*secret.windows, *secret.short}:
            at = text.find(window)
            while at >= 0:
                start, end = max(
                    (_grown(text, at, spelling, window) for spelling in whole), key=lambda it: it[1] - it[0]
                )
                yield [spans[kept[number]] for number in range(start, end)], secret
                at = text.find(window, max(end, at + 1))


def _as_it_is(plain: bytes, spans: list[Span], secret: Secret) -> Iterator[tuple[list[Span], Secret]]:
    """Yield where a password stands with the signs at its ends, which a bare text lacks."""
    size = len(secret.value)
    at = plain.find(secret.value)
    while at >= 0:
        yield spans[at : at + size], secret
        at = plain.find(secret.value, at + size)


def _grown(text: bytes, at: int, spelling: bytes, window: bytes) -> Span:
    """Grow a window in both directions as long as the text goes on as the secret does."""
    inside = spelling.find(window)
    if inside < 0:
        return at, at + len(window)
    start, end, before, after = at, at + len(window), inside, inside + len(window)
    while start and before and text[start - 1] == spelling[before - 1]:
        start, before = start - 1, before - 1
    while end < len(text) and after < len(spelling) and text[end] == spelling[after]:
        end, after = end + 1, after + 1
    return start, end


def _replaced(octets: bytes, hits: list[tuple[list[Span], Secret]]) -> bytes:
    """Write placeholders for hits, the longer of two that overlap; what stands between their characters may stay."""
    out: list[bytes] = []
    done = 0
    for places, secret in sorted(hits, key=lambda hit: (hit[0][0][0], -hit[0][-1][1])):
        start, end = places[0][0], places[-1][1]
        if start < done:
            continue
        source = octets[start:end]
        mark = _placeholder(secret, len(places))
        if places[0][1] - places[0][0] == 3 and source[:1] == b"%":
            mark = mark.replace(b" ", b"+")
        if set(source[1::2]) == {0}:
            mark = b"\0".join(mark[at : at + 1] for at in range(len(mark)))
            between = b""
        else:
            between = b"".join(_structure(octets, places))
        out += [octets[done:start], mark, between]
        done = end
    return b"".join([*out, octets[done:]])


def _structure(octets: bytes, places: list[Span]) -> Iterator[bytes]:
    """Yield markup and line breaks that stand between the characters of a secret."""
    for (_, before), (after, _) in pairwise(places):
        gap = octets[before:after]
        if b"<" in gap or b">" in gap or b"\n" in gap:
            yield gap


def _without_runs(octets: bytes, depth: int) -> bytes:
    """Hide what is base64 or hex of something that holds a secret."""

    def whole(found: re.Match[bytes]) -> bytes:
        inner = decoded(unfolded(found.group()))
        held = (VAULT.find(item, depth=max(depth - 1, 0)) for item in inner)
        secret = next((item for item in held if item is not None), None)
        return found.group() if secret is None else _placeholder(secret, len(found.group()))

    return _RUN.sub(whole, FOLDED.sub(whole, octets))

"""One secret, and how it is looked for: by two short windows of it in each spelling, each by its overlapping eights."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from hybridjoin.model.spellings import SHORTEST, bare, spelled

WINDOW: Final = 15  # holds an eight at each of the eight places where the cutting may begin
PIECE: Final = 8
PART: Final = 40
_DOTS_OF_JWS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret: what kind it is, the octets that it stands for, its placeholder's tag, and how it is looked for.

    Whole `windows` are looked for by the numbers that their `pieces` are, eight for each; `short` ones by themselves.
    """

    kind: str
    tag: str
    value: bytes = field(repr=False)
    windows: tuple[bytes, ...] = field(repr=False)
    short: tuple[bytes, ...] = field(repr=False)
    pieces: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, value: bytes, *, kind: str, tag: str) -> Self:
        """Cut a secret's windows, once for as long as it is known: that costs more than a search for them."""
        cut = tuple(windows(value))
        whole = tuple(window for window in cut if len(window) == WINDOW)
        short = tuple(window for window in cut if len(window) < WINDOW)
        slices = b"".join([window[at : at + PIECE] for window in whole for at in range(PIECE)])
        pieces = tuple(memoryview(slices).cast("Q"))
        return cls(kind=kind, tag=tag, value=value, windows=whole, short=short, pieces=pieces)

    @property
    def brief(self) -> bool:
        """Whether some spelling of it has no whole window, or is looked for by itself."""
        return bool(self.short) or len(bare(self.value)) < SHORTEST or escapes(self.value)


def windows(value: bytes) -> Iterator[bytes]:
    """Yield the bare windows of a secret by which it is looked for; of a short one, itself in each spelling.

    They lie behind its first third and at its end: a ticket begins as every ticket does. Of a long one no window is
    in hex, which `forms` undoes.
    """
    value = _unknown_part(value)
    if len(value) <= PART:
        yield from (text[:WINDOW] for text in spelled(value) if len(text) >= SHORTEST)
        return
    for at in (len(value) // 3, len(value) - PART):
        part = value[at : at + PART]
        yield bare(part)[:WINDOW]
        for start in range(3):
            yield bare(binascii.b2a_base64(part[start : start + PART - 3], newline=False))[:WINDOW]


def _unknown_part(value: bytes) -> bytes:
    """Return what of a secret nobody can know who has not got it: of a JWT its signature (RFC 7515, 3.1).

    Its payload is said elsewhere too, names and addresses in the very base64 of an assertion; an unsigned one proves
    nothing to anybody.
    """
    return value.rpartition(b".")[2] if value.startswith(b"eyJ") and value.count(b".") == _DOTS_OF_JWS else value


def as_it_is(value: bytes) -> tuple[bytes, ...]:
    """Return a password of hardly anything but signs in octets and in UTF-16, which a bare text would make one."""
    return value, value.decode("utf-8", "replace").encode("utf-16-le")


def escapes(value: bytes) -> bool:
    """Tell whether a password has a sign that begins an escape: what one spelling leaves, another one would undo."""
    return len(value) <= PART and value.isascii() and any(sign in value for sign in (b"\\", b"%", b"&"))


def stands_at(secret: Secret, plain: bytes, at: int) -> bool:
    """Tell whether a window of a secret stands around a piece; two of its windows may share one."""
    piece = plain[at : at + PIECE]
    starts = ((window, at - window.find(piece)) for window in secret.windows if piece in window)
    return any(plain[start : start + WINDOW] == window for window, start in starts if start >= 0)

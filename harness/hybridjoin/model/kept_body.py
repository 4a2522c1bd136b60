"""A message's body as a record keeps it: text or octets, exactly as they came; of a very large one both its ends.

Of a body over HTTP that is larger than any that is judged on a good day, both ends are kept, how much is left out
between them, and a digest of the whole. What a peer sends must not decide how large a record grows. A request is
never judged, so that nothing is lost with it; from such an answer no verdict can be reached again, and whoever tries
is told so.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hybridjoin.model.hiding import hide_octets

KEPT_OCTETS: Final = 2 * 1024 * 1024
"""Octets of a body that are kept whole; of a larger one, half as many of each end. Real bodies are far smaller."""

_BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """Octets that are no text, or not in UTF-8."""

    base64: str

    def hidden_by(self, hide: Callable[[bytes], bytes]) -> Whole:
        """Return these octets without what is hidden in them: hidden in their base64, nobody could read them again.

        Raises:
            ValueError: what should be base64 is none.
        """
        plain = octets(self)
        hidden = hide(plain)
        return self if hidden is plain else content(hidden)


Whole = str | Octets


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Both ends of a body that was too large to be kept; `sha256` is the whole's, in hex, as it was masked.

    An anonymised record has neither ends nor digest, for both could say a name.
    """

    head: Whole
    tail: Whole
    left_out: int
    sha256: str

    @property
    def size(self) -> int:
        """How many octets the whole had, as it was masked."""
        return len(octets(self.head)) + self.left_out + len(octets(self.tail))

    @property
    def note(self) -> str:
        """Say what is missing between the ends."""
        digest = f", SHA-256 {self.sha256}" if self.sha256 else ""
        return f"[{self.left_out} octets are left out here, of a body of {self.size}{digest}]"


Content = Whole | Excerpt


class KeptInParts(ValueError):
    """An answer was too large to be kept whole, so that nothing can be judged from it again; the text says so."""


def content(octets: bytes) -> Whole:
    """Return octets as text where they are readable UTF-8, else in base64: either way, exactly what came."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    return Octets(base64=base64.b64encode(octets).decode("ascii")) if _BINARY.search(text) else text


def excerpt(octets: bytes) -> Content:
    """Return a body as it is kept: exactly what came, or both its ends."""
    if len(octets) > KEPT_OCTETS:
        # A secret that is wrapped deeply would be cut in two here, and known by neither half.
        octets = hide_octets(octets)
    if len(octets) <= KEPT_OCTETS:
        return content(octets)
    end, start = _between(octets, KEPT_OCTETS // 2), _between(octets, len(octets) - KEPT_OCTETS // 2)
    return Excerpt(
        head=content(octets[:end]),
        tail=content(octets[start:]),
        left_out=start - end,
        sha256=hashlib.sha256(octets).hexdigest(),
    )


def _between(octets: bytes, at: int) -> int:
    """Return a place near another one where no character of UTF-8 is cut in two."""
    return next((place for place in range(at, at - 4, -1) if octets[place] & 0xC0 != 0x80), at)


def octets(kept: Whole) -> bytes:
    """Return the octets that were kept.

    Raises:
        ValueError: what should be base64 is none.
    """
    if isinstance(kept, Octets):
        return base64.b64decode(kept.base64, validate=True)
    return kept.encode("utf-8", "surrogatepass")

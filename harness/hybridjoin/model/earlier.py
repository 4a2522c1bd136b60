"""What is left of secrets that were put away: keyed digests of their windows, and how those are looked for.

Of each window its first eight octets were kept, so that a text has to be cut into eights in eight ways. Nearly all that
is written says the same again and again, so that not the text is cut, but what of it could hold a window: a window of
letters and digits stands in a run of them, each of which is looked at once, however often it comes; one with an octet
that is no printable character stands around such an octet. Only a window with a sign of markup may stand anywhere.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from hybridjoin.model.secret import PIECE, WINDOW

Trace = tuple[bytes, str, int]
"""What is kept of a window of an earlier secret: a keyed digest, the kind of the secret, and the sort of the window."""

WORD, LINE, ODD, MARKED = range(4)
_BETWEEN: Final = b" "  # stands in no bare text, and so in no window
_WORDS: Final = (string.ascii_letters + string.digits).encode("ascii")
_PRINTABLE: Final = bytes(range(0x21, 0x7F))
_LINES: Final = bytes(octet for octet in _PRINTABLE if octet not in b'<>"')
_SIGN_OF_ODD: Final = b"\1"
_SHOW_ODD: Final = bytes(0x20 if octet in _PRINTABLE else _SIGN_OF_ODD[0] for octet in range(256))
_OFTEN: Final = 2 * WINDOW  # where every so manieth octet is odd, all of the text is around one


def _others_apart(alphabet: bytes) -> bytes:
    """Return the table by which a text falls into runs of an alphabet."""
    return bytes(octet if octet in alphabet else _BETWEEN[0] for octet in range(256))


_RUNS: Final = {WORD: _others_apart(_WORDS), LINE: _others_apart(_LINES)}


def sort_of(window: bytes) -> int:
    """Tell of what a window is made, the narrowest that holds."""
    if not window.translate(None, _WORDS):
        return WORD
    if not window.translate(None, _LINES):
        return LINE
    return ODD if window.translate(None, _PRINTABLE) else MARKED


class Earlier:
    """Traces of windows by their first eight octets, `most` of them at least; those that came first go in one go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._traces: dict[int, Trace] = {}
        self._pieces: tuple[set[int], ...] = (set(), set(), set(), set())

    def __len__(self) -> int:
        return len(self._traces)

    @property
    def traces(self) -> Mapping[int, Trace]:
        """All that is kept."""
        return self._traces

    def keep(self, traces: Mapping[int, Trace]) -> None:
        """Keep these too."""
        for piece, trace in traces.items():
            self._drop(piece)
            self._traces[piece] = trace
            self._pieces[trace[2]].add(piece)
        if len(self._traces) > self._most + self._most // 8:
            for piece in list(self._traces)[: -self._most]:
                self._drop(piece)

    def clear(self) -> None:
        """Know of nothing any more."""
        self._traces.clear()
        for pieces in self._pieces:
            pieces.clear()

    def kinds_in(self, plain: bytes, digest: Callable[[bytes], bytes]) -> Iterator[str]:
        """Yield kinds of the secrets of which a window stands in a bare text."""
        for sort, pieces in enumerate(self._pieces):
            if pieces:
                yield from self._found(pieces, _where(sort, plain), digest)

    def _found(self, pieces: set[int], text: bytes, digest: Callable[[bytes], bytes]) -> Iterator[str]:
        for start in range(PIECE if len(text) >= WINDOW else 0):
            cut = memoryview(text)[start : start + (len(text) - start) // PIECE * PIECE].cast("Q")
            if pieces.isdisjoint(cut):
                continue
            for number, piece in enumerate(cut):
                kept, kind, _ = self._traces.get(piece, (b"", "", 0))
                at = start + number * PIECE
                if kind and digest(text[at : at + WINDOW]) == kept:
                    yield kind

    def _drop(self, piece: int) -> None:
        trace = self._traces.pop(piece, None)
        if trace is not None:
            self._pieces[trace[2]].discard(piece)


def _where(sort: int, plain: bytes) -> bytes:
    """Return all of a bare text where a window of a sort could stand."""
    if sort in _RUNS:
        runs = set(plain.translate(_RUNS[sort]).split())
        return _BETWEEN.join(sorted(run for run in runs if len(run) >= WINDOW))
    return _around_odd(plain) if sort == ODD else plain


def _around_odd(plain: bytes) -> bytes:
    """Return what stands around octets that are no printable characters, as far as a window reaches."""
    odd = len(plain.translate(None, _PRINTABLE))
    if odd * _OFTEN >= len(plain):
        return plain
    spans: list[tuple[int, int]] = []
    shown = plain.translate(_SHOW_ODD)
    at = shown.find(_SIGN_OF_ODD)
    while at >= 0:
        start, end = max(at - WINDOW + 1, 0), at + WINDOW
        if spans and start <= spans[-1][1]:
            start = spans.pop()[0]
        spans.append((start, end))
        at = shown.find(_SIGN_OF_ODD, at + 1)
    return _BETWEEN.join([plain[start:end] for start, end in spans])

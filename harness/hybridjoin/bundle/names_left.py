"""The last look before an anonymised case is written or shown: does a real name still stand in it, in any spelling?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.bundle.names import GUID_WITHIN, Names
from hybridjoin.bundle.pseudonyms import COMMON
from hybridjoin.errors import NameWouldLeave
from hybridjoin.model.spellings import DEPTH, forms

_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class _Kind:
    """What kind of name a pattern finds, in octets in lower case; the raw octets are searched as they are."""

    words: str
    pattern: re.Pattern[bytes]
    among: frozenset[bytes] | None = None
    raw: frozenset[bytes] = frozenset()

    def found_in(self, form: bytes, low: bytes) -> bool:
        """Tell whether such a name stands in octets; of thousands, one pattern finds all of their kind."""
        if self.among is None:
            told = self.pattern.search(low) is not None
        else:
            told = any(found in self.among for found in self.pattern.findall(low))
        # Sixteen octets of chance are hardly ever letters alone, and texts are many.
        return told or (not form.isascii() and any(octets in form for octets in self.raw))


def demand_no_name(artefact: str, bodies: Iterable[tuple[str, bytes]], names: Names) -> None:
    """Return where none of the names stands in what is to leave.

    Raises:
        NameWouldLeave: one does.
    """
    kinds = tuple(_kinds(names))
    places = tuple(dict.fromkeys(f"{name}: {kind}" for name, body in bodies for kind in _found(body, kinds)))
    if places:
        more = (f"and {len(places) - _MOST} more",) if len(places) > _MOST else ()
        raise NameWouldLeave(artefact, (*places[:_MOST], *more))


def _found(body: bytes, kinds: Iterable[_Kind]) -> Iterator[str]:
    for form in forms(body, DEPTH):
        low = form.lower()
        for kind in kinds:
            if kind.found_in(form, low):
                yield kind.words


def _kinds(names: Names) -> Iterator[_Kind]:
    domains = {domain for domain in names.domains if set(domain.split(".")[:-1]) - COMMON}
    yield from _kind("a host or a domain", domains, before=rb"(?<![a-z0-9-])", after=rb"(?![a-z0-9-])")
    yield from _kind(
        "an account or an organisation", names.accounts, before=rb"(?<![a-z0-9_.-])", after=rb"(?![a-z0-9_])"
    )
    yield from _kind("a domain's short name", names.netbios, before=rb"(?<![a-z0-9_.-])", after=rb"(?=\\)")
    yield from _kind("an address", names.addresses, before=rb"(?<![0-9a-f.:])", after=rb"(?![0-9a-f.:])")
    if names.guids:
        told = frozenset(str(item).encode() for item in names.guids)
        raw = frozenset(octets for item in names.guids for octets in (item.bytes, item.bytes_le))
        yield _Kind("a GUID", re.compile(GUID_WITHIN.pattern.encode()), among=told, raw=raw)
    sids = {"-".join(map(str, parts)) for parts in names.sids}
    numbers = frozenset(
        b"".join(part.to_bytes(4, "little") for part in parts) for parts in names.sids if max(parts) < 2**32
    )
    yield from _kind("a SID", sids, before=rb"(?<!\d)", after=rb"(?!\d)", raw=numbers)


def _kind(
    words: str, texts: Iterable[str], *, before: bytes, after: bytes, raw: frozenset[bytes] = frozenset()
) -> Iterator[_Kind]:
    escaped = b"|".join(re.escape(text.lower().encode()) for text in sorted(texts, key=len, reverse=True))
    if escaped:
        yield _Kind(words, re.compile(before + b"(?:" + escaped + b")" + after), raw=raw)

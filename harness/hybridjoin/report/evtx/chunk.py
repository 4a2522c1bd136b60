"""A chunk while it is written: its octets, and the tables of the names and templates that stand in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

CHUNK_SIZE: Final = 65_536
RECORDS_AT: Final = 512
"""Where the first record of a chunk begins."""
NAME_BUCKETS, TEMPLATE_BUCKETS = 64, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkMark:
    """How far a chunk was written; what came after it can be taken back."""

    size: int
    names: dict[str, int]
    templates: dict[str, int]
    name_heads: tuple[int, ...]
    template_heads: tuple[int, ...]


@dataclass(slots=True)
class ChunkBuffer:
    """Octets that only grow, but for sizes, which are filled in where they were left out.

    `names` and `templates` say where in the chunk each stands; the heads are the first of each bucket's chain.
    """

    octets: bytearray = field(default_factory=lambda: bytearray(RECORDS_AT))
    names: dict[str, int] = field(default_factory=dict)
    templates: dict[str, int] = field(default_factory=dict)
    name_heads: list[int] = field(default_factory=lambda: [0] * NAME_BUCKETS)
    template_heads: list[int] = field(default_factory=lambda: [0] * TEMPLATE_BUCKETS)

    @property
    def at(self) -> int:
        """Where the next octet goes, from the chunk's begin."""
        return len(self.octets)

    def put(self, octets: bytes) -> None:
        """Append octets."""
        self.octets += octets

    def pack(self, form: str, *values: int) -> None:
        """Append numbers, little endian."""
        self.octets += struct.pack(f"<{form}", *values)

    @contextmanager
    def sized(self) -> Iterator[None]:
        """Append a size of four octets, which is that of all that is appended inside."""
        self.pack("I", 0)
        start = self.at
        yield
        struct.pack_into("<I", self.octets, start - 4, self.at - start)

    def name(self, text: str) -> None:
        """Append where a name stands, and the name itself where it is the chunk's first of it."""
        known = self.names.get(text)
        self.pack("I", known if known is not None else self.at + 4)
        if known is not None:
            return
        number = hash_of(text)
        bucket = number % NAME_BUCKETS
        octets = text.encode("utf-16-le", "surrogatepass")
        self.names[text] = self.at
        before, self.name_heads[bucket] = self.name_heads[bucket], self.at
        self.pack("IHH", before, number, len(octets) // 2)
        self.put(octets + b"\0\0")

    def link_template(self, shape: str, number: int) -> None:
        """Note that a template begins here, and append where the one before it in its bucket stands."""
        bucket = number % TEMPLATE_BUCKETS
        self.templates[shape] = self.at
        before, self.template_heads[bucket] = self.template_heads[bucket], self.at
        self.pack("I", before)

    def mark(self) -> ChunkMark:
        """Return how far it is written."""
        return ChunkMark(
            size=self.at,
            names=dict(self.names),
            templates=dict(self.templates),
            name_heads=tuple(self.name_heads),
            template_heads=tuple(self.template_heads),
        )

    def take_back(self, mark: ChunkMark) -> None:
        """Forget all that was written since."""
        del self.octets[mark.size :]
        self.names, self.templates = dict(mark.names), dict(mark.templates)
        self.name_heads, self.template_heads = list(mark.name_heads), list(mark.template_heads)


def hash_of(name: str) -> int:
    """Return the hash by which names are found in a chunk: sixteen bits."""
    octets, number = name.encode("utf-16-le", "surrogatepass"), 0
    for (unit,) in struct.iter_unpack("<H", octets):
        number = (number * 65_599 + unit) & 0xFFFFFFFF
    return number & 0xFFFF

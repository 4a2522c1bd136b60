"""A reader under fuzz, and how its row is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hybridjoin.errors import PeerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reader under fuzz: it answers, or raises one of `declared`; anything else is a finding."""

    name: str
    reads: tuple[str, ...]
    call: Callable[[bytes], object]
    seeds: tuple[bytes, ...] = field(repr=False)
    declared: tuple[type[Exception], ...] = (PeerError,)
    most_bytes: int = 8192


def text(reader: Callable[[str], object]) -> Callable[[bytes], object]:
    """Make a reader of octets of one of texts."""
    return lambda body: reader(body.decode("utf-8", "replace"))


def row(
    name: str,
    reads: str,
    call: Callable[[bytes], object],
    *seeds: bytes,
    declared: tuple[type[Exception], ...] = (PeerError,),
) -> Target:
    return Target(name=name, reads=tuple(reads.split()), call=call, seeds=seeds, declared=declared)

"""A file as it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it was read; `note` says why nothing came of it, `digest` is its SHA-256 in hex."""

    name: str
    formats: tuple[str, ...] = ()
    facts: int = 0
    lines: int = 0
    size: int = 0
    digest: str = ""
    note: str = ""

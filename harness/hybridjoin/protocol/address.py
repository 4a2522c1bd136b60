"""Addresses that peers wrote: taken apart without falling over those that cannot be."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

_EMPTY = urlsplit("")


def split_address(address: str) -> SplitResult:
    """Take an address apart; one that cannot be (`https://[sts`) is empty in all its parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return _EMPTY


def host_of(address: str) -> str:
    """Return the host that an address names, in lower case; empty where it names none."""
    return (split_address(address).hostname or "").lower()

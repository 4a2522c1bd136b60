"""Addresses that peers wrote: taken apart in one way, by whoever decides about one and by whoever dials it.

Readers of addresses differ over a backslash, userinfo, control characters and letters beyond ASCII: what one calls the
host is the password to the next (WHATWG URL, 4.4; RFC 3986, 7.6). An address that has any of these in it is none here,
so that nothing can be allowed for one host and sent to another.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

_EMPTY = urlsplit("")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]*)(:[0-9]{0,5})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HIGHEST_PORT = 65535


def take_apart(address: str) -> SplitResult:
    """Take an address apart (RFC 3986, 3).

    Raises:
        ValueError: it is none, or one that others may take apart differently.
    """
    parts = urlsplit(address)
    if _CONTROL.search(address):
        raise ValueError("a control character stands in it")
    if _AUTHORITY.fullmatch(parts.netloc) is None:
        raise ValueError(f"expected a host and a port, found {parts.netloc!a}")
    if parts.port is not None and parts.port > _HIGHEST_PORT:
        raise ValueError(f"there is no port {parts.port}")
    return parts


def split_address(address: str) -> SplitResult:
    """Take an address apart; one that cannot be (`https://[sts`) is empty in all its parts."""
    try:
        return take_apart(address)
    except ValueError:
        return _EMPTY


def leads_to(page: str, written: str) -> str:
    """Return where an address on a page leads; what cannot be one (`https://[sts`) stays as it is written."""
    try:
        return urljoin(page, written)
    except ValueError:
        return written


def host_of(address: str) -> str:
    """Return the host that an address names, in lower case; empty where it names none."""
    return (split_address(address).hostname or "").lower()

"""JSON from a peer: an object of bounded size, its members read by name in any case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits

_NAMES_TOLD = 20
_LONGEST_NAME = 60


def read_object(body: bytes, *, where: str) -> Mapping[str, Any]:
    """Read a JSON object from untrusted octets.

    Raises:
        PeerError: something else came, or more than a limit.
    """
    limits.JSON_BYTES.hold(len(body), where=where)

    def number(text: str) -> float:
        limits.JSON_DIGITS.hold(len(text), where=where)
        return float(text) if set(text) & set(".eE") else int(text)

    try:
        value = json.loads(
            body, object_pairs_hook=_object, parse_int=number, parse_float=number, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise PeerError(f"expected JSON, found {_resemblance(body)}: {error}", where=where) from error
    if not isinstance(value, dict):
        raise PeerError(f"expected a JSON object, found a {type(value).__name__}", where=where)
    _hold_limits(value, where)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {writable(name): value for name, value in pairs}


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _hold_limits(value: object, where: str) -> None:
    """Refuse what is deep or many; level by level, for a deep one would exhaust our own stack."""
    level, depth, count = [value], 0, 0
    while level:
        count += len(level)
        limits.JSON_VALUES.hold(count, where=where, at="or more")
        inner = [item for item in level if isinstance(item, dict | list)]
        depth += bool(inner)
        limits.JSON_DEPTH.hold(depth, where=where, at="or more")
        level = [child for item in inner for child in (item.values() if isinstance(item, dict) else item)]


def _resemblance(body: bytes) -> str:
    head = body[:512].strip().lower()
    if not head:
        return "an empty body"
    if head.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    return "XML" if head.startswith(b"<") else "something else"


def writable(value: str) -> str:
    """Return a text that UTF-8 can spell: lone surrogates, which JSON can spell, become replacement characters."""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def member_names(value: Mapping[str, Any]) -> str:
    """Write an object's member names for people, the first of them where there are many."""
    told = [name[:_LONGEST_NAME] for name in islice(sorted(value), _NAMES_TOLD)]
    more = len(value) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "") if told else "no members"


def member(value: object, *path: str) -> object:
    """Follow member names through nested objects, whatever their case; None where a step is missing."""
    for step in path:
        if not isinstance(value, Mapping):
            return None
        exact = value.get(step)
        lowered = step.lower()
        value = exact if exact is not None else next((v for k, v in value.items() if k.lower() == lowered), None)
    return value


def text(value: object, *path: str) -> str:
    """Return a member as text: strings as they are, numbers and booleans as JSON writes them, else empty."""
    found = member(value, *path)
    if isinstance(found, str):
        return writable(found)
    if isinstance(found, bool | int | float):
        return json.dumps(found)
    return ""

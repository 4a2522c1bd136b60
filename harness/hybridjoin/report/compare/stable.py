"""What of a value stays the same from run to run and from device to device."""

from __future__ import annotations

import base64
import binascii
import re

_GUID = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_PORT = re.compile(r"(?<=[A-Za-z0-9\]]):\d{4,5}\b")
_DURATION = re.compile(r"\b\d+(?:\.\d+)?(?= ?(?:s|ms|seconds?|minutes?|bytes|characters)\b)")
_SID = re.compile(r"S-1(?:-\d+)+")
_RUN = re.compile(r"(?<![A-Za-z0-9+/=_-])(?=[A-Za-z0-9+/=_-]*[0-9A-Z+/=])[A-Za-z0-9+/_-]{22,}={0,2}")
_TAG = re.compile(r"(?<=\[masked )(\d+ (?:characters|bytes))(?: [0-9a-f]+)?(?=\])")
_SHORT = 40


def shape(value: str) -> str:
    """Say what kind of value it is, so that two devices' values of one kind are the same."""
    core = value.strip()
    blank = "" if core == value else " with blanks around it"
    if not core:
        return "empty" + blank
    if _SID.fullmatch(core):
        return "a SID" + blank
    if _GUID.fullmatch(core.strip("{}")):
        return ("a GUID in braces" if core[0] == "{" else "a GUID") + blank
    if core.isascii() and re.fullmatch(r"[0-9a-fA-F]{32}", core):
        return "32 hex digits" + blank
    if re.fullmatch(r"[A-Za-z0-9+/_-]{20,}={0,2}", core):
        return _shape_of_base64(core) + blank
    return repr(steady(core) if len(core) <= _SHORT else f"{steady(core)[: _SHORT - 1]}…") + blank


def steady(text: str) -> str:
    """Take out of a text what differs between any two runs: times, ports, durations, identifiers, digests."""
    for pattern, stands in (
        (_TAG, r"\1"),
        (_GUID, "<guid>"),
        (_TIME, "<time>"),
        (_PORT, ":<port>"),
        (_SID, "<sid>"),
        (_RUN, "<value>"),
        (_DURATION, "<n>"),
    ):
        text = pattern.sub(stands, text)
    return text


def _shape_of_base64(text: str) -> str:
    kind = "url-safe base64" if set(text) & set("-_") else "base64"
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        size = len(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (binascii.Error, ValueError):
        return f"{len(text)} characters"
    return f"{'unpadded ' if len(text) % 4 else ''}{kind} of {size} bytes"

"""AD FS' own events: which claims left the token service (500), and the audits of newer versions (1200 to 1203)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files.event import WindowsEvent

_ISSUED: Final = 500
_AUDITS: Final = frozenset({1200, 1201, 1202, 1203})
_ERRORS: Final = frozenset({111, 342, 364})
_MEMBERS: Final = ("AuditResult", "FailureType", "ErrorCode", "RelyingParty", "UserId", "Endpoint", "UserAgentString")
_CLAIM: Final = re.compile(r"(https?://\S+|urn:\S+)\s+([^\n]+)")


def adfs_values(event: WindowsEvent) -> Iterator[tuple[str, str, str]]:
    """Yield key, value and what it belongs to (the instance that ties the events of one request together)."""
    if event.id == _ISSUED:
        yield from _claims(event)
    elif event.id in _AUDITS:
        yield from _audit(event)
    elif event.id in _ERRORS:
        words = event.text or " ".join(value for _, value in event.data)
        yield "idp.error", " ".join(words.split())[:500], ""


def _claims(event: WindowsEvent) -> Iterator[tuple[str, str, str]]:
    """Yield the claims, which come as names and values in turn; a dash stands for nothing."""
    values = [value for _, value in event.data]
    of = values[0] if values else ""
    pairs = list(zip(values[1::2], values[2::2], strict=False)) if values else _CLAIM.findall(event.text)
    for name, value in pairs:
        if name not in {"", "-"} and value not in {"", "-"}:
            yield f"claim.{name}", value, of


def _audit(event: WindowsEvent) -> Iterator[tuple[str, str, str]]:
    """Yield the members of the audit, which is XML inside the text, with a declaration that is not true there."""
    text = event.text or " ".join(value for _, value in event.data)
    activity = re.search(r"Activity ID: ?([0-9a-fA-F-]{36})", text)
    of = activity[1].lower() if activity is not None else ""
    for name in _MEMBERS:
        found = re.search(rf"<{name}>([^<]*)</{name}>", text)
        if found is not None and found[1] not in {"", "N/A", "None"}:
            yield f"idp.audit_{name}", found[1], of

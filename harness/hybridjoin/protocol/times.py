"""Instants as XML Schema writes them (XML Schema Part 2, 3.2.7), read without a clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_INSTANT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII
)


def parse_instant(value: str | None) -> datetime | None:
    """Read an xs:dateTime of any precision as UTC; None where it is not one.

    A value without a zone is taken as UTC, as SAML 1.1 (1.2.2) demands. Digits beyond the microsecond are cut.
    """
    match = _INSTANT.fullmatch((value or "").strip())
    if match is None:
        return None
    midnight_of_next_day = match["time"] == "24:00:00"
    try:
        clock = "00:00:00" if midnight_of_next_day else match["time"]
        whole = datetime.fromisoformat(f"{match['date']}T{clock}").replace(tzinfo=_zone(match["zone"]))
        micros = int((match["fraction"] or "0")[:6].ljust(6, "0"))
        return (whole + timedelta(days=midnight_of_next_day, microseconds=micros)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    span = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-span if text[0] == "-" else span)


def write_instant(instant: datetime) -> str:
    """Write an instant with milliseconds, as WS-Security timestamps have it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

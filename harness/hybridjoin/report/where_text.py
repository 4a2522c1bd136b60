"""Writes a place down for people, as `RSTR, saml:Attribute accounttype`; nobody reads the words back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from hybridjoin.model.flows import FLOWS
from hybridjoin.model.steps import Step
from hybridjoin.model.where import Side, Spot, Where

_ROWS: Final = MappingProxyType({row.step: row for flow in FLOWS for row in flow})
_HTTP_STATUS: Final = "HTTP status"
# What a recorded ticket calls its fields.
_TICKET_FIELDS: Final = MappingProxyType({"ticket_etype": "ticket encryption", "session_etype": "session key"})


def where_text(where: Where | None) -> str:
    """Return the words for a place; empty where there is none."""
    if where is None:
        return ""
    words = ", ".join(_parts(where))
    if not where.join:
        return words
    flow, _, trust = where.join.rpartition(" ")
    told = f"{flow} by WS-Trust {trust}" if flow else f"join by WS-Trust {trust}"
    return f"{words} ({told})"


def field_words(where: Where) -> str:
    """Return what a field, member or element is called where people see it."""
    return _TICKET_FIELDS.get(where.name, where.name) if where.spot is Spot.TICKET else where.name


def _parts(where: Where) -> Iterator[str]:
    if where.document:
        yield where.document
    if where.step is not None:
        yield _message(where.step, where.side)
    if where.assertion:
        yield f"assertion {where.assertion}"
    spot = _with_line(where)
    if spot:
        yield spot
    if where.probe:
        yield f"answer {where.answer} to the probe {where.probe}" if where.answer else f"probe {where.probe}"
    if where.reader:
        yield f"by {where.reader}"


def _message(step: Step, side: Side) -> str:
    row = _ROWS[step]
    return row.reply if side is Side.REPLY else row.request or f"{row.reply} request"


def spot_text(where: Where) -> str:
    """Return the words for the spot alone, as `saml:Attribute accounttype`; empty for all of a message."""
    name = _HTTP_STATUS if where.spot is Spot.STATUS else field_words(where)
    return " ".join(part for part in (name, where.label) if part)


def where_json(where: Where | None) -> dict[str, Any] | None:
    """Return a place as machines read it, each field of `Where` by its name; null where there is none."""
    return asdict(where) if where is not None else None


def _with_line(where: Where) -> str:
    words = spot_text(where)
    line = f"line {where.line}"
    return (f"{words} ({line})" if words else line) if where.line else words

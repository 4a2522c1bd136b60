"""A record of ours as evidence: its exchanges as a trace, its directory's answers as LDIF, its settings as facts.

The screens and the LDIF go through the readers of everybody's; a record whose members are of other types tells less.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.http_message import HttpMessage
from hybridjoin.intake.files.kerberos_text import etype_name
from hybridjoin.model.flows import find_flow
from hybridjoin.protocol.json_text import member, text

SCREENS: Final = ("debug_screen", "status_screen")
PACKAGED: Final = frozenset({"manifest.json", "manifest.sig", "record.json"})
"""Members by which an evidence package is known; the other ones are drawn from the record."""

# Its request repeats the assertion, which the answer before it holds; signatures in both are masked.
_REPEATS: Final = frozenset({"token"})


def joins_of(value: object, *, file: str) -> Iterator[tuple[str, object]]:
    """Yield the place and the flow of each scenario of a record."""
    scenarios = member(value, "scenarios")
    for number, item in enumerate(scenarios if isinstance(scenarios, list) else (), start=1):
        join = member(item, "join")
        if isinstance(join, dict):
            yield f"{file}#{number}", join


def passages_of(join: object, *, place: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts that everybody's readers know: the screens, and the entries that the directory found."""
    for screen in SCREENS:
        rows = member(join, screen)
        if isinstance(rows, list):
            yield f"{place}/{screen}", list(map(str, rows))
    for exchange in _exchanges(join):
        entries = member(exchange, "reply", "entries")
        if isinstance(entries, list):
            yield f"{place}/{text(exchange, 'step')}", [line for entry in entries for line in _ldif(entry)]


def messages_of(join: object, *, place: str) -> Iterator[HttpMessage]:
    """Yield the exchanges over HTTP."""
    for exchange in _exchanges(join):
        request, reply = member(exchange, "request"), member(exchange, "reply")
        status, step = member(reply, "status"), text(exchange, "step")
        if not text(request, "method") or not isinstance(status, int):
            continue
        yield HttpMessage(
            file=f"{place}/{step}",
            line=0,
            method=text(request, "method"),
            url=text(request, "url"),
            status=status,
            at=text(exchange, "started_at"),
            request_headers=_headers(request),
            response_headers=_headers(reply),
            request_body=b"" if step in _REPEATS else _octets(member(request, "body")),
            response_body=_octets(member(reply, "body")),
        )


def facts_of_join(join: object, *, place: str) -> Iterator[Fact]:
    """Yield what no message says: tickets, and what the device was told beforehand."""
    for exchange in _exchanges(join):
        reply = member(exchange, "reply")
        if text(reply, "ticket_etype"):
            yield from _ticket(reply, f"{place}/{text(exchange, 'step')}")
    told = f"{place}/circumstances"
    circumstances = member(join, "circumstances")
    flow = find_flow(text(circumstances, "flow"))
    if flow is not None and flow.persons:
        yield _fact("flow.person", text(circumstances, "device"), place, of=flow.name)
    site, habits = member(join, "circumstances", "site"), member(join, "circumstances", "habits")
    domain = text(site, "tenant_name").lower()
    certificates = member(site, "signing_certificates")
    listed = [item for item in certificates if isinstance(item, str)] if isinstance(certificates, list) else []
    settings = (
        ("issuer_uri", text(site, "issuer")),
        ("metadata_exchange_uri", text(site, "mex_url")),
        *zip(("signing_certificate", "next_signing_certificate"), listed, strict=False),
    )
    yield from (_fact(f"federation.{name}", value, told, of=domain) for name, value in settings if value)
    fallback = member(habits, "fallback_to_sync_join")
    if isinstance(fallback, bool):
        yield _fact("client.fallback", "ENABLED" if fallback else "DISABLED", told)
    for name in ("windows", "os_version"):
        if text(habits, name):
            yield _fact(f"client.{name}", text(habits, name), told)
    side = member(habits, "client_side_scp")
    if isinstance(side, list) and len(side) == 2:
        yield from (
            _fact(f"scp.client_{name}", str(value), told) for name, value in zip(("name", "id"), side, strict=True)
        )


def _fact(key: str, value: str, place: str, *, of: str = "") -> Fact:
    about, _, name = key.partition(".")
    return Fact(about=about, name=name, value=value, file=place, line=0, basis=bases.RECORD, of=of)


def _ticket(reply: object, place: str) -> Iterator[Fact]:
    server = text(reply, "server")
    yield _fact("ticket.server", server, place, of=server)
    yield _fact("ticket.client", text(reply, "client"), place)
    yield _fact("ticket.etype", etype_name(text(reply, "ticket_etype")), place, of=server)
    yield _fact("ticket.session_etype", etype_name(text(reply, "session_etype")), place, of=server)


def _exchanges(join: object) -> Iterator[object]:
    found = member(join, "exchanges")
    yield from found if isinstance(found, list) else ()


def _headers(side: object) -> tuple[tuple[str, str], ...]:
    rows = member(side, "headers")
    pairs = [row for row in rows if isinstance(row, list) and len(row) == 2] if isinstance(rows, list) else []
    return tuple((str(name), str(value)) for name, value in pairs)


def _ldif(entry: object) -> Iterator[str]:
    """Write an entry as LDIF (RFC 2849), every value in base64, for it may hold anything."""
    yield f"dn:: {_encoded(text(entry, 'dn').encode('utf-8', 'replace'))}"
    rows = member(entry, "attributes")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 2 and isinstance(row[1], list):
            yield from (f"{row[0]}:: {_encoded(_octets(value))}" for value in row[1])
    yield ""


def _encoded(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _octets(kept: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return the octets of a text, or of what stands in base64."""
    if isinstance(kept, str):
        return kept.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text(kept, "base64"), validate=True)
    except (binascii.Error, ValueError):
        return b""

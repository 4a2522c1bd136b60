"""A message of the wire that somebody saved: metadata, token request, token response, assertion or SOAP fault.

It may be bare, in base64, in a form's field, or with a prompt around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.errors import PeerError
from hybridjoin.intake.captured_token import CapturedToken, read_token
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.part import PartKind, RawPart
from hybridjoin.protocol.mex import choose_windows, parse_mex
from hybridjoin.protocol.rstr import SoapFault
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.times import write_instant

LIMIT_DOCUMENT: Final = 16 * 1024 * 1024
"""Octets of a message, which base64 or UTF-16 may have made larger than the message itself."""

_MEX: Final = re.compile(rb"<(?:[\w.-]+:)?(?:definitions|Metadata)[\s>]")
_REQUEST: Final = re.compile(rb"<(?:[\w.-]+:)?RequestSecurityToken[\s>]")
_TO: Final = re.compile(rb"<(?:[\w.-]+:)?To(?:\s[^>]*)?>\s*([^<\s]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMessage:
    """What a message was read as."""

    format: str
    facts: tuple[Fact, ...]
    part: RawPart


def read_message(body: bytes, *, file: str, line: int = 1) -> SavedMessage | None:
    """Read a message; None where the octets are none of the join's."""
    if _MEX.search(body[:65536]):
        return _metadata(body, file, line)
    if _REQUEST.search(body):
        facts = tuple(_request(body, file, line))
        return SavedMessage(format="WS-Trust request", facts=facts, part=_part(PartKind.REQUEST, body, file, line))
    try:
        found = read_token(body)
    except PeerError:
        return None
    if isinstance(found, SoapFault):
        part = _part(PartKind.FAULT, body, file, line)
        return SavedMessage(format="SOAP fault", facts=tuple(_fault(found, file, line)), part=part)
    return SavedMessage(
        format="assertion" if found.bare else "token response",
        facts=tuple(_token(found, file, line)),
        part=_part(PartKind.TOKEN, body, file, line),
    )


def _part(kind: PartKind, body: bytes, file: str, line: int) -> RawPart:
    return RawPart(kind=kind, body=body, file=file, line=line)


def _fact(key: str, value: str, file: str, line: int, of: str = "") -> Fact:
    about, _, name = key.partition(".")
    return Fact(about=about, name=name, value=value, file=file, line=line, basis=bases.WIRE, of=of)


def _metadata(body: bytes, file: str, line: int) -> SavedMessage | None:
    try:
        document = parse_mex(body)
    except PeerError:
        return None
    chosen = choose_windows(document)
    facts = [
        _fact("mex.endpoint", f"{item.credential.value} {item.trust.value if item.trust else '?'} {item.url}", file,
              line + item.line - 1)
        for item in document.endpoints
    ]  # fmt: skip
    facts.append(_fact("mex.chosen", chosen.url if chosen is not None else "nothing", file, line))
    return SavedMessage(format="WS-Trust metadata", facts=tuple(facts), part=_part(PartKind.MEX, body, file, line))


def _request(body: bytes, file: str, line: int) -> Iterator[Fact]:
    to = _TO.search(body)
    yield _fact("rst.sent", to[1].decode("utf-8", "replace") if to is not None else "yes", file, line)


def _fault(fault: SoapFault, file: str, line: int) -> Iterator[Fact]:
    yield _fact("idp.fault", fault.subcode or fault.code, file, line)
    yield _fact("idp.fault_reason", fault.reason, file, line)


def _token(found: CapturedToken, file: str, line: int) -> Iterator[Fact]:
    assertion = found.assertion
    if assertion is None:
        yield _fact("assertion.missing", "the response carries no assertion", file, line)
        return
    yield from _assertion(assertion, file, line)


def _assertion(assertion: Assertion, file: str, line: int) -> Iterator[Fact]:
    at, of = line + max(assertion.line, 1) - 1, assertion.assertion_id
    yield _fact("assertion.issuer", assertion.issuer, file, at, of)
    if assertion.issue_instant is not None:
        yield _fact("assertion.issued", write_instant(assertion.issue_instant), file, at, of)
    for subject in assertion.subjects:
        if subject.name_identifier:
            yield _fact("assertion.subject", subject.name_identifier, file, line + max(subject.line, 1) - 1, of)
    for claim in assertion.attributes:
        for value in claim.values:
            name = f"{claim.namespace}/{claim.name}" if claim.namespace or "/" in claim.name else claim.name
            yield _fact(f"claim.{name}", value.strip(), file, line + max(claim.line, 1) - 1, of)

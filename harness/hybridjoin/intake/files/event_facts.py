"""The facts that events say: of a join's attempt, of a user's sign-in, of AD FS' side of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.adfs_events import adfs_values
from hybridjoin.intake.files.dsregcmd_debug import log_facts
from hybridjoin.intake.files.event import REGISTRATION, WindowsEvent, code_of
from hybridjoin.intake.files.fact import Basis, Fact
from hybridjoin.intake.files.kerberos_events import kerberos_values
from hybridjoin.intake.files.text_lines import TextLine, clean
from hybridjoin.model.masks import mask

_SECRET: Final = frozenset({"AuthToken"})
_KERBEROS_ERROR: Final = 3
_PAGE: Final = re.compile(r"\s*<(?:!doctype html|html[\s>])", re.IGNORECASE)
_ATTEMPT: Final = re.compile(r"(?:adalCorrelationId|ClientRequestId): ?\{?([0-9a-f]{8}-[0-9a-f-]{27})", re.IGNORECASE)
_BREAK: Final = re.compile(r"\r?\n|\\r\\n|\\n")


def event_facts(event: WindowsEvent, *, of: str = "") -> Iterator[Fact]:
    """Yield what an event says: each of its fields, and what those are facts of; `of` names the attempt it is of."""
    fields = event.fields()
    channel = REGISTRATION if event.join else event.provider
    said = _Event(event, of or attempt_named(event) or f"{event.file}:{event.line}")
    yield said.fact("event.id", f"{channel.removeprefix('Microsoft-Windows-')} {event.id}", bases.EVENT_TEXTS)
    if event.at:
        yield said.fact("event.at", event.at, bases.EVENT_SHAPES)
    if event.computer:
        yield said.fact("event.computer", event.computer, bases.EVENT_SHAPES)
    for name, value in fields.items():
        shown = mask(value) if name in _SECRET and "[masked" not in value else value
        yield said.fact(f"event.{event.id}.{name}", " ".join(_BREAK.split(shown)), bases.MANIFEST)
    yield from _of_provider(event, fields, said)


def _of_provider(event: WindowsEvent, fields: Mapping[str, str], said: _Event) -> Iterator[Fact]:
    """Yield what the events of one provider are facts of."""
    provider = event.provider.lower()
    if event.join:
        yield from _registration(event, fields, said)
    elif "windows-aad" in provider:
        yield from _sign_in(event, fields, said)
    elif "ad fs" in provider:
        yield from (said.fact(key, value, bases.ADFS, of) for key, value, of in adfs_values(event))
    elif "workplace join" in provider:
        yield said.fact("legacy.event", str(event.id), bases.DOWN_LEVEL)
    elif "security-kerberos" in provider and event.id == _KERBEROS_ERROR:
        yield from (said.fact(key, value, bases.KERBEROS_LOG) for key, value in kerberos_values(event))


@dataclass(frozen=True, slots=True)
class _Event:
    event: WindowsEvent
    of: str

    def fact(self, key: str, value: str, basis: Basis, of: str = "") -> Fact:
        about, _, name = key.partition(".")
        file, line = self.event.file, self.event.line
        return Fact(about=about, name=name, value=value.strip(), file=file, line=line, basis=basis, of=of or self.of)


def attempt_named(event: WindowsEvent) -> str:
    """Name the attempt by the correlation id in an event's texts; empty where it has none."""
    fields = event.fields()
    found = _ATTEMPT.search(" ".join(fields.values()))
    return found[1].lower() if found is not None else fields.get("RequestId", "").lower()


_PHASES: Final[Mapping[int, str]] = MappingProxyType(
    {
        200: "discover", 201: "discover", 307: "discover", 309: "discover", 305: "auth", 202: "join", 203: "join",
        204: "join", 205: "join", 206: "join", 304: "join", 334: "pre-check", 261: "join",
    }
)  # fmt: skip


# What an event says by being there.
_SAID: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {306: ("attempt.succeeded", "306"), 334: ("attempt.dc_available", "NO")}
)
_VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TenantType": "realm.type",
        "JoinType": "attempt.registration_type",
        "HttpStatus": "attempt.join_http_status",
        "ErrorSubcode": "attempt.join_error_subcode",
        "ServerOperation": "attempt.server_operation",
        "TenantId": "tenant.id",
        "DeviceId": "device.id",
    }
)
LOG_LINES: Final = frozenset(range(500, 505))
"""Events of the hidden Debug channel: each is a line of `/join /debug`."""

_NUMBERED: Final = frozenset({"TenantType", "JoinType"})  # a number of an enumeration that nobody publishes


def _registration(event: WindowsEvent, fields: Mapping[str, str], said: _Event) -> Iterator[Fact]:
    """Yield the facts of a registration event."""
    phase = _PHASES.get(event.id)
    if phase is not None:
        yield said.fact("attempt.event_phase", phase, bases.EVENT_TEXTS)
    code = code_of(fields.get("ExitCode", ""))
    if code and int(code, 16):
        yield said.fact("attempt.exit_code", code, bases.MANIFEST)
    if event.id in _SAID:
        yield said.fact(*_SAID[event.id], bases.EVENT_TEXTS)
    if "unable to acquire kerberos ticket" in event.text.lower():
        yield said.fact("attempt.kerberos_join", "Unable to acquire Kerberos ticket", bases.LAB_SCREENS)
        yield from (said.fact("attempt.hresult", found, bases.LAB_SCREENS) for found in _codes(event.text))
    for name, key in _VALUES.items():
        value = fields.get(name, "")
        if value and value.lower() != "undefined" and not (name in _NUMBERED and value.isdecimal()):
            yield said.fact(key, value, bases.MANIFEST)
    yield from _page(fields, said)
    for name in (
        "ServerErrorMessage",
        "DebugOutput",
        "ServerResponse",
        *(("Message",) if event.id in LOG_LINES else ()),
    ):
        yield from _log(fields.get(name, ""), said)


def _page(fields: Mapping[str, str], said: _Event) -> Iterator[Fact]:
    """Yield that a page for people came in the registration service's place."""
    if any(_PAGE.match(fields.get(name, "")) for name in ("ServerMessage", "ServerResponse")):
        words = f"an HTML page answered, says event {said.event.id}"
        yield said.fact("network.html_instead", words, bases.MANIFEST)


def _log(text: str, said: _Event) -> Iterator[Fact]:
    """Read the lines of a log that stand in one field: `key: value` and the lines of /join /debug."""
    for piece in _BREAK.split(text):
        line = clean(piece).strip()
        pair = re.match(r"(joinMode|drsInstance|registrationType|tenantType|errorPhase|adalResponseCode): ?(\S+)", line)
        if pair is not None and pair[2] not in {"undefined", "0x0"}:
            yield said.fact(_OUTPUT[pair[1]], pair[2], bases.SCREENS)
        else:
            yield from log_facts(TextLine(said.event.line, line), file=said.event.file, of=said.of)


_OUTPUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "joinMode": "attempt.pre_check",
        "drsInstance": "attempt.drs_instance",
        "registrationType": "attempt.registration_type",
        "tenantType": "realm.type",
        "errorPhase": "attempt.phase",
        "adalResponseCode": "attempt.adal_code",
    }
)


# Errors of OAuth, of WS-Trust and of keys, which have names; the token broker's Error is a code.
_NAMED_ERRORS: Final = frozenset({1081, 1082, 1083, 1088, 1090})


def _sign_in(event: WindowsEvent, fields: Mapping[str, str], said: _Event) -> Iterator[Fact]:
    """Yield the facts of the token broker and of the sign-in on the device: they are a user's, not the join's."""
    text = " ".join((event.text, *fields.values()))
    yield said.fact("user.event", str(event.id), bases.EVENT_TEXTS)
    for code in _codes(text):
        yield said.fact("user.hresult", code, bases.EVENT_TEXTS)
    faulty = event.id in _NAMED_ERRORS
    for name, key in (
        ("EndpointUri", "user.endpoint"),
        ("Error", "user.fault"),
        ("ErrorDescription", "user.fault_text"),
    ):
        if fields.get(name) and (faulty or name == "EndpointUri"):
            yield said.fact(key, fields[name], bases.EVENT_TEXTS)
    for code in dict.fromkeys(re.findall(r"AADSTS(\d{4,9})", text)):
        yield said.fact("user.aadsts", f"AADSTS{code}", bases.EVENT_TEXTS)


def _codes(text: str) -> tuple[str, ...]:
    found = (int(item, 16) for item in re.findall(r"0x([0-9a-fA-F]{8})\b", text))
    return tuple(dict.fromkeys(f"0x{number:08x}" for number in found if number >= 0x80000000))

"""A Windows event, whatever it was exported as, and its fields by the names of the manifest.

Field names moved between builds, so a value is found by its name, else by its position in the manifest, else by the
words before it in the text. Numbers are signed in some exports; codes are written as dsregcmd writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

REGISTRATION: Final = "Microsoft-Windows-User Device Registration"
AAD: Final = "Microsoft-Windows-AAD"

Fields = tuple[tuple[str, str], ...]

# The manifest's names in order (build 18990), of the events that say something about a join.
MANIFEST: Final[Mapping[tuple[str, int], tuple[str, ...]]] = MappingProxyType(
    {
        (REGISTRATION, 101): ("ServerMessage",),
        (REGISTRATION, 102): ("JoinRequestType", "JoinRequestTypeSymbolicName", "Domain"),
        (REGISTRATION, 103): ("AuthToken",),
        (REGISTRATION, 104): ("ServerResponse", "ActivityId"),
        (REGISTRATION, 200): ("ExitCode", "Domain"),
        (REGISTRATION, 201): ("ExitCode", "HttpStatus", "ServerMessage"),
        (REGISTRATION, 202): ("ExitCode",),
        (REGISTRATION, 203): ("ExitCode", "AuthToken"),
        (REGISTRATION, 204): ("ExitCode", "ActivityId", "HttpStatus", "ServerResponse"),
        (REGISTRATION, 205): ("ExitCode",),
        (REGISTRATION, 206): ("ExitCode",),
        (REGISTRATION, 233): ("StatusCode", "ErrorCode", "StatusName"),
        (REGISTRATION, 244): ("ExitCode",),
        (REGISTRATION, 245): ("ExitCode",),
        (REGISTRATION, 261): (
            "ExitCode", "TenantId", "DeviceId", "JoinType", "JoinTypeName", "RequestId", "Time", "HttpStatus",
            "ErrorCode", "ErrorSubcode", "ServerMessage", "ServerOperation",
        ),
        (REGISTRATION, 304): ("ExitCode", "ServerErrorMessage", "TenantType", "JoinType", "DebugOutput"),
        (REGISTRATION, 305): ("ExitCode", "ServerErrorMessage", "TenantType", "TenantName"),
        (REGISTRATION, 307): ("ExitCode",),
        (REGISTRATION, 309): ("ExitCode",),
        (REGISTRATION, 331): ("DebugOutput",),
        (REGISTRATION, 354): ("ExitCode", "HttpStatus", "ServerMessage"),
        (REGISTRATION, 370): ("ExitCode", "ServerErrorMessage", "TenantType", "JoinType", "DebugOutput"),
        (AAD, 1007): ("Status",),
        (AAD, 1015): ("Response", "Status"),
        (AAD, 1024): ("Status",),
        (AAD, 1025): ("Status", "Method", "EndpointUri", "CorrelationID"),
        (AAD, 1081): ("Error", "ErrorDescription", "CorrelationID"),
        (AAD, 1084): ("Result", "Target"),
        (AAD, 1085): ("Status", "CorrelationID"),
        (AAD, 1086): ("Status", "CorrelationID"),
        (AAD, 1088): ("Error", "ErrorDescription"),
        (AAD, 1097): ("Error", "ErrorMessage", "AdditionalInformation"),
        (AAD, 1098): ("Error", "ErrorMessage", "AdditionalInformation"),
        (AAD, 1104): ("API", "Result"),
    }
)  # fmt: skip

# The words before a value in a message text, and the field that it is.
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "exit code": "ExitCode",
        "server error": "ServerErrorMessage",
        "tenant type": "TenantType",
        "tenant name": "TenantName",
        "registration type": "JoinType",
        "debug output": "DebugOutput",
        "http status": "HttpStatus",
        "server response was": "ServerMessage",
        "activity id": "ActivityId",
        "domain": "Domain",
        "authtoken": "AuthToken",
        "spn": "SPN",
        "error description": "ErrorDescription",
        "oauth response error": "Error",
        "wstrust response error": "Error",
        "correlationid": "CorrelationID",
        "correlation id": "CorrelationID",
        "http request status": "Status",
        "endpoint uri": "EndpointUri",
        "method": "Method",
        "status": "Status",
        "error": "Error",
        "logged at": "AdditionalInformation",
    }
)
_LABEL: Final = re.compile(
    r"(?:^|(?<=[\s.,]))(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")\s?:\s*", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"0x[0-9a-fA-F]{1,8}|(?<![\w-])-\d{6,10}\b|^\d{6,10}$")
_INSERT: Final = re.compile(r"%\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsEvent:
    """An event; `data` are its fields in order, unnamed where the export names none, `text` the rendered message."""

    provider: str
    id: int
    file: str
    line: int
    at: str = ""
    level: str = ""
    computer: str = ""
    data: Fields = ()
    text: str = ""

    @property
    def join(self) -> bool:
        """Whether it is the registration's, not a user's."""
        return "user device registration" in self.provider.lower()

    def fields(self) -> dict[str, str]:
        """Return the values by the manifest's names; inserts that no value came for are left out."""
        known = MANIFEST.get((REGISTRATION if self.join else AAD, self.id), ())
        found: dict[str, str] = {}
        for at, (name, value) in enumerate(self.data):
            found[name or (known[at] if at < len(known) else f"Data{at + 1}")] = value
        if not found:
            found = dict(_from_text(self.text))
        return {name: value for name, value in found.items() if value and not _INSERT.fullmatch(value)}


def is_of_interest(provider: str) -> bool:
    """Tell whether a provider's events are read at all."""
    plain = provider.lower()
    return any(
        word in plain for word in ("user device registration", "windows-aad", "ad fs", "kerberos", "workplace join")
    )


def code_of(text: str) -> str:
    """Return the HRESULT in a value, signed or not; empty where it has no number, as a localised sentence has none."""
    found = _NUMBER.search(text.strip())
    if found is None:
        return ""
    number = int(found[0], 16 if found[0].lower().startswith("0x") else 10) & 0xFFFFFFFF
    return f"0x{number:08x}"


def _from_text(text: str) -> Iterator[tuple[str, str]]:
    """Find the values in a message by the words before them."""
    marks = list(_LABEL.finditer(text))
    for at, mark in enumerate(marks):
        stop = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        name = _WORDS[mark[1].lower()]
        value = text[mark.end() : stop].strip()
        if name in {"DebugOutput", "ServerErrorMessage"}:
            following = text[mark.end() :]
            ends = [item.start() for item in marks[at + 1 :] if _WORDS[item[1].lower()] in _AFTER[name]]
            value = (text[mark.end() : ends[0]] if ends else following).strip()
        yield name, value.rstrip(".") if "\n" not in value else value


# Multi-line values hold words of their own; only these end them.
_AFTER: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ServerErrorMessage": frozenset({"TenantType", "TenantName", "JoinType", "DebugOutput"}),
        "DebugOutput": frozenset(),
    }
)

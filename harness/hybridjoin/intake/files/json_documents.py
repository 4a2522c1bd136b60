"""JSON that people export: Entra's settings, devices and sign-ins, logs of Okta and PingOne, answers of a trace."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hybridjoin.errors import UsageError
from hybridjoin.intake.federation import field_of, read_settings
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, Strength
from hybridjoin.intake.files.federation_lines import settings_facts
from hybridjoin.intake.files.line_reader import LineReader
from hybridjoin.intake.files.text_lines import TextLine
from hybridjoin.protocol.json_text import member, text

LINES_BEGIN: Final = r"\{\""
DEVICE_REGISTRATION: Final = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
AGENT: Final = "Windows-AzureAD-Authentication-Provider"

_AADSTS: Final = re.compile(r"AADSTS(\d{4,9})")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonShape:
    """A kind of JSON object: how it is recognised by its members, and which facts it has."""

    name: str
    is_it: Callable[[Node], bool]
    facts: Callable[[Node], Iterator[tuple[str, str, str]]]
    basis: Basis
    strength: Strength = Strength.PROVES


def _realm(node: Node) -> Iterator[tuple[str, str, str]]:
    yield "realm.type", text(node, "account_type") or text(node, "NameSpaceType"), ""
    yield "federation.metadata_exchange_uri", text(node, "federation_metadata_url"), text(node, "domain_name").lower()
    yield "federation.active_sign_in_uri", text(node, "federation_active_auth_url"), text(node, "domain_name").lower()
    yield "realm.protocol", text(node, "federation_protocol"), ""


def _discover(node: Node) -> Iterator[tuple[str, str, str]]:
    yield "tenant.id", text(node, "TenantInfo", "TenantId"), ""
    yield "tenant.name", text(node, "TenantInfo", "TenantName"), ""


def _sign_in(node: Node) -> Iterator[tuple[str, str, str]]:
    inner = member(node, "properties")
    item = inner if isinstance(inner, Mapping) else node
    of = text(item, "correlationId") or text(node, "correlationId")
    resource = f"{text(item, 'resourceDisplayName')} {text(item, 'resourceId')} {text(item, 'appDisplayName')}"
    device = DEVICE_REGISTRATION in resource or "device registration" in resource.lower()
    about = "attempt" if device else "user"
    code = text(item, "status", "errorCode") or text(node, "resultType")
    if not device and code in {"", "0"}:
        return
    yield f"{about}.sign_in", text(item, "resourceDisplayName") or "sign-in", of
    if code and code != "0":
        yield f"{about}.aadsts", f"AADSTS{code}", of
    yield f"{about}.sign_in_reason", text(item, "status", "failureReason") or text(node, "resultDescription"), of
    yield f"{about}.token_type_in", text(item, "incomingTokenType"), of
    yield f"{about}.conditional_access", text(item, "conditionalAccessStatus"), of
    yield f"{about}.at", text(item, "createdDateTime") or text(node, "time"), of


def _okta(node: Node) -> Iterator[tuple[str, str, str]]:
    of = text(node, "uuid")
    agent = text(node, "client", "userAgent", "rawUserAgent")
    if not agent.startswith(AGENT) and "kerberos" not in json.dumps(node).lower():
        return  # everybody's sign-ins of a week, which would leave no room for the computer's
    yield "idp.event", f"{text(node, 'eventType')} {text(node, 'outcome', 'result')}", of
    yield "idp.reason", text(node, "outcome", "reason"), of
    if agent.startswith(AGENT):
        yield "idp.windows_agent", text(node, "outcome", "result"), of
        yield "idp.agent", agent, of


def _ping_one(node: Node) -> Iterator[tuple[str, str, str]]:
    of = text(node, "id")
    if "kerberos" not in json.dumps(node).lower() and text(node, "result", "status") != "FAILED":
        return
    yield "idp.event", f"{text(node, 'action', 'type')} {text(node, 'result', 'status')}", of
    yield "idp.reason", text(node, "result", "description"), of


def _oauth(node: Node) -> Iterator[tuple[str, str, str]]:
    of = text(node, "correlation_id")
    yield "attempt.error", text(node, "error"), of
    yield "attempt.error_description", text(node, "error_description"), of
    for code in dict.fromkeys(_AADSTS.findall(text(node, "error_description"))):
        yield "attempt.aadsts", f"AADSTS{code}", of
    yield "attempt.entra_timestamp", text(node, "timestamp"), of


def _device(node: Node) -> Iterator[tuple[str, str, str]]:
    of = text(node, "deviceId").lower()
    for name, key in (
        ("trustType", "trust_type"), ("displayName", "name"), ("registrationDateTime", "registered"),
        ("onPremisesSyncEnabled", "synced"), ("accountEnabled", "enabled"), ("profileType", "profile"),
    ):  # fmt: skip
        yield f"entra_device.{key}", text(node, name), of
    yield "entra_device.id", of, of
    yield "entra.device_exists", "YES", of


def _has(*names: str) -> Callable[[Node], bool]:
    wanted = [name.lower() for name in names]
    return lambda node: set(wanted) <= {key.lower() for key in node}


SHAPES: Final[tuple[JsonShape, ...]] = (
    JsonShape(name="user realm", is_it=lambda node: _has("account_type")(node) or _has("NameSpaceType")(node),
              facts=_realm, basis=bases.REALM),
    JsonShape(name="Discover document", is_it=_has("DeviceJoinService"), facts=_discover, basis=bases.WIRE),
    JsonShape(name="Entra sign-in log",
              is_it=lambda node: _has("createdDateTime", "correlationId")(node) or _has("resultType", "category")(node),
              facts=_sign_in, basis=bases.SIGN_INS),
    JsonShape(name="Okta system log", is_it=_has("eventType", "outcome", "published"), facts=_okta, basis=bases.OKTA),
    JsonShape(name="PingOne audit", is_it=_has("recordedAt", "action"), facts=_ping_one, basis=bases.PINGONE),
    JsonShape(name="token error", is_it=_has("error", "error_description"), facts=_oauth, basis=bases.WIRE),
    JsonShape(name="Entra device", is_it=_has("deviceId", "trustType"), facts=_device, basis=bases.SIGN_INS),
)  # fmt: skip


def shape_of(node: object) -> JsonShape | None:
    """Return the kind that an object is of."""
    return next((item for item in SHAPES if isinstance(node, Mapping) and item.is_it(node)), None)


def objects_of(value: object) -> Iterator[Node]:
    """Find the objects inside lists and the envelopes of Graph and PingOne."""
    if isinstance(value, list):
        for item in value:
            yield from objects_of(item)
    elif isinstance(value, Mapping):
        inner = member(value, "value") or member(value, "_embedded", "activities")
        if isinstance(inner, list):
            yield from objects_of(inner)
        else:
            yield value


def facts_of_value(value: object, *, file: str, line: int) -> Iterator[Fact]:
    """Yield the facts of every object that is recognised, all at one line."""
    for node in objects_of(value):
        shape = shape_of(node)
        if shape is not None:
            yield from _facts(node, shape, file, line)


def _facts(node: Node, shape: JsonShape, file: str, line: int) -> Iterator[Fact]:
    for key, value, of in shape.facts(node):
        if value:
            about, _, name = key.partition(".")
            yield Fact(about=about, name=name, value=value, file=file, line=line, basis=shape.basis, of=of,
                       strength=shape.strength)  # fmt: skip


def read_json(body: str, value: object, *, file: str) -> Iterator[tuple[str, Fact]]:
    """Yield format and fact for each recognised object of a document, at the line where the object begins."""
    at = 0
    for node in objects_of(value):
        shape = shape_of(node)
        if shape is None:
            continue
        mark = next((f'"{text(node, name)}"' for name in _MARKS if text(node, name)), "")
        found = body.find(mark, at) if mark else -1
        at = found if found >= 0 else at
        line = body.count("\n", 0, at) + 1
        for fact in _facts(node, shape, file, line):
            yield shape.name, fact


_MARKS: Final = ("uuid", "id", "correlationId", "deviceId", "correlation_id", "domain_name", "DomainName")


def read_federation(body: str, *, file: str) -> Iterator[Fact]:
    """Yield the settings of each domain in a JSON text; nothing where it has none."""
    try:
        found = read_settings(body.encode("utf-8", "replace"), place=file)
    except UsageError:
        return
    lines: dict[str, int] = {}
    for number, row in enumerate(body.split("\n"), start=1):
        for name in re.findall(r'"(\w+)"\s*:', row):
            lines.setdefault(field_of(name) or "", number)
    for item in found:
        yield from settings_facts(item, file=file, lines=lines, basis=bases.GRAPH)


class JsonLines(LineReader):
    """One JSON object a line, as logs are streamed."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is an object."""
        return text.startswith('{"')

    def take(self, line: TextLine) -> None:
        """Take an object."""
        if not line.text.startswith('{"'):
            return
        try:
            value = json.loads(line.text)
        except (ValueError, RecursionError):
            return
        self._done.extend(facts_of_value(value, file=self.file, line=line.number))

    def found(self) -> Iterator[Fact]:
        """Give the facts of the lines so far."""
        done, self._done = self._done, []
        yield from done

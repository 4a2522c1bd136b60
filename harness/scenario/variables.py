"""`${device.objectGUID | base64guid}`: a fixed set of names and filters, checked at load, resolved at run time.

The names are looked up in what the running join read from the live directory; nothing is ever executed.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from harness.errors import Mistake
from harness.scenario.validate import nearest
from harness.scenario.yaml_source import DataPath, Positions


class Kind(StrEnum):
    """What sort of value a variable holds, which decides the filters that fit."""

    TEXT = "text"
    GUID = "a GUID"
    BYTES = "bytes"


Value = str | uuid.UUID | bytes

NAMES: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "device.name": Kind.TEXT,
        "device.objectGUID": Kind.GUID,
        "device.objectSid": Kind.TEXT,
        "device.mS-DS-ConsistencyGuid": Kind.BYTES,
        "device.sAMAccountName": Kind.TEXT,
        "device.dNSHostName": Kind.TEXT,
        "device.userPrincipalName": Kind.TEXT,
        "device.distinguishedName": Kind.TEXT,
        "site.name": Kind.TEXT,
        "site.issuer": Kind.TEXT,
        "site.domain": Kind.TEXT,
        "site.realm": Kind.TEXT,
        "site.netbios": Kind.TEXT,
        "site.forest": Kind.TEXT,
        "site.domain_controller": Kind.TEXT,
        "site.tenant_id": Kind.TEXT,
        "site.tenant_name": Kind.TEXT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One `| filter`: from which kinds to which, and how."""

    takes: frozenset[Kind]
    gives: Kind
    apply: Callable[[Value], Value]


def _bytes(value: Value) -> bytes:
    if isinstance(value, uuid.UUID):
        return value.bytes_le
    return value if isinstance(value, bytes) else value.encode()


def _text_of(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


_ANY = frozenset(Kind)
FILTERS: Final[Mapping[str, Filter]] = MappingProxyType(
    {
        "base64guid": Filter(takes=frozenset({Kind.GUID}), gives=Kind.TEXT, apply=lambda value: _base64(_bytes(value))),
        "bigendian": Filter(
            takes=frozenset({Kind.GUID}),
            gives=Kind.BYTES,
            apply=lambda value: value.bytes if isinstance(value, uuid.UUID) else _bytes(value),
        ),
        "base64": Filter(
            takes=frozenset({Kind.TEXT, Kind.BYTES}), gives=Kind.TEXT, apply=lambda value: _base64(_bytes(value))
        ),
        "hex": Filter(
            takes=frozenset({Kind.GUID, Kind.BYTES}),
            gives=Kind.TEXT,
            apply=lambda value: binascii.hexlify(_bytes(value)).decode("ascii"),
        ),
        "text": Filter(takes=_ANY, gives=Kind.TEXT, apply=_text_of),
        "lower": Filter(
            takes=frozenset({Kind.TEXT, Kind.GUID}), gives=Kind.TEXT, apply=lambda value: _text_of(value).lower()
        ),
        "upper": Filter(
            takes=frozenset({Kind.TEXT, Kind.GUID}), gives=Kind.TEXT, apply=lambda value: _text_of(value).upper()
        ),
    }
)

_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")


def mistakes_in(text: str, place: str) -> tuple[Mistake, ...]:
    """Return what cannot be resolved in a text, with the nearest valid name."""
    found = [_mistake(match[1], place) for match in _REFERENCE.finditer(text)]
    if "${" in _REFERENCE.sub("", text):
        found.append(Mistake(place=place, problem="expected '}' after '${'", hint="as ${device.objectSid}"))
    return tuple(mistake for mistake in found if mistake)


def _mistake(inner: str, place: str) -> Mistake | None:
    name, *filters = (part.strip() for part in inner.split("|"))
    if name not in NAMES:
        return Mistake(place=place, problem=f"unknown variable '{name}'", hint=_near(name))
    kind = NAMES[name]
    for word in filters:
        known = FILTERS.get(word)
        if known is None:
            return Mistake(place=place, problem=f"unknown filter '{word}'", hint=nearest(word, FILTERS))
        if kind not in known.takes:
            fitting = [other for other, each in FILTERS.items() if kind in each.takes]
            problem = f"the filter '{word}' does not take {kind}"
            return Mistake(place=place, problem=problem, hint=f"these do: {', '.join(fitting)}")
        kind = known.gives
    if kind is Kind.BYTES:
        problem = f"'{inner.strip()}' is bytes and cannot be compared with text"
        return Mistake(place=place, problem=problem, hint="add '| base64' or '| hex'")
    return None


def _near(name: str) -> str:
    return nearest(name, NAMES) or f"names begin with {', '.join(sorted({known.split('.')[0] for known in NAMES}))}"


def stray_variables(data: object, positions: Positions, path: DataPath = ()) -> Iterator[Mistake]:
    """Name the variables outside `expect:`, where the directory has not been asked yet."""
    if isinstance(data, dict):
        for key, value in data.items():
            if path or key != "expect":
                yield from stray_variables(value, positions, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from stray_variables(value, positions, (*path, index))
    elif isinstance(data, str) and "${" in data:
        problem = f"expected plain text, found the variable in '{data}'"
        hint = "variables are known below 'expect:' only"
        yield Mistake(place=positions.value(path), problem=problem, hint=hint)


def resolve(text: str, values: Mapping[str, Value]) -> str:
    """Write a text's variables out; raise KeyError with the name that the live directory does not hold."""
    return _REFERENCE.sub(lambda match: _value(match[1], values), text)


def _value(inner: str, values: Mapping[str, Value]) -> str:
    name, *filters = (part.strip() for part in inner.split("|"))
    value = values[name]
    for word in filters:
        value = FILTERS[word].apply(value)
    return _text_of(value)

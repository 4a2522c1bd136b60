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

from hybridjoin.errors import Mistake
from hybridjoin.scenario.yaml.source import DataPath, Positions
from hybridjoin.scenario.yaml.validate import nearest


class ValueKind(StrEnum):
    """What sort of value a variable holds, which decides the filters that fit."""

    TEXT = "text"
    GUID = "a GUID"
    BYTES = "bytes"


Value = str | uuid.UUID | bytes

NAMES: Final[Mapping[str, ValueKind]] = MappingProxyType(
    {
        "device.name": ValueKind.TEXT,
        "device.objectGUID": ValueKind.GUID,
        "device.objectSid": ValueKind.TEXT,
        "device.mS-DS-ConsistencyGuid": ValueKind.BYTES,
        "device.sAMAccountName": ValueKind.TEXT,
        "device.dNSHostName": ValueKind.TEXT,
        "device.userPrincipalName": ValueKind.TEXT,
        "device.distinguishedName": ValueKind.TEXT,
        "site.name": ValueKind.TEXT,
        "site.issuer": ValueKind.TEXT,
        "site.domain": ValueKind.TEXT,
        "site.realm": ValueKind.TEXT,
        "site.netbios": ValueKind.TEXT,
        "site.forest": ValueKind.TEXT,
        "site.domain_controller": ValueKind.TEXT,
        "site.tenant_id": ValueKind.TEXT,
        "site.tenant_name": ValueKind.TEXT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One `| filter`: from which kinds to which, and how."""

    takes: frozenset[ValueKind]
    gives: ValueKind
    apply: Callable[[Value], Value]


def _bytes(value: Value) -> bytes:
    if isinstance(value, uuid.UUID):
        return value.bytes_le
    return value if isinstance(value, bytes) else value.encode()


def _text_of(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


_ANY = frozenset(ValueKind)
FILTERS: Final[Mapping[str, Filter]] = MappingProxyType(
    {
        "base64guid": Filter(
            takes=frozenset({ValueKind.GUID}), gives=ValueKind.TEXT, apply=lambda value: _base64(_bytes(value))
        ),
        "bigendian": Filter(
            takes=frozenset({ValueKind.GUID}),
            gives=ValueKind.BYTES,
            apply=lambda value: value.bytes if isinstance(value, uuid.UUID) else _bytes(value),
        ),
        "base64": Filter(
            takes=frozenset({ValueKind.TEXT, ValueKind.BYTES}),
            gives=ValueKind.TEXT,
            apply=lambda value: _base64(_bytes(value)),
        ),
        "hex": Filter(
            takes=frozenset({ValueKind.GUID, ValueKind.BYTES}),
            gives=ValueKind.TEXT,
            apply=lambda value: binascii.hexlify(_bytes(value)).decode("ascii"),
        ),
        "text": Filter(takes=_ANY, gives=ValueKind.TEXT, apply=_text_of),
        "lower": Filter(
            takes=frozenset({ValueKind.TEXT, ValueKind.GUID}),
            gives=ValueKind.TEXT,
            apply=lambda value: _text_of(value).lower(),
        ),
        "upper": Filter(
            takes=frozenset({ValueKind.TEXT, ValueKind.GUID}),
            gives=ValueKind.TEXT,
            apply=lambda value: _text_of(value).upper(),
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
    if kind is ValueKind.BYTES:
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

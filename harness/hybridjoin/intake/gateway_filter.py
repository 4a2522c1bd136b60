"""What a gateway asks the directory, and what it makes of an entry: filters filled in, and profiles as text."""

from __future__ import annotations

import uuid

from hybridjoin.intake.gateway import GatewayUserType, plain
from hybridjoin.model.exchange import Entry
from hybridjoin.protocol.computer import read_sid

PLACEHOLDER = "${identifier}"
_GUIDS = frozenset({"objectguid", "ms-ds-consistencyguid"})
_ESCAPED = {letter: f"\\{ord(letter):02x}" for letter in "\\*()\0"}


def filled_in(pattern: str, identifier: str) -> str:
    """Return a filter for one account; a name's own letters never become part of the filter (RFC 4515, 3)."""
    escaped = "".join(_ESCAPED.get(letter, letter) for letter in identifier)
    return pattern.replace(PLACEHOLDER, escaped)


def wanted_attributes(kind: GatewayUserType) -> tuple[str, ...]:
    """Return the LDAP attributes that a user type reads."""
    names = (*kind.lookup, *(item.source for item in kind.attributes))
    return tuple(dict.fromkeys(name for name in names if plain(name) != "dn"))


def profile_of(kind: GatewayUserType, entry: Entry) -> dict[str, str]:
    """Return the profile that an entry becomes: each attribute by its name in lower case; what is empty is left out."""
    found: dict[str, str] = {}
    for item in kind.attributes:
        value = entry.dn if plain(item.source) == "dn" else _text(item.source, entry)
        if value:
            found[plain(item.name)] = value
    return found


def _text(source: str, entry: Entry) -> str:
    values = entry.values(source)
    if not values:
        return ""
    if plain(source) in _GUIDS and len(values[0]) == 16:
        return str(uuid.UUID(bytes_le=values[0]))
    if plain(source) == "objectsid":
        return read_sid(values[0])
    return values[0].decode("utf-8", "replace")

"""An LDAP gateway as PingOne's console and API describe it: user types, what they map, and what the application issues.

Names are those of the API. Attribute names of the profile are compared without blanks and case, for the console writes
`External ID` where the API has `externalId`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# What the console calls an attribute of the profile, and the API: the same thing under two names.
_CONSOLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "emailaddress": "email",
        "familyname": "name.family",
        "formatted": "name.formatted",
        "givenname": "name.given",
        "streetaddress": "address.streetaddress",
        "locality": "address.locality",
        "region": "address.region",
        "postalcode": "address.postalcode",
        "countrycode": "address.countrycode",
    }
)


def plain(name: str) -> str:
    """Return a name as names are compared: in lower case, without blanks, without `${ldapAttributes.…}` around it."""
    text = name.strip().removeprefix("${ldapAttributes.").removesuffix("}")
    found = "".join(text.split()).lower()
    return _CONSOLE.get(found, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAttribute:
    """One line of a user type: an attribute of the profile, and the LDAP attribute that it comes from."""

    name: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayUserType:
    """One user type; `devices` says that it is for computers. `place` is `file:line:column`."""

    name: str
    place: str
    devices: bool
    lookup: tuple[str, ...] = ()
    search_base: str = ""
    filter: str = ""
    attributes: tuple[ProfileAttribute, ...] = ()

    def source_of(self, name: str) -> str:
        """Return the LDAP attribute that an attribute of the profile comes from, empty where it is not mapped."""
        found = (item.source for item in self.attributes if plain(item.name) == plain(name))
        return next(found, "")

    def from_source(self, source: str) -> tuple[str, ...]:
        """Return the attributes of the profile that come from an LDAP attribute."""
        return tuple(item.name for item in self.attributes if plain(item.source) == plain(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedAttribute:
    """One attribute mapping of the Microsoft 365 application: its name, its format, and the expression."""

    name: str
    value: str
    name_format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySetup:
    """A gateway with the application that issues what it finds; `source_anchor` is empty where nobody said it."""

    place: str
    user_types: tuple[GatewayUserType, ...]
    issued: tuple[IssuedAttribute, ...] = ()
    source_anchor: str = ""

    @property
    def devices(self) -> tuple[GatewayUserType, ...]:
        """The user types for computers."""
        return tuple(item for item in self.user_types if item.devices)

    @property
    def people(self) -> tuple[GatewayUserType, ...]:
        """The user types for people."""
        return tuple(item for item in self.user_types if not item.devices)

    def issue_of(self, *names: str) -> IssuedAttribute | None:
        """Return the application's mapping of the first of some names that it has."""
        wanted = {name.lower() for name in names}
        return next((item for item in self.issued if item.name.lower() in wanted), None)

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """Everything under the names that places call it by; a member of each kind is there even where it is empty."""
        rows: list[tuple[str, str]] = []
        for kind in self.user_types:
            rows += [(f"{kind.name}: Lookup", ", ".join(kind.lookup)), (f"{kind.name}: Filter", kind.filter)]
            rows += [(f"{kind.name}: {item.name}", item.source) for item in kind.attributes]
        rows.append(("Attribute Mappings", ", ".join(item.name for item in self.issued)))
        rows += [(item.name, f"{item.value} ({item.name_format})") for item in self.issued]
        return tuple(rows)

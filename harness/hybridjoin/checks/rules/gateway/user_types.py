"""The user types of PingOne's LDAP gateway: what finds an account in the directory, and what is kept of it."""

from __future__ import annotations

from hybridjoin.checks.requirement import Finding, broken, holds, requirement
from hybridjoin.checks.rules.gateway.places import at_member, some
from hybridjoin.intake.gateway import GatewaySetup, GatewayUserType, plain
from hybridjoin.model.verdict import Level

CONSISTENCY, GUID = "mS-DS-ConsistencyGuid", "objectGUID"
_LOOKUP = (GUID, "objectSid", "dn", "sAMAccountName")
_DEVICES, _USERS = "PINGONE User type for hybrid joined devices", "PINGONE User type for cloud users"
_GATEWAY = "Integrations > Gateways > the LDAP gateway > Lookup tab"


def _mapped(setup: GatewaySetup, kinds: tuple[GatewayUserType, ...], name: str, wanted: tuple[str, ...]) -> Finding:
    """Say whether an attribute of the profile comes from one of some LDAP attributes, in every user type."""
    expected = " or ".join(wanted)
    for kind in kinds:
        source = kind.source_of(name)
        if plain(source) not in {plain(item) for item in wanted}:
            there = next((item.name for item in kind.attributes if plain(item.name) == plain(name)), "Lookup")
            found = source or f"no {name}"
            return broken(expected=expected, found=found, where=at_member(setup, f"{kind.name}: {there}"))
    return holds(kinds[0].source_of(name), where=at_member(setup, f"{kinds[0].name}: Lookup"))


def _brought(setup: GatewaySetup, kinds: tuple[GatewayUserType, ...], source: str) -> Finding:
    """Say whether some attribute of the profile comes from this LDAP attribute, in every user type."""
    for kind in kinds:
        if not kind.from_source(source):
            where = at_member(setup, f"{kind.name}: Lookup")
            return broken(expected=f"an attribute from {source}", found="none", where=where)
    return holds(kinds[0].from_source(source)[0], where=at_member(setup, f"{kinds[0].name}: Lookup"))


def _anchors(setup: GatewaySetup, *usual: str) -> tuple[str, ...]:
    return (setup.source_anchor,) if setup.source_anchor else usual


@requirement(
    "GATEWAY-01",
    Level.SHOULD,
    _DEVICES,
    remedy=f"{_GATEWAY}: objectGUID, objectSid, dn, sAMAccountName.",
    verified=True,
)
def lookup_is_in_its_order(setup: GatewaySetup) -> Finding:
    """Every user type looks accounts up by objectGUID, objectSid, dn and sAMAccountName, in this order."""
    expected = ", ".join(_LOOKUP)
    for kind in some(setup.user_types, "anybody"):
        if tuple(map(plain, kind.lookup)) != tuple(map(plain, _LOOKUP)):
            found = ", ".join(kind.lookup) or "nothing"
            return broken(expected=expected, found=found, where=at_member(setup, f"{kind.name}: Lookup"))
    return holds(expected, where=at_member(setup, f"{setup.user_types[0].name}: Lookup"))


@requirement(
    "GATEWAY-02",
    Level.MUST,
    _DEVICES,
    remedy="Map Username and External ID of the devices' user type to the same LDAP attribute.",
    verified=True,
)
def devices_have_one_source(setup: GatewaySetup) -> Finding:
    """The user type for devices maps Username and External ID to the same LDAP attribute."""
    for kind in some(setup.devices, "devices"):
        username, external = kind.source_of("Username"), kind.source_of("External ID")
        if plain(username) != plain(external):
            where = at_member(setup, f"{kind.name}: Lookup")
            found = f"{username or 'nothing'} and {external or 'nothing'}"
            return broken(expected="one attribute for both", found=found, where=where)
    return holds(setup.devices[0].source_of("Username"), where=at_member(setup, f"{setup.devices[0].name}: Lookup"))


@requirement(
    "GATEWAY-03",
    Level.MUST,
    _DEVICES,
    remedy="Map External ID to the attribute that Entra Connect takes as source anchor of computers, and Username too.",
    verified=True,
)
def devices_are_known_by_the_anchor(setup: GatewaySetup) -> Finding:
    """External ID of devices comes from Entra Connect's source anchor, or from what identifies synced devices."""
    return _mapped(setup, some(setup.devices, "devices"), "External ID", _anchors(setup, CONSISTENCY, GUID))


@requirement(
    "GATEWAY-04",
    Level.SHOULD,
    _DEVICES,
    remedy="Map Nickname of the devices' user type to sAMAccountName.",
    verified=True,
)
def devices_bear_their_names(setup: GatewaySetup) -> Finding:
    """Nickname of devices comes from sAMAccountName, by which people find a device in PingOne."""
    return _mapped(setup, some(setup.devices, "devices"), "Nickname", ("sAMAccountName",))


@requirement(
    "GATEWAY-05",
    Level.MUST,
    _DEVICES,
    remedy="Create a custom attribute for the SID and map it to objectSid in the devices' user type.",
    verified=True,
)
def devices_bring_their_sid(setup: GatewaySetup) -> Finding:
    """An attribute of the devices' profile comes from objectSid, which primarysid is issued of."""
    return _brought(setup, some(setup.devices, "devices"), "objectSid")


@requirement(
    "GATEWAY-06",
    Level.MUST,
    _USERS,
    remedy="Map External ID of the users' user type to the attribute that Entra Connect takes as source anchor.",
    verified=True,
)
def people_are_known_by_the_anchor(setup: GatewaySetup) -> Finding:
    """External ID of people comes from Entra Connect's source anchor, mS-DS-ConsistencyGuid where none is said."""
    return _mapped(setup, some(setup.people, "people"), "External ID", _anchors(setup, CONSISTENCY))


@requirement(
    "GATEWAY-07", Level.SHOULD, _USERS, remedy="Map Username of the users' user type to sAMAccountName.", verified=True
)
def people_bear_their_names(setup: GatewaySetup) -> Finding:
    """Username of people comes from sAMAccountName."""
    return _mapped(setup, some(setup.people, "people"), "Username", ("sAMAccountName",))


@requirement(
    "GATEWAY-08",
    Level.SHOULD,
    _USERS,
    remedy="Create a custom attribute for the UPN and map it to userPrincipalName in the users' user type.",
    verified=True,
)
def people_bring_their_upn(setup: GatewaySetup) -> Finding:
    """An attribute of people's profile comes from userPrincipalName, which UPN is issued of."""
    return _brought(setup, some(setup.people, "people"), "userPrincipalName")


@requirement(
    "GATEWAY-14",
    Level.MUST,
    "PINGONE-API userTypes.newUserLookup.ldapFilterPattern",
    remedy="Write the filter so that ${identifier} stands where the account's name is compared, brackets in pairs.",
)
def filter_asks_for_the_account(setup: GatewaySetup) -> Finding:
    """The filter of each user type is an LDAP filter that asks for ${identifier}: another finds nobody, or anybody."""
    for kind in some(setup.user_types, "anybody"):
        pattern = kind.filter.strip()
        paired = pattern.count("(") == pattern.count(")") and pattern.startswith("(") and pattern.endswith(")")
        if not paired or "${identifier}" not in pattern:
            where = at_member(setup, f"{kind.name}: Filter")
            return broken(expected="(…${identifier}…)", found=pattern or "nothing", where=where)
    return holds(setup.user_types[0].filter, where=at_member(setup, f"{setup.user_types[0].name}: Filter"))

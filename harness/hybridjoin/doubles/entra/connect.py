"""The Entra Connect double: reads computers and users from the directory as the real one exports them.

Only computers with a userCertificate are exported (Microsoft: hybrid-join-plan, "In from AD - Computer Join" is scoped
so), and no objects that are critical to the system.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import ldap
from ldap.controls import SimplePagedResultsControl

from hybridjoin.doubles.entra.config import ConnectConfig, EntraConfig
from hybridjoin.doubles.entra.tenant import (
    Snapshot,
    Source,
    SyncedComputer,
    SyncedGroup,
    SyncedUser,
    anchor_of,
)

COMPUTERS = "(&(objectCategory=computer)(userCertificate=*))"
USERS = "(&(objectCategory=person)(objectClass=user)(!(isCriticalSystemObject=TRUE)))"
GROUPS = "(&(objectCategory=group)(!(isCriticalSystemObject=TRUE)))"
ATTRIBUTES = ("objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "mS-DS-ConsistencyGuid",
              "userCertificate", "userAccountControl", "displayName", "givenName", "sn", "mail", "member",
              "groupType")  # fmt: skip
ACCOUNT_DISABLED = 0x2
SECURITY_GROUP = 0x80000000
TIMEOUT_S = 10
PAGE = 500

Entry = Mapping[str, list[bytes]]
Named = tuple[str, Entry]  # the distinguished name in lower case, and the entry


class SyncError(OSError):
    """The directory could not be read; says which step failed and what the directory answered."""


def data_source(config: EntraConfig) -> Source:
    """Return a source that exports the devices and users of the configuration itself."""
    snapshot = Snapshot(
        computers=tuple(
            SyncedComputer(
                name=item.name,
                object_guid=item.object_guid,
                sid=item.sid,
                source_anchor=anchor_of(item.object_guid, item.consistency_guid, config.source_anchor),
                user_certificates=item.user_certificates,
            )
            for item in config.devices
            if item.user_certificates
        ),
        users=tuple(
            SyncedUser(
                name=item.name,
                upn=item.upn,
                object_guid=item.object_guid,
                sid=item.sid,
                source_anchor=anchor_of(item.object_guid, item.consistency_guid, config.source_anchor),
                display_name=item.display_name,
                mail=item.mail,
                password=item.password,
            )
            for item in config.users
        ),
        groups=_groups_of_data(config),
    )
    return lambda: snapshot


def _groups_of_data(config: EntraConfig) -> tuple[SyncedGroup, ...]:
    known = {item.name: item.object_guid for item in config.users}
    known |= {item.name: item.object_guid for item in config.groups}
    return tuple(
        SyncedGroup(
            name=item.name,
            object_guid=item.object_guid,
            members=frozenset(known[name] for name in item.members if name in known),
        )
        for item in config.groups
    )


def directory_source(connect: ConnectConfig, source_anchor: str) -> Source:
    """Return a source that reads the live directory at every cycle."""
    passed_over = iter((connect.late,))  # by the first cycle alone
    return lambda: _export(connect, source_anchor, next(passed_over, ()))


def _export(connect: ConnectConfig, source_anchor: str, passed_over: tuple[str, ...]) -> Snapshot:
    excluded = {name.lower().removesuffix("$") for name in (*connect.exclude, *passed_over)}
    connection = _bind(connect)
    try:
        computers = [_computer(entry, source_anchor) for _, entry in _search(connection, connect, COMPUTERS)]
        people = list(_search(connection, connect, USERS))
        groups = list(_search(connection, connect, GROUPS))
    except ldap.LDAPError as failure:
        raise SyncError(f"Entra Connect's search below {connect.base_dn!r} failed: {_words(failure)}") from failure
    finally:
        connection.unbind_s()
    users = [replace(_user(entry, source_anchor), dn=dn) for dn, entry in people]
    return Snapshot(
        computers=tuple(item for item in computers if item.name.lower() not in excluded),
        users=tuple(item for item in users if item.name.lower() not in excluded),
        groups=_groups(groups, known=(*people, *groups)),
    )


def password_binds(connect: ConnectConfig, dn: str, password: str) -> bool:
    """Tell whether the directory takes this password for that account: what a synced hash of it would say.

    Raises:
        SyncError: the directory could not be asked.
    """
    if not password:
        return False  # an empty one would bind anonymously
    try:
        _dial(connect, dn, password).unbind_s()
    except ldap.INVALID_CREDENTIALS:
        return False
    except ldap.LDAPError as failure:
        raise SyncError(f"the directory at {connect.url} could not be asked: {_words(failure)}") from failure
    return True


def _dial(connect: ConnectConfig, dn: str, password: str) -> ldap.ldapobject.LDAPObject:
    connection = ldap.initialize(connect.url)
    connection.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
    connection.set_option(ldap.OPT_REFERRALS, 0)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, TIMEOUT_S)
    connection.set_option(ldap.OPT_TIMEOUT, TIMEOUT_S)
    connection.set_option(ldap.OPT_X_TLS_CACERTFILE, connect.ca_file)
    connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)  # the options above count for a new context only
    connection.simple_bind_s(dn, password)
    return connection


def _bind(connect: ConnectConfig) -> ldap.ldapobject.LDAPObject:
    try:
        password = Path(connect.password_file).read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise SyncError(f"Entra Connect cannot read its password file: {failure.strerror}") from failure
    try:
        return _dial(connect, connect.bind_dn, password)
    except ldap.LDAPError as failure:
        raise SyncError(
            f"Entra Connect cannot bind to {connect.url} as {connect.bind_dn!r}: {_words(failure)}"
        ) from failure


def _search(connection: ldap.ldapobject.LDAPObject, connect: ConnectConfig, query: str) -> Iterator[Named]:
    page = SimplePagedResultsControl(criticality=True, size=PAGE, cookie=b"")
    while True:
        message = connection.search_ext(
            connect.base_dn, ldap.SCOPE_SUBTREE, query, list(ATTRIBUTES), serverctrls=[page]
        )
        _, entries, _, controls = connection.result3(message, timeout=TIMEOUT_S)
        for dn, attributes in entries:
            if dn is not None:  # a search reference has none
                yield dn.lower(), {name.lower(): values for name, values in attributes.items()}
        cookies = [item.cookie for item in controls if item.controlType == page.controlType]
        if not cookies or not cookies[0]:
            return
        page.cookie = cookies[0]


def _computer(entry: Entry, source_anchor: str) -> SyncedComputer:
    guid = uuid.UUID(bytes_le=entry["objectguid"][0])
    return SyncedComputer(
        name=entry["samaccountname"][0].decode("utf-8").removesuffix("$"),
        object_guid=guid,
        sid=read_sid(entry["objectsid"][0]),
        source_anchor=anchor_of(guid, _consistency(entry), source_anchor),
        user_certificates=tuple(entry["usercertificate"]),
    )


def _user(entry: Entry, source_anchor: str) -> SyncedUser:
    guid = uuid.UUID(bytes_le=entry["objectguid"][0])
    name = entry["samaccountname"][0].decode("utf-8")
    return SyncedUser(
        name=name,
        upn=entry.get("userprincipalname", [name.encode()])[0].decode("utf-8"),
        object_guid=guid,
        sid=read_sid(entry["objectsid"][0]),
        source_anchor=anchor_of(guid, _consistency(entry), source_anchor),
        enabled=not int(entry.get("useraccountcontrol", [b"0"])[0]) & ACCOUNT_DISABLED,
        display_name=_text(entry, "displayname"),
        given_name=_text(entry, "givenname"),
        family_name=_text(entry, "sn"),
        mail=_text(entry, "mail"),
    )


def _groups(entries: Sequence[Named], *, known: Sequence[Named]) -> tuple[SyncedGroup, ...]:
    """Return the groups with those of their members that are exported too."""
    guids = {dn: uuid.UUID(bytes_le=entry["objectguid"][0]) for dn, entry in known}
    return tuple(
        SyncedGroup(
            name=_text(entry, "samaccountname"),
            object_guid=guids[dn],
            members=frozenset(guids[member] for member in _lowered(entry.get("member", [])) if member in guids),
            security=bool(int(entry.get("grouptype", [b"0"])[0]) & SECURITY_GROUP),
        )
        for dn, entry in entries
    )


def _lowered(values: Sequence[bytes]) -> Iterator[str]:
    return (value.decode("utf-8", "replace").lower() for value in values)


def _text(entry: Entry, name: str) -> str:
    return next(iter(entry.get(name, ())), b"").decode("utf-8", "replace")


def _consistency(entry: Entry) -> uuid.UUID | None:
    """Read mS-DS-ConsistencyGuid; a value of another length is no GUID, and Entra Connect would not use it as one."""
    values = entry.get("ms-ds-consistencyguid", [])
    return uuid.UUID(bytes_le=values[0]) if values and len(values[0]) == 16 else None


def read_sid(raw: bytes) -> str:
    """Write a binary SID as text (MS-DTYP 2.4.2): revision, count, 48-bit authority, 32-bit sub-authorities."""
    authority = int.from_bytes(raw[2:8], "big")
    parts = [int.from_bytes(raw[at : at + 4], "little") for at in range(8, 8 + 4 * raw[1], 4)]
    return "-".join(["S", str(raw[0]), str(authority), *map(str, parts)])


def _words(failure: ldap.LDAPError) -> str:
    """Return the directory's own words; python-ldap hides them in a dictionary."""
    details = failure.args[0] if failure.args and isinstance(failure.args[0], dict) else {}
    return ", ".join(str(details[key]) for key in ("desc", "info") if details.get(key)) or type(failure).__name__

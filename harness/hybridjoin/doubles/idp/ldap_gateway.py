"""The IdP's LDAP gateway: finds the account a ticket names in the live directory, as PingOne's gateway does.

User types are tried in their order; the first whose filter finds exactly one entry gives the profile. The gateway binds
with a look-up account over LDAPS, verified against the directory's CA. Passwords are tried on a connection of their
own, which is bound again and again: a handshake for each costs more than all the rest of an answer.
"""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ldap
import ldap.filter

from hybridjoin.doubles.idp.config import LdapConfig
from hybridjoin.doubles.idp.mapping import UserType

TIMEOUT_S = 5
_LOST = (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.UNAVAILABLE)
_DATA = re.compile(r"\bdata ([0-9a-fA-F]{1,8})\b")
_CAUSES = {
    0x525: "unknown",
    0x52E: "wrong",
    0x532: "expired",
    0x533: "disabled",
    0x701: "account-expired",
    0x773: "must-change",
    0x775: "locked",
}
PLACEHOLDER = "${identifier}"
GUID_ATTRIBUTES = frozenset({"objectguid", "ms-ds-consistencyguid"})
SID_ATTRIBUTES = frozenset({"objectsid"})
ENTRY_ATTRIBUTES = (
    "objectGUID",
    "objectSid",
    "sAMAccountName",
    "mS-DS-ConsistencyGuid",
    "dNSHostName",
    "primaryGroupID",
)


class GatewayError(Exception):
    """The directory could not be asked; the message holds no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account as the IdP knows it: its profile, the whole LDAP entry as text, and what linked it."""

    user_type: str
    dn: str
    profile: dict[str, str]
    entry: dict[str, str]
    linked_by: str


class LdapGateway:
    """Two connections to the directory, for questions and for passwords: opened when needed, again when lost."""

    def __init__(self, config: LdapConfig) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._connection: Any = None
        self._trying = threading.Lock()
        self._trier: Any = None

    def find_user(
        self, identifier: str, user_types: tuple[UserType, ...], *, extra: tuple[str, ...] = ()
    ) -> User | None:
        """Return the account of the first user type whose filter matches; two entries match nothing.

        `extra` are LDAP attributes to read besides those of the user type's own profile.
        """
        for user_type in user_types:
            query = user_type.filter.replace(PLACEHOLDER, _escape(identifier))
            found = self._search(query, _wanted(user_type, extra))
            if len(found) == 1:
                return _user(user_type, *found[0])
        return None

    def attribute_of(self, account: str, attribute: str) -> str | None:
        """Return one attribute, as text, of any account, group or computer by its sAMAccountName."""
        found = self._search(f"(sAMAccountName={_escape(account)})", (attribute,))
        return _text_entry(found[0][1]).get(attribute.lower()) if len(found) == 1 else None

    def password_problem(self, dn: str, password: str) -> str:
        """Return why a user's own password does not bind, our word and the directory's; empty where it does.

        An empty password would bind anonymously, so it never does. A disabled, locked or expired account is refused
        by the directory like a wrong password; only its words tell them apart.

        Raises:
            GatewayError: the directory could not be asked.
        """
        if not password:
            return "no password was given"
        try:
            with self._trying:
                self._try(dn, password)
        except ldap.INVALID_CREDENTIALS as refusal:
            return f"{cause_of(_detail(refusal))} ({_detail(refusal)})"
        except ldap.LDAPError as failure:
            raise GatewayError(_words(failure, self._config.url)) from failure
        return ""

    def _try(self, dn: str, password: str) -> None:
        """Bind by a password, on the connection that is kept for it or on a new one; raise what libldap raises."""
        kept, self._trier = self._trier, None
        connection = kept or self._connect()
        try:
            connection.simple_bind_s(dn, password)
        except _LOST:
            if kept is None:
                raise
            self._try(dn, password)  # none is kept now
            return
        except ldap.INVALID_CREDENTIALS:
            self._trier = connection  # the directory has answered, and would answer again
            raise
        self._trier = connection

    def _search(self, query: str, attributes: tuple[str, ...]) -> list[tuple[str, dict[str, list[bytes]]]]:
        with self._lock:
            try:
                return self._ask(query, attributes)
            except _LOST:
                self._connection = None  # the directory may have been restarted under us: once more, freshly
            except ldap.LDAPError as failure:
                raise GatewayError(_words(failure, self._config.url)) from failure
            try:
                return self._ask(query, attributes)
            except ldap.LDAPError as failure:
                self._connection = None
                raise GatewayError(_words(failure, self._config.url)) from failure

    def _ask(self, query: str, attributes: tuple[str, ...]) -> list[tuple[str, dict[str, list[bytes]]]]:
        if self._connection is None:
            connection = self._connect()
            connection.simple_bind_s(self._config.bind_dn, _secret(self._config.password_file))
            self._connection = connection
        found = self._connection.search_ext_s(
            self._config.base_dn, ldap.SCOPE_SUBTREE, query, list(attributes), timeout=TIMEOUT_S, sizelimit=0
        )
        return [(dn, attributes) for dn, attributes in found if dn is not None]  # None marks a referral

    def _connect(self) -> Any:  # noqa: ANN401 - python-ldap has no types
        connection = ldap.initialize(self._config.url, bytes_mode=False)
        connection.protocol_version = ldap.VERSION3
        connection.set_option(ldap.OPT_REFERRALS, 0)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, TIMEOUT_S)
        connection.set_option(ldap.OPT_TIMEOUT, TIMEOUT_S)
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, str(self._config.ca_file))
        connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        return connection


def _wanted(user_type: UserType, extra: tuple[str, ...]) -> tuple[str, ...]:
    names = [*ENTRY_ATTRIBUTES, *(source for _, source in user_type.profile), *user_type.lookup, *extra]
    return tuple(dict.fromkeys(name for name in names if name.lower() != "dn"))


def _user(user_type: UserType, dn: str, raw: dict[str, list[bytes]]) -> User:
    entry = _text_entry(raw) | {"dn": dn}
    profile = {target: entry[source.lower()] for target, source in user_type.profile if entry.get(source.lower())}
    linked_by = next((name for name in user_type.lookup if entry.get(name.lower())), "")
    return User(user_type=user_type.name, dn=dn, profile=profile, entry=entry, linked_by=linked_by)


def _text_entry(raw: dict[str, list[bytes]]) -> dict[str, str]:
    """Return the first value of each attribute as text, its name in lower case."""
    return {name.lower(): as_text(name, values[0]) for name, values in raw.items() if values}


def as_text(name: str, value: bytes) -> str:
    """Return a value as PingOne's gateway stores it: GUIDs and SIDs in their textual form (MS-DTYP 2.3.4, 2.4.2)."""
    if name.lower() in GUID_ATTRIBUTES and len(value) == 16:
        return str(uuid.UUID(bytes_le=value))
    if name.lower() in SID_ATTRIBUTES and len(value) >= 8:
        authority = int.from_bytes(value[2:8], "big")
        parts = [int.from_bytes(value[at : at + 4], "little") for at in range(8, 8 + 4 * value[1], 4)]
        return "-".join(["S", str(value[0]), str(authority), *map(str, parts)])
    return value.decode("utf-8", "replace")


def _escape(value: str) -> str:
    """Escape a value for a filter (RFC 4515, 3); an account name is the client's choice."""
    return str(ldap.filter.escape_filter_chars(value))


def cause_of(words: str) -> str:
    """Say what is wrong with an account or its password, by the number in the directory's words; else it is refused.

    They are Windows' error numbers in hexadecimal, behind "data" (MS-ERREF 2.2).
    """
    found = _DATA.search(words)
    return _CAUSES.get(int(found[1], 16), "refused") if found else "refused"


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as failure:
        raise GatewayError(f"the look-up account's password file cannot be read: {failure.strerror}") from failure


def _words(failure: ldap.LDAPError, url: str) -> str:
    return f"the directory at {url} could not be asked: {_detail(failure)}"


def _detail(failure: ldap.LDAPError) -> str:
    about = failure.args[0] if failure.args and isinstance(failure.args[0], dict) else {}
    return ": ".join(str(about[key]) for key in ("desc", "info") if about.get(key)) or type(failure).__name__

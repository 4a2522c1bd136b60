"""The lab's directory as its administrator writes to it: simple bind over verified TLS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import ldap
from ldap.ldapobject import ReconnectLDAPObject

from hybridjoin.device.adapters.apart import Apart, Late
from hybridjoin.errors import LabError
from hybridjoin.lab.domain import Domain
from hybridjoin.model.vault import VAULT

ADMINISTRATOR: Final = "Administrator"
ANSWER_WITHIN_S: Final = 10.0
LATE_AFTER_S: Final = 12.0
_REMEDY: Final = "start the lab again"

Values = str | bytes | Sequence[str | bytes]


class Admin:
    """A connection that may write anything. Its library knows no limit of its own everywhere, and no signal."""

    def __init__(self, connection: Any, apart: Apart) -> None:  # noqa: ANN401 python-ldap ships no types
        self._connection = connection
        self._apart = apart

    def add(self, dn: str, attributes: Mapping[str, Values]) -> None:
        """Add an object; one of that name that a killed process left is replaced."""
        written = [(name, _octets(values)) for name, values in attributes.items()]
        try:
            self._do(f"add {dn}", partial(self._connection.add_s, dn, written))
        except _AlreadyThere:
            self.remove(dn)
            self._do(f"add {dn}", partial(self._connection.add_s, dn, written))

    def write(self, dn: str, attributes: Mapping[str, Values]) -> None:
        """Replace attributes; no values take an attribute away."""
        changes = [(ldap.MOD_REPLACE, name, _octets(values)) for name, values in attributes.items()]
        self._do(f"change {dn}", partial(self._connection.modify_s, dn, changes))

    def read(self, dn: str, attribute: str) -> tuple[bytes, ...] | None:
        """Return the values of an attribute, or None where there is no such object."""
        ask = partial(self._connection.search_s, dn, ldap.SCOPE_BASE, attrlist=[attribute])
        try:
            ((_, found),) = self._do(f"read {dn}", ask)
        except _NotThere:
            return None
        return tuple(found.get(attribute, ()))

    def rename(self, dn: str, rdn: str, *, below: str) -> None:
        """Move an object below another one, by the name that it is to have there."""
        self._do(f"move {dn}", partial(self._connection.rename_s, dn, rdn, below))

    def remove(self, dn: str) -> None:
        """Delete an object; that it is gone already is good."""
        with suppress(_NotThere):
            self._do(f"delete {dn}", partial(self._connection.delete_s, dn))

    def _do(self, what: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 python-ldap ships no types
        return _told(self._apart, what, call)


class _NotThere(LabError):
    """There is no such object."""


class _AlreadyThere(LabError):
    """There is such an object."""


@contextmanager
def administrator(domain: Domain) -> Iterator[Admin]:
    """Connect as the administrator.

    Raises:
        LabError: the directory does not let us.
    """
    # It connects anew by itself: a lab may be left alone for longer than the controller keeps an idle connection.
    connection = ReconnectLDAPObject(domain.ldaps_url, retry_max=2, retry_delay=0.1)
    for option, value in (
        (ldap.OPT_NETWORK_TIMEOUT, ANSWER_WITHIN_S),
        (ldap.OPT_TIMEOUT, ANSWER_WITHIN_S),
        (ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND),
        (ldap.OPT_X_TLS_CACERTFILE, str(domain.ca_file)),
        (ldap.OPT_X_TLS_NEWCTX, 0),
    ):
        connection.set_option(option, value)
    password = domain.passwords[ADMINISTRATOR].read_text("utf-8")
    VAULT.learn(password, "a password", lasting=True)
    name, apart = f"{ADMINISTRATOR}@{domain.directory.domain}", Apart("the dial's administrator")
    try:
        _told(apart, "bind as the administrator", partial(connection.simple_bind_s, name, password))
        yield Admin(connection, apart)
    finally:
        with suppress(ldap.LDAPError):
            apart.close(connection.unbind_ext)


def _octets(values: Values) -> list[bytes]:
    several = [values] if isinstance(values, str | bytes) else values
    return [value.encode() if isinstance(value, str) else value for value in several]


def _told(apart: Apart, what: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 python-ldap ships no types
    """Have a call made, and turn the directory's refusal into words."""
    try:
        return apart.call(call, limit_s=LATE_AFTER_S)
    except Late as error:
        raise LabError(f"the lab's directory gave no answer, asked to {what}", remedy=_REMEDY) from error
    except ldap.LDAPError as error:
        facts = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        words = "; ".join(str(facts[key]) for key in ("desc", "info") if facts.get(key)) or str(error)
        kind = {ldap.NO_SUCH_OBJECT: _NotThere, ldap.ALREADY_EXISTS: _AlreadyThere}.get(type(error), LabError)
        raise kind(f"the lab's directory did not let the dial {what}: {words}", remedy=_REMEDY) from error

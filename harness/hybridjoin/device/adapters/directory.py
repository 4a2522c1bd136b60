"""Active Directory over LDAP, as the computer itself: SASL GSSAPI, signed and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self
from urllib.parse import SplitResult, urlsplit

import ldap
import ldap.sasl

from hybridjoin.device.adapters.apart import Late, call_apart
from hybridjoin.device.adapters.dialing import open_socket
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.adapters.krb5_errors import KERBEROS_NAMES, SERVER_DOWN
from hybridjoin.errors import KerberosError, LabError
from hybridjoin.model.exchange import (
    MODIFIED,
    Entry,
    ModifyReply,
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketRequest,
)
from hybridjoin.model.site import Directory

LDAP_PORT: Final = 389
LEAST_LIMIT_S: Final = 5.0
"""What a directory is granted however hasty the device is: its `timeout` is meant for the peer under judgement."""

BIND_WITHIN_S: Final = 4.0
"""How long a directory may take over a bind that has just answered a question: nothing else runs meanwhile."""

_SCOPES = {"base": ldap.SCOPE_BASE, "one": ldap.SCOPE_ONELEVEL, "sub": ldap.SCOPE_SUBTREE}
# What a directory may say to a change that is the object's and its rights' own matter (RFC 4511, 4.1.9).
_REFUSALS = {
    ldap.INSUFFICIENT_ACCESS: "insufficientAccessRights",
    ldap.NO_SUCH_OBJECT: "noSuchObject",
    ldap.TYPE_OR_VALUE_EXISTS: "attributeOrValueExists",
    ldap.CONSTRAINT_VIOLATION: "constraintViolation",
}
_SEALED, _INSIDE_TLS = "minssf=56", "maxssf=0"


class DirectoryClient:
    """One sealed connection, opened at the first search and kept.

    `dialled` leads a name and its port to where they are dialled; the ticket is for the name all the same.
    """

    def __init__(
        self,
        directory: Directory,
        kerberos: Kerberos,
        *,
        limit_s: float,
        dialled: Mapping[tuple[str, int], tuple[str, int]] = MappingProxyType({}),
    ) -> None:
        self._directory = directory
        self._kerberos = kerberos
        self.limit_s = limit_s
        self._dialled = dialled
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.unbind_ext()

    def search(self, request: SearchRequest) -> SearchReply:
        """Search; nothing there is an empty reply. Raise KerberosError or LabError."""
        try:
            if self._connection is None:
                self._connection = self._bind()
            # The limit is kept here alone: one that the request names is counted in whole seconds of the directory's
            # clock, and of one second a millisecond may be left.
            message = self._connection.search_ext(
                request.base, _SCOPES[request.scope], request.filter, list(request.attributes)
            )
            _, found = self._connection.result(message, timeout=self.limit_s)
        except ldap.NO_SUCH_OBJECT:
            return SearchReply(entries=())
        except ldap.LDAPError as error:
            raise self._explain(error) from error
        return SearchReply(entries=tuple(_entry(dn, values) for dn, values in found if dn is not None))

    def modify(self, request: ModifyRequest) -> ModifyReply:
        """Add values to an attribute; a refusal for want of a right is an answer. Raise KerberosError or LabError."""
        try:
            if self._connection is None:
                self._connection = self._bind()
            message = self._connection.modify_ext(request.dn, [(ldap.MOD_ADD, request.attribute, list(request.values))])
            self._connection.result(message, timeout=self.limit_s)
        except tuple(_REFUSALS) as error:
            return ModifyReply(result=_REFUSALS[type(error)], words=_words(error))
        except ldap.LDAPError as error:
            raise self._explain(error) from error
        return ModifyReply(result=MODIFIED)

    def _bind(self) -> Any:  # noqa: ANN401 python-ldap ships no types
        """Connect and bind."""
        parts = urlsplit(self._directory.ldap_url)
        self._kerberos.log_in()
        connection = self._connect(parts)
        connection.set_option(ldap.OPT_PROTOCOL_VERSION, ldap.VERSION3)
        connection.set_option(ldap.OPT_REFERRALS, ldap.OPT_OFF)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, self.limit_s)
        connection.set_option(ldap.OPT_TIMEOUT, self.limit_s)
        # The service name is the name dialled, never one that reverse DNS makes of it.
        connection.set_option(ldap.OPT_X_SASL_NOCANON, ldap.OPT_ON)
        inside_tls = parts.scheme == "ldaps"
        connection.set_option(ldap.OPT_X_SASL_SECPROPS, _INSIDE_TLS if inside_tls else _SEALED)
        if inside_tls:
            self._trust(connection)
        self._prepare(connection, parts.hostname or "")
        with self._kerberos.environment():
            connection.sasl_interactive_bind_s("", ldap.sasl.gssapi(""))
        connection.set_option(ldap.OPT_TIMEOUT, self.limit_s)
        return connection

    def _prepare(self, connection: Any, host: str) -> None:  # noqa: ANN401 python-ldap ships no types
        """Do all that may take long before the bind: connect, begin TLS, have the ticket.

        python-ldap lets no other thread run while it binds by SASL, not the one that a signal wakes either: a mute
        server's TLS or a mute KDC would stop the whole process for good.
        """
        try:
            message = connection.search_ext("", ldap.SCOPE_BASE, attrlist=["supportedSASLMechanisms"])
            connection.result(message, timeout=self.limit_s)
        except (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT, ldap.UNAVAILABLE):
            raise
        except ldap.LDAPError:
            pass  # whoever does not answer everybody has at least answered
        # Where there is none, the KDC's own words are better than libsasl's.
        self._kerberos.start_context(TicketRequest(service="ldap", host=host))
        connection.set_option(ldap.OPT_TIMEOUT, min(self.limit_s, BIND_WITHIN_S))

    def _connect(self, parts: SplitResult) -> Any:  # noqa: ANN401 python-ldap ships no types
        """Return a handle that dials the name itself, or one on a connection to where the name is led.

        Raises:
            LabError: nobody answers there, and that is not what is tried.
            KerberosError: nobody answers there, as the scenario wants it.
        """
        url = self._directory.ldap_url
        address = self._dialled.get((parts.hostname or "", parts.port or LDAP_PORT))
        if address is None or parts.scheme != "ldap":
            return ldap.initialize(url)
        try:
            opened = open_socket(address, self.limit_s)
        except OSError as error:
            words = error.strerror or str(error)
            raise self._away(
                f"the directory {url}, dialled at {address[0]}:{address[1]}, does not answer: {words}",
                remedy="look whether the domain controller runs, and at ldap_url and `connect` in the site file",
            ) from error
        opened.settimeout(None)  # libldap waits by itself, on a socket that blocks
        return ldap.initialize(url, fileno=opened.detach())

    def _trust(self, connection: Any) -> None:  # noqa: ANN401 python-ldap ships no types
        """Verify the directory's certificate, against the site's authority where it has one."""
        connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
        if self._directory.ca_file is not None:
            connection.set_option(ldap.OPT_X_TLS_CACERTFILE, str(self._directory.ca_file))
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)

    def mute(self, limit_s: float) -> KerberosError | LabError:
        """Say that the directory took the connection and let us wait."""
        return self._away(
            f"the directory {self._directory.ldap_url} does not answer: nothing came within {limit_s:g} s",
            remedy="look whether the domain controller runs and is not held up (lab status), and at ldap_url",
        )

    def _away(self, cause: str, *, remedy: str) -> KerberosError | LabError:
        """Say that the directory does not answer: trouble of the surroundings, or what the scenario wants to see."""
        if self._directory.may_be_away:
            return KerberosError(SERVER_DOWN, KERBEROS_NAMES[SERVER_DOWN], remedy=remedy, detail=cause)
        return LabError(cause, remedy=remedy)

    def _explain(self, error: ldap.LDAPError) -> KerberosError | LabError:
        """Say in words what went wrong; none of it is a verdict on the peer under test."""
        words = _words(error)
        where = self._directory.ldap_url
        if isinstance(error, ldap.SERVER_DOWN | ldap.CONNECT_ERROR | ldap.TIMEOUT | ldap.UNAVAILABLE):
            return self._away(
                f"the directory {where} does not answer: {words}",
                remedy="look whether the domain controller runs (lab status) and ldap_url in the site file",
            )
        return LabError(
            f"the directory {where} refused: {words}",
            remedy="look at ldap_url (its host needs an ldap/ SPN) and the computer's right to read",
        )


def _words(error: ldap.LDAPError) -> str:
    """Return the directory's own words; python-ldap hides them in a dictionary."""
    facts = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return "; ".join(str(facts[key]) for key in ("desc", "info") if facts.get(key)) or str(error)


def why_mute(url: str, *, limit_s: float) -> str:
    """Ask a directory what everybody may ask, without a bind; return why no answer came, or nothing."""
    try:
        call_apart(lambda: _ask_openly(url, limit_s), limit_s=limit_s, name=f"a question to {url}")
    except (Late, ldap.TIMEOUT):
        return f"does not answer: nothing came within {limit_s:g} s"
    except ldap.LDAPError as error:
        return f"is gone: {error.args[0].get('desc', '') if error.args else error}"
    return ""


def _ask_openly(url: str, limit_s: float) -> None:
    connection = ldap.initialize(url)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, limit_s)
    connection.set_option(ldap.OPT_TIMEOUT, limit_s)
    connection.search_ext_s("", ldap.SCOPE_BASE, attrlist=["defaultNamingContext"])
    connection.unbind_ext()


def _entry(dn: str, values: dict[str, list[bytes]]) -> Entry:
    """Turn python-ldap's entry into ours."""
    return Entry(dn=dn, attributes=tuple((name, tuple(items)) for name, items in values.items()))

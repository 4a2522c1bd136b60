"""The computer's Kerberos: a ticket cache of its own, filled from the account's keytab."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import gssapi
import krb5
from gssapi.raw.misc import GSSError

from hybridjoin.device.adapters.keytab_keys import keys_in
from hybridjoin.device.adapters.krb5_environment import configuration, kerberos_environment
from hybridjoin.device.adapters.krb5_errors import explain
from hybridjoin.errors import KerberosError, LabError
from hybridjoin.model.exchange import TicketReply, TicketRequest
from hybridjoin.model.site import DeviceAccount, Directory
from hybridjoin.model.vault import VAULT

KERBEROS = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2")
WEB = "HTTP"
SHORTEST_S = 1
FLAGS = gssapi.RequirementFlag.mutual_authentication | gssapi.RequirementFlag.out_of_sequence_detection


class Kerberos:
    """One computer account's tickets; `time_sync` lets the client follow the KDC's clock. No ticket is on disk.

    They go with it, unless the account's cache is one that is kept. An account without a keytab logs on by `password`,
    as people do; where it is called by a user principal name, that is an enterprise name (RFC 6806, 5).
    """

    def __init__(
        self, account: DeviceAccount, directory: Directory, *, time_sync: bool, password: str | None = None
    ) -> None:
        self.principal = f"{account.logs_on_as or account.sam_account_name}@{directory.realm}"
        self._account = account
        self._keytab = account.keytab
        self._password = password
        self._may_be_away = directory.may_be_away
        self._outlived = not account.outlives_its_ticket
        self._kept = bool(account.tickets)
        self._ccache = f"MEMORY:{account.tickets or f'hybridjoin-{uuid.uuid4()}'}"
        self._stack = ExitStack()
        self._config = self._stack.enter_context(configuration(directory.krb5_config, time_sync=time_sync))
        self._context: krb5.Context | None = None
        self._logged_in = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if self._context is not None and not self._kept:
                self.purge()
            self._context = None

    def purge(self) -> None:
        """Throw all tickets away, as `klist purge` does; that there are none is good."""
        context = self._krb5()
        krb5.cc_destroy(context, self._cache(context))
        self._logged_in = False

    @contextmanager
    def environment(self) -> Iterator[None]:
        """Let libkrb5 see this computer's configuration and cache."""
        with kerberos_environment(config=self._config, ccache=self._ccache):
            yield

    def log_in(self) -> None:
        """Get the ticket-granting ticket (AS exchange) unless it is there; a refusal raises KerberosError.

        Raises:
            LabError: the keytab or the surroundings do not allow it.
        """
        if self._logged_in:
            return
        about = f"logging on as {self.principal}"
        if self._password is None:
            self._need_keytab(about)
        try:
            with self.environment():
                if not self._holds_tickets():
                    self._fill_cache()
        except krb5.Krb5Error as error:
            message = str(error).removesuffix(str(error.err_code)).strip()
            raise explain(error.err_code, message, about=about, may_be_away=self._may_be_away) from error
        self._logged_in = True

    def _need_keytab(self, about: str) -> None:
        """Make sure that there are keys, and know them by value.

        Raises:
            LabError: there is no such file.
        """
        if self._keytab is None or not self._keytab.is_file():
            raise LabError(f"{about}: there is no keytab {self._keytab}", remedy="correct its path in the site file")
        for key in keys_in(self._keytab):
            VAULT.learn(key, "a Kerberos key of a keytab", lasting=True)

    def start_context(
        self, request: TicketRequest, *, channel_bindings: bytes | None = None
    ) -> tuple[gssapi.SecurityContext, bytes]:
        """Get a service ticket (TGS exchange, cached) and make the AP-REQ for it, mutual authentication asked for."""
        self.log_in()
        request = self._really(request)
        bindings = (
            gssapi.raw.ChannelBindings(application_data=channel_bindings) if channel_bindings is not None else None
        )
        try:
            with self.environment():
                credentials = gssapi.Credentials(usage="initiate", store={"ccache": self._ccache}, mechs=[KERBEROS])
                context = gssapi.SecurityContext(
                    name=gssapi.Name(f"{request.service}@{request.host}", gssapi.NameType.hostbased_service),
                    creds=credentials,
                    mech=KERBEROS,
                    flags=FLAGS,
                    usage="initiate",
                    channel_bindings=bindings,
                )
                return context, context.step() or b""
        except GSSError as error:
            raise self._explain_gss(error, about=f"a ticket for {request.spn}", ticket=request) from error

    def finish_context(self, context: gssapi.SecurityContext, answer: bytes) -> None:
        """Check the service's AP-REP.

        Raises:
            KerberosError: the answer does not prove who the service is.
        """
        try:
            with self.environment():
                context.step(answer)
        except GSSError as error:
            found = self._explain_gss(error, about="the service's proof")
            raise found from error
        if not context.complete:
            raise KerberosError(
                "GSS_S_CONTINUE_NEEDED",
                "the service's proof leaves the security context unfinished",
                remedy="let the acceptor answer with the AP-REP",
            )

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Get a service ticket into the cache and say what may be said of it.

        Raises:
            LabError: the cache does not hold what was just put into it.
        """
        self.start_context(request)
        wanted = self._really(request).spn.lower()
        for found in self._cache(self._krb5()):
            VAULT.learn(bytes(found.ticket), "a Kerberos ticket")
            VAULT.learn(bytes(found.keyblock.data), "a Kerberos session key")
            if str(found.server).rpartition("@")[0].lower() == wanted:
                return _facts(found)
        raise LabError(f"the ticket for {request.spn} is not in the cache", remedy="report this as a defect")

    def _really(self, request: TicketRequest) -> TicketRequest:
        """Return the ticket that is shown where this one is asked for; bent accounts show another, or an old one."""
        if request.service != WEB:
            return request
        if not self._outlived:
            self._outlived = True
            self._outlive()
        service, _, host = self._account.ticket_for.partition("/")
        return TicketRequest(service=service, host=host) if host else request

    def _krb5(self) -> krb5.Context:
        """Return libkrb5's context, which has read the configuration once."""
        if self._context is None:
            with self.environment():
                self._context = krb5.init_context()
        return self._context

    def _cache(self, context: krb5.Context) -> krb5.CCache:
        """Return the ticket cache."""
        return krb5.cc_resolve(context, self._ccache.encode())

    def _holds_tickets(self) -> bool:
        """Whether the cache was filled by somebody before."""
        return self._kept and any(True for _ in self._cache(self._krb5()))

    def _outlive(self) -> None:
        """Put the shortest ticket there is in the place of the one that is good, and wait for its end."""
        with self.environment():
            self._fill_cache(life_s=SHORTEST_S)
        ends = max(found.times.endtime for found in self._cache(self._krb5()))
        time.sleep(max(0.0, min(ends - time.time(), 2 * SHORTEST_S)))

    def _fill_cache(self, *, life_s: int | None = None) -> None:
        """Make the AS exchange, and keep its ticket in the place of whatever was there."""
        context = self._krb5()
        enterprise = self.principal.count("@") > 1
        how = krb5.PrincipalParseFlags.enterprise if enterprise else krb5.PrincipalParseFlags.none
        principal = krb5.parse_name_flags(context, self.principal.encode(), how)
        options = krb5.get_init_creds_opt_alloc(context)
        krb5.get_init_creds_opt_set_canonicalize(options, True)  # noqa: FBT003 krb5's own signature
        if life_s is not None:
            krb5.get_init_creds_opt_set_tkt_life(options, life_s)
        cache = self._cache(context)
        # libkrb5 fills the cache itself, so that the clock offset it learnt from the KDC stays with the tickets.
        krb5.get_init_creds_opt_set_out_ccache(context, options, cache)
        if self._password is not None:
            krb5.get_init_creds_password(context, principal, options, self._password.encode())
            return
        keytab = krb5.kt_resolve(context, f"FILE:{self._keytab}".encode())
        krb5.get_init_creds_keytab(context, principal, options, keytab)

    def _explain_gss(
        self, error: GSSError, *, about: str, ticket: TicketRequest | None = None
    ) -> KerberosError | LabError:
        """Say in words what a GSSAPI error's minor code means."""
        message = " ".join(error.get_all_statuses(error.min_code, False)) or str(error)  # noqa: FBT003
        return explain(error.min_code, message, about=about, ticket=ticket, may_be_away=self._may_be_away)


def _facts(found: krb5.Creds) -> TicketReply:
    """Say of a ticket what may be said aloud."""
    times, (etype, kvno) = found.times, _encrypted_with(found.ticket)
    return TicketReply(
        client=str(found.client),
        server=str(found.server),
        ticket_etype=_name(etype),
        session_etype=_name(found.keyblock.enctype),
        starts_at=datetime.fromtimestamp(times.starttime or times.authtime, UTC),
        ends_at=datetime.fromtimestamp(times.endtime, UTC),
        ticket_kvno=kvno,
    )


def _name(etype: int) -> str:
    """Spell an encryption type as RFC 3961's registry does."""
    return str(krb5.enctype_to_name(etype))


def _encrypted_with(ticket: bytes) -> tuple[int, int]:
    """Read type and version of the service's key that a ticket is encrypted with (RFC 4120, 5.3 and 5.2.9).

    A ticket that says no version has 0.
    """
    at, _ = _enter(ticket, 0)  # [APPLICATION 1]
    encrypted = _fields(ticket, at).get(3)  # enc-part [3] EncryptedData
    if encrypted is None:
        raise LabError("a ticket without an encrypted part", remedy="report this as a defect")
    fields = _fields(ticket, encrypted)
    return _integer(ticket, fields[0]), _integer(ticket, fields[1]) if 1 in fields else 0


def _fields(data: bytes, at: int) -> dict[int, int]:
    """Return where the value of each context-tagged field begins, by its number, of the SEQUENCE at `at`."""
    found = {}
    at, end = _enter(data, at)
    while at < end:
        inner, after = _enter(data, at)
        found[data[at] & 0x1F] = inner
        at = after
    return found


def _integer(data: bytes, at: int) -> int:
    """Read the INTEGER at `at`."""
    start, stop = _enter(data, at)
    return int.from_bytes(data[start:stop], "big", signed=True)


def _enter(data: bytes, at: int) -> tuple[int, int]:
    """Return where the value of the DER element at `at` begins and ends."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    return start, start + length

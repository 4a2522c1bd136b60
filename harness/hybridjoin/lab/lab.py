"""A lab: a real directory, and a stand-in for each of the other parties, warm and shared by many scenarios."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from hybridjoin.doubles.idp.addresses import HTTPS_PORT, Addresses, addresses_of
from hybridjoin.errors import HarnessError, machine_named
from hybridjoin.lab.alive import need_answer
from hybridjoin.lab.backend import Backend, choose_backend
from hybridjoin.lab.dial.bench import Order
from hybridjoin.lab.dial.bent import Dialling
from hybridjoin.lab.domain import DOMAIN_FILE, Domain, read_domain
from hybridjoin.lab.set_up import install, overhearing
from hybridjoin.lab.shared_domain import SharedDomain
from hybridjoin.lab.standins.bridge import BridgeSecret, bridge_client, make_bridge_secret, registration
from hybridjoin.lab.standins.config import entra_settings, idp_settings, laid_over
from hybridjoin.lab.standins.servers import LOOPBACK, Doubles, DoubleServers, Ports, Settings
from hybridjoin.lab.standins.shifted_clock import shifted_doubles
from hybridjoin.lab.standins.signing import SigningKey, make_signing_key
from hybridjoin.lab.start import ENTRA_HOSTS
from hybridjoin.model.site import (
    DISABLED_ROLE,
    USER_ROLE,
    Connect,
    DeviceAccount,
    Entra,
    IdentityProvider,
    PersonAccount,
    Site,
    UserPractice,
)
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.signals import orderly_exit

log = logging.getLogger(__name__)

DOMAIN_VARIABLE = "HYBRIDJOIN_DOMAIN"


class Lab:
    """A domain and one HTTPS server for each double; the doubles are set up anew for every site.

    >>> with Lab(lab_file, backend=choose_backend()) as lab:  # doctest: +SKIP
    ...     with lab.site(idp={"profile": "adfs"}) as site:
    ...         join_site(site, "WS01")
    """

    def __init__(self, lab_file: LabFile, *, backend: Backend) -> None:
        self.lab_file = lab_file
        self._backend = backend
        self._stack = ExitStack()
        self._servers = DoubleServers()
        self._worlds: dict[int, _World] = {}
        self._signing: SigningKey | None = None
        self._secret: BridgeSecret | None = None
        self._dial = Dialling(lab_file)

    @property
    def name(self) -> str:
        """The lab's name, the same on every machine."""
        return self.lab_file.domain.name

    @property
    def backend(self) -> str:
        """The name of the backend that runs the directory."""
        return self._backend.name

    @property
    def domain(self) -> Domain:
        """The running domain whose clock is right."""
        return self._worlds[0].domain

    @property
    def ports(self) -> Ports:
        """Where the doubles whose clock is right are served."""
        return self._servers.ports

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, value, traceback)

    @contextmanager
    def site(
        self,
        *,
        idp: Settings | None = None,
        entra: Settings | None = None,
        clock_offset_s: int = 0,
        explicit_ports: bool = False,
        dial: Order | None = None,
    ) -> Iterator[Site]:
        """Set the doubles up and yield the site they make with the directory.

        `idp` and `entra` change the everyday settings of the doubles (see `standins.config`). With
        `clock_offset_s` the domain controller's and the doubles' clocks are that much ahead of this machine's.
        With `explicit_ports` the tenant's federation settings name the IdP's real port, for people and clients that
        cannot be told to dial another one; such a site may stay, and takes no scenario's turn. `dial` bends the
        directory, KDC, network and certificate for this site.
        """
        world, signing = self._world(clock_offset_s), self.signing_key
        doubles = world.doubles
        everyday = idp_settings(self.lab_file, world.domain, signing, idp or {})
        need_answer(world.domain)
        with self._dial.bent(dial, world.domain, doubles, everyday, stays=explicit_ports) as bench:
            domain, ports = (bench.domain, bench.ports) if bench else (world.domain, doubles.ports)
            whole_idp = idp_settings(self.lab_file, domain, signing, laid_over(idp or {}, bench.idp if bench else {}))
            addresses = addresses_of(whole_idp, port=ports.idp if explicit_ports else HTTPS_PORT)
            changes = laid_over(bench.entra if bench else {}, entra or {})
            application = registration(bridge_client(self.bridge_secret), self.bridge_secret.value)
            whole_entra = entra_settings(self.lab_file, domain, signing, addresses, changes, application=application)
            install(doubles, whole_idp, whole_entra, bench)
            site = self._site(domain, signing, _routes(str(whole_idp["service_host"]), ports), addresses)
            anchor = str(whole_entra.get("source_anchor", site.entra.source_anchor))
            site = replace(site, entra=replace(site.entra, source_anchor=anchor))
            try:
                yield overhearing(bench.site_of(site) if bench else site, doubles)
            except HarnessError:
                need_answer(world.domain)  # a directory that died is the cause of whatever else went wrong
                raise
            finally:
                doubles.clear()
        need_answer(world.domain)

    def need_answer(self) -> None:
        """Make sure that every directory of this lab still answers; raise LabError where one does not."""
        for world in self._worlds.values():
            need_answer(world.domain)

    def _open(self) -> None:
        self._stack.enter_context(orderly_exit())
        domain = self._stack.enter_context(self._backend.start(self.lab_file))
        self._stack.callback(self._dial.close)
        self._servers.start(**domain.certificates)
        self._stack.callback(self._servers.stop)
        self._worlds[0] = _World(domain=domain, doubles=self._servers)

    def _world(self, clock_offset_s: int) -> _World:
        """Return the directory and doubles whose clock is so far off, started when they are first asked for."""
        if clock_offset_s not in self._worlds:
            true = self.domain
            with ExitStack() as stack:
                doubles = stack.enter_context(shifted_doubles(clock_offset_s, true.certificates, true.state_dir))
                domain = stack.enter_context(self._backend.start(self.lab_file, clock_offset_s=clock_offset_s))
                self._stack.push(stack.pop_all())
            self._worlds[clock_offset_s] = _World(domain=domain, doubles=doubles)
        return self._worlds[clock_offset_s]

    @property
    def signing_key(self) -> SigningKey:
        """The key that the identity provider signs with, made when it is first asked for."""
        if self._signing is None:
            folder = self.domain.state_dir / f"signing-{os.getpid()}"
            with machine_named():
                self._signing = make_signing_key(folder, self.lab_file.hosts[0])
        return self._signing

    @property
    def bridge_secret(self) -> BridgeSecret:
        """The client secret of the lab's bridge, made when it is first asked for."""
        if self._secret is None:
            with machine_named():
                self._secret = make_bridge_secret(self.domain.state_dir / f"signing-{os.getpid()}")
        return self._secret

    def _site(self, domain: Domain, signing: SigningKey, connect: tuple[Connect, ...], idp: Addresses) -> Site:
        tenant, ca_file = self.lab_file.tenant, self.domain.ca_file
        return Site(
            name=self.name,
            directory=domain.directory,
            idp=IdentityProvider(
                issuer=idp.issuer,
                signing_certificates=(signing.certificate_der,),
                ca_file=ca_file,
                users=UserPractice(immutable_id=True),  # as in the mappings of both shapes of the reference IdP
            ),
            entra=Entra(tenant_id=tenant.id, tenant_name=tenant.name, ca_file=ca_file),
            devices=domain.devices,
            connect=connect,
            accounts=self._accounts(domain),
            people=self._people(domain),
            bridge=bridge_client(self.bridge_secret),
        )

    def _people(self, domain: Domain) -> tuple[PersonAccount, ...]:
        """Return who may try to sign in: everybody of the lab file, first who is enabled and has an anchor."""
        return tuple(
            PersonAccount(
                name=item.name,
                user_principal_name=self.lab_file.user_principal_name(item),
                password_file=domain.passwords[item.name],
            )
            for item in sorted(self.lab_file.users, key=lambda item: not (item.enabled and item.consistency_guid))
        )

    def _accounts(self, domain: Domain) -> tuple[DeviceAccount, ...]:
        """Return who probes knock as: a user, and a computer that is disabled."""
        users = [(item.name, USER_ROLE, item.name) for item in self.lab_file.users]
        disabled = [(item.name, DISABLED_ROLE, f"{item.name}$") for item in self.lab_file.computers if not item.enabled]
        return tuple(
            DeviceAccount(name=name, keytab=domain.keytabs[key], role=role)
            for name, role, key in (*users[:1], *disabled[:1])
            if key in domain.keytabs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """A directory and the doubles that go by the same clock."""

    domain: Domain
    doubles: Doubles


def _routes(sts: str, ports: Ports) -> tuple[Connect, ...]:
    """Lead each host's everyday port, and its real one, to where it is served."""
    served = ((sts, ports.idp), *((host, ports.entra) for host in ENTRA_HOSTS))
    return tuple(
        Connect(host=host, port=named, address=LOOPBACK, to_port=port)
        for host, port in served
        for named in (HTTPS_PORT, port)
    )


def open_lab(lab_file: LabFile, backend_name: str | None = None) -> AbstractContextManager[Lab]:
    """Open a lab, on the domain that HYBRIDJOIN_DOMAIN names where it is of the same lab file and backend."""
    return Lab(lab_file, backend=_shared(lab_file, backend_name) or choose_backend(backend_name))


def _shared(lab_file: LabFile, backend_name: str | None) -> SharedDomain | None:
    named = os.environ.get(DOMAIN_VARIABLE)
    if not named:
        return None
    if not Path(named).is_file():
        log.warning("%s names a lab that is down: starting another one", DOMAIN_VARIABLE)
        return None
    domain = read_domain(Path(named))
    if domain.lab_digest != lab_file.digest or (backend_name and backend_name != domain.backend):
        return None
    return SharedDomain(domain)


@contextmanager
def share_domain(lab_file: LabFile, backend_name: str | None = None) -> Iterator[Domain]:
    """Run one domain for this process and all it starts, by way of HYBRIDJOIN_DOMAIN."""
    shared = _shared(lab_file, backend_name)
    with (shared or choose_backend(backend_name)).start(lab_file) as domain, offered(domain):
        yield domain


@contextmanager
def offered(domain: Domain) -> Iterator[None]:
    """Let processes that are started meanwhile use a domain; they are told by the environment that they inherit."""
    before = os.environ.get(DOMAIN_VARIABLE)
    os.environ[DOMAIN_VARIABLE] = str(domain.state_dir / DOMAIN_FILE)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(DOMAIN_VARIABLE, None)
        else:
            os.environ[DOMAIN_VARIABLE] = before

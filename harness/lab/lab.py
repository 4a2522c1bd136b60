"""A lab: a real directory, and a stand-in for each of the other parties, warm and shared by many scenarios."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.doubles.entra.app import build_entra
from harness.doubles.entra.config import ConfigError as EntraConfigError
from harness.doubles.entra.config import EntraConfig
from harness.doubles.idp.app import build_idp
from harness.doubles.idp.config import ConfigError as IdpConfigError
from harness.doubles.idp.config import IdpConfig
from harness.doubles.serve import Application, Server
from harness.errors import HarnessError, LabError, Mistake, UsageError
from harness.lab.backend import Backend, choose_backend
from harness.lab.child_double import child_double
from harness.lab.domain import DOMAIN_FILE, Domain, ServerCertificate, need_answer, read_domain
from harness.lab.doubles_config import HTTPS_PORT, IdpUrls, entra_settings, idp_host, idp_settings, idp_urls
from harness.lab.signals import orderly_exit
from harness.lab.signing import SigningKey, make_signing_key
from harness.lab.start import ENTRA_CERTIFICATE, ENTRA_HOSTS, IDP_CERTIFICATE
from harness.model.site import Connect, Entra, IdentityProvider, Site
from harness.scenario.lab_file import LabFile

DOMAIN_VARIABLE = "HYBRIDJOIN_DOMAIN"
LOOPBACK = "127.0.0.1"
Settings = Mapping[str, object]


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
        self._domains: dict[int, Domain] = {}
        self._idp = Server()
        self._entra = Server()
        self._signing: SigningKey | None = None

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
        return self._domain_at(0)

    @property
    def idp_port(self) -> int:
        """The port that the identity provider listens on."""
        return self._idp.port

    @property
    def entra_port(self) -> int:
        """The port that both of Entra's hosts listen on."""
        return self._entra.port

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
    ) -> Iterator[Site]:
        """Set the doubles up and yield the site they make with the directory.

        `idp` and `entra` change the everyday settings of the doubles (see `doubles_config`). With
        `clock_offset_s` the domain controller's and the doubles' clocks are that much ahead of this machine's.
        With `explicit_ports` the tenant's federation settings name the IdP's real port, for clients that
        cannot be told to dial another one.
        """
        domain, signing = self._domain_at(clock_offset_s), self._signing_key()
        given_idp, given_entra = idp or {}, entra or {}
        host = idp_host(self.lab_file, given_idp)
        urls = idp_urls(given_idp, host, self._idp.port if explicit_ports else HTTPS_PORT)
        idp_whole = idp_settings(self.lab_file, domain, signing, given_idp)
        entra_whole = entra_settings(self.lab_file, domain, signing, urls, given_entra)
        need_answer(domain)
        with self._doubles(domain, idp_whole, entra_whole) as (idp_port, entra_port):
            try:
                yield self._site(domain, signing, (*_connects(host, idp_port), *_entra_connects(entra_port)), urls)
            except HarnessError:
                need_answer(domain)  # a directory that died is the cause of whatever else went wrong
                raise
        need_answer(domain)

    @contextmanager
    def _doubles(self, domain: Domain, idp: Settings, entra: Settings) -> Iterator[tuple[int, int]]:
        """Set both doubles up and yield their ports; where the clock is off, as processes under that clock."""
        if domain.clock_offset_s:
            certificates = self.domain.certificates
            with (
                child_double("idp", idp, domain, certificates[IDP_CERTIFICATE], host=LOOPBACK) as idp_child,
                child_double("entra", entra, domain, certificates[ENTRA_CERTIFICATE], host=LOOPBACK) as entra_child,
            ):
                yield idp_child.port(), entra_child.port()
            return
        self._idp.install(_build_idp(idp))
        self._entra.install(_build_entra(entra))
        try:
            yield self._idp.port, self._entra.port
        finally:
            self._idp.install(None)
            self._entra.install(None)

    def _open(self) -> None:
        self._stack.enter_context(orderly_exit())
        domain = self._domain_at(0)
        self._serve(self._idp, domain.certificates[IDP_CERTIFICATE])
        self._serve(self._entra, domain.certificates[ENTRA_CERTIFICATE])

    def _serve(self, server: Server, certificate: ServerCertificate) -> None:
        try:
            server.start(LOOPBACK, 0, certfile=certificate.certificate, keyfile=certificate.private_key)
        except (OSError, RuntimeError) as error:
            raise LabError(f"a double could not be served on {LOOPBACK}: {error}", remedy="try again") from error
        self._stack.callback(server.stop)

    def _domain_at(self, clock_offset_s: int) -> Domain:
        """Return the domain whose clock is so far off, started when it is first asked for."""
        if clock_offset_s not in self._domains:
            running = self._backend.start(self.lab_file, clock_offset_s=clock_offset_s)
            self._domains[clock_offset_s] = self._stack.enter_context(running)
        return self._domains[clock_offset_s]

    def _signing_key(self) -> SigningKey:
        if self._signing is None:
            folder = self.domain.state_dir / f"signing-{os.getpid()}"
            self._signing = make_signing_key(folder, self.lab_file.hosts[0])
        return self._signing

    def _site(self, domain: Domain, signing: SigningKey, connect: tuple[Connect, ...], urls: IdpUrls) -> Site:
        tenant, ca_file = self.lab_file.tenant, self.domain.ca_file
        return Site(
            name=self.name,
            directory=domain.directory,
            idp=IdentityProvider(issuer=urls.issuer, signing_certificates=(signing.certificate_der,), ca_file=ca_file),
            entra=Entra(tenant_id=tenant.id, tenant_name=tenant.name, ca_file=ca_file),
            devices=domain.devices,
            connect=connect,
        )


def _build_idp(settings: Settings) -> Application:
    try:
        return build_idp(IdpConfig.from_mapping(settings))
    except IdpConfigError as error:
        raise UsageError(Mistake(place="the settings of the identity provider", problem=str(error))) from error


def _build_entra(settings: Settings) -> Application:
    try:
        return build_entra(EntraConfig.from_mapping(settings))
    except EntraConfigError as error:
        raise UsageError(Mistake(place="the settings of Entra", problem=str(error))) from error


def _connects(host: str, port: int) -> tuple[Connect, ...]:
    """Lead a host's everyday port, and its real one, to where it is served."""
    return tuple(Connect(host=host, port=named, address=LOOPBACK, to_port=port) for named in (HTTPS_PORT, port))


def _entra_connects(port: int) -> tuple[Connect, ...]:
    return tuple(connect for host in ENTRA_HOSTS for connect in _connects(host, port))


class SharedDomain:
    """A backend whose domain another process keeps; a bent clock needs a domain controller of its own."""

    def __init__(self, domain: Domain) -> None:
        self.name = domain.backend
        self._domain = domain

    @contextmanager
    def start(self, lab_file: LabFile, *, clock_offset_s: int = 0) -> Iterator[Domain]:
        """Yield the kept domain, or start one beside it where the clock is to be off."""
        if clock_offset_s == self._domain.clock_offset_s:
            yield self._domain
            return
        with choose_backend(self.name).start(lab_file, clock_offset_s=clock_offset_s) as domain:
            yield domain

    def prune(self) -> tuple[str, ...]:
        """Remove what killed labs of the same kind left."""
        return choose_backend(self.name).prune()


def open_lab(lab_file: LabFile, backend_name: str | None = None) -> AbstractContextManager[Lab]:
    """Open a lab, on the domain that HYBRIDJOIN_DOMAIN names where it is of the same lab file and backend."""
    return Lab(lab_file, backend=_shared(lab_file, backend_name) or choose_backend(backend_name))


def _shared(lab_file: LabFile, backend_name: str | None) -> SharedDomain | None:
    named = os.environ.get(DOMAIN_VARIABLE)
    if not named:
        return None
    domain = read_domain(Path(named))
    if domain.lab_digest != lab_file.digest or (backend_name and backend_name != domain.backend):
        return None
    return SharedDomain(domain)


@contextmanager
def share_domain(lab_file: LabFile, backend_name: str | None = None) -> Iterator[Domain]:
    """Run one domain for this process and all it starts, by way of HYBRIDJOIN_DOMAIN."""
    before = os.environ.get(DOMAIN_VARIABLE)
    shared = _shared(lab_file, backend_name)
    with (shared or choose_backend(backend_name)).start(lab_file) as domain:
        os.environ[DOMAIN_VARIABLE] = str(domain.state_dir / DOMAIN_FILE)
        try:
            yield domain
        finally:
            if before is None:
                del os.environ[DOMAIN_VARIABLE]
            else:
                os.environ[DOMAIN_VARIABLE] = before

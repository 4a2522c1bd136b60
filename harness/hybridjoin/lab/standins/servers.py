"""The doubles' HTTPS servers in this process: started once for a lab, set up anew for every site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.connect import SyncError
from hybridjoin.doubles.entra.tenant import Tenant
from hybridjoin.doubles.idp.app import build_idp
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.sts import AuditEvent
from hybridjoin.doubles.serve import Application, Message, Receive, Scope, Send, Server
from hybridjoin.doubles.settings import ConfigError
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.lab.domain import ServerCertificate

LOOPBACK = "127.0.0.1"
Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the doubles are served; both of Entra's hosts share a port."""

    idp: int
    entra: int


class Doubles(Protocol):
    """Both doubles, wherever they run."""

    @property
    def ports(self) -> Ports:
        """Where they are served."""

    def install(self, *, idp: Settings, entra: Settings, when_metadata: Callable[[], None] | None = None) -> None:
        """Set both up; raise UsageError where their settings are wrong, LabError where the directory is away.

        `when_metadata` is called each time before the identity provider's answer to a question for its metadata is out.
        """

    def show(self, certificate: ServerCertificate) -> None:
        """Let the identity provider show another certificate from now on."""

    def heard(self) -> tuple[str, ...]:
        """Return what the identity provider has noted of the callers since it was set up."""

    def synchronize(self) -> None:
        """Run a cycle of Entra Connect; raise LabError where the directory is away."""

    def noted(self) -> tuple[str, ...]:
        """Return what the tenant has noted of its devices since it was set up."""

    def clear(self) -> None:
        """Let them answer that they are not set up."""


class DoubleServers:
    """Both doubles as threads of this process."""

    def __init__(self) -> None:
        self._idp = Server()
        self._entra = Server()
        self._audit: Sequence[AuditEvent] = ()
        self._tenant: Tenant | None = None

    def start(self, *, idp: ServerCertificate, entra: ServerCertificate) -> None:
        """Listen, each on a free port; the certificates cover the hosts that they stand in for.

        Raises:
            LabError: no port can be opened.
        """
        try:
            self._idp.start(LOOPBACK, 0, certfile=idp.certificate, keyfile=idp.private_key)
            self._entra.start(LOOPBACK, 0, certfile=entra.certificate, keyfile=entra.private_key)
        except (OSError, RuntimeError) as error:
            self.stop()
            raise LabError(f"a double could not be served on {LOOPBACK}: {error}", remedy="try again") from error

    @property
    def ports(self) -> Ports:
        """Where they are served."""
        return Ports(idp=self._idp.port, entra=self._entra.port)

    def install(self, *, idp: Settings, entra: Settings, when_metadata: Callable[[], None] | None = None) -> None:
        """Set both up.

        Raises:
            UsageError: their settings are wrong.
            LabError: the directory does not let Entra Connect's double read it.
        """
        try:
            idp_app = build_idp(IdpConfig.from_mapping(idp))
        except ConfigError as error:
            raise UsageError(Mistake(place="the settings of the identity provider", problem=str(error))) from error
        try:
            entra_app = build_entra(EntraConfig.from_mapping(entra))
        except ConfigError as error:
            raise UsageError(Mistake(place="the settings of Entra", problem=str(error))) from error
        except SyncError as error:
            raise _away(error) from error
        self._tenant = entra_app.state.tenant
        self._audit = idp_app.state.audit
        self._idp.install(_interrupting(idp_app, when_metadata) if when_metadata else idp_app)
        self._entra.ask_clients(entra_app.state.client_authority)
        self._entra.install(entra_app)

    def show(self, certificate: ServerCertificate) -> None:
        """Let the identity provider show another certificate from now on."""
        self._idp.renew(certfile=certificate.certificate, keyfile=certificate.private_key)

    def heard(self) -> tuple[str, ...]:
        """Return what the identity provider has noted of the callers since it was set up."""
        return tuple(f"{event.event}: {event.detail}" for event in self._audit)

    def synchronize(self) -> None:
        """Run a cycle of Entra Connect.

        Raises:
            LabError: the directory does not let it read.
        """
        try:
            if self._tenant is not None:
                self._tenant.sync()
        except SyncError as error:
            raise _away(error) from error

    def noted(self) -> tuple[str, ...]:
        """Return what the tenant has noted of its devices since it was set up."""
        return tuple(self._tenant.notes) if self._tenant is not None else ()

    def clear(self) -> None:
        """Let them answer that they are not set up."""
        self._tenant = None
        self._idp.install(None)
        self._entra.install(None)

    def stop(self) -> None:
        """Close ports and connections."""
        self._idp.stop()
        self._entra.stop()


def _away(error: SyncError) -> LabError:
    return LabError(str(error), remedy="look whether the domain controller runs, then try again")


def _interrupting(app: Application, action: Callable[[], None]) -> Application:
    """Return the application with something done before the last octet of each metadata document is out.

    The connection ends there as well, so that whoever asks further dials anew.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            elif message["type"] == "http.response.body" and not message.get("more_body"):
                await run_in_threadpool(action)
            await send(message)

        await app(scope, receive, passing if "mex" in scope.get("path", "") else send)

    return serve

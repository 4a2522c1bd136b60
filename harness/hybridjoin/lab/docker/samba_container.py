"""A Samba Active Directory domain controller as a Testcontainers container, for this lab and for other tests."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from testcontainers.core.container import DockerContainer

from hybridjoin.errors import LabError
from hybridjoin.lab.docker.client import asking_engine
from hybridjoin.lab.docker.images import controller_recipe
from hybridjoin.lab.docker.launcher import DockerLauncher
from hybridjoin.lab.docker.owner import reap
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.start import start_domain
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file


class SambaDomainController(DockerContainer):
    """A Samba Active Directory domain controller, provisioned from a lab file and ready to serve.

    Ready means that a computer account has had its ticket from the KDC, and that LDAP has answered a bind with it.
    The domain is provisioned once for each content of the lab file, in some seconds, and a copy of that state is
    started ever after, in well under two. The container is a plain one: no privilege, no added capability, no host
    network, ports published on 127.0.0.1 wherever the engine finds them free. It needs no Ryuk; when the process
    that started it dies, however it dies, samba stops.

    Example:
        .. doctest::

            >>> import os, subprocess
            >>> from hybridjoin.lab.docker.samba_container import SambaDomainController

            >>> with SambaDomainController("scenarios/default.lab.yaml") as dc:
            ...     environment = {**os.environ, "KRB5_CONFIG": str(dc.krb5_config), "KRB5CCNAME": "MEMORY:"}
            ...     command = ["kinit", "-k", "-t", str(dc.keytab("WS01$")), "WS01$"]
            ...     done = subprocess.run(command, env=environment, check=True)
            >>> dc.realm, done.returncode
            ('HYBRIDJOIN.TEST', 0)

    Args:
        lab_file: The lab file, read or named by its path.
        clock_offset_s: How far the controller's clock is to be ahead of this machine's.
        docker_client_kw: What Testcontainers gives its Docker client.

    Raises:
        LabError: No engine answers, or the controller does not come up; the end of its log is part of the error.
        UsageError: The lab file has mistakes.
    """

    def __init__(
        self,
        lab_file: LabFile | Path | str,
        *,
        clock_offset_s: int = 0,
        docker_client_kw: dict[str, Any] | None = None,
    ) -> None:
        self._lab_file = lab_file if isinstance(lab_file, LabFile) else load_lab_file(Path(lab_file))
        self._clock_offset_s = clock_offset_s
        self._stack = ExitStack()
        self._domain: Domain | None = None
        with asking_engine("answer"):
            super().__init__(controller_recipe().tag, docker_client_kw=docker_client_kw)

    @property
    def domain(self) -> Domain:
        """Everything that is known of the running domain.

        Raises:
            LabError: it does not run.
        """
        if self._domain is None:
            raise LabError(
                "the domain controller was not started", remedy="use it as a context manager, or call start()"
            )
        return self._domain

    @property
    def realm(self) -> str:
        """The Kerberos realm."""
        return self._lab_file.domain.realm

    @property
    def base_dn(self) -> str:
        """The domain's distinguished name."""
        return self._lab_file.domain.base_dn

    @property
    def krb5_config(self) -> Path:
        """A krb5.conf that leads to this controller: what KRB5_CONFIG is to name."""
        return self.domain.directory.krb5_config

    @property
    def ldap_url(self) -> str:
        """The directory, to be bound to with GSSAPI."""
        return self.domain.directory.ldap_url

    @property
    def ldaps_url(self) -> str:
        """The directory over TLS, for simple binds; its certificate is signed by `ca_file`."""
        return self.domain.ldaps_url

    @property
    def ca_file(self) -> Path:
        """The certificate of the lab's own authority, PEM."""
        return self.domain.ca_file

    def keytab(self, account: str) -> Path:
        """Return the keytab of an account by its sAMAccountName: `WS01$`, `svc-idp`."""
        return _file_of(self.domain.keytabs, account)

    def password_file(self, account: str) -> Path:
        """Return the file that holds the password of an account, by its sAMAccountName."""
        return _file_of(self.domain.passwords, account)

    def start(self) -> Self:
        """Start the controller and return when it serves."""
        reap(self.get_docker_client().client)
        start = start_domain(DockerLauncher(self), self._lab_file, clock_offset_s=self._clock_offset_s)
        self._domain = self._stack.enter_context(start)
        return self

    def stop(self, force: bool = True, delete_volume: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002
        """Stop the controller and remove whatever it left; the arguments are Testcontainers' own and change nothing."""
        try:
            self._stack.close()
        finally:
            self.get_docker_client().client.close()


def _file_of(files: Mapping[str, Path], account: str) -> Path:
    try:
        return files[account]
    except KeyError:
        raise LabError(
            f"expected an account of the domain, found {account!r}", remedy=f"one of {', '.join(files)}"
        ) from None

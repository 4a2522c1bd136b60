"""A double in a container: the reference identity provider or the Entra double, alone with what it was given."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, Self

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from hybridjoin.lab.docker.client import asking_engine
from hybridjoin.lab.docker.images import doubles_recipe, ensure_image
from hybridjoin.lab.docker.owner import LAB_LABEL, reap
from hybridjoin.lab.docker.plain import describe_plain, published_ports, remove, start_plain, with_files
from hybridjoin.lab.domain import ServerCertificate

PORT = 8443
FOLDER = PurePosixPath("/tmp/given")  # noqa: S108  (in the container, where nobody else is)
PROGRAM = ("python3", "-m", "hybridjoin.doubles")
READY_WITHIN_S = 30
POLL_S = 0.05


class DoubleContainer(DockerContainer):
    """The reference identity provider (`idp`) or the Entra double (`entra`), serving HTTPS from a container.

    The image holds the doubles' own files and Debian's libraries: a double that leaned on the rest of the
    harness would not start there.

    Args:
        double: `idp` or `entra`.
        settings: Its configuration. Each file of this machine that it names is copied into the container.
        certificate: The server's certificate and private key.
        hosts: Addresses of names that the double is to reach, such as the directory's.
        docker_client_kw: What Testcontainers gives its Docker client.

    Raises:
        LabError: No engine answers, or the double does not come up; the end of its log is part of the error.
    """

    def __init__(
        self,
        double: str,
        settings: Mapping[str, object],
        *,
        certificate: ServerCertificate,
        hosts: Mapping[str, str] | None = None,
        docker_client_kw: dict[str, Any] | None = None,
    ) -> None:
        self._double = double
        self._settings = settings
        self._certificate = certificate
        self._hosts = dict(hosts or {})
        self._stack = ExitStack()
        self._served: int | None = None
        with asking_engine("answer"):
            super().__init__(doubles_recipe().tag, docker_client_kw=docker_client_kw)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1 that it is served on."""
        if self._served is None:
            self._served = published_ports(self, self._what)[PORT]
        return self._served

    @property
    def _what(self) -> str:
        return f"the double {self._double!r}"

    def start(self) -> Self:
        """Start the double and return when it serves."""
        client = self.get_docker_client().client
        reap(client)
        self.image = ensure_image(client, doubles_recipe())
        files = Luggage()
        given = {
            "config": files.add("config.json", json.dumps(files.carry(self._settings)).encode()),
            "certfile": files.add("server.pem", self._certificate.certificate.read_bytes()),
            "keyfile": files.add("server.key.pem", self._certificate.private_key.read_bytes()),
        }
        options = [part for name, place in given.items() for part in (f"--{name}", place)]
        self.with_command([self._double, *options, "--host", "0.0.0.0", "--port", str(PORT)])  # noqa: S104
        self.waiting_for(
            LogMessageWaitStrategy('"port"').with_startup_timeout(READY_WITHIN_S).with_poll_interval(POLL_S)
        )
        name = f"hybridjoin-{self._double}-{secrets.token_hex(4)}"
        describe_plain(
            self,
            name=name,
            ports=(PORT,),
            labels={LAB_LABEL: self._double},
            entrypoint=[*with_files(self, files.contents), *PROGRAM],
            extra_hosts=self._hosts,
        )
        self._stack.callback(remove, self, name)
        start_plain(self, self._what)
        return self

    def stop(self, force: bool = True, delete_volume: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002
        """Stop the double and remove its container; the arguments are Testcontainers' own and change nothing."""
        try:
            self._stack.close()
        finally:
            self._served = None
            self.get_docker_client().client.close()


class Luggage:
    """Files on their way into a container: a place there for each, and settings that name those places."""

    def __init__(self) -> None:
        self.contents: dict[PurePosixPath, bytes] = {}

    def add(self, name: str, content: bytes) -> str:
        """Take a file along; return where it will be."""
        place = FOLDER / f"{len(self.contents):02}-{name}"
        self.contents[place] = content
        return str(place)

    def carry(self, value: object) -> object:
        """Return settings whose files are taken along and named by their new places."""
        if isinstance(value, Mapping):
            return {key: self.carry(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.carry(item) for item in value]
        if isinstance(value, str) and value.startswith("/") and (path := Path(value)).is_file():
            return self.add(path.name, path.read_bytes())
        return value

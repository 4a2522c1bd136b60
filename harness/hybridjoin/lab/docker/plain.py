"""Plain containers: no privilege, no added capability, no host network, ports open to this machine only, an owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import cast

from docker.errors import NotFound
from docker.types import LogConfig
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from hybridjoin.errors import LabError
from hybridjoin.lab.docker.client import asking_engine, pack
from hybridjoin.lab.docker.owner import owner_labels

LOCAL_HOSTS = ("127.0.0.1", "localhost")
LOG_LINES = 20
GIVEN = "/given.tar"
REMEDY_REMOTE = "unset DOCKER_HOST, or take the other backend: --lab process"


def describe_plain(
    container: DockerContainer, *, name: str, ports: tuple[int, ...], labels: Mapping[str, str], **more: object
) -> None:
    """Tell a container what all of ours have in common; `more` is docker-py's."""
    container.with_name(name)
    # With testcontainers' own methods a port is open to the network.
    container.ports = cast("dict[str, int | None]", {f"{port}/tcp": (LOCAL_HOSTS[0], None) for port in ports})
    container.with_kwargs(
        labels={**owner_labels(), **labels},
        log_config=LogConfig(type=LogConfig.types.JSON),
        security_opt=["no-new-privileges:true"],
        **more,
    )


def with_files(container: DockerContainer, files: Mapping[PurePosixPath, bytes], *, mode: int = 0o644) -> list[str]:
    """Give a container files, and return what its command is to begin with so that they are in place.

    One archive, unpacked inside: each copy into a container costs the engine some 60 ms.
    """
    with pack(((place.relative_to("/"), content) for place, content in files.items()), mode=mode) as archive:
        container.with_copy_into_container(archive.read(), GIVEN)
    return ["sh", "-c", f'tar --extract --file {GIVEN} --directory / && exec "$@"', "sh"]


def start_plain(container: DockerContainer, what: str) -> None:
    """Start a described container.

    Raises:
        LabError: that fails; the end of its log is told.
    """
    host = container.get_docker_client().host()
    if host not in LOCAL_HOSTS:
        raise LabError(
            f"the Docker engine is on {host}, and ports are published on {LOCAL_HOSTS[0]} there", remedy=REMEDY_REMOTE
        )
    try:
        with asking_engine(f"start {what}"), _without_ryuk():
            # The base class's own: a subclass's start() is what has led here.
            DockerContainer.start(container)
    except (TimeoutError, RuntimeError) as error:
        raise LabError(f"{what} did not start: {error}", log_tail=log_tail(container)) from error


def published_ports(container: DockerContainer, what: str) -> dict[int, int]:
    """Return the port on this machine for each port inside; Testcontainers' own method asks twice for each.

    Raises:
        LabError: the container is gone, or publishes none.
    """
    with asking_engine("name the published ports"):
        container.reload()
    if container.status != "running":
        raise LabError(f"{what} ended as soon as it was started", log_tail=log_tail(container))
    published = container.get_wrapped_container().ports
    found = {
        int(inside.partition("/")[0]): int(place["HostPort"])
        for inside, places in published.items()
        for place in places or ()
    }
    if missing := {int(inside.partition("/")[0]) for inside in container.ports} - set(found):
        raise LabError(f"the engine published no port for {', '.join(map(str, sorted(missing)))} of {what}")
    return found


def log_tail(container: DockerContainer) -> str:
    """Return the last lines that a container has logged."""
    with asking_engine("show a container's log"):
        log = container.get_wrapped_container().logs(tail=LOG_LINES)
    return log.decode("utf-8", "replace")


def remove(container: DockerContainer, name: str) -> None:
    """Remove a container by its name, which is known even where creating it was interrupted."""
    with asking_engine("remove a container"), suppress(NotFound):
        container.get_docker_client().client.api.remove_container(name, force=True, v=True)


@contextmanager
def _without_ryuk() -> Iterator[None]:
    """Start without Testcontainers' reaper, here only: other containers of this process may want it."""
    before = testcontainers_config.ryuk_disabled
    testcontainers_config.ryuk_disabled = True
    try:
        yield
    finally:
        testcontainers_config.ryuk_disabled = before

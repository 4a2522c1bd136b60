"""The docker backend: the domain controller as a container, by way of Testcontainers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hybridjoin.lab.docker.client import engine
from hybridjoin.lab.docker.images import prune_golden_images
from hybridjoin.lab.docker.owner import reap
from hybridjoin.lab.docker.samba_container import SambaDomainController
from hybridjoin.lab.domain import Domain
from hybridjoin.scenario.lab.lab_file import LabFile


class DockerBackend:
    """Runs the domain controller in an unprivileged container."""

    name = "docker"

    @contextmanager
    def start(self, lab_file: LabFile, *, clock_offset_s: int = 0) -> Iterator[Domain]:
        """Run the domain for as long as the context lasts."""
        with SambaDomainController(lab_file, clock_offset_s=clock_offset_s) as controller:
            yield controller.domain

    def prune(self) -> tuple[str, ...]:
        """Remove the containers whose owner was killed, and the images of golden states that are gone."""
        with engine() as client:
            return (*reap(client), *prune_golden_images(client))

"""The docker backend: the domain controller as a container, by way of Testcontainers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.lab.docker_engine import engine
from harness.lab.docker_images import prune_golden_images
from harness.lab.docker_owner import reap
from harness.lab.domain import Domain
from harness.lab.samba_container import SambaDomainController
from harness.scenario.lab_file import LabFile


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

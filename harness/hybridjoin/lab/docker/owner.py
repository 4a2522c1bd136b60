"""Whose container is it? Labels that name the owning process, and the removal of what dead owners left.

Testcontainers leaves this to a container of its own (Ryuk) that has to be pulled and given the engine's
socket. A lab needs neither: samba stops by itself when its owner's connection breaks, and the remains are
found by label at the next start.
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path

import docker
from docker.errors import APIError
from docker.models.containers import Container

from hybridjoin.lab.docker.client import asking_engine
from hybridjoin.lab.state import ProcessMark, mark_of

OWNER_LABEL = "hybridjoin.owner"
BOOT_LABEL = "hybridjoin.boot"
NAMESPACE_LABEL = "hybridjoin.namespace"
LAB_LABEL = "hybridjoin.lab"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
PID_NAMESPACE = Path("/proc/self/ns/pid")


def owner_labels() -> dict[str, str]:
    """Return the labels that mark a container as this process's own: `<pid>:<start time>`, and where that pid holds."""
    mark = mark_of(os.getpid())
    return {OWNER_LABEL: f"{mark.pid}:{mark.started_at:.2f}", **_place()}


def _place() -> dict[str, str]:
    """Name the boot and the pid namespace that our process ids mean something in.

    One engine may serve several of them: a machine and the containers that were given its socket.
    """
    try:
        return {BOOT_LABEL: BOOT_ID.read_text("ascii").strip(), NAMESPACE_LABEL: str(PID_NAMESPACE.readlink())}
    except OSError:
        return {BOOT_LABEL: "", NAMESPACE_LABEL: platform.node()}


def reap(client: docker.DockerClient) -> tuple[str, ...]:
    """Remove the containers of owners that are no more; return their ids."""
    with asking_engine("list its containers"):
        marked = client.containers.list(all=True, filters={"label": OWNER_LABEL}, ignore_removed=True)
    orphans = [container for container in marked if _is_orphan(container)]
    for container in orphans:
        # Another process that starts now may have been quicker.
        with asking_engine("remove an orphaned container"), suppress(APIError):
            container.remove(force=True, v=True)
    return tuple(str(container.short_id) for container in orphans)


def _is_orphan(container: Container) -> bool:
    here = _place()
    if container.labels.get(BOOT_LABEL) != here[BOOT_LABEL]:
        # Its owner went down with the machine.
        return str(container.status) in {"exited", "dead"}
    if container.labels.get(NAMESPACE_LABEL) != here[NAMESPACE_LABEL]:
        return False
    pid, _, started_at = container.labels[OWNER_LABEL].partition(":")
    try:
        mark = ProcessMark(pid=int(pid), started_at=float(started_at))
    except ValueError:
        return False
    return mark.find() is None

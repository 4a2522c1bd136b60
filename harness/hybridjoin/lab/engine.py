"""Is there a Docker engine? A client on PATH says nothing, so the engine itself is asked."""

from __future__ import annotations

import os
import socket
from importlib.util import find_spec
from pathlib import Path

DEFAULT_SOCKET = Path("/var/run/docker.sock")
UNIX_SCHEME = "unix://"
ANSWER_WITHIN_S = 3


def engine_answers() -> bool:
    """Ask the engine that docker's environment variables name for its version; without its client it cannot be."""
    host = os.environ.get("DOCKER_HOST") or f"{UNIX_SCHEME}{DEFAULT_SOCKET}"
    if host.startswith(UNIX_SCHEME) and not _somebody_listens(host.removeprefix(UNIX_SCHEME)):
        return False
    if find_spec("docker") is None:
        return False  # the extra [lab] brings it; a lab of processes does without
    # Imported here: it costs 0.2 s, and most machines without an engine have left already.
    import docker  # noqa: PLC0415
    from docker.errors import DockerException  # noqa: PLC0415

    try:
        client = docker.from_env(timeout=ANSWER_WITHIN_S)
        try:
            client.version()
        finally:
            client.close()
    except (DockerException, OSError):
        return False
    return True


def _somebody_listens(path: str) -> bool:
    """Try a Unix socket ourselves: docker's own client leaves one open behind each connection that fails."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(ANSWER_WITHIN_S)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True

"""Is there a Docker engine? A client on PATH says nothing, so the engine itself is asked."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_SOCKET = Path("/var/run/docker.sock")
ANSWER_WITHIN_S = 3


def engine_answers() -> bool:
    """Ask the engine that docker's environment variables name for its version."""
    if "DOCKER_HOST" not in os.environ and not DEFAULT_SOCKET.exists():
        return False
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

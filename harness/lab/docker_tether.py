"""The line between a running container and its owner: the log comes down it, and when it breaks samba stops.

`samba -i` ends when its standard input does. The engine closes that as soon as the one client attached to
it is gone, however it went: nobody has to be told, and a killed owner leaves no domain controller running.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from docker.models.containers import Container
from docker.utils.socket import frames_iter

ENDS_WITHIN_S = 5.0


class Tether:
    """Attached to a container's standard streams: keeps it alive, and keeps its log in a file here."""

    def __init__(self, container: Container, log_file: Path) -> None:
        if container.client is None or container.id is None:
            raise ValueError("expected a container that an engine knows")
        wanted = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1, "logs": 1}
        self._socket: Any = container.client.api.attach_socket(container.id, params=wanted)
        self._log_file = log_file
        self._thread = threading.Thread(target=self._copy, name=f"log of {container.short_id}", daemon=True)
        self._thread.start()

    def _copy(self) -> None:
        """Copy the log until the container or the engine ends."""
        with self._log_file.open("ab", buffering=0) as log, suppress(OSError):
            for _, chunk in frames_iter(self._socket, tty=False):  # type: ignore[no-untyped-call]
                log.write(chunk)

    def close(self) -> None:
        """Let go; to be called when the container is gone, which ends the log."""
        self._thread.join(ENDS_WITHIN_S)
        # docker-py hangs the reply that it took the socket from on the socket; closing the reply closes both.
        with suppress(OSError):
            self._socket._response.close()  # noqa: SLF001

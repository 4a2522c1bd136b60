"""The line between a running container and its owner: when it breaks samba stops, and the log comes down it.

`samba -i` ends when its standard input does. The engine closes that as soon as the one client attached to
it is gone, however it went: nobody has to be told, and a killed owner leaves no domain controller running.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from docker.models.containers import Container
from urllib3.exceptions import HTTPError

ENDS_WITHIN_S = 5.0


class Lifeline:
    """Holds a container's standard input open, and keeps its log in a file on this side."""

    def __init__(self, container: Container, log_file: Path) -> None:
        if container.client is None or container.id is None:
            raise ValueError("expected a container that an engine knows")
        self._socket: Any = container.client.api.attach_socket(container.id, params={"stdin": 1, "stream": 1})
        # Asked for apart: what was logged before a client attached is not sent to it reliably.
        self._log = container.logs(stream=True, follow=True)
        self._log_file = log_file
        self._thread = threading.Thread(target=self._copy, name=f"log of {container.short_id}", daemon=True)
        self._thread.start()

    def _copy(self) -> None:
        """Copy the log until the container or the engine ends."""
        with self._log_file.open("ab", buffering=0) as log, suppress(OSError, HTTPError):
            for chunk in self._log:
                log.write(chunk)

    def close(self) -> None:
        """Let go. The log ends by itself when its container does, or the engine."""
        # docker-py hangs the reply that it took the socket from on the socket; closing the reply closes both.
        with suppress(OSError):
            self._socket._response.close()  # noqa: SLF001
        self._thread.join(ENDS_WITHIN_S)

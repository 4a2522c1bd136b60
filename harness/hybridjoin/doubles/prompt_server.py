"""uvicorn, as the doubles need it: it says when it listens and ends when it is told to; connections can be cut."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import sys
import threading
import time
from email.utils import formatdate
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

# An AP-REQ with a PAC, base64 in one header line, passes h11's default of 16 KiB with a hundred groups.
HEADER_LIMIT_BYTES = 256 * 1024


class Connection(H11Protocol):
    """One HTTP/1.1 connection: no Nagle delay, roomy headers, and its transport within reach of a fault."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the arguments changed between uvicorns
        super().__init__(*args, **kwargs)
        self.conn = h11.Connection(h11.SERVER, max_incomplete_event_size=HEADER_LIMIT_BYTES)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP is all it serves
        """Switch Nagle's algorithm off: asyncio does it only for sockets that it opened itself."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def abort(self) -> None:
        """Drop the connection at once with a TCP RST instead of a FIN (SO_LINGER with a linger time of zero)."""
        transport = self.transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class PromptServer(uvicorn.Server):
    """A uvicorn that says when it listens and stops the moment it is told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then tell the thread that waits for it."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        """Tick as uvicorn does, but wake as soon as the end is asked for."""
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + 1) % 864_000
            try:
                await asyncio.wait_for(self._wake.wait(), 0.1)
            except asyncio.TimeoutError:  # noqa: UP041 - spelled so for readers of asyncio's own documentation
                continue

    async def on_tick(self, counter: int) -> bool:
        """Renew the Date header once a second, as uvicorn does, past any frozen clock.

        A test may freeze the clock of the whole process for a moment (freezegun), and whoever asks `time.time` in
        another thread just as that ends gets an IndexError: uvicorn ended by it, and whoever came later was refused.
        """
        if counter % 10 == 0:
            date = formatdate(time.clock_gettime(time.CLOCK_REALTIME), usegmt=True).encode("ascii")
            dated = [(b"date", date)] if self.config.date_header else []
            self.server_state.default_headers = [*dated, *self.config.encoded_headers]
        return self.should_exit

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End at once: a fault may hold its answer for minutes, and nobody is left to read it."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        self._abort_connections()
        for _ in range(3):  # TLS needs two turns of the loop to report the loss to the application
            await asyncio.sleep(0)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()

    def _abort_connections(self) -> None:
        """Abort those that the application knows, and those whose TLS has only begun: asyncio does, from 3.13 on."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if sys.version_info >= (3, 13):
            for server in self.servers:
                server.abort_clients()

    def reset(self, peer: tuple[str, int]) -> None:
        """Abort the connection of a client address."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection) and connection.client == peer:
                connection.abort()

    def certificates_of(self, peer: tuple[str, int]) -> list[str]:
        """Return the certificate (PEM) that a client address has shown, if it has shown one."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection) and connection.client == peer:
                shown = connection.transport.get_extra_info("ssl_object").getpeercert(True)  # noqa: FBT003 - its own way
                return [ssl.DER_cert_to_PEM_cert(shown)] if shown else []
        return []

    def end(self) -> None:
        """Ask for the end, from any thread."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

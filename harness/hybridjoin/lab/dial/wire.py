"""TCP proxies that delay, lose and reset: a program of its own, `python -I wire.py`, which needs nothing of ours.

It has to be another process: python-ldap holds the interpreter while libsasl asks the KDC for a ticket, so that a
thread of the same process would never come to pass the question on.

The first line of standard input is a JSON list of proxies, each `{"host", "target": [host, port], "weather": {…}}`; the
answer is a JSON list of ports. At the end of the input, or when it is killed, all of them are gone.
"""

from __future__ import annotations

import json
import random
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from typing import Any, Final

CONNECT_WITHIN_S: Final = 5.0
PIECE: Final = 16 * 1024
LINGER_NOT: Final = struct.pack("ii", 1, 0)


class Proxy:
    """Listens at an address and leads each connection to a target.

    `weather` says what happens on the way, times in seconds: `delay`, `jitter` (up to so much more), `loss` (the chance
    of a piece to get lost: a stream loses nothing, so it comes late by `again`, as after TCP's retransmission),
    `reset_after` (octets of the answer until the connection is reset, or null). The chance is the same in every run.
    """

    def __init__(self, host: str, target: tuple[str, int], weather: dict[str, Any]) -> None:
        self._target = target
        self._weather = weather
        self._chance = random.Random(1)  # noqa: S311 - weather, the same in every run
        self._listener = socket.create_server((host, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Take connections for ever."""
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._target, timeout=CONNECT_WITHIN_S)
        except OSError:
            tear(client)
            return
        server.settimeout(None)
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        forth = threading.Thread(target=self._pump, args=(client, server, None), daemon=True)
        forth.start()
        self._pump(server, client, self._weather["reset_after"])
        forth.join()
        client.close()
        server.close()

    def _pump(self, source: socket.socket, sink: socket.socket, left: int | None) -> None:
        """Pass octets on until either side ends; with `left`, reset the connection once so many have passed."""
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._wait()
                if left is not None:
                    piece, left = piece[:left], max(0, left - len(piece))
                sink.sendall(piece)
                if left == 0:
                    tear(sink)
                    tear(source)
                    return
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _wait(self) -> None:
        late: float = self._weather["delay"] + self._chance.uniform(0, self._weather["jitter"])
        if self._chance.random() < self._weather["loss"]:
            late += self._weather["again"]
        if late:
            time.sleep(late)


def tear(connection: socket.socket) -> None:
    """End a connection with an RST; a thread that still waits on it is woken first."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
    connection.close()


def main() -> None:
    """Serve until the parent hangs up."""
    asked = json.loads(sys.stdin.readline())
    proxies = [Proxy(item["host"], tuple(item["target"]), item["weather"]) for item in asked]
    for each in proxies:
        threading.Thread(target=each.serve, daemon=True).start()
    sys.stdout.write(json.dumps([each.port for each in proxies]) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()

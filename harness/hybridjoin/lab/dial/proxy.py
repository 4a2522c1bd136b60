"""Proxies of the scenario's own in front of real servers, and ports at which nobody answers."""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from hybridjoin.errors import LabError

START_WITHIN_S: Final = 10.0
_PROGRAM: Final = Path(__file__).with_name("wire.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What happens on the way. Times are in seconds; `reset_after` counts octets of the server's answer.

    A stream cannot lose octets: what is lost on the wire is sent again, and comes late by `again`.
    """

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    again: float = 0.2
    reset_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """A server that is to be reached by a proxy at the same host."""

    host: str
    port: int
    weather: Weather = Weather()


@contextmanager
def proxies(*led: Led) -> Iterator[tuple[int, ...]]:
    """Run a proxy for each server in a process of their own, and yield their ports in the order of the servers.

    Raises:
        LabError: they did not come up.
    """
    asked = [
        {
            "host": item.host,
            "target": [item.host, item.port],
            "weather": {name: getattr(item.weather, name) for name in Weather.__slots__},
        }
        for item in led
    ]
    with subprocess.Popen(
        [sys.executable, "-I", str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            stream = cast("IO[str]", process.stdin)
            stream.write(json.dumps(asked) + "\n")
            stream.flush()
            yield tuple(_ports(process))
        finally:
            process.kill()


@contextmanager
def silent_port(host: str) -> Iterator[int]:
    """Hold a port of the host at which nobody listens, for as long as the block lasts: it refuses connections."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.bind((host, 0))
        yield holder.getsockname()[1]


def _ports(process: subprocess.Popen[str]) -> list[int]:
    stream = cast("IO[str]", process.stdout)
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        line = stream.readline() if selector.select(START_WITHIN_S) else ""
    if not line:
        raise LabError("the proxy of the dial did not come up", remedy="try again")
    ports: list[int] = json.loads(line)
    return ports

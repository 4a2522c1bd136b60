"""What is kept to where Microsoft's own services are asked: nothing without leave, and nobody pressed.

Nothing is sent twice by itself, and nothing is slept through: a service that asks to be left alone for some minutes is,
for as long as this process lives, and whoever wants it asked earlier is told when it may be.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.site import Site, is_microsofts
from hybridjoin.protocol.address import take_apart
from hybridjoin.protocol.throttle import asked_to_wait

_HTTPS = 443


class Rests:
    """Which hosts asked to be left alone, and until when."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def heard(self, url: str, reply: HttpReply) -> None:
        """Note what a reply asks for."""
        wait = asked_to_wait(reply)
        if wait is not None:
            self._until[_host(url)] = _monotonic() + wait.seconds

    def demand_awake(self, url: str) -> None:
        """Let nobody be asked who rests.

        Raises:
            LabError: the host asked to be left alone, and the time is not over.
        """
        left = self._until.get(_host(url), 0.0) - _monotonic()
        if left > 0:
            again = datetime.now(UTC) + timedelta(seconds=left)
            raise LabError(
                f"{_host(url)} asked to be left alone for another {left:.0f} s, so it was not asked",
                remedy=f"run this again after {again:%H:%M:%S} UTC",
            )


LIVE: Final = Rests()


def demand_allowed(site: Site, url: str) -> None:
    """Let nothing go to Microsoft's own services that nobody allowed, whoever named the address.

    Raises:
        UsageError: nobody allowed it.
        LabError: the service asked to be left alone.
    """
    parts = take_apart(url)
    host, port = (parts.hostname or "").lower(), parts.port or _HTTPS
    if site.live:
        LIVE.demand_awake(url)
        return
    if is_microsofts(host) and not any((item.host.lower(), item.port) == (host, port) for item in site.connect):
        problem = f"{host} is Microsoft's own service, and nobody allowed that it is asked"
        hint = "--live allows it, for a site whose `entra` names no double"
        raise UsageError(Mistake(place=site.name or host, problem=problem, hint=hint))


def _host(url: str) -> str:
    return take_apart(url).netloc.lower()


def _monotonic() -> float:
    """Read the monotonic clock, past any frozen one."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)

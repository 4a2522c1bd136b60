"""The hands that every client has, whether or not its computer is joined to anything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hybridjoin.device.adapters.apart import Apart, Late
from hybridjoin.device.adapters.clock import Clock, new_id
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.driver import Sent
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.errors import LabError
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.reading import Reading
from hybridjoin.model.steps import Step

_BESIDE_THE_PEER_S: Final = 10.0
"""What an exchange may take besides the peer's own limit: a name server's answer, a KDC's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireHands:
    """What every client has, whether or not its computer is joined to anything: a clock, chance and HTTP.

    Exchanges are made `apart`, in a thread that nobody has to wait for.
    """

    clock: Clock
    http: Http
    apart: Apart

    def now(self) -> datetime:
        """Read the client's clock."""
        return self.clock.now()

    def begin(self, step: Step) -> datetime:  # noqa: ARG002 - every step begins by the same clock
        """Read the client's clock as an exchange begins."""
        return self.clock.now()

    def new_id(self) -> uuid.UUID:
        """Make an identifier."""
        return new_id()

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        """Make an HTTP exchange; the peer's own silence is told by its limit, before ours is over.

        Raises:
            LabError: neither an answer came nor its limit was kept: it hangs at a name server or a KDC.
        """
        limit_s = self.http.limit_s + _BESIDE_THE_PEER_S
        try:
            return self.apart.call(
                lambda: self.http.send(request, as_computer=as_computer, manner=manner), limit_s=limit_s
            )
        except Late:
            raise LabError(
                f"{request.method} {request.url} hung for {limit_s:g} s, longer than any server may take",
                remedy="look whether the KDC and the name server answer this machine",
            ) from None

    def read(self, need: Read) -> Reading:
        """Read secret octets."""
        return read(need)

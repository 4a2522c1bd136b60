"""The hands that every client has, whether or not its computer is joined to anything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from hybridjoin.device.adapters.clock import Clock, new_id
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.driver import Sent
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.reading import Reading
from hybridjoin.model.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class WireHands:
    """What every client has, whether or not its computer is joined to anything: a clock, chance and HTTP."""

    clock: Clock
    http: Http

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
        """Make an HTTP exchange."""
        return self.http.send(request, as_computer=as_computer, manner=manner)

    def read(self, need: Read) -> Reading:
        """Read secret octets."""
        return read(need)

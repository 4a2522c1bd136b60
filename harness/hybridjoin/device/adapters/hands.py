"""The hands of one device at one site: a clock, a ticket cache, a directory connection, HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.clock import KEY_RING, Clock, KeyRing, new_id
from hybridjoin.device.adapters.dialing import address_book
from hybridjoin.device.adapters.directory import DirectoryClient
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.driver import Hands, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.model.exchange import HttpRequest, SearchReply, SearchRequest, TicketReply, TicketRequest
from hybridjoin.model.reading import Reading
from hybridjoin.model.site import DeviceAccount, Site
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHands(WireHands):
    """A joined computer's hands: everything they touch belongs to this device alone."""

    keys: KeyRing
    kerberos: Kerberos
    directory: DirectoryClient

    def new_key(self) -> RSAPrivateKey:
        """Make an RSA-2048 key."""
        return self.keys.take()

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Get a service ticket into the device's cache."""
        return self.kerberos.ticket(request)

    def search(self, request: SearchRequest) -> SearchReply:
        """Search the directory."""
        return self.directory.search(request)


@contextmanager
def open_hands(site: Site, account: DeviceAccount, habits: Habits) -> Iterator[Hands]:
    """Open a device's hands; its tickets and connections are gone when the block ends."""
    with ExitStack() as stack:
        kerberos = stack.enter_context(Kerberos(account, site.directory, time_sync=habits.kerberos_time_sync))
        yield DeviceHands(
            clock=Clock(offset_s=habits.clock_offset_s),
            keys=KEY_RING,
            kerberos=kerberos,
            directory=stack.enter_context(
                DirectoryClient(site.directory, kerberos, limit_s=habits.timeout_s, dialled=address_book(site.connect))
            ),
            http=stack.enter_context(
                Http(site, kerberos, limit_s=habits.timeout_s, mutual_authentication=habits.mutual_authentication)
            ),
        )

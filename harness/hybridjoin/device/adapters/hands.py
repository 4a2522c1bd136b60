"""The hands of one device at one site: a clock, a ticket cache, a directory connection, HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.clock import KEY_RING, Clock, KeyRing
from hybridjoin.device.adapters.dialing import address_book
from hybridjoin.device.adapters.directory import LEAST_LIMIT_S, DirectoryClient
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.adapters.wire_hands import WireHands
from hybridjoin.device.driver import Hands
from hybridjoin.device.habits import Habits
from hybridjoin.model.exchange import SearchReply, SearchRequest, TicketReply, TicketRequest
from hybridjoin.model.site import DeviceAccount, Site


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
                DirectoryClient(
                    site.directory,
                    kerberos,
                    limit_s=max(habits.timeout_s, LEAST_LIMIT_S),
                    dialled=address_book(site.connect),
                )
            ),
            http=stack.enter_context(
                Http(site, kerberos, limit_s=habits.timeout_s, mutual_authentication=habits.mutual_authentication)
            ),
        )

"""The hands of one device at one site: a clock, a ticket cache, a directory connection, HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.apart import Apart, Late
from hybridjoin.device.adapters.clock import KEY_RING, Clock, KeyRing
from hybridjoin.device.adapters.device_store import keep_device
from hybridjoin.device.adapters.dialing import address_book
from hybridjoin.device.adapters.directory import LEAST_LIMIT_S, DirectoryClient
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.adapters.machine_keys import MACHINE_KEYS, MachineKeys
from hybridjoin.device.adapters.wire_hands import WireHands
from hybridjoin.device.driver import Changed, Hands
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Read, ReadDeviceKey
from hybridjoin.errors import LabError
from hybridjoin.in_memory import forbid_core_dumps
from hybridjoin.model.exchange import (
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.reading import DeviceKeyReading, Reading
from hybridjoin.model.site import DeviceAccount, Site

_TO_TELL_S: Final = 1.0
"""Whoever keeps a limit of its own says more of what it waited for: it goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHands(WireHands):
    """A joined computer's hands: everything they touch belongs to this device alone.

    The key and certificate of its registration are kept where its account says so.
    """

    keys: KeyRing
    kerberos: Kerberos
    directory: DirectoryClient
    account: DeviceAccount
    own_keys: MachineKeys

    def new_key(self) -> RSAPrivateKey:
        """Make an RSA-2048 key."""
        return self.keys.take()

    def machine_key(self) -> RSAPrivateKey:
        """Return the key of the computer's own certificate."""
        return self.own_keys.of(self.account)

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Get a service ticket into the device's cache.

        Raises:
            LabError: the KDC lets us wait; libkrb5 has no limit of its own.
        """
        limit_s = self.directory.limit_s + _TO_TELL_S
        try:
            return self.apart.call(lambda: self.kerberos.ticket(request), limit_s=limit_s)
        except Late:
            raise LabError(
                f"a ticket for {request.spn}: the KDC gave no answer within {limit_s:g} s",
                remedy="look whether the domain controller runs and is not held up (lab status)",
            ) from None

    def read(self, need: Read) -> Reading:
        """Read secret octets; a certificate for a key of ours is kept with it, where that was asked for.

        Raises:
            LabError: it cannot be kept.
        """
        reading = WireHands.read(self, need)
        ours = isinstance(reading, DeviceKeyReading) and reading.ours
        if self.account.kept_in is not None and isinstance(need, ReadDeviceKey) and ours:
            keep_device(self.account.kept_in, certificate=need.certificate, key=need.key)
        return reading

    def search(self, request: SearchRequest) -> SearchReply:
        """Search the directory.

        Raises:
            LabError: it lets us wait, in its TLS or its bind: libldap knows no limit there.
        """
        limit_s = self.directory.limit_s + _TO_TELL_S
        try:
            return self.apart.call(lambda: self.directory.search(request), limit_s=limit_s)
        except Late:
            raise self.directory.mute(limit_s) from None

    def modify(self, request: ModifyRequest) -> Changed:
        """Change an object in the directory.

        Raises:
            LabError: it lets us wait, as in a search.
        """
        limit_s = self.directory.limit_s + _TO_TELL_S
        try:
            reply = self.apart.call(lambda: self.directory.modify(request), limit_s=limit_s)
        except Late:
            raise self.directory.mute(limit_s) from None
        return Changed(request=request, reply=reply)


@contextmanager
def open_hands(site: Site, account: DeviceAccount, habits: Habits, *, password: str | None = None) -> Iterator[Hands]:
    """Open a device's hands; its tickets and connections are gone when the block ends.

    `password` logs an account on that has no keytab.
    """
    forbid_core_dumps()
    opened = ExitStack()
    kerberos = opened.enter_context(
        Kerberos(account, site.directory, time_sync=habits.kerberos_time_sync, password=password)
    )
    limit_s = max(habits.timeout_s, LEAST_LIMIT_S)
    apart = Apart(f"hands of {account.name}")
    try:
        yield DeviceHands(
            clock=Clock(offset_s=habits.clock_offset_s),
            keys=KEY_RING,
            kerberos=kerberos,
            directory=opened.enter_context(
                DirectoryClient(site.directory, kerberos, limit_s=limit_s, dialled=address_book(site.connect))
            ),
            http=opened.enter_context(
                Http(site, kerberos, limit_s=habits.timeout_s, mutual_authentication=habits.mutual_authentication)
            ),
            apart=apart,
            account=account,
            own_keys=MACHINE_KEYS,
        )
    finally:
        apart.close(opened.close)

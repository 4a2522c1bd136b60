"""The one door to the wire's hands: their libraries are compiled, and a replay or a pure test has no use for them."""

from __future__ import annotations

from contextlib import AbstractContextManager

from hybridjoin.device.driver import Hands
from hybridjoin.device.habits import Habits
from hybridjoin.extras import extras_named
from hybridjoin.model.site import DeviceAccount, Site


def open_hands(
    site: Site, account: DeviceAccount, habits: Habits, *, password: str | None = None
) -> AbstractContextManager[Hands]:
    """Open a device's hands, as `hybridjoin.device.adapters.hands` does; raise LabError where [device] is missing."""
    with extras_named():
        from hybridjoin.device.adapters import hands  # noqa: PLC0415 - loads gssapi, krb5 and python-ldap
    return hands.open_hands(site, account, habits, password=password)

"""How a device behaves in a scenario: as Windows does, but for what the scenario bends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hybridjoin.device.habits import Habits, RstShape, WindowsBuild
from hybridjoin.protocol.client_shape import find_shape
from hybridjoin.protocol.mex import Trust
from hybridjoin.scenario.scenario import DeviceSettings


def habits_of(device: DeviceSettings) -> Habits:
    """Return the device's habits, Windows' own where the scenario bends nothing.

    A clock that is off is no habit: the provider bends everybody else's the other way, Kerberos included.
    """
    build = WindowsBuild(device.windows) if device.windows is not None else None
    bent = {
        "fallback_to_sync_join": device.fallback,
        "trust": Trust(device.trust) if device.trust is not None else None,
        "rst_shape": RstShape(device.rst_shape) if device.rst_shape is not None else None,
        "client_side_scp": device.client_side_scp,
        "kerberos_time_sync": device.kerberos_time_sync,
        "mutual_authentication": device.mutual_authentication,
        "timeout_s": device.timeout_s,
        "build": build,
        "os_version": build.os_version if build is not None else None,
        "user_agent": device.user_agent,
        "client_sku": device.client_sku,
        "shape": find_shape(device.shape) if device.shape is not None else None,
    }
    chosen: dict[str, Any] = {name: value for name, value in bent.items() if value is not None}
    return replace(Habits(), **chosen)

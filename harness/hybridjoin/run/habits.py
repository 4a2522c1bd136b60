"""How a device behaves in a scenario: as Windows does, but for what the scenario bends."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.device.habits import Habits, RstShape, WindowsBuild
from hybridjoin.protocol.mex import Trust
from hybridjoin.scenario.scenario import DeviceSettings


def habits_of(device: DeviceSettings) -> Habits:
    """Return the device's habits, Windows' own where the scenario bends nothing.

    A clock that is off is no habit: the provider bends everybody else's the other way, Kerberos included.
    """
    habits = Habits(client_side_scp=device.client_side_scp)
    if device.fallback is not None:
        habits = replace(habits, fallback_to_sync_join=device.fallback)
    if device.trust is not None:
        habits = replace(habits, trust=Trust(device.trust))
    if device.rst_shape is not None:
        habits = replace(habits, rst_shape=RstShape(device.rst_shape))
    if device.kerberos_time_sync is not None:
        habits = replace(habits, kerberos_time_sync=device.kerberos_time_sync)
    if device.mutual_authentication is not None:
        habits = replace(habits, mutual_authentication=device.mutual_authentication)
    if device.timeout_s is not None:
        habits = replace(habits, timeout_s=device.timeout_s)
    if device.windows is not None:
        habits = _on(WindowsBuild(device.windows), habits)
    if device.user_agent is not None:
        habits = replace(habits, user_agent=device.user_agent)
    return habits


def _on(build: WindowsBuild, habits: Habits) -> Habits:
    return replace(habits, build=build, os_version=build.os_version)

"""What a scenario may bend in the device's behaviour; the defaults are Windows'."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.protocol.mex import Trust


class RstShape(StrEnum):
    """Whose RequestSecurityToken we imitate (protocol reference, section 5.3)."""

    WINDOWS = "windows"
    MSAL = "msal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How this device behaves.

    `trust` restricts the endpoint choice to one WS-Trust version; `client_side_scp` is the registry's
    (TenantName, TenantId), which wins over AD; `clock_offset_s` is how far the device's clock is ahead;
    `kerberos_time_sync` lets the Kerberos client follow the KDC's clock as Windows does.
    """

    fallback_to_sync_join: bool = True
    trust: Trust | None = None
    rst_shape: RstShape = RstShape.WINDOWS
    client_side_scp: tuple[str, str] | None = None
    clock_offset_s: int = 0
    kerberos_time_sync: bool = False
    timeout_s: float = 20.0
    os_version: str = "10.0.19045.4046"

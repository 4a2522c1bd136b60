"""What a scenario may bend in the device's behaviour; the defaults are Windows'."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from hybridjoin.model.circumstances import HabitFacts
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
    `kerberos_time_sync` lets the Kerberos client follow the KDC's clock as Windows does; `mutual_authentication` ends
    the exchange with a server that took the ticket and did not prove who it is: whether Windows does is not known, and
    acceptors that send no proof are at work with it (gokrb5, Keycloak up to 26.7).
    """

    fallback_to_sync_join: bool = True
    trust: Trust | None = None
    rst_shape: RstShape = RstShape.WINDOWS
    client_side_scp: tuple[str, str] | None = None
    clock_offset_s: int = 0
    kerberos_time_sync: bool = False
    mutual_authentication: bool = False
    timeout_s: float = 20.0
    os_version: str = "10.0.19045.4046"

    @property
    def facts(self) -> HabitFacts:
        """The habits as a record keeps them."""
        return HabitFacts(
            fallback_to_sync_join=self.fallback_to_sync_join,
            trust=self.trust.value if self.trust else None,
            rst_shape=self.rst_shape.value,
            client_side_scp=self.client_side_scp,
            clock_offset_s=self.clock_offset_s,
            kerberos_time_sync=self.kerberos_time_sync,
            mutual_authentication=self.mutual_authentication,
            timeout_s=self.timeout_s,
            os_version=self.os_version,
        )

    @classmethod
    def of(cls, facts: HabitFacts) -> Self:
        """Take habits over from a record.

        Raises:
            ValueError: the record was written by a version that knows other words.
        """
        return cls(
            fallback_to_sync_join=facts.fallback_to_sync_join,
            trust=Trust(facts.trust) if facts.trust is not None else None,
            rst_shape=RstShape(facts.rst_shape),
            client_side_scp=facts.client_side_scp,
            clock_offset_s=facts.clock_offset_s,
            kerberos_time_sync=facts.kerberos_time_sync,
            mutual_authentication=facts.mutual_authentication,
            timeout_s=facts.timeout_s,
            os_version=facts.os_version,
        )

"""What a scenario may bend in the device's behaviour; the defaults are Windows'."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from hybridjoin.model.circumstances import HabitFacts
from hybridjoin.model.exchange import Headers
from hybridjoin.model.site import DeviceAccount
from hybridjoin.protocol.client_shape import MSAL_PYTHON, ClientShape, find_shape
from hybridjoin.protocol.mex import Trust

# Seen in the logs of an identity provider and in public clients that pose as Windows; whether the join's own requests
# carry it, and not only a signed-in user's, nobody has published.
USER_AGENT = "Windows-AzureAD-Authentication-Provider/1.0"


class WindowsBuild(StrEnum):
    """Whose screens are drawn, and whose version the registration service is told."""

    WINDOWS_10_22H2 = "10-22h2"
    WINDOWS_11_24H2 = "11-24h2"

    @property
    def newer(self) -> bool:
        """Whether its screens have the rows of Windows 11 24H2, and it asks the registration service as that does."""
        return self is WindowsBuild.WINDOWS_11_24H2

    @property
    def os_version(self) -> str:
        """The version that the device tells the registration service."""
        return "10.0.19045.4046" if self is WindowsBuild.WINDOWS_10_22H2 else "10.0.26100.6584"


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
    acceptors that send no proof are at work with it (gokrb5, Keycloak up to 26.7). `user_agent` is what the token
    client calls itself to the IdP and to the login service: Windows' own name where it is None, none where it is empty.
    `client_sku` is what a library names itself to Entra (`x-client-SKU`), by which the realm of a user may change.
    `shape` is the library whose requests a person sends.
    """

    fallback_to_sync_join: bool = True
    trust: Trust | None = None
    rst_shape: RstShape = RstShape.WINDOWS
    client_side_scp: tuple[str, str] | None = None
    clock_offset_s: int = 0
    kerberos_time_sync: bool = False
    mutual_authentication: bool = False
    timeout_s: float = 20.0
    build: WindowsBuild = WindowsBuild.WINDOWS_10_22H2
    os_version: str = WindowsBuild.WINDOWS_10_22H2.os_version
    user_agent: str | None = None
    client_sku: str = ""
    shape: ClientShape = MSAL_PYTHON

    @property
    def agent(self) -> str:
        """What the token client calls itself; empty where it does not."""
        return USER_AGENT if self.user_agent is None else self.user_agent

    @property
    def agent_header(self) -> Headers:
        """The header of every request of the token client."""
        return (("User-Agent", self.agent),) if self.agent else ()

    @property
    def sku_header(self) -> Headers:
        """The header of a library's requests to Entra, where it names itself."""
        return (("x-client-SKU", self.client_sku),) if self.client_sku else ()

    def on(self, account: DeviceAccount) -> Self:
        """Return the habits with what the site says of this computer, where nobody has said otherwise."""
        return self.called(account.user_agent)

    def called(self, agent: str | None) -> Self:
        """Return the habits of a client that calls itself so, where nobody has said otherwise."""
        return self if self.user_agent is not None else replace(self, user_agent=agent)

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
            windows=self.build.value,
            user_agent=self.agent,
            client_sku=self.client_sku,
            shape=self.shape.name,
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
            build=WindowsBuild(facts.windows),
            user_agent=facts.user_agent,
            client_sku=facts.client_sku,
            shape=find_shape(facts.shape),
        )

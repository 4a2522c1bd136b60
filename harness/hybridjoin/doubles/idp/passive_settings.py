"""How the passive door is set up: who is let in by a ticket, what else it can do, and where its form posts to."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.doubles.settings import Reader

LOGIN_SRF = "https://login.microsoftonline.com/login.srf"
DOORS = ("both", "integrated", "form")
FACTORS = ("none", "claim", "method")
# Get-AdfsProperties, WIASupportedUserAgents: what AD FS comes with, and what administrators add for Edge and Chrome.
ADFS_AGENTS = (
    "MSAuthHost/1.0/In-Domain", "MSIE 6.0", "MSIE 7.0", "MSIE 8.0", "MSIE 9.0", "MSIE 10.0", "Trident/7.0", "MSIPC",
    "Windows Rights Management Client", "Mozilla/5.0 (Windows NT", "Mozilla/5.0 (X11; Linux",
)  # fmt: skip
ANYBODY = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveSettings:
    """The passive door.

    `door` says whether a ticket is asked for, a name and a password, or either; `agents` are beginnings or pieces of
    the User-Agents that a ticket is asked of. `factors` says whether a second factor is told where one was wanted: not
    at all, by the claim authnmethodsreferences, or by the AuthenticationMethod. `reply_url` is where the form posts to.
    """

    door: str
    agents: tuple[str, ...]
    factors: str
    reply_url: str

    def asks_for_a_ticket(self, agent: str) -> bool:
        """Say whether a browser that calls itself so is asked for a ticket."""
        return self.door != "form" and any(item in agent for item in self.agents)


def read_passive(reader: Reader, profile: str) -> PassiveSettings:
    """Read the setting `passive`, of which everything may be left out."""
    agents = ADFS_AGENTS if profile == "adfs" else ANYBODY
    found = reader.optional("passive", lambda inner: _read(inner, agents))
    return found or PassiveSettings(door=DOORS[0], agents=agents, factors=FACTORS[0], reply_url=LOGIN_SRF)


def _read(reader: Reader, agents: tuple[str, ...]) -> PassiveSettings:
    return PassiveSettings(
        door=reader.choice("door", DOORS, default=DOORS[0]),
        agents=reader.texts("agents", default=agents),
        factors=reader.choice("factors", FACTORS, default=FACTORS[0]),
        reply_url=reader.text("reply_url", default=LOGIN_SRF),
    )

"""A scenario as plain data: what is bent, and each expectation with the place where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from hybridjoin.model.flows import HYBRID_JOIN

Settings = Mapping[str, object]
"""What is bent about a double, as plain data with the keys that the double reads; it is never changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """Which computer joins and what is bent in its habits; None leaves Windows' own."""

    name: str = "WS01"
    fallback: bool | None = None
    trust: str | None = None
    rst_shape: str | None = None
    client_side_scp: tuple[str, str] | None = None
    kerberos_time_sync: bool | None = None
    mutual_authentication: bool | None = None
    timeout_s: float | None = None
    windows: str | None = None
    user_agent: str | None = None
    client_sku: str | None = None
    shape: str | None = None
    clock_offset_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSettings:
    """Who signs in by name and password.

    `password` is what somebody typed; where it is None, the place knows the person's own. `wrong` bends it on purpose.
    `by_ticket` says that a browser shows a Kerberos ticket instead, `prompt` what its program asks Entra to ask for.
    """

    name: str
    password: str | None = field(default=None, repr=False)
    wrong: bool = False
    by_ticket: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeSettings:
    """What is bent in the console of a bridge; None leaves what the place has set up.

    `secret` says what was pasted as client secret, `discovery` which metadata document, by a short name or its address.
    """

    client_id: str | None = None
    secret: str = "right"
    discovery: str | None = None
    redirect_uri: str | None = None
    scopes: tuple[str, ...] = ()
    response_mode: str = "query"
    secret_by: str = "post"
    pkce: bool = False
    groups_from: str = "id-token"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationSettings:
    """What a person has a device registered as, by the word for the JoinType, and whether a first logon follows.

    `computer` is the name that the device gives itself.
    """

    join_type: str = "joined"
    computer: str = "LAPTOP-01"
    first_logon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """A row of the dial that is chosen, all its options settled."""

    name: str
    options: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How the scheduled task tries again; `synced_after_s` counts from the first attempt, as every time here."""

    every_s: float
    synced_after_s: float
    most: int


class Expected(StrEnum):
    """What an expectation is about."""

    JOIN = "join"
    SIGN_IN = "sign_in"
    LEAVE = "leave"
    REGISTRATION = "registration"
    PHASE = "phase"
    STEP = "step"
    REASON = "reason"
    CODE = "code"
    AADSTS = "aadsts"
    FAULT = "fault"
    KERBEROS = "kerberos"
    HTTP_STATUS = "http_status"
    SERVER_MESSAGE = "server_message"
    HEARD = "heard"
    ATTEMPTS = "attempts"
    TRUST = "trust"
    TICKET_ETYPE = "ticket_etype"
    TICKET_KVNO = "ticket_kvno"
    FALLBACK_STEP = "fallback.step"
    FALLBACK_CODE = "fallback.code"
    FALLBACK_REASON = "fallback.reason"
    CLAIM_STATE = "claim.is"
    CLAIM_NAMESPACE = "claim.namespace"
    CLAIM_VALUES = "claim.equals"
    CLAIM_MISTAKE = "claim.mistake"
    VERDICT = "verdict"
    OTHER_VERDICTS = "other_verdicts"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One line of `expect:`; `target` is the claim or requirement, `wanted` what must be there, `place` the line."""

    about: Expected
    wanted: tuple[str, ...]
    place: str
    target: str = ""

    @property
    def name(self) -> str:
        """How the expectation is called in reports, as its path in the file."""
        if self.about.value.startswith("claim."):
            return f"claims.{self.target}.{self.about.value.removeprefix('claim.')}"
        if self.about is Expected.VERDICT:
            return f"verdicts.{self.target}"
        return self.about.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario, a matrix already written out.

    `lab` and `site` are the files named in it, already resolved, or None for whatever the run was
    started with. `flow` is what the device does, by the name of a table of steps. `places` says where in the file
    the names stand that are held against other files and the place: `id`, `device`, `user`, `host`, `dial`; see
    `place_of`.
    """

    id: str
    title: str
    file: str
    line: int
    expectations: tuple[Expectation, ...]
    tags: tuple[str, ...] = ()
    lab: Path | None = None
    site: Path | None = None
    flow: str = HYBRID_JOIN.name
    device: DeviceSettings = DeviceSettings()
    user: UserSettings | None = None
    bridge: BridgeSettings = BridgeSettings()
    registration: RegistrationSettings = RegistrationSettings()
    idp: Settings = field(default_factory=dict)
    entra: Settings = field(default_factory=dict)
    dial: tuple[Bend, ...] = ()
    retries: Retries | None = None
    places: Mapping[str, str] = field(default_factory=dict)

    def place_of(self, name: str) -> str:
        """Return the `file:line:column` of a name, or of the scenario where the name is not written in it."""
        return self.places.get(name, f"{self.file}:{self.line}:1")

    @property
    def bends_the_site(self) -> bool:
        """Whether it needs doubles that can be set up, not only a device."""
        return bool(self.idp or self.entra or self.dial or self.retries)

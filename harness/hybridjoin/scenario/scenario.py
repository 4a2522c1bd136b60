"""A scenario as plain data: what is bent, and each expectation with the place where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultUse:
    """A named misbehaviour of a double, with its options."""

    name: str
    options: tuple[tuple[str, Scalar | tuple[Scalar, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """Which computer joins and what is bent in its habits; None leaves Windows' own."""

    name: str = "WS01"
    fallback: bool | None = None
    trust: str | None = None
    rst_shape: str | None = None
    client_side_scp: tuple[str, str] | None = None
    kerberos_time_sync: bool | None = None
    timeout_s: float | None = None
    clock_offset_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChange:
    """What the IdP does with one attribute of its profile; None leaves the profile's own."""

    claim: str
    drop: bool = False
    duplicate: bool = False
    name: str | None = None
    namespace: str | None = None
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraClaim:
    """An attribute that the profile does not have."""

    name: str
    namespace: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpSettings:
    """How the lab's identity provider is set up; None leaves the lab's own."""

    profile: str | None = None
    host: str | None = None
    mex: str | None = None
    trust_versions: tuple[str, ...] | None = None
    issuer: str | None = None
    issuer_id: str | None = None
    audience: str | None = None
    lifetime_s: float | None = None
    external_id: str | None = None
    claims: tuple[ClaimChange, ...] = ()
    extra_claims: tuple[ExtraClaim, ...] = ()
    subject_value: str | None = None
    subject_format: str | None = None
    faults: tuple[FaultUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraSettings:
    """How the Entra double is set up; None leaves the lab's own."""

    source_anchor: str | None = None
    authentication: str | None = None
    issuer_uri: str | None = None
    metadata_exchange_uri: str | None = None
    exclude: tuple[str, ...] = ()
    faults: tuple[FaultUse, ...] = ()


class Expected(StrEnum):
    """What an expectation is about."""

    JOIN = "join"
    PHASE = "phase"
    STEP = "step"
    REASON = "reason"
    CODE = "code"
    AADSTS = "aadsts"
    FAULT = "fault"
    KERBEROS = "kerberos"
    HTTP_STATUS = "http_status"
    SERVER_MESSAGE = "server_message"
    TRUST = "trust"
    TICKET_ETYPE = "ticket_etype"
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
    started with.
    """

    id: str
    title: str
    file: str
    line: int
    expectations: tuple[Expectation, ...]
    tags: tuple[str, ...] = ()
    lab: Path | None = None
    site: Path | None = None
    device: DeviceSettings = DeviceSettings()
    idp: IdpSettings = IdpSettings()
    entra: EntraSettings = EntraSettings()

    @property
    def bends_the_site(self) -> bool:
        """Whether it needs doubles that can be set up, not only a device."""
        return self.idp != IdpSettings() or self.entra != EntraSettings()

"""The named misbehaviours of the Entra double, as data: what a scenario may ask for, and with which options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ENDPOINTS = ("realm", "discover", "token", "join", "sync-join")


class Area(StrEnum):
    """The part of Entra that misbehaves; `transport` may strike at any endpoint."""

    TRANSPORT = "transport"
    REALM = "realm"
    DISCOVER = "discover"
    TOKEN = "token"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One misbehaviour: `sentence` says what a client sees, `options` their names and defaults."""

    name: str
    sentence: str
    area: Area
    options: Mapping[str, object] = field(default_factory=dict)

    def problem(self, option: str, value: object) -> str:
        """Say why an option cannot have this value, or nothing."""
        if option not in self.options:
            return f"unknown option; this fault has {', '.join(self.options) or 'none'}"
        if option == "where":
            wrong = value if not isinstance(value, list | tuple) else [item for item in value if item not in ENDPOINTS]
            return f"expected a list out of {', '.join(ENDPOINTS)}, found {value!r}" if wrong or not value else ""
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            return f"expected a number, found {value!r}"
        if option == "status" and not (isinstance(value, int) and 500 <= value <= 599):
            return f"expected a status from 500 to 599, found {value!r}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultChoice:
    """A fault that is switched on, with its options filled in."""

    fault: Fault
    options: Mapping[str, object]

    @property
    def name(self) -> str:
        """The fault's name."""
        return self.fault.name

    def strikes(self, endpoint: str) -> bool:
        """Whether a transport fault is meant for this endpoint."""
        where = self.options.get("where", ())
        return self.fault.area is Area.TRANSPORT and isinstance(where, list | tuple) and endpoint in where

    def seconds(self, option: str) -> float:
        """Return an option that is a number."""
        value = self.options.get(option, 0)
        return float(value) if isinstance(value, int | float) else 0.0


_EVERYWHERE = list(ENDPOINTS)

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(
            name="throttled",
            sentence="The service answers 429 with Retry-After and asks to come back later.",
            area=Area.TRANSPORT,
            options={"where": ["join", "sync-join"], "retry_after_s": 300},
        ),
        Fault(
            name="server-error",
            sentence="The service answers with a 5xx status (503 is what Windows calls DSREG_SERVER_BUSY).",
            area=Area.TRANSPORT,
            options={"where": ["discover"], "status": 503},
        ),
        Fault(
            name="proxy-page",
            sentence="A proxy answers 200 with an HTML sign-in page in the service's place.",
            area=Area.TRANSPORT,
            options={"where": ["discover"]},
        ),
        Fault(
            name="truncated-answer",
            sentence="The JSON of the answer breaks off in the middle.",
            area=Area.TRANSPORT,
            options={"where": ["token"]},
        ),
        Fault(
            name="slow-answer",
            sentence="The answer comes late.",
            area=Area.TRANSPORT,
            options={"where": _EVERYWHERE, "delay_s": 5},
        ),
        Fault(
            name="no-answer",
            sentence="The request is taken and never answered.",
            area=Area.TRANSPORT,
            options={"where": ["token"], "limit_s": 60},
        ),
        Fault(
            name="connection-reset",
            sentence="The connection is torn down with a TCP reset instead of an answer.",
            area=Area.TRANSPORT,
            options={"where": ["token"]},
        ),
        Fault(
            name="realm-unknown",
            sentence="User realm discovery knows none of the tenant's domains.",
            area=Area.REALM,
        ),
        Fault(
            name="realm-without-metadata-url",
            sentence="The federated realm's answer lacks federation_metadata_url.",
            area=Area.REALM,
        ),
        Fault(
            name="tenant-unknown",
            sentence="Discover does not find the tenant, as with a mistyped service connection point.",
            area=Area.DISCOVER,
        ),
        Fault(
            name="another-correlation-id",
            sentence="The token endpoint's error carries a correlation id that is not the caller's.",
            area=Area.TOKEN,
        ),
        Fault(
            name="certificate-of-another-key",
            sentence="The device certificate is for a key that the device never sent.",
            area=Area.CERTIFICATE,
        ),
        Fault(
            name="certificate-of-another-device",
            sentence="The device certificate names another device id.",
            area=Area.CERTIFICATE,
        ),
        Fault(
            name="certificate-of-another-tenant",
            sentence="The device certificate's tenant extension names another tenant.",
            area=Area.CERTIFICATE,
        ),
        Fault(
            name="certificate-expired",
            sentence="The device certificate's validity ended yesterday.",
            area=Area.CERTIFICATE,
        ),
        Fault(
            name="wrong-thumbprint",
            sentence="The reply's Thumbprint is not that of its RawBody.",
            area=Area.CERTIFICATE,
        ),
    )
}

"""A device that leaves: who it is says the certificate that it shows in the TLS handshake ([MS-DVRJ] 3.1.5.1.2)."""

from __future__ import annotations

import ssl
import uuid

from hybridjoin.doubles.entra.errors import JoinRefused
from hybridjoin.doubles.entra.join_rules import AUTHENTICATION, JoinRule
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.tenant import Device, Tenant

_DVRJ = "[MS-DVRJ] Device Registration Join Protocol, 3.1.5.1.2.3"
_STATUS = "The status is the specification's; its error type and text are implementation-specific, and assumed."


def _rule(rule_id: str, trigger: str, message: str, certainty: Certainty, reasoning: str) -> JoinRule:
    return JoinRule(
        id=rule_id, trigger=trigger, error_type=AUTHENTICATION, message=message, source=_DVRJ, certainty=certainty,
        status=401, federated=False, synchronized=False, reasoning=reasoning,
    )  # fmt: skip


LEAVE_RULES: tuple[JoinRule, ...] = (
    _rule(
        "leave-no-certificate", "No client certificate was shown in the TLS handshake.",
        "The request shows no device certificate.", Certainty.DOCUMENTED, _STATUS,
    ),
    _rule(
        "leave-unknown-certificate", "No device of the tenant has the certificate that was shown.",
        "The device certificate belongs to no device.", Certainty.DOCUMENTED,
        f"{_STATUS} So is refused who has left already, and who shows what an earlier registration left.",
    ),
    _rule(
        "leave-of-another-device", "The certificate that was shown is another device's than the address names.",
        "The device certificate is another device's.", Certainty.ASSUMED,
        "The specification finds the device by its certificate and says nothing of an address that names another one.",
    ),
)  # fmt: skip
"""Why a device is not removed, in the order of checking.

That the query lacks an api-version is none of them: tools that are known to work with the service send none.
"""
_RULES = {rule.id: rule for rule in LEAVE_RULES}


def leave(tenant: Tenant, device_id: str, shown: str) -> Device:
    """Remove the device of a certificate (PEM, empty where none was shown) from the tenant.

    What Entra Connect synchronized comes back with its next cycle, as a device that never registered.

    Raises:
        JoinRefused: with the first rule that fires.
    """
    if not shown:
        raise JoinRefused(_RULES["leave-no-certificate"])
    certificate = ssl.PEM_cert_to_DER_cert(shown)
    device = next((item for item in tenant.devices if item.registered and item.certificate == certificate), None)
    if device is None:
        raise JoinRefused(_RULES["leave-unknown-certificate"])
    if _guid(device_id) != device.device_id:
        raise JoinRefused(_RULES["leave-of-another-device"])
    tenant.remove(device.device_id)
    return device


def _guid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

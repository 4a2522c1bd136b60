"""When the rules about the request fire."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hybridjoin.doubles.entra.case import Case

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
# "Microsoft Device Registration Client", and the client that AADInternals joins devices with.
CLIENTS = ("dd762716-544d-4aeb-a526-687b73838a22", "1b730954-1685-4b74-9bfd-dac224a7b894")
DRS_APPLICATION = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
RESOURCES = ("urn:ms-drs:enterpriseregistration.windows.net", DRS_APPLICATION)

Fields = Mapping[str, str]
Check = Callable[[Case], Fields | None]


def when(fires: object, **fields: str) -> Fields | None:
    """Return the fields of the rule's message if it fires, else None."""
    return fields if fires else None


def _tenant_unknown(case: Case) -> Fields | None:
    known = case.addressed.lower() in {"common", "organizations"} or case.config.is_tenant(case.addressed)
    return when(not known, tenant=case.addressed)


def _repeated(case: Case) -> Fields | None:
    name = next((name for name, values in case.form.items() if len(values) > 1), "")
    return when(name, name=name)


def _missing(name: str) -> Check:
    return lambda case: when(not case.parameter(name), name=name)


def _unsupported(case: Case) -> Fields | None:
    grant_type = case.parameter("grant_type")
    return when(grant_type != GRANT_TYPE, grant_type=grant_type)


def _client_unknown(case: Case) -> Fields | None:
    client_id = case.parameter("client_id")
    return when(client_id.lower() not in CLIENTS, client_id=client_id)


def _resource_unknown(case: Case) -> Fields | None:
    resource = case.parameter("resource")
    return when(resource.lower() not in RESOURCES, resource=resource)


REQUEST_CHECKS: Mapping[str, Check] = {
    "tenant-unknown": _tenant_unknown,
    "parameter-repeated": _repeated,
    "grant-type-missing": _missing("grant_type"),
    "grant-type-unsupported": _unsupported,
    "client-id-missing": _missing("client_id"),
    "client-unknown": _client_unknown,
    "resource-missing": _missing("resource"),
    "resource-unknown": _resource_unknown,
    "assertion-missing": _missing("assertion"),
}

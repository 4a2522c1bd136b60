"""When the rules about the request fire."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.resources import DEVICE_CLIENTS, USER_CLIENTS, application_of

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
SAML_2_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:saml2-bearer"
PASSWORD_GRANT_TYPE = "password"
COMMON = frozenset({"common", "organizations"})

Fields = Mapping[str, str]
Check = Callable[[Case], Fields | None]


def when(fires: object, **fields: str) -> Fields | None:
    """Return the fields of the rule's message if it fires, else None."""
    return fields if fires else None


def _tenant_unknown(case: Case) -> Fields | None:
    known = case.addressed.lower() in COMMON or case.config.is_tenant(case.addressed)
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
    known = DEVICE_CLIENTS if case.for_registration else USER_CLIENTS
    return when(client_id.lower() not in known, client_id=client_id)


def _grant_type(name: str) -> Check:
    return lambda case: when(case.parameter("grant_type") == name)


def _resource_unknown(case: Case) -> Fields | None:
    unknown = next((item for item in case.resources if not application_of(item)), "")
    return when(unknown, resource=unknown)


def _of_v1(check: Check) -> Check:
    return lambda case: None if case.v2 else check(case)


def _of_v2(check: Check) -> Check:
    return lambda case: check(case) if case.v2 else None


REQUEST_CHECKS: Mapping[str, Check] = {
    "tenant-unknown": _tenant_unknown,
    "parameter-repeated": _repeated,
    "grant-type-missing": _missing("grant_type"),
    "grant-type-password": _grant_type(PASSWORD_GRANT_TYPE),
    "grant-type-saml-2.0": _grant_type(SAML_2_GRANT_TYPE),
    "grant-type-unsupported": _unsupported,
    "client-id-missing": _missing("client_id"),
    "client-unknown": _client_unknown,
    "resource-missing": _of_v1(_missing("resource")),
    "scope-missing": _of_v2(_missing("scope")),
    "scopes-incompatible": _of_v2(
        lambda case: when(len(set(map(application_of, case.resources))) > 1, scope=case.parameter("scope"))
    ),
    "resource-unknown": _resource_unknown,
    "assertion-missing": _missing("assertion"),
}

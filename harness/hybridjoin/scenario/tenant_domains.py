"""Which names a tenant's double answers for: a tenant's everyday domain is federated, its initial one never is."""

from __future__ import annotations

from typing import Final

INITIAL_SUFFIX: Final = ".onmicrosoft.com"
"""The domain that every tenant is born with; Microsoft lets nobody federate it (observed: the cmdlets refuse it)."""

Settings = dict[str, object]


def is_initial(name: str) -> bool:
    """Tell whether a name is a tenant's initial domain, which is managed."""
    return name.lower().endswith(INITIAL_SUFFIX)


def managed_domains(tenant_name: str, *, federated: str) -> list[Settings]:
    """Return the domains that a tenant has besides the federated one, as the Entra double is told them.

    Of a tenant's name that is some other domain nobody has said whether it is federated: it is not among them.
    """
    if not is_initial(tenant_name) or tenant_name.lower() == federated.lower():
        return []
    return [{"name": tenant_name.lower(), "authentication": "Managed"}]

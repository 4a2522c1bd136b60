"""The Device Registration Service's Discover document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the document: where it is, what resource its token is for, its version."""

    endpoint: str
    resource_id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrsDiscovery:
    """The members a join needs and the status screen prints; a missing service is None."""

    tenant_id: str
    tenant_name: str
    auth_code_endpoint: str
    token_endpoint: str
    join: Service
    key: Service | None
    webauthn: Service | None
    management: Service | None
    federated: bool | None

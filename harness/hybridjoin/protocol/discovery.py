"""The Device Registration Service's Discover document."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import PeerError
from hybridjoin.protocol import json_text


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


def parse_discovery(body: bytes) -> DrsDiscovery:
    """Read the document.

    Raises:
        PeerError: it names no join endpoint.
    """
    document = json_text.read_object(body, where="DRS discovery")
    join = _service(document, "DeviceJoinService", "JoinEndpoint", "JoinResourceId")
    if join is None:
        found = json_text.member_names(document)
        raise PeerError(f"expected DeviceJoinService.JoinEndpoint, found {found}", where="DRS discovery")
    federated = json_text.member(document, "IdentityProviderService", "Federated")
    return DrsDiscovery(
        tenant_id=json_text.text(document, "TenantInfo", "TenantId"),
        tenant_name=json_text.text(document, "TenantInfo", "TenantName"),
        auth_code_endpoint=json_text.text(document, "AuthenticationService", "OAuth2", "AuthCodeEndpoint"),
        token_endpoint=json_text.text(document, "AuthenticationService", "OAuth2", "TokenEndpoint"),
        join=join,
        key=_service(document, "KeyProvisioningService", "KeyProvisionEndpoint", "KeyProvisionResourceId"),
        webauthn=_service(document, "WebAuthNService", "WebAuthNEndpoint", "WebAuthNResourceId"),
        management=_service(
            document, "DeviceManagementService", "DeviceManagementEndpoint", "DeviceManagementResourceId"
        ),
        federated=federated if isinstance(federated, bool) else None,
    )


def _service(document: object, service: str, endpoint: str, resource: str) -> Service | None:
    url = json_text.text(document, service, endpoint)
    if not url:
        return None
    return Service(
        endpoint=url,
        resource_id=json_text.text(document, service, resource),
        version=json_text.text(document, service, "ServiceVersion"),
    )

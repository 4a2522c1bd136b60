"""What a token may be asked for: the registration service, which devices ask for, and what people's programs ask for.

The v1 endpoint is asked for one `resource`; v2.0 for scopes that begin with their resource, where a bare permission is
Microsoft Graph's and OpenID Connect's own scopes belong to none.
"""

from __future__ import annotations

from collections.abc import Mapping

# "Microsoft Authentication Broker", of Android, macOS and Linux (roadlib and libhimmelblau, which register devices and
# ask for primary refresh tokens as it: observed).
BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e"
# "Microsoft Device Registration Client", the client that AADInternals joins devices with, and the broker.
DEVICE_CLIENTS = ("dd762716-544d-4aeb-a526-687b73838a22", "1b730954-1685-4b74-9bfd-dac224a7b894", BROKER)
# Programs that sign people in everywhere: Azure PowerShell, Azure CLI, Office, Windows' own sign-in, and the broker.
USER_CLIENTS = (
    BROKER,
    "1b730954-1685-4b74-9bfd-dac224a7b894",
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "d3590ed6-52b3-4102-aeff-aad2292ab01c",
    "38aa3b87-a06d-4817-b275-7a316988d93b",
)
DRS_APPLICATION = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
DRS_RESOURCES = ("urn:ms-drs:enterpriseregistration.windows.net", DRS_APPLICATION)
GRAPH = "https://graph.microsoft.com"
OPENID_SCOPES = ("openid", "profile", "email", "offline_access")
# Each resource by the names it is asked for under, and the application that its tokens are for.
USER_RESOURCES: Mapping[str, str] = {
    GRAPH: "00000003-0000-0000-c000-000000000000",
    "https://graph.windows.net": "00000002-0000-0000-c000-000000000000",
    "https://management.azure.com": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "https://management.core.windows.net": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
}


def resource_names(scope: str) -> tuple[str, ...]:
    """Return the resources that v2.0 scopes name, each once; Microsoft Graph where none does."""
    permissions = [item for item in scope.split() if item.lower() not in OPENID_SCOPES]
    named = (item.rpartition("/")[0].rstrip("/") if "/" in item else GRAPH for item in permissions)
    return tuple(dict.fromkeys(named)) or (GRAPH,)


def is_registration(resource: str) -> bool:
    """Say whether a resource is the device registration service, by its URN or its application id."""
    return resource.lower() in DRS_RESOURCES


def audience_of(resource: str, *, v2: bool) -> str:
    """Return what a token says that it is for: v1 names the resource as it was asked for, v2.0 the application.

    Source: roadtx takes a v1 token whose audience is the registration service's URN (observed); Microsoft's reference
    of managed identities says that the resource appears in `aud` (documented).
    """
    return application_of(resource) if v2 else resource


def application_of(resource: str) -> str:
    """Return the application that a known resource's tokens are for, empty for an unknown resource."""
    if is_registration(resource):
        return DRS_APPLICATION
    known = {**USER_RESOURCES, **{application: application for application in USER_RESOURCES.values()}}
    return known.get(resource.lower().rstrip("/"), "")

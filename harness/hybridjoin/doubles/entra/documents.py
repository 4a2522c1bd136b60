"""The documents that anybody may ask for: user realm discovery and the registration service's Discover."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace

from hybridjoin.doubles.entra.config import Domain, EntraConfig
from hybridjoin.doubles.entra.errors import Exchange

CLOUD = "microsoftonline.com"
AUDIENCE_URN = "urn:federation:MicrosoftOnline"
DRS = "urn:ms-drs:enterpriseregistration.windows.net"

Document = dict[str, object]


def user_realm(
    config: EntraConfig, user: str, *, version: str, hidden: bool = False, domain_hint: bool = False
) -> Document:
    """Return the realm of a user name or of a bare domain, in the shape of the api-version asked for.

    Whoever is in a staged roll-out has a managed one, unless the request leads to the domain's own IdP by a hint; a
    bare domain, which is what a computer asks for, has its own (how-to-connect-staged-rollout).
    """
    name = user.rpartition("@")[2].lower()
    domain = None if hidden else config.domain(name)
    if domain is not None and not domain_hint and user.rpartition("@")[0].lower() in map(str.lower, config.staged):
        domain = replace(domain, federated=False)
    kind = "Unknown" if domain is None else "Federated" if domain.federated else "Managed"
    if version.startswith("2"):
        return _realm_2(config, domain, kind=kind, login=user, version=version)
    return _realm_1(domain, kind=kind)


def _realm_1(domain: Domain | None, *, kind: str) -> Document:
    document: Document = {"ver": "1.0", "account_type": kind}
    if domain is not None:
        document["domain_name"] = domain.name
    if domain is not None and domain.federated:
        document["federation_protocol"] = _protocol(domain)
        document["federation_metadata_url"] = domain.metadata_exchange_uri
        document["federation_active_auth_url"] = domain.active_sign_in_uri
    return {**document, "cloud_instance_name": CLOUD, "cloud_audience_urn": AUDIENCE_URN}


def _protocol(domain: Domain) -> str:
    """Return what clients are told of a domain's protocol.

    ADAL knows WSTrust and SAML20; that a domain that was federated without a protocol is told to be a SAML one is
    assumed, of the reports that its sign-ins fail.
    """
    return "WSTrust" if domain.preferred_protocol == "wsFed" else "SAML20"


def _realm_2(config: EntraConfig, domain: Domain | None, *, kind: str, login: str, version: str) -> Document:
    document: Document = {"ver": version, "NameSpaceType": kind, "Login": login}
    if domain is not None:
        document["DomainName"] = domain.name
        document["FederationBrandName"] = domain.brand or config.display_name
        document["TenantBrandingInfo"] = None
    if domain is not None and domain.federated:
        document["federation_protocol"] = _protocol(domain)
        document["AuthURL"] = domain.passive_sign_in_uri
    return {**document, "cloud_instance_name": CLOUD}


def user_realm_srf(config: EntraConfig, login: str, *, hidden: bool = False) -> Document:
    """Return the oldest form of the realm, GetUserRealm.srf's."""
    domain = None if hidden else config.domain(login.rpartition("@")[2].lower())
    state = 4 if domain is None else 3 if domain.federated else 4
    document: Document = {"State": state, "UserState": 2 if domain else 1, "Login": login}
    if domain is None:
        return {**document, "NameSpaceType": "Unknown"}
    document["NameSpaceType"] = "Federated" if domain.federated else "Managed"
    document["DomainName"] = domain.name
    if domain.federated:
        document["FederationGlobalVersion"] = -1
        document["AuthURL"] = domain.passive_sign_in_uri
        document["AuthNForwardType"] = 1
    document["FederationBrandName"] = domain.brand or config.display_name
    return {**document, "CloudInstanceName": CLOUD, "CloudInstanceIssuerUri": f"urn:federation:{CLOUD}"}


def discover(config: EntraConfig, addressed: str, *, version: str, managed: bool) -> Document:
    """Return the Discover document for a tenant addressed by id or by one of its names, in the 1.9 set."""
    tenant, login, base = str(config.tenant_id), config.login_url, config.registration_url
    name = config.tenant_name if addressed.lower() == tenant else addressed
    domain = config.domain(name)
    federated = domain is not None and domain.federated and not managed
    passive = domain.passive_sign_in_uri if domain is not None and federated else f"{login}/{tenant}/wsfed"
    return {
        "DiscoveryService": {"DiscoveryEndpoint": f"{base}/{name}/Discover", "ServiceVersion": version},
        "DeviceRegistrationService": _service(
            "Registration", f"{base}/EnrollmentServer/DeviceEnrollmentWebService.svc", "1.0"
        ),
        "AuthenticationService": {
            "OAuth2": {
                "AuthCodeEndpoint": f"{login}/{tenant}/oauth2/authorize",
                "TokenEndpoint": f"{login}/{tenant}/oauth2/token",
            }
        },
        "IdentityProviderService": {"Federated": federated, "PassiveAuthEndpoint": passive},
        "DeviceJoinService": _service("Join", f"{base}/EnrollmentServer/device/", "2.0"),
        "KeyProvisioningService": _service("KeyProvision", f"{base}/EnrollmentServer/key/", "1.0"),
        "WebAuthNService": _service("WebAuthN", f"{base}/webauthn/{tenant}/", "1.0"),
        "DeviceManagementService": _service("DeviceManagement", f"{base}/manage/{tenant}/", "1.0"),
        "MsaProviderData": {"SiteId": "295958", "SiteUrl": "enterpriseregistration.windows.net"},
        "PrecreateService": _service("Precreate", f"{base}/EnrollmentServer/device/precreate/{tenant}/", "2.0"),
        "TenantInfo": {"DisplayName": config.display_name, "TenantId": tenant, "TenantName": name},
        "AzureRbacService": {"RbacPolicyEndpoint": "https://pas.windows.net"},
        "BPLService": {
            "BPLServiceEndpoint": f"{base}/aadpasswordpolicy/{tenant}/",
            "BPLResourceId": DRS,
            "BPLProxyServicePrincipalId": str(uuid.uuid5(config.tenant_id, "BPLProxyServicePrincipalId")),
            "ServiceVersion": "1.0",
        },
        "DeviceJoinResourceService": _plain(f"{base}/EnrollmentServer/device/resource/{tenant}/", "2.0"),
        "NonceService": _plain(f"{base}/EnrollmentServer/nonce/{tenant}/", "1.0"),
    }


def nonce(value: bytes, exchange: Exchange) -> Document:
    """Return the nonce service's answer; `ReponseStatus` is misspelt by the service itself."""
    status = {"message": "success", "traceId": exchange.trace_id, "time": f"{exchange.now:%m-%d-%Y %H:%M:%SZ}"}
    return {"ReponseStatus": status, "Value": base64.b64encode(value).decode("ascii")}


def _service(prefix: str, endpoint: str, version: str) -> Document:
    return {f"{prefix}Endpoint": endpoint, f"{prefix}ResourceId": DRS, "ServiceVersion": version}


def _plain(endpoint: str, version: str) -> Document:
    return {"Endpoint": endpoint, "ResourceId": DRS, "ServiceVersion": version}

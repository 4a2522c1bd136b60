"""What the doubles are told about a lab: the everyday settings of both, and a scenario's on top of them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from hybridjoin.lab.domain import Domain
from hybridjoin.lab.standins.signing import SigningKey
from hybridjoin.scenario.lab.lab_file import LabFile

APPLICATION_ID = "b2f6d8e4-0c57-49a3-9d1e-7f83a4c6b520"
HTTPS_PORT = 443

Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpUrls:
    """The identity provider's addresses; all but `sts` are named by the tenant's federation settings."""

    issuer: str
    mex: str
    sts: str
    active: str
    passive: str


def idp_urls(settings: Settings, host: str, port: int = HTTPS_PORT) -> IdpUrls:
    """Return the addresses of a profile; `mex` in the settings chooses PingOne's 1.2 (`mex`) or 1.3 (`mex13`) one."""
    base = f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"
    issuer = settings.get("issuer")
    if settings.get("profile", "pingone") == "adfs":
        trust = f"{base}/adfs/services/trust"
        return IdpUrls(
            issuer=str(issuer or f"http://{host}/adfs/services/trust"),
            mex=f"{trust}/mex",
            sts=f"{trust}/13/windowstransport",
            active=f"{trust}/2005/usernamemixed",
            passive=f"{base}/adfs/ls/",
        )
    application = settings.get("application_id", APPLICATION_ID)
    return IdpUrls(
        issuer=str(issuer or f"https://{host}/applications/{application}"),
        mex=f"{base}/wsf/{settings.get('mex', 'mex13')}/{application}",
        sts=f"{base}/wsf/sts/{application}",
        active=f"{base}/wsf/sts/{application}",
        passive=f"{base}/wsf/{application}",
    )


def idp_host(lab_file: LabFile, settings: Settings) -> str:
    """Return the name the identity provider goes by: the settings' `service_host`, or its everyday one."""
    return str(settings.get("service_host") or lab_file.hosts[0])


def idp_settings(lab_file: LabFile, domain: Domain, signing: SigningKey, settings: Settings) -> dict[str, object]:
    """Return the reference IdP's whole configuration."""
    host = idp_host(lab_file, settings)
    # A host without a service principal name runs on the keys of the everyday service all the same.
    account = lab_file.service_account_of(host) or lab_file.service_account_of(lab_file.hosts[0])
    everyday = {
        "profile": "pingone",
        "application_id": APPLICATION_ID,
        "issuer": idp_urls(settings, host).issuer,
        "keytab": str(domain.keytabs[account.name if account else lab_file.lookup_account]),
        "service_host": host,
        "signing_key": str(signing.private_key),
        "signing_certificate": str(signing.certificate),
        "ldap": ldap_settings(domain),
        "clock_offset_s": domain.clock_offset_s,
    }
    return {**everyday, **{key: value for key, value in settings.items() if key != "mex"}}


def entra_settings(
    lab_file: LabFile, domain: Domain, signing: SigningKey, urls: IdpUrls, settings: Settings
) -> dict[str, object]:
    """Return the Entra double's whole configuration.

    `domain` in the settings changes single entries of the one federated domain, `connect` those of Entra
    Connect; everything else replaces what stands here.
    """
    federation = {
        "name": lab_file.domain.name,
        "authentication": "Federated",
        "issuer_uri": urls.issuer,
        "metadata_exchange_uri": urls.mex,
        "active_sign_in_uri": urls.active,
        "passive_sign_in_uri": urls.passive,
        "signing_certificate": base64.b64encode(signing.certificate_der).decode("ascii"),
    }
    everyday = {
        "tenant_id": lab_file.tenant.id,
        "tenant_name": lab_file.tenant.name,
        "display_name": "hybridjoin lab",
        "domains": [{**federation, **_part(settings, "domain")}],
        "connect": {**ldap_settings(domain), **_part(settings, "connect")},
        "clock_offset_s": domain.clock_offset_s,
    }
    rest = {key: value for key, value in settings.items() if key not in {"domain", "connect"}}
    return {**everyday, **rest}


def ldap_settings(domain: Domain) -> dict[str, object]:
    """Return how a gateway reaches the directory: simple bind over verified TLS."""
    return {
        "url": domain.ldaps_url,
        "ca_file": str(domain.ca_file),
        "bind_dn": domain.lookup.dn,
        "password_file": str(domain.lookup.password_file),
        "base_dn": domain.directory.base_dn,
    }


def _part(settings: Settings, key: str) -> Settings:
    found = settings.get(key)
    return found if isinstance(found, Mapping) else {}

"""A domain as Microsoft Graph shows it, and what a request's body makes of one: internalDomainFederation, both ways."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import replace

from cryptography import x509

from hybridjoin.doubles.entra.config import Domain, EntraConfig
from hybridjoin.doubles.entra.graph_rules import refuse_if

METADATA = "https://graph.microsoft.com/v1.0/$metadata#domains"
_INITIAL = (".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn")
_TEXTS = {
    "displayName": "brand",
    "issuerUri": "issuer_uri",
    "metadataExchangeUri": "metadata_exchange_uri",
    "activeSignInUri": "active_sign_in_uri",
    "passiveSignInUri": "passive_sign_in_uri",
    "signOutUri": "sign_out_uri",
    "passwordResetUri": "password_reset_uri",
    "preferredAuthenticationProtocol": "preferred_protocol",
    "federatedIdpMfaBehavior": "mfa_behavior",
    "promptLoginBehavior": "prompt_login_behavior",
}
_CERTIFICATES = {"signingCertificate": "signing_certificate", "nextSigningCertificate": "next_signing_certificate"}
_SIGNED = "isSignedAuthenticationRequestRequired"
_CHOICES = {
    "preferredAuthenticationProtocol": ("wsFed", "saml"),
    "federatedIdpMfaBehavior": ("acceptIfMfaDoneByFederatedIdp", "enforceMfaByFederatedIdp", "rejectMfaByFederatedIdp"),
    "promptLoginBehavior": ("translateToFreshPasswordAuthentication", "nativeSupport", "disabled"),
}

Document = dict[str, object]


def is_default(config: EntraConfig, domain: Domain) -> bool:
    """Tell whether a domain is the tenant's default: the one that says so, else its initial one."""
    told = [item for item in config.domains if item.default]
    return domain in told if told else is_initial(domain)


def is_initial(domain: Domain) -> bool:
    """Tell whether a domain is the one that Microsoft provided the tenant with."""
    return domain.name.endswith(_INITIAL)


def domain_document(config: EntraConfig, domain: Domain) -> Document:
    """Return the domain, member for member as Graph's documentation shows it."""
    return {
        "authenticationType": "Federated" if domain.federated else "Managed",
        "availabilityStatus": None,
        "id": domain.name,
        "isAdminManaged": True,
        "isDefault": is_default(config, domain),
        "isInitial": is_initial(domain),
        "isRoot": True,
        "isVerified": True,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        "passwordValidityPeriodInDays": 2147483647,
        "passwordNotificationWindowInDays": 14,
        "state": None,
    }


def configuration_id(config: EntraConfig, domain: Domain) -> str:
    """Return the id of a domain's federation configuration; one that was there from the start has one too."""
    return domain.configuration_id or str(uuid.uuid5(config.tenant_id, f"federationConfiguration/{domain.name}"))


def configuration_document(config: EntraConfig, domain: Domain) -> Document:
    """Return the domain's federation configuration; what is not set is null."""
    texts: Document = {name: getattr(domain, field) or None for name, field in _TEXTS.items()}
    certificates: Document = {name: _base64(getattr(domain, field)) for name, field in _CERTIFICATES.items()}
    flag = {"true": True, "false": False}.get(domain.signed_requests)
    return {
        "id": configuration_id(config, domain),
        **texts,
        **certificates,
        _SIGNED: flag,
        "signingCertificateUpdateStatus": None,
    }


def _base64(der: bytes | None) -> str | None:
    return base64.b64encode(der).decode("ascii") if der else None


def changed(domain: Domain, body: Mapping[str, object]) -> Domain:
    """Return a domain with what a body says of it; members that are no settings are passed over.

    Raises:
        GraphRefused: a value is not one that Graph takes.
    """
    values: dict[str, object] = {}
    for name, field in _TEXTS.items():
        if name in body:
            values[field] = _text(name, body[name])
    for name, field in _CERTIFICATES.items():
        if name in body:
            text = _text(name, body[name])
            values[field] = _der(name, text) if text else None
    if _SIGNED in body:
        flag = body[_SIGNED]
        refuse_if(not isinstance(flag, bool | None), "value-unknown", name=_SIGNED)
        values["signed_requests"] = "" if flag is None else str(flag).lower()
    return replace(domain, **values)  # type: ignore[arg-type]  # the tables' fields are Domain's


def _text(name: str, value: object) -> str:
    refuse_if(not isinstance(value, str | None), "value-unknown", name=name)
    text = str(value or "")
    known = {item.lower(): item for item in _CHOICES.get(name, ())}
    refuse_if(text and known and text.lower() not in known, "value-unknown", name=name)
    return known.get(text.lower(), text)


def _der(name: str, text: str) -> bytes | None:
    try:
        der = base64.b64decode(text, validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError, x509.InvalidVersion):
        refuse_if(True, "certificate-unreadable", name=name)  # noqa: FBT003 - the rule has fired
        return None
    return der


def managed(domain: Domain) -> Domain:
    """Return a domain without any federation."""
    return Domain(name=domain.name, federated=False, brand=domain.brand, default=domain.default)

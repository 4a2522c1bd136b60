"""What a vendor's console prints to be pasted into PowerShell: the command that federates the domain.

assumed: nobody has published what JumpCloud's address prints; the command is Microsoft Graph's own, with the settings
that a sign-in by browser needs.
"""

from __future__ import annotations

from hybridjoin.doubles.idp.addresses import HTTPS_PORT, addresses_of
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.signing import SigningIdentity


def powershell(config: IdpConfig, host: str) -> str:
    """Return the command, with the addresses as they are reached at a host."""
    name, _, port = host.partition(":")
    told = {
        "profile": config.profile, "service_host": name, "application_id": config.application_id,
        "issuer": config.issuer,
    }  # fmt: skip
    addresses = addresses_of(told, port=int(port) if port.isdecimal() else HTTPS_PORT)
    certificate = SigningIdentity.read(config.signing_key, config.signing_certificate).certificate
    settings = {
        "DomainId": config.issuer,
        "DisplayName": "JumpCloud",
        "IssuerUri": addresses.issuer,
        "PassiveSignInUri": addresses.passive,
        "ActiveSignInUri": addresses.active,
        "MetadataExchangeUri": addresses.mex,
        "SignOutUri": addresses.passive,
        "SigningCertificate": certificate,
        "PreferredAuthenticationProtocol": "wsFed",
        "FederatedIdpMfaBehavior": "acceptIfMfaDoneByFederatedIdp",
    }
    words = " ".join(f'-{key} "{value}"' for key, value in settings.items())
    return f"Connect-MgGraph -Scopes Domain.ReadWrite.All\nNew-MgDomainFederationConfiguration {words}\n"

"""A domain's federation settings in the shapes in which AD FS' cmdlets and Entra Connect have written them."""

from __future__ import annotations

import base64

from tests.documents.adfs_metadata import HOST
from tests.documents.adfs_replies import ISSUER
from tests.protocol.documents import Signer, signer


def settings(*, issuer: str = ISSUER, by: Signer | None = None, following: Signer | None = None, mfa: str = "") -> str:
    """What Get-MgDomainFederationConfiguration prints of a domain; AD FS prepares its `following` key by itself."""
    certificate = base64.b64encode((by or signer()).certificate).decode()
    after = base64.b64encode(following.certificate).decode() if following is not None else ""
    return f"""\
PS C:\\Users\\admin> Get-MgDomainFederationConfiguration -DomainId contoso.example | fl

ActiveSignInUri                       : https://{HOST}/adfs/services/trust/2005/usernamemixed
DisplayName                           : Contoso
FederatedIdpMfaBehavior               : {mfa}
Id                                    : 2a8ce608-bb34-473f-9e0f-f373ee4cbc5a
IsSignedAuthenticationRequestRequired :
IssuerUri                             : {issuer}
MetadataExchangeUri                   : https://{HOST}/adfs/services/trust/mex
NextSigningCertificate                : {after}
PassiveSignInUri                      : https://{HOST}/adfs/ls/
PasswordResetUri                      :
PreferredAuthenticationProtocol       : wsFed
PromptLoginBehavior                   : nativeSupport
SignOutUri                            : https://{HOST}/adfs/ls/
SigningCertificate                    : {certificate}
SigningCertificateUpdateStatus        : Microsoft.Graph.PowerShell.Models.MicrosoftGraphSigningCertificateUpdateStatus
AdditionalProperties                  : {{}}
"""

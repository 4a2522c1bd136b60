"""Entra's AADSTS errors as they meet a federated device."""

from __future__ import annotations

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.article import Article, cause
from hybridjoin.knowledge.browser_errors import SAML_2
from hybridjoin.knowledge.entra_bridge import BRIDGE
from hybridjoin.knowledge.entra_rare import RARE
from hybridjoin.knowledge.entra_row import CODES, NO_SYMBOL, row
from hybridjoin.model.verdict import Certainty

_PING = "Ping Identity: Reference and troubleshooting for Microsoft Entra hybrid join"
_REPORTS = "public reports of this code"
_SUPPORT = "Microsoft support on AADSTS50107; MicrosoftDocs/azure-docs issues 40210, 63015"
_TENANT = cause(
    "The request went to another tenant than the service connection point's.",
    "azureADId of the service connection point, or TenantId under CDJ\\AAD in the registry, against the tenant.",
    "Correct the service connection point, or the registry's client-side one, which wins.",
    checks="DISC-02",
    related="SCP-01",
)
_CLIENT = cause(
    "The caller is not the Windows device: another client_id or resource than Windows sends.",
    "client_id and resource of the token request.",
    "Repeat with dsregcmd /join; a home-made client has to send what Windows sends.",
    related="TOKEN-02",
)
_REQUEST = cause(
    "The token request itself is malformed; no assertion was looked at.",
    "grant_type, client_id, resource and assertion of the form, each there once.",
    "Look for a proxy that rewrites the body, or for a home-made client.",
)
_B2B = cause(
    "The tenant's federatedTokenValidationPolicy compares root domains, and the issuer's is another than the UPN's.",
    "federatedTokenValidationPolicy in Graph (beta); the domain of IssuerUri against the UPN suffix.",
    "Federate the domain whose names the token carries, or adapt the policy.",
    related="CLAIM-13 FED-16",
)
_PASSWORD = cause(
    "The user name and password of a usernamemixed sign-in are wrong; a computer never comes here.",
    "The AD's logon failures of that user at that time.",
    "Sign in again; this is a user's trouble, not the join's.",
)
_DISABLED = cause(
    "The user's account is disabled in the directory; Entra knows it from the last synchronization.",
    "userAccountControl of the user, and accountEnabled in Get-MgUser.",
    "Enable the account in the directory and wait for the next synchronization.",
)
_GRANT = cause(
    "The IdP names its SAML 1.1 token by the token profile's URN, and MSAL for .NET and Java take that for SAML 2.0.",
    "TokenType in the RSTR: only urn:oasis:names:tc:SAML:1.0:assertion makes them choose saml1_1-bearer.",
    "Let the IdP answer urn:oasis:names:tc:SAML:1.0:assertion.",
    related="RSTR-08",
)
_SCOPE = cause(
    "The program asked for permissions of several resources at once.",
    "scope of the token request.",
    "Ask for one resource's permissions at a time.",
)
_GONE = cause(
    "The device object was deleted or disabled in Entra, or is not replicated yet, while the device still has its key.",
    "dsregcmd /status: DeviceAuthStatus, and Get-MgDevice for that DeviceId.",
    "dsregcmd /leave as SYSTEM, then let it join again.",
    entra="Devices > All devices: enable the device, or delete the stale one.",
)
_METHOD = cause(
    "The assertion does not say that Windows authentication was used.",
    "authnmethodsreferences and the AuthenticationStatement's AuthenticationMethod.",
    "Issue http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows.",
    checks="SAML-11",
    pingfederate="Let the adapter mapping answer wiaormultiauthn.",
)
_NOBODY = cause(
    "The claims were not a device's, so that Entra looked for a user, and knows none of that name.",
    "accounttype, onpremobjectguid and primarysid in the assertion.",
    "Mend the device claims first.",
    checks="CLAIM-01 CLAIM-02 CLAIM-03 CLAIM-05",
)
_PASSIVE = cause(
    "A passive WS-Federation message is malformed; a device's join is not passive.",
    "PassiveSignInUri in the domain's settings against the IdP's own.",
    "Correct PassiveSignInUri.",
    related="FED-04 FED-06",
)
_NOBODYS_ANCHOR = cause(
    "A person came with an ImmutableID that is no synced user's: it is made of another attribute than the source "
    "anchor, in another encoding, or Entra Connect leaves that person out.",
    "ImmutableID in the assertion against onPremisesImmutableId of the user in Entra.",
    "Issue the source anchor as Entra Connect has it: mS-DS-ConsistencyGuid (else objectGUID) in base64.",
    related="USER-02 USER-03",
)
_DEVICE_CLAIMS = (
    c.NAMESPACE, c.NOT_MAPPED, c.ACCOUNT_TYPE, c.ANCHOR, c.GUID_ENCODING, c.SID, c.SECOND_RULE, c.SPELLING, c.NO_ANCHOR,
)  # fmt: skip
_SIGNED = (c.TOUCHED, c.LINE_BREAKS, c.KEY, c.UNSIGNED, c.SIGNED_OTHERWISE)


_SEEN = Certainty.OBSERVED


_MEET: tuple[Article, ...] = (
    row(
        51004, "UserAccountNotInDirectory", "The user account does not exist in the directory.",
        (*_DEVICE_CLAIMS, _NOBODYS_ANCHOR), source=_PING,
        decoded="No account is missing and no user is meant: Entra saw no device in the claims, and looked "
        "for a user of that ImmutableID. First compare these values: accounttype with DJ, the namespaces of "
        "accounttype, onpremobjectguid and primarysid, and ImmutableID with the anchor that Entra Connect uses.",
    ),
    row(
        50107, "InvalidRealmUri", "The requested federation realm object does not exist.", (c.ISSUER, c.ISSUER_ID),
        source=_SUPPORT,
        decoded="The realm it names is the Issuer (or issuerid) of the assertion as it came: compare both.",
    ),
    row(
        500083, NO_SYMBOL, "No trusted realm was found with the issuer's identifier, so the signature cannot be "
        "verified.", (c.NOT_FEDERATED, c.ISSUER), source=_REPORTS, certainty=_SEEN,
        decoded="The signature may be fine: it is the issuer that no domain trusts.",
    ),
    row(
        5000811, NO_SYMBOL, "The signing key identifier does not match any valid registered key.", (c.KEY,),
        source=f"{_REPORTS}, for guests from a SAML provider; not on Microsoft's page", certainty=_SEEN,
    ),
    row(50006, "InvalidSignature", "The signature does not verify.", _SIGNED),
    row(
        50008, "InvalidSamlToken", "The SAML assertion is missing or misconfigured in the token.",
        (c.FORM, c.LIFETIME, c.AUDIENCE, c.UNSIGNED, c.SIGNED_OTHERWISE, SAML_2),
    ),
    row(
        500082, NO_SYMBOL, "The SAML assertion is not present in the token.", (c.NO_ASSERTION, c.FORM),
        source=f"{_REPORTS}, for domains federated by SAML; not on Microsoft's page", certainty=_SEEN,
    ),
    row(
        500089, NO_SYMBOL, "The validation of a SAML 2.0 assertion failed.", (c.FORM,), source=_REPORTS,
        certainty=_SEEN,
    ),
    row(
        500133, NO_SYMBOL, "The assertion is not within its valid time range.", (c.CLOCK, c.LIFETIME),
        decoded="The page speaks of an access token that is used as a user's assertion; that the window of a federated "
        "assertion is meant too is assumed.",
    ),
    row(50012, "AuthenticationFailed", "Authentication failed for a reason of certificates.", (c.KEY, c.TOUCHED)),
    row(
        50013, "InvalidAssertion", "The assertion is invalid: issuer, form, expiry or signature.",
        (c.ISSUER, c.CLOCK, c.LIFETIME, c.KEY, c.FORM),
        decoded="A catch-all: read the words after the colon; compare issuer, window and certificate in that order.",
    ),
    row(
        5000819, "InvalidSamlTokenEmailMissingOrInvalid", "The email claim is missing, or not of the external realm.",
        (_B2B,), decoded="This is B2B direct federation; a device's join does not come here.",
    ),
    row(
        5000820, NO_SYMBOL, "The tenant's policy for federated tokens refuses the issuer.", (_B2B,),
        source=_REPORTS, certainty=_SEEN,
    ),
    row(50034, "UserAccountNotFound", "The user account is not found in the directory.", (_NOBODY, c.ANCHOR)),
    row(50126, "InvalidUserNameOrPassword", "The user name or the password is wrong.", (_PASSWORD,)),
    row(50057, "UserDisabled", "The user account is disabled.", (_DISABLED,)),
    row(
        7500514, NO_SYMBOL, "Neither a SAML 2.0 response nor a SAML 2.0 assertion was found where one is asked for.",
        (_GRANT,), source=f"{CODES}; AzureAD/microsoft-authentication-library-for-dotnet issue 1871",
        decoded="A SAML 1.1 assertion came under the grant for SAML 2.0.",
    ),
    row(700022, "InvalidMultipleResourcesScope", "The scope names more than one resource.", (_SCOPE,)),
    row(140000, "InvalidRequestNonce", "The request's nonce is missing, or over.", (_REQUEST,), see="AADSTS50155"),
    row(5000611, NO_SYMBOL, "The version of the key derivation is refused; kdf_ver has to be 2.", (_REQUEST,)),
    row(50155, "DeviceAuthenticationFailed", "The device's authentication failed.", (_GONE,), see="AADSTS700003"),
    row(50180, "WindowsIntegratedAuthMissing", "Windows integrated authentication is needed.", (_METHOD,)),
    row(51006, "ForceReauthDueToInsufficientAuth", "Windows integrated authentication is needed again.", (_METHOD,)),
    row(700003, "DeviceNotFound", "The device object is not in the tenant.", (_GONE, c.NOT_SYNCED), see="AADSTS50155"),
    row(
        700016, "UnauthorizedClient_DoesNotMatchRequest", "The application is not found in the tenant.",
        (_TENANT, _CLIENT), see="0xcaa20001",
    ),
    row(90002, "InvalidTenantName", "The tenant is not found.", (_TENANT,), see="0x801c003a"),
    row(70003, "UnsupportedGrantType", "The grant type is not supported.", (_CLIENT,), see="0xcaa2000a"),
    row(20012, "WsFedMessageInvalid", "A WS-Federation message is invalid.", (_PASSIVE,)),
    row(
        9000411, NO_SYMBOL, "The request is not properly formatted; a parameter is there twice.", (_REQUEST,),
        source=_REPORTS, certainty=_SEEN, see="0xcaa20002",
    ),
    row(
        900144, NO_SYMBOL, "The request body lacks a required parameter, and names it.", (_REQUEST,), see="0xcaa20002",
    ),
    row(
        500011, "InvalidResourceServicePrincipalNotFound", "The resource is not found in the tenant.",
        (_CLIENT, _TENANT), see="0xcaa2000b",
    ),
)  # fmt: skip

ENTRA: tuple[Article, ...] = (*_MEET, *BRIDGE, *RARE)

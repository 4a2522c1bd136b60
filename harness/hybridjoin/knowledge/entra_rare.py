"""AADSTS errors that a federated device or its people meet seldom: policies, outages, and other doors' errors."""

from __future__ import annotations

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.article import Article, cause
from hybridjoin.knowledge.entra_browser import BROWSER
from hybridjoin.knowledge.entra_row import NO_SYMBOL, row
from hybridjoin.knowledge.entra_seamless import SEAMLESS

_NO_ANCHOR = cause(
    "The assertion brings neither ImmutableID nor a NameIdentifier, and Entra does not see a device in it either.",
    "ImmutableID and Subject/NameIdentifier of the assertion; for a computer accounttype first.",
    "Issue ImmutableID, base64 of the source anchor, for everybody whom Entra is to find as a user.",
    checks="CLAIM-07:missing? CLAIM-09:missing?",
    pingone="Attribute Mappings: ImmutableID is #string.uuidAsBase64Guid(user.externalId,null).",
    adfs="Let Entra Connect write the claim rules of the Microsoft Office 365 Identity Platform trust anew.",
)
_STRANGER = cause(
    "The account is no member of the tenant that it signs in to.",
    "The home tenant of the account against the one of the application.",
    "Invite the account as a guest, or sign in with one of this tenant.",
)
_REVOCATION = cause(
    "Entra cannot build the chain of a certificate or cannot fetch its revocation list.",
    "The distribution points in the certificate, fetched from outside the network.",
    "Publish the lists where Entra can fetch them, and upload every authority of the chain.",
)
_NO_KEY = cause(
    "No certificate to verify with is registered where one is needed.",
    "SigningCertificate in Get-MgDomainFederationConfiguration is empty.",
    "Register the IdP's signing certificate for the domain.",
    checks="FED-09",
)
_WEAK = cause(
    "The RSA key of the signature is too short for Entra.",
    "The key size of the certificate in KeyInfo.",
    "Sign with RSA of 2048 bits or more.",
    checks="SIG-12",
)
_ALGORITHM = cause(
    "The message names an algorithm that Entra cannot create.",
    "SignatureMethod, DigestMethod, CanonicalizationMethod and Transforms of the signature.",
    "Sign with RSA-SHA256, SHA-256 digests and exclusive canonicalization.",
    related="SIG-07 SIG-08",
)
_BROKEN_XML = cause(
    "What was sent is not well-formed XML, or holds characters that XML forbids.",
    "The assertion parameter, decoded, through any XML parser.",
    "Let the IdP write well-formed XML, without control characters in claim values.",
    related="RSTR-02 RSTR-17",
)
_TOKEN_CLAIM = cause(
    "An access token was sent that lacks a claim which the service asks for.",
    "The claims of the token, decoded.",
    "Get a token for that service anew.",
)
_OTHER_REALM = cause(
    "The realm that the message names is none of this tenant's.",
    "Issuer, issuerid, wtrealm and whr against the IssuerUris of the domains.",
    "Correct the realm in the IdP or the domain's IssuerUri.",
    checks="SAML-02",
    related="FED-01",
)
_SIGN_IN_ANSWER = cause(
    "The IdP's answer to a browser's WS-Federation sign-in is not usable; a computer's join is not passive.",
    "wresult of the browser's POST to login.microsoftonline.com.",
    "Mend the passive response: it is the same assertion that the active endpoint issues.",
)
_METADATA_NAME = cause(
    "A federation metadata document was asked for under a name that no tenant has.",
    "The tenant's name in the metadata address.",
    "Use the tenant id or a verified domain in that address.",
)
_RESOURCE = cause(
    "A token of a device alone was asked for a resource that takes only people's tokens.",
    "resource of the token request: the join asks for urn:ms-drs:enterpriseregistration.windows.net.",
    "Ask for the registration service; everything else wants a user.",
    related="TOKEN-02",
)
_POLICY = cause(
    "A Conditional Access policy of the tenant blocks the request; a computer can answer no challenge.",
    "Sign-in logs in Entra, by the correlation id: Conditional Access tab.",
    entra="Leave device registration out of policies that ask for more than the join has: multifactor authentication "
    "for registering devices, named locations, a compliant device.",
)
_SECURITY_POLICY = cause(
    "A security policy of the tenant blocks the request.",
    "The security policies of the tenant; sign-in logs by the correlation id.",
    "Exempt device registration, or lift the policy.",
)
_THROTTLED = cause(
    "The tenant sends more requests than Entra takes, or is blocked.",
    "How many computers join at once; the same code for everybody in the tenant.",
    "Spread the joins, and wait; Windows tries again by itself.",
)
_OUTAGE = cause(
    "Entra itself or its directory is not available for a moment.",
    "status.cloud.microsoft; the same request a minute later.",
    "Try again.",
)

RARE: tuple[Article, ...] = (
    *BROWSER,
    *SEAMLESS,
    row(
        90020, NO_SYMBOL, "The SAML 1.1 assertion is missing the ImmutableID of the user.", (_NO_ANCHOR,),
        see="0xcaa20003 AADSTS51004",
    ),
    row(
        90072, "PassThroughUserMfaError", "The account does not exist in the tenant and cannot do what is asked of it; "
        "or its ImmutableID is not the synchronized one.", (c.ANCHOR, _STRANGER),
        decoded="Of people, not of computers. The page names the ImmutableID that does not match as a second reason.",
    ),
    row(50017, "CertificateValidationFailed", "A certificate's chain or revocation cannot be checked.", (_REVOCATION,)),
    row(50003, "MissingSigningKey", "Sign-in failed because a signing key or certificate is missing.", (_NO_KEY,)),
    row(50032, "WeakRsaKey", "A weak RSA key was used.", (_WEAK,)),
    row(90010, "NotSupported", "An algorithm could not be created.", (_ALGORITHM,), see="AADSTS50006"),
    row(90107, "InvalidXml", "The request is not valid: its data may hold invalid characters.", (_BROKEN_XML,)),
    row(90016, "MissingRequiredClaim", "The access token is not valid: a required claim is missing.", (_TOKEN_CLAIM,)),
    row(
        50169, "InvalidRequestBadRealm", "The realm is none that is configured here.", (_OTHER_REALM,),
        see="AADSTS50107",
    ),
    row(20001, "WsFedSignInResponseError", "The federated IdP's sign-in response has an error.", (_SIGN_IN_ANSWER,)),
    row(20033, "FedMetadataInvalidTenantName", "The federation metadata names an invalid tenant.", (_METADATA_NAME,)),
    row(221000, "DeviceOnlyTokensNotSupportedByResource", "The resource takes no device-only tokens.", (_RESOURCE,)),
    row(53003, "BlockedByConditionalAccess", "Conditional Access blocks the issue of a token.", (_POLICY,)),
    row(
        530032, "BlockedByConditionalAccessOnSecurityPolicy", "A security policy of the tenant blocks the request.",
        (_SECURITY_POLICY, _POLICY),
    ),
    row(90055, "TenantThrottlingError", "There are too many requests of this tenant.", (_THROTTLED,), see="0xcaa20005"),
    row(90033, "MsodsServiceUnavailable", "Entra's directory service is not available.", (_OUTAGE,), see="0xcaa20005"),
    row(90024, "RequestBudgetExceededError", "A transient error: the request took more than its share.", (_OUTAGE,)),
    row(50033, "RetryableError", "A transient error that has nothing to do with the data.", (_OUTAGE,)),
)  # fmt: skip

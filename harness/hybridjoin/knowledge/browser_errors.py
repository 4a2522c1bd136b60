"""What people meet in a browser on the way to their IdP and back, in the words in which they tell it."""

from __future__ import annotations

from functools import partial

from hybridjoin.knowledge.article import Article, cause, field_failure

_PROMPT = "Microsoft: Active Directory Federation Services prompt=login parameter support"
_MFA = "Microsoft: Satisfy Microsoft Entra ID multifactor authentication controls with MFA claims from a federated IdP"

SAML_2 = cause(
    "The IdP answers with a SAML 2.0 assertion, as its other relying parties want it.",
    "wresult: the assertion's namespace is urn:oasis:names:tc:SAML:2.0:assertion.",
    "Let the IdP issue SAML 1.1 to urn:federation:MicrosoftOnline.",
    checks="PASSIVE-12",
)
_ROLLED = cause(
    "Entra was not told of the certificate that the IdP signs with; where two nodes sign, one of them may be old.",
    "The certificate in the assertion's KeyInfo against the domain's signingCertificate, for each node.",
    "Update signingCertificate, or have nextSigningCertificate ready before the IdP changes; give all nodes one key.",
    related="FED-17 FED-11",
)
_RETURNS = cause(
    "The page has carriage returns within wresult: browsers make line feeds of them, in what was signed too.",
    "The page's source: &#xD; or line ends within the base64 of certificate and signature.",
    "Let the IdP write base64 without line breaks, and nobody lay the assertion out anew after it was signed.",
    checks="PASSIVE-07",
)
_PREFIXES = cause(
    "The signature's canonicalization names InclusiveNamespaces, which .NET's older readers do not know.",
    "ec:InclusiveNamespaces with a PrefixList in the signature.",
    "Sign by exclusive canonicalization without a prefix list.",
    related="SIG-13",
)
_ANCHOR = cause(
    "ImmutableID is not the base64 of the person's source anchor: a GUID as text or hex, or a mail address.",
    "ImmutableID in the assertion against onPremisesImmutableId of the user in Entra.",
    "Issue the sixteen bytes of mS-DS-ConsistencyGuid (else objectGUID) in base64.",
    related="USER-02 USER-03",
)
CUT = cause(
    "wresult came empty, cut or escaped twice: a firewall, a proxy or the IdP's page broke the form.",
    "The posted form: wresult ends in the middle, or begins with &amp;lt;.",
    "Raise the limit of whatever cut it; escape the value once.",
    checks="PASSIVE-05 PASSIVE-09",
)
_UNKNOWN_METHOD = cause(
    "An application asked for prompt=login, which the domain translates to wauth and wfresh=0, and the IdP does not "
    "offer that method.",
    "The address that Entra sent the browser to: wauth=…/authenticationmethod/password.",
    "Set promptLoginBehavior to nativeSupport or disabled, or let the IdP take passwords there.",
    adfs="Update-MgDomainFederationConfiguration -PromptLoginBehavior nativeSupport.",
)
_NO_SSO = cause(
    "An application asks for prompt=login, and the domain translates that to a password that has to be typed.",
    "wfresh=0 and wauth in the address, for that application alone.",
    "Set promptLoginBehavior to disabled, or have the application leave prompt out.",
)
_NEVER_MFA = cause(
    "The domain says enforceMfaByFederatedIdp, and the IdP never says multipleauthn: Entra sends the browser back.",
    "wauth=http://schemas.microsoft.com/claims/multipleauthn in the address, again and again.",
    "Let the IdP ask for a second factor and say so, or set acceptIfMfaDoneByFederatedIdp.",
    checks="PASSIVE-20",
    related="FED-26",
)
_REJECTED = cause(
    "The domain says rejectMfaByFederatedIdp, or the IdP says its second factor under another name.",
    "federatedIdpMfaBehavior; authnmethodsreferences and AuthenticationMethod in the assertion.",
    "Set acceptIfMfaDoneByFederatedIdp, and issue http://schemas.microsoft.com/claims/multipleauthn.",
    related="FED-26",
)
_NO_PASS = cause(
    "The domain says enforceMfaByFederatedIdp: Entra never shows its own prompt, where the pass would be typed.",
    "federatedIdpMfaBehavior of the domain.",
    "Set acceptIfMfaDoneByFederatedIdp while people are being set up.",
    related="FED-26",
)
_AGENT = cause(
    "The browser's User-Agent is not in the IdP's list, or the IdP's host not in the browser's.",
    "401 or the form, without an Authorization header in the second request.",
    "Add the User-Agent at the IdP, and the host to AuthServerAllowlist (Edge, Chrome) or negotiate-auth.trusted-uris.",
    related="PASSIVE-18",
    adfs="Set-AdfsProperties -WIASupportedUserAgents.",
)
_LONG = cause(
    "Entra's address is long, for wctx holds the whole request of the application: something before the IdP cuts it.",
    "HTTP 400 or 414, and an address of one to two kilobytes or more.",
    "Raise the limit on addresses and parameters at the IdP, its proxy and its firewall.",
)


_met = partial(field_failure, phase="auth")


BROWSER_ERRORS: tuple[Article, ...] = (
    _met("F14", "cannot read SecurityToken, expected element is assertion", "Entra refuses the answer: AADSTS50008.",
         "Azure-Samples/active-directory-dotnet-webapp-wsfederation issue 10", SAML_2, see="AADSTS50008"),
    _met("F15", "federated sign-in fails since the certificate was rolled over", "Entra refuses the signature.",
         "Microsoft Graph: internalDomainFederation, signingCertificate", _ROLLED, see="AADSTS50008 AADSTS50006"),
    _met("F16", "signature is refused in the browser alone", "The same assertion holds where no browser carries it.",
         "simplesamlphp/simplesamlphp-module-adfs; MS-MWBF", _RETURNS, see="AADSTS50008"),
    _met("F17", "InclusiveNamespaces is not supported", "A .NET relying party refuses the signature (IDX30107).",
         "AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet issue 865", _PREFIXES),
    _met("F18", "user account does not exist in the directory after a browser sign-in", "Entra finds nobody.",
         "AADInternals: deep-dive to identity federation", _ANCHOR, see="AADSTS51004 AADSTS90072"),
    _met("F19", "wresult is missing or invalid", "Entra cannot read what the browser posted.",
         "AADInternals: deep-dive to identity federation; mandiant/ADFSpoof issue 4", CUT,
         see="AADSTS90013 AADSTS20012"),
    _met("F20", "MSIS7102: Requested Authentication Method is not supported on the STS", "The IdP answers HTTP 500.",
         _PROMPT, _UNKNOWN_METHOD, aliases=("MSIS7102",)),
    _met("F21", "single sign-on is lost with some applications", "A form is shown where a ticket used to do.",
         _PROMPT, _NO_SSO),
    _met("F22", "browser goes back and forth between Entra and the IdP", "The sign-in comes to no end.",
         _MFA, _NEVER_MFA, see="AADSTS50079"),
    _met("F23", "second factor is asked for twice", "The IdP asked for it, and Entra asks again.", _MFA, _REJECTED),
    _met("F24", "temporary access pass cannot be used by federated users", "Nobody asks for it.", _MFA, _NO_PASS),
    _met("F25", "password form instead of single sign-on", "The browser shows no ticket.",
         "Microsoft: Configure browsers to use Windows Integrated Authentication with AD FS", _AGENT),
    _met("F26", "request URL is too long", "Something refuses the address that Entra sent the browser to.",
         "apache/cxf-fediz: parameter size limits", _LONG),
)  # fmt: skip

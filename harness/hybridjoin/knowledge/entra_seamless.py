"""AADSTS errors of Seamless single sign-on: what Entra's own token service makes of a user's Kerberos ticket."""

from __future__ import annotations

from hybridjoin.knowledge.article import Article, cause
from hybridjoin.knowledge.entra_row import row

_TROUBLE = "Microsoft: Troubleshoot Microsoft Entra seamless single sign-on"
KEY = cause(
    "Entra does not hold the key that the ticket was encrypted with: the password of AZUREADSSOACC was reset by "
    "something else than Update-AzureADSSOForest, or the account was made anew.",
    "PasswordLastSet of AZUREADSSOACC against the last roll-over; klist on the computer: the ticket's version.",
    "Update-AzureADSSOForest (AzureADSSO.psd1 of Entra Connect), with a domain administrator's credential of that "
    "forest; then klist purge, or ten hours.",
    related="KRB-01 KRB-04",
)
_TYPES = cause(
    "Tickets for AZUREADSSOACC are in a type that the computers or the controllers no longer allow.",
    "msDS-SupportedEncryptionTypes of AZUREADSSOACC, and Network security: Configure encryption types allowed for "
    "Kerberos.",
    "Set AES 256 on the account, roll its key over, and purge kept tickets.",
    related="KRB-02 KRB-03",
)
_CLOCK = cause(
    "The ticket is over, or the computer's clock and the controller's are more than five minutes apart.",
    "klist: End Time; w32tm /query /status.",
    "Set the clock; lock and unlock the computer, so that it gets fresh tickets inside the network.",
)
_NOT_ZONE = cause(
    "The browser or program sent NTLM instead of a ticket: no controller in reach, or no service principal name.",
    "setspn -Q HTTP/autologon.microsoftazuread-sso.com; nltest /dsgetdc: from the computer.",
    "Let the computer reach a controller; Enable-AzureADSSOForest where AZUREADSSOACC or its name is missing.",
)
_OFF = cause(
    "Seamless single sign-on is off for the tenant, or on for another forest.",
    "Get-AzureADSSOStatus: Enable, and the list of domains.",
    "Switch it on in the wizard of Entra Connect, or Enable-AzureADSSOForest for that forest.",
)
_NOBODY = cause(
    "Entra Connect has not brought whose ticket that is.",
    "Get-MgUser -Filter \"onPremisesSecurityIdentifier eq '<SID>'\"; the scope of Entra Connect.",
    "Put the person into the scope, and wait for a cycle.",
)
_LARGE = cause(
    "The ticket is too large, for its owner is in very many groups.",
    "The number of groups in whoami /groups.",
    "Take the person out of groups that are not needed.",
)
_OTHER_PERSON = cause(
    "Somebody else is logged on to the computer than who signs in.",
    "whoami /upn against the name that was typed.",
    "Sign in as whoever is logged on, or by password.",
)
_INCOMPLETE = cause(
    "The message lacks a member that Entra needs: something on the way cut it, or it is written by hand.",
    "The body of the request, in the record of hybridjoin run.",
    "Send the RequestSecurityToken whole; let no proxy rewrite it.",
)

SEAMLESS: tuple[Article, ...] = (
    row(81001, "(no symbol published)", "The user's Kerberos ticket is too large.", (_LARGE,), source=_TROUBLE),
    row(81004, "DesktopSsoIdentityInTicketIsNotAuthenticated", "The Kerberos authentication attempt failed.",
        (KEY, _TYPES), see="AADSTS81009 AADSTS81010"),
    row(81005, "DesktopSsoAuthenticationPackageNotSupported", "The authentication package is not supported.",
        (_NOT_ZONE,), see="AADSTS81004"),
    row(81007, "DesktopSsoTenantIsNotOptIn", "The tenant is not enabled for Seamless single sign-on.", (_OFF,)),
    row(81009, "DesktopSsoAuthorizationHeaderValueWithBadFormat", "The user's Kerberos ticket cannot be validated.",
        (_NOT_ZONE, KEY), see="AADSTS81004"),
    row(81010, "DesktopSsoAuthTokenInvalid", "The user's Kerberos ticket has expired or is invalid.",
        (_CLOCK, KEY), see="AADSTS81004"),
    row(81011, "DesktopSsoLookupUserBySidFailed", "Entra finds nobody by what stands in the ticket.", (_NOBODY,),
        see="AADSTS50034"),
    row(81012, "DesktopSsoMismatchBetweenTokenUpnAndChosenUpn",
        "Who signs in is not who is logged on to the computer.", (_OTHER_PERSON,)),
    row(90014, "MissingRequiredField", "A field that the protocol requires is missing.", (_INCOMPLETE,)),
)  # fmt: skip

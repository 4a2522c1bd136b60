"""What people meet at the logon of a joined device, and where computers of managed domains wait: in their own words."""

from __future__ import annotations

from functools import partial

from hybridjoin.knowledge.article import Article, cause, field_failure
from hybridjoin.knowledge.entra_kerberos import CHECKLIST

_PRT = "Microsoft: Understand primary refresh token"
_PRT_TROUBLE = "Microsoft: Troubleshoot primary refresh token issues on Windows devices"
_JOINED = "Microsoft: How device registration works"
_HYBRID = "Microsoft: Configure Microsoft Entra hybrid join"
_TARGETED = "Microsoft: Targeted deployments of Microsoft Entra hybrid join"
_CO_MANAGED = "Microsoft: Tutorial: Enable co-management for existing Configuration Manager clients"

_TRUST = cause(
    "The IdP asks for a trusted device, and a device that is being set up is none yet.",
    "The IdP's log of the sign-in in the setup; the same person's browser elsewhere is let in.",
    "Except the setup's sign-in from that policy, by its application or User-Agent.",
)
_NO_PASSWORD_DOOR = cause(
    "The domain has an address for browsers, and none where a name and a password are taken, or a policy blocks it.",
    "`hybridjoin federation`, line PRT; `hybridjoin mex URL`: which endpoint takes a UsernameToken.",
    "Publish usernamemixed in both versions, also from outside; let the sign-in policy pass the User-Agent "
    "Windows-AzureAD-Authentication-Provider (in Okta a rule on request.userAgent).",
    checks="USER-01",
    related="PRT-10",
)
_FAULT = cause(
    "The token service answered the logon with a fault.",
    "Event 1088 of Microsoft-Windows-AAD/Operational has its words, 1022 the address.",
    "Do what the fault says; the IdP's log of that second has more.",
    checks="PRT-02?",
)
_NO_TRUST = cause(
    "The IdP speaks WS-Federation or SAML alone: there is no WS-Trust that a logon could ask.",
    "The domain has no MetadataExchangeUri, or it leads to federation metadata.",
    "Another IdP, or staged roll-out of these people to password hash sync.",
)
_LICENCE = cause(
    "The subscription's licence is not renewed, for it is asked for with the logon's token.",
    "AzureAdPrt : NO on dsregcmd /status, for days.",
    "Mend the logon's way to the IdP first.",
)
_HASH = cause(
    "Entra checks the password itself, and its hash has not come with a synchronization yet.",
    "The domain is managed, or the person in a staged roll-out; the password is minutes old.",
    "Wait for the next cycle; then lock and unlock the device.",
)
_KDF = cause(
    "The client derives its key in the first version, which Entra takes no more.",
    "kdf_ver is missing in the header of the request's JWT.",
    "Send kdf_ver 2.",
    checks="PRT-05",
)
_WAITS = cause(
    "Entra Connect has not brought the computer's certificate yet; the task tries again every hour.",
    "Event 304 with 0x801c03f2; userCertificate is set in the directory.",
    "Wait, or run a cycle of Entra Connect and then the task Automatic-Device-Join.",
    checks="MANAGED-09",
)
_PENDING = cause(
    "The device object left the synchronization's scope and came back, or holds the certificate of an earlier key.",
    "Registered: Pending in the portal; the certificate in userCertificate against the one in Entra.",
    "Bring the computer into scope, delete the pending object, and run dsregcmd /leave on the computer.",
    checks="MANAGED-10 MANAGED-11",
)
_CLEANED = cause(
    "AD FS removes device objects that it takes for unused, for its servers do not know the tenant of a client-side "
    "service connection point.",
    "The event log of AD FS' device clean-up; MaximumInactiveDays.",
    "Set the same values in the registry of the AD FS servers.",
    related="MANAGED-13",
)
_INSPECTED = cause(
    "Something looks into TLS at these sites, and device.login.microsoftonline.com wants the device's own certificate.",
    "The issuer of the certificate that the site's computers see.",
    "Except device.login.microsoftonline.com from inspection.",
)
_HINT = cause(
    "The request carries a domain_hint, or a protocol or a nested group that a staged roll-out does not cover.",
    "domain_hint in the address; the person's own membership in the group.",
    "Leave the hint out, and put people into the group directly.",
)
_NO_LICENCE = cause(
    "The administrator who enables co-management has no Intune licence.",
    "The administrator's licences in Entra.",
    "Assign one, and sign in anew.",
)
_ONLY_REGISTERED = cause(
    "The device is registered alone, which co-management does not take; or a MAM scope wins over the MDM scope.",
    "dsregcmd /status: AzureAdJoined : NO and WorkplaceJoined : YES.",
    "Join it as a hybrid one, and keep the two scopes apart.",
    related="MANAGED-17",
)


_met = partial(field_failure, phase="logon")


LOGON_ERRORS: tuple[Article, ...] = (
    _met("F27", "sign-in fails while Windows is set up, and works in a browser", "The device's setup is refused.",
         "JumpCloud: Enable Microsoft 365/Entra ID WS-Federation", _TRUST),
    _met("F28", "first logon after the setup says that the password is wrong", "The join needed no password door.",
         _JOINED, _NO_PASSWORD_DOOR, see="0xC000006D"),
    _met("F29", "AzureAdPrt : NO", "Whoever logged on has no primary refresh token.", _PRT_TROUBLE,
         _NO_PASSWORD_DOOR, _FAULT, see="0xC004848B 0xC004848C 0xC00484C1"),
    _met("F30", "a document type declaration in the answer of the token service", "Windows' XML reader takes none.",
         _PRT_TROUBLE, _FAULT, see="0xC00CEE4F"),
    _met("F31", "no primary refresh token with an IdP without WS-Trust", "Conditional Access sees no device.",
         _PRT, _NO_TRUST),
    _met("F32", "Windows Enterprise turned into Pro", "The subscription's licence was not renewed.",
         "Okta: Windows Enterprise falls back to Pro", _LICENCE),
    _met("F33", "password is refused for a while after it was changed", "Entra has the old one.", _PRT_TROUBLE, _HASH,
         see="AADSTS50126"),
    _met("F34", "key derivation version 1 is refused", "A broker of one's own gets AADSTS5000611.",
         "Microsoft: Deprecation of key derivation function version 1", _KDF, see="AADSTS5000611"),
    _met("F35", "join fails at first and works hours later", "Nothing is wrong but the time.", _JOINED, _WAITS,
         see="0x801C03F2"),
    _met("F36", "device is pending for days", "It was synchronized, and never registered.", _TARGETED, _PENDING,
         see="0x801C03F2"),
    _met("F37", "hybrid joined devices vanish after months", "Somebody deletes them.", _TARGETED, _CLEANED),
    _met("F38", "join fails at some sites alone", "TLS ends elsewhere there.", _HYBRID, _INSPECTED),
    _met("F39", "people of a staged roll-out still see the IdP", "Entra sends them to the federated IdP.",
         "Microsoft: Migrate to cloud authentication using staged rollout", _HINT),
    _met("F40", "an unanticipated error occurred while co-management is enabled", "User not recognized.",
         _CO_MANAGED, _NO_LICENCE),
    _met("F41", "hybrid device is never enrolled", "Intune does not see it.", _CO_MANAGED, _ONLY_REGISTERED),
    _met("F42", "hybrid join by Entra Kerberos fails", "There is no ticket for the registration service.",
         "Microsoft: Configure Microsoft Entra hybrid join using Microsoft Entra Kerberos", *CHECKLIST,
         see="0x801C0095 0x80090303 0x8009030C 0x80090311"),
)  # fmt: skip

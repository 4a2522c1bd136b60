"""The hybrid join by Entra Kerberos (a preview), which needs no IdP: what has to be there, in the order of looking.

Nothing of it is played: a realm of Entra's own, and controllers of Windows Server 2025, are in no lab of ours. That a
KDC without the trust answers 0x7 was seen with Samba's.
"""

from __future__ import annotations

from typing import Final

from hybridjoin.knowledge.article import Cause, cause

_SPN: Final = "adrs/enterpriseregistration.windows.net"
_PRINCIPAL: Final = "Get-EntraServicePrincipal -Filter \"AppId eq '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9'\""

NOT_WANTED: Final = cause(
    "Windows 11 24H2 tries to join by Entra Kerberos, and that is not set up here; the IdP has no part in it.",
    f"klist get {_SPN} as SYSTEM; the Kerberos event log.",
    "Nothing, where the federated join is wanted; else a Windows Server 2025 domain controller, the trusted domain "
    f"object, and the SPN {_SPN} with its tag in Entra.",
)
NO_CONTROLLER: Final = cause(
    "No domain controller of Windows Server 2025 (build 26100.6905 or later) could be reached from the computer.",
    "nltest /dsgetdc:<domain> /force; dcdiag on that controller: does it advertise itself, does the KDC service run?",
    "Install one in every domain whose computers are to join so, run EnableKerbHaadj.exe there, and restart it.",
)
NO_ON_PREM_ID: Final = cause(
    "The controller that issued the ticket does not write what Entra needs into it.",
    "Which controller that was (klist, as SYSTEM), its build, and whether EnableKerbHaadj.exe was run there.",
    "Run EnableKerbHaadj.exe on every controller of the domain that runs Windows Server 2025, and restart it.",
)
NO_TRUST: Final = cause(
    "The directory has no trusted-domain object for KERBEROS.MICROSOFTONLINE.COM, and its KDC knows no such service.",
    "Get-ADObject -Filter 'objectClass -eq \"trustedDomain\"'; the KDC's error in the event log is 0x7.",
    "Set-AzureADKerberosServer with -SetupCloudTrust (AzureADHybridAuthenticationManagement), as Domain and "
    "Enterprise Admin and as Hybrid Identity Administrator.",
)
NO_SPN: Final = cause(
    f"The service principal of the registration service in the tenant has no name {_SPN}.",
    f"{_PRINCIPAL}: ServicePrincipalNames; the KDC's error is 0x7.",
    f"Set-EntraServicePrincipal with {_SPN} added to its ServicePrincipalNames.",
)
NO_TAG: Final = cause(
    "The tag KerberosPolicy:ExchangeForJwt is missing at the registration service's principal, which has no key then.",
    f"{_PRINCIPAL}: Tags; the KDC's error is 0x9, No KerberosKeyInformation Keys found.",
    "Set-EntraServicePrincipal with KerberosPolicy:ExchangeForJwt added to its Tags.",
)
NO_PROXY: Final = cause(
    "A policy names KDC proxies for the computers, and none for Entra's realm.",
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\KdcProxy\\ProxyServers.",
    "Add KERBEROS.MICROSOFTONLINE.COM = https login.microsoftonline.com:443:<tenant id>/kerberos / to it, with the "
    "blank after https and the one before the last slash.",
)
OLD_WINDOWS: Final = cause(
    "The computer runs a Windows that does not join so: it takes Windows 11, build 26100.6584 or later.",
    "winver on the computer.",
    "Update the computer; until then it joins as the domain's realm says, federated or synchronized.",
)
CHECKLIST: Final[tuple[Cause, ...]] = (
    NO_TRUST, NO_SPN, NO_TAG, NO_CONTROLLER, NO_ON_PREM_ID, NO_PROXY, OLD_WINDOWS,
)  # fmt: skip

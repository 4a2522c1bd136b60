"""Where the rules are known from by which lines are read, each said once."""

from __future__ import annotations

from typing import Final

from hybridjoin.intake.files.fact import Basis, assumed, documented, observed

DSREGCMD: Final[Basis] = documented("Microsoft: Troubleshoot devices by using the dsregcmd command")
JOINING: Final[Basis] = documented("Microsoft: Troubleshoot Microsoft Entra hybrid joined devices")
PING: Final[Basis] = observed("Ping Identity: Reference and troubleshooting for Microsoft Entra hybrid join")
SCREENS: Final[Basis] = observed("public transcripts: Microsoft Q&A 687273, MicrosoftDocs/azure-docs issue 48790")
LAB_SCREENS: Final[Basis] = observed("public lab notes on Windows 11 24H2")
NOTES: Final[Basis] = observed("administrators' public notes on dsregcmd /join /debug")
NAMES: Final[Basis] = assumed("read by its label; nobody describes it")
GRAPH: Final[Basis] = documented("Microsoft Graph: internalDomainFederation")
MSONLINE: Final[Basis] = observed("guides of identity providers that print Get-MsolDomainFederationSettings")
POWERSHELL: Final[Basis] = documented("Microsoft Graph PowerShell: New- and Update-MgDomainFederationConfiguration")
REALM: Final[Basis] = observed("answers of login.microsoftonline.com/common/userrealm")
MANIFEST: Final[Basis] = observed("the event provider's manifest, builds 10240, 17134 and 18990")
EVENT_TEXTS: Final[Basis] = observed("published message texts of both providers, about build 1903")
EVENT_SHAPES: Final[Basis] = assumed("how Windows exports event logs, in general")
KERBEROS_JOIN: Final[Basis] = documented(
    "Microsoft: Microsoft Entra hybrid join using Microsoft Entra Kerberos (preview)"
)
KERBEROS_LOG: Final[Basis] = documented("Microsoft: How to enable Kerberos event logging")
SAVED_PAGE: Final[Basis] = assumed("a page that was saved; of which address it came, nobody says")
CLAIM_RULES: Final[Basis] = documented("Microsoft: The role of the claim rule language")
ADFS_ENDPOINTS: Final[Basis] = documented("Microsoft: Get-AdfsEndpoint")
PROXY_TOOLS: Final[Basis] = observed("scripts of support that read netsh winhttp show proxy and bitsadmin /getieproxy")
DOWN_LEVEL: Final[Basis] = documented("Microsoft: Troubleshoot Microsoft Entra hybrid joined down-level devices")
CHAIN: Final[Basis] = documented("OpenSSL: s_client")
KLIST: Final[Basis] = observed("klist, as published in public threads")
SETSPN: Final[Basis] = observed("setspn -Q, as published in public threads")
KEYTABS: Final[Basis] = assumed("the listings of ktpass and of MIT's klist -kte")
KEYTAB_FILE: Final[Basis] = documented("MIT Kerberos: Keytab file format")
LDIF: Final[Basis] = documented("RFC 2849; MS-ADTS for the attributes")
AD_LIST: Final[Basis] = assumed("Get-ADComputer and Get-ADObject as Format-List prints objects")
REGISTRY: Final[Basis] = documented("Microsoft: Targeted deployment of Microsoft Entra hybrid join (CDJ\\AAD)")
DSREGTOOL: Final[Basis] = observed("mzmaili/DSRegTool 4.0, DSRegTool.ps1")
WIRE: Final[Basis] = documented("the message itself, by its specification")
HAR: Final[Basis] = documented("HTTP Archive 1.2")
SAZ: Final[Basis] = assumed("Fiddler's archive, from general knowledge of it")
SIGN_INS: Final[Basis] = documented("Microsoft Graph: signIn")
OKTA: Final[Basis] = documented("Okta: System Log API")
PINGONE: Final[Basis] = documented("PingOne: audit activities")
PINGFEDERATE: Final[Basis] = documented("PingFederate: security audit logging")
PINGFEDERATE_SERVER: Final[Basis] = assumed("PingFederate's server.log, and the texts of Java's GSS provider")
ADFS: Final[Basis] = documented("Microsoft: AD FS auditing, and the AD FS toolbox's event reader")
RECORD: Final[Basis] = documented("hybridjoin schema record")

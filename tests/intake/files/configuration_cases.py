"""Cases from the field without any log: what was configured is the evidence. And those that are no evidence at all."""

# ruff: noqa: E501 - evidence is as wide as it is

from __future__ import annotations

from typing import Final

from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import FieldCase, event_text, event_xml, ldif
from tests.protocol.metadata import USERNAME_13, WINDOWS_13, metadata

_CLAIMS: Final = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
_ACCOUNT: Final = "http://schemas.microsoft.com/ws/2012/01/accounttype"
_COMPUTER: Final = (
    f'c1:[\n  Type == "{_CLAIMS}/groupsid", \n  Value =~ "-515$", \n  Issuer =~ "^(AD AUTHORITY|SELF AUTHORITY|LOCAL AUTHORITY)$"\n] \n'
    f' && c2:[\n  Type == "{_CLAIMS}/windowsaccountname", \n  Issuer =~ "^(AD AUTHORITY|SELF AUTHORITY|LOCAL AUTHORITY)$"\n] \n'
)
_DEVICES: Final = (
    f'@RuleName = "Issue account type for domain-joined computers"\n{_COMPUTER} => issue(\n  Type = "{_ACCOUNT}", \n  Value = "DJ"\n);\n\n'
    f'@RuleName = "Issue object GUID for domain-joined computers"\n{_COMPUTER} => issue(\n  store = "Active Directory", \n'
    '  types = ("http://schemas.microsoft.com/identity/claims/onpremobjectguid"), \n  query = ";objectguid;{0}", \n  param = c2.Value\n);\n\n'
    f'@RuleName = "Issue objectSID for domain-joined computers"\n{_COMPUTER} => issue(claim = c2);\n\n'
)
_ISSUER_OF_ALL: Final = (
    '@RuleName = "Issue issuerid when it is not a computer account"\n'
    'c:[Type == "http://schemas.xmlsoap.org/claims/UPN"]\n'
    f' => issue(Type = "{_CLAIMS}/issuerid", Value = regexreplace(c.Value, ".+@(?<domain>.+)", "http://${{domain}}/adfs/services/trust/"));\n\n'
)
_ISSUER_OF_COMPUTERS: Final = (
    f'@RuleName = "Issue issuerID for domain-joined computers"\nc:[\n  Type == "{_ACCOUNT}", \n  Value == "DJ"\n] \n'
    f' => issue(\n  Type = "{_CLAIMS}/issuerid", \n  Value = "http://{t.DOMAIN}/adfs/services/trust/"\n);\n'
)
_USERS_ID: Final = (
    '@RuleName = "Issue UPN and ImmutableID"\nc:[Type == "'
    + _CLAIMS
    + '/windowsaccountname"]\n => issue(store = "Active Directory", '
    'types = ("http://schemas.xmlsoap.org/claims/UPN", "http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID"), '
    'query = "samAccountName={0};userPrincipalName,objectGUID;{1}", param = regexreplace(c.Value, "(?<domain>[^\\\\]+)\\\\(?<user>.+)", "${user}"), '
    "param = c.Value);\n\n"
)
_TRUST: Final = 'PS C:\\> Get-AdfsRelyingPartyTrust -Name "Microsoft Office 365 Identity Platform" | fl IssuanceTransformRules\n\nIssuanceTransformRules : '


def _endpoint(path: str, credential: str, *, proxy: bool) -> str:
    return (
        f"ClientCredentialType : {credential}\nEnabled              : True\nFullUrl              : https://sts.{t.DOMAIN}{path}\n"
        f"Proxy                : {proxy}\nProtocol             : WS-Trust 1.3\nSecurityMode         : Transport\n"
        f"AddressPath          : {path}\nVersion              : default\n\n"
    )


_NOT_A_MEMBER: Final = t.status(
    ("Device State", (("AzureAdJoined", "NO"), ("EnterpriseJoined", "NO"), ("DomainJoined", "NO"))),
)

_OUTSIDE_A_DOMAIN: Final = t.status(
    ("Device State", (("AzureAdJoined", "YES"), ("EnterpriseJoined", "NO"), ("DomainJoined", "NO"))),
)
_MEMBER: Final = t.status(
    ("Device State", (("AzureAdJoined", "YES"), ("EnterpriseJoined", "NO"), ("DomainJoined", "YES"))),
)

CONFIGURATION_CASES: Final[dict[str, FieldCase]] = {
    "2 two rules that issue issuerid": FieldCase(
        files={"rules_txt": _TRUST + _DEVICES + _USERS_ID + _ISSUER_OF_ALL + _ISSUER_OF_COMPUTERS},
        found={"rule.audience": ["computers", "everybody"]},
        remarks=frozenset({"issuerid-twice", "immutableid-for-users-alone"}),
        silent=frozenset({"immutableid-undecided"}),
    ),
    "3 ImmutableID for users alone": FieldCase(
        files={"AadTrust_txt": _DEVICES + _USERS_ID + _ISSUER_OF_COMPUTERS},
        found={"rule.issues": [_ACCOUNT, "http://schemas.microsoft.com/identity/claims/onpremobjectguid", f"{_CLAIMS}/groupsid",
                               "http://schemas.xmlsoap.org/claims/UPN", "http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID",
                               f"{_CLAIMS}/issuerid"]},
        remarks=frozenset({"immutableid-for-users-alone"}),
        silent=frozenset({"issuerid-twice", "immutableid-undecided"}),
    ),
    "4 whether users get ImmutableID, nobody knows": FieldCase(
        files={"rules_txt": _DEVICES + _ISSUER_OF_COMPUTERS},
        remarks=frozenset({"immutableid-undecided"}),
        silent=frozenset({"immutableid-for-users-alone", "issuerid-twice"}),
        asked=frozenset({"debug", "assertion"}),
    ),
    "6 Entra itself as the authentication service": FieldCase(
        files={"scp_ldf": ldif("CN=62a0ff2e-97b9-4513-943f-0d221bd30080,CN=Device Registration Configuration,CN=Services,CN=Configuration,DC=fabrikam,DC=example",
                               ("objectClass", "serviceConnectionPoint"), ("keywords", "azureADName:fabrikam.onmicrosoft.com"),
                               ("keywords", f"azureADId:{t.TENANT}")),
               "join_txt": t.opening(t.SYNC_REQUEST) + t.tenant_info("Managed", "fabrikam.onmicrosoft.com") + t.reply(t.SYNC_REQUEST)
               + "DsrCmdJoinHelper::Join: completed successfully\n" + t.short_status()},
        found={"scp.name": ["fabrikam.onmicrosoft.com"], "realm.type": ["Managed"]},
        road=["synchronized"],
        phase=[],
        codes=[],
        remarks=frozenset({"managed-name"}),
        silent=frozenset({"fallback-hides", "device-missing", "claims-suspect"}),
    ),
    "17 windowstransport on the proxy": FieldCase(
        files={"endpoints_txt": "PS C:\\> Get-AdfsEndpoint\n\n"
               + _endpoint("/adfs/services/trust/13/windowstransport", "Windows", proxy=True)
               + _endpoint("/adfs/services/trust/13/usernamemixed", "UserName", proxy=True)},
        found={"adfs_endpoint.proxy": ["True"], "adfs_endpoint.enabled": ["True"]},
        remarks=frozenset({"windowstransport-on-the-proxy"}),
    ),
    "21 run elevated, without the user's rows": FieldCase(
        files={"status_txt": t.status(
            t.DEVICE_STATE, ("User State", (("NgcSet", "NO"), ("WorkplaceJoined", "NO"), ("WamDefaultSet", "ERROR (0x80070520)"))),
            ("SSO State", (("AzureAdPrt", "NO"), ("EnterprisePrt", "NO"))),
            ("Diagnostic Data", (("AadRecoveryEnabled", "NO"), ("Executing Account Name", f"FABRIKAM\\WS-0042$, WS-0042$@{t.DOMAIN}"), ("KeySignTest", "PASSED"))),
            ("Ngc Prerequisite Check", (("IsDeviceJoined", "YES"), ("IsUserAzureAD", "NO"))))},
        found={"user.is_entra_user": ["NO"], "status.account": [f"FABRIKAM\\WS-0042$, WS-0042$@{t.DOMAIN}"]},
        remarks=frozenset({"run-elevated"}),
        silent=frozenset({"user-prt", "device-disabled"}),
    ),
    "28 a device object that was cleaned up": FieldCase(
        files={"status_txt": t.diagnostics(
            ("Client Time", "2023-03-02 08:11:12.000 UTC"), ("Previous Registration", "2023-03-02 08:05:00.000 UTC"), ("Registration Type", "sync"),
            ("Error Phase", "join"), ("Client ErrorCode", "0x801c03f3"), ("Server ErrorCode", "invalid_request"),
            ("Server ErrorSubCode", "error_missing_device"), ("Https Status", "400"), joined="YES")},
        found={"last_attempt.server_subcode": ["error_missing_device"], "device.joined": ["YES"]},
        phase=["join"],
        codes=["0x801c03f3, error_missing_device, invalid_request"],
        remarks=frozenset({"device-missing"}),
        silent=frozenset({"lost-device-renewed", "claims-suspect"}),
    ),
    "31 one proxy of two": FieldCase(
        files={"proxy_txt": "C:\\>netsh winhttp show proxy\n\nCurrent WinHTTP proxy settings:\n\n    Proxy Server(s) :  proxy.fabrikam.example:8080\n"
               "    Bypass List     :  *.fabrikam.example\n\nC:\\>bitsadmin /util /getieproxy localsystem\n\nBITSADMIN version 3.0\n"
               "BITS administration utility.\n(C) Copyright Microsoft Corp.\n\nProxy usage:  NO_PROXY\n"},
        found={"network.winhttp_proxy": ["proxy.fabrikam.example:8080"], "network.winhttp_bypass": ["*.fabrikam.example"],
               "network.system_proxy": ["NO_PROXY"]},
        remarks=frozenset({"one-proxy-of-two"}),
    ),
    "32 TLS opened on the way": FieldCase(
        files={"chain_txt": "$ openssl s_client -connect enterpriseregistration.windows.net:443\nCONNECTED(00000003)\n---\nCertificate chain\n"
               " 0 s:CN = enterpriseregistration.windows.net\n   i:O = Fabrikam, CN = Fabrikam TLS Inspection CA\n"
               " 1 s:O = Fabrikam, CN = Fabrikam TLS Inspection CA\n   i:O = Fabrikam, CN = Fabrikam Root CA\n---\n",
               "events_xml": event_xml(354, ("ExitCode", "-2147024883"), ("HttpStatus", "403"),
                                       ("ServerMessage", "&lt;!DOCTYPE html&gt;&lt;html&gt;&lt;title&gt;Blocked&lt;/title&gt;&lt;/html&gt;"))},
        found={"tls.subject": ["CN = enterpriseregistration.windows.net"], "tls.issuer": ["O = Fabrikam, CN = Fabrikam TLS Inspection CA"],
               "attempt.exit_code": ["0x8007000d"], "network.html_instead": ["an HTML page answered, says event 354"]},
        remarks=frozenset({"tls-inspected", "html-instead"}),
    ),
    "33 the client of Windows 7": FieldCase(
        files={"events_txt": event_text(201, "The device could not be registered. Could not authenticate your account.",
                                        log="Microsoft-Workplace Join/Admin")},
        found={"legacy.event": ["201"]},
        road=[],
        remarks=frozenset({"legacy-client"}),
        silent=frozenset({"user-flow"}),
    ),
    "35 metadata with nothing for a computer": FieldCase(
        files={"mex_xml": metadata((USERNAME_13,))},
        found={"mex.chosen": ["nothing"]},
        remarks=frozenset({"no-windows-endpoint"}),
    ),
    "36 which endpoint serves the join": FieldCase(
        files={"mex_xml": metadata((USERNAME_13, WINDOWS_13))},
        found={"mex.chosen": [WINDOWS_13.url],
               "mex.endpoint": [f"username 1.3 {USERNAME_13.url}", f"windows 1.3 {WINDOWS_13.url}"]},
        silent=frozenset({"no-windows-endpoint"}),
    ),
    "38 no domain yet": FieldCase(
        files={"status_txt": _NOT_A_MEMBER},
        found={"device.domain_joined": ["NO"]},
        road=["not joined"],
        phase=[],
        codes=[],
        remarks=frozenset({"not-in-a-domain"}),
        silent=frozenset({"no-domain-controller", "claims-suspect", "joined-outside-a-domain"}),
    ),
    "a device that a person had joined": FieldCase(
        files={"status_txt": _OUTSIDE_A_DOMAIN},
        found={"device.domain_joined": ["NO"], "device.joined": ["YES"]},
        road=["by a person"],
        remarks=frozenset({"joined-outside-a-domain"}),
        silent=frozenset({"not-in-a-domain", "joined-proves-neither"}),
    ),
    "two screens, of which neither is such a device's": FieldCase(
        files={"a_txt": _NOT_A_MEMBER, "b_txt": _MEMBER},
        found={"device.domain_joined": ["NO", "YES"]},
        road=["undecided"],
        remarks=frozenset({"joined-proves-neither", "not-in-a-domain"}),
        silent=frozenset({"joined-outside-a-domain"}),
    ),
}  # fmt: skip

NO_EVIDENCE: Final[dict[int, str]] = {
    11: "A question about a page of Entra Connect's wizard, which asks for an AD FS administrator; no file tells of it, "
    "and what the wizard then writes is the service connection point of case 6.",
    37: "A wrong number in a page of documentation; no customer's file says it. `hybridjoin explain` has the symbol.",
}
"""Cases of the list that nobody can send a file of, and why."""

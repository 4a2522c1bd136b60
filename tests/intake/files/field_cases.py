"""Cases from the field, rebuilt as evidence in the true formats with names and ids of our own.

Each row says what of them has to be found: facts, conclusions, remarks, what is asked for, and what is not said.
"""

# ruff: noqa: E501 - evidence is as wide as it is

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass, field
from typing import Final

from tests.intake.files import transcripts as t

SCP: Final = (
    "CN=62a0ff2e-97b9-4513-943f-0d221bd30080,CN=Device Registration Configuration,CN=Services,CN=Configuration,"
    "DC=fabrikam,DC=example"
)
DN: Final = "CN=WS-0042,OU=Workstations,DC=fabrikam,DC=example"
SID: Final = "S-1-5-21-1004336348-1177238915-682003330-2117"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCase:
    """What was sent, and what has to come of it; `found` are facts, `silent` are remarks that must not be made."""

    files: dict[str, str | bytes]
    found: dict[str, list[str]] = field(default_factory=dict)
    road: list[str] | None = None
    phase: list[str] | None = None
    codes: list[str] | None = None
    remarks: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


def event_text(number: int, text: str, *, log: str = "Microsoft-Windows-User Device Registration/Admin") -> str:
    """An event as `wevtutil qe /f:text` prints it."""
    source = log.rpartition("/")[0]
    return (
        f"Event[0]:\n  Log Name: {log}\n  Source: {source}\n  Date: 2021-09-06T10:11:12.345\n  Event ID: {number}\n"
        f"  Task: N/A\n  Level: Error\n  Opcode: Info\n  Keyword: N/A\n  User: S-1-5-18\n  User Name: NT AUTHORITY\\SYSTEM\n"
        f"  Computer: WS-0042.{t.DOMAIN}\n  Description: \n{text}\n\n"
    )


def event_xml(number: int, *data: tuple[str, str], provider: str = "Microsoft-Windows-User Device Registration") -> str:
    """An event as `wevtutil qe /f:xml` prints it, on one line."""
    fields = "".join(f"<Data Name='{name}'>{value}</Data>" if name else f"<Data>{value}</Data>" for name, value in data)
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name='{provider}' Guid='{{23b8d46b-67dd-40a3-b636-d43e50552c6d}}'/><EventID>{number}</EventID>"
        "<Version>0</Version><Level>2</Level><TimeCreated SystemTime='2021-09-06T08:11:12.3456789Z'/>"
        f"<EventRecordID>17</EventRecordID><Channel>{provider}/Admin</Channel><Computer>WS-0042.{t.DOMAIN}</Computer>"
        f"<Security UserID='S-1-5-18'/></System><EventData>{fields}</EventData></Event>\n"
    )


NO_DC: Final = (
    "dsregcmd::wmain logging initialized.\n"
    f"DsrCmdJoinHelper::Join: ClientRequestId: {t.FAILED_REQUEST}DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName "
    "No domain controller is available for the specified domain or the domain does not exist: 0x8007054b.\n"
    "preCheckResult: DoNotJoin\ndeviceKeysHealthy: undefined\nisJoined: undefined\nisDcAvailable: NO\nisSystem: YES\n"
    "keyProvider: undefined\nkeyContainer: undefined\ndsrInstance: undefined\nelapsedSeconds: 0\nresultCode: 0x1\n"
    "The device can NOT be joined because a domain controller could not be located.\n"
    "DSREGCMD_END_STATUS\n             AzureAdJoined : NO\n          EnterpriseJoined : NO\n"
)
NO_SCP: Final = (
    t.opening(t.FAILED_REQUEST)
    + "TenantInfo::Discover: Failed reading registration data from AD. Defaulting to autojoin disabled 0x80070002\n"
    "DsrCmdJoinHelper::Join: TenantInfo::Discover failed with error code 0x801c001d.\n"
    "DSREGCMD_END_STATUS\n             AzureAdJoined : NO\n          EnterpriseJoined : NO\n"
)
ENTERPRISE: Final = (
    "dsregcmd::wmain logging initialized.\n"
    + t.tenant_info(name="sts.fabrikam.example")
    + "GetComputerTokenForADRS: Get token for enterprise DRS\n"
    'GetComputerTokenForADRS: Token request authority: "https://login.microsoftonline.com/common"\n'
    "AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuthEnterprise ; HRESULT: 0x0\n"
    "LogFatalAuthError: AdalMessage: ADALUseWindowsAuthenticationNonHybrid failed, unable to preform integrated auth\n"
    "AdalErrorCode: 0x2ee6\n"
    f"AdalCorrelationId: {{{t.FAILED_REQUEST.upper()}}}\n"
    "AdalLog:  HRESULT: 0x2ee6\n"
    "AutoEnrollAsComputer: Unable to retrieve access token. GetComputerTokenForADRS failed with error 0x2ee6.\n"
    "DsrCmdJoinHelper::Join: Federated enterprise DRS join failed with error 0xcaa1000e.\n"
    "DSREGCMD_END_STATUS\n             AzureAdJoined : NO\n          EnterpriseJoined : NO\nDeleteFileW returned 0x00000001.\n"
)
ENTERPRISE_304: Final = event_text(
    304,
    "Automatic registration failed at join phase. \nExit code: Unknown HResult Error code: 0xcaa1000e \nServer error:  \n"
    "Tenant type: Federated \nRegistration type: fed \nDebug Output: \njoinMode: Join\ndrsInstance: ent\nregistrationType: fed\n"
    f"tenantType: Federated\ntenantId: {t.TENANT}\nconfigLocation: undefined\nerrorPhase: auth\n"
    f"adalCorrelationId: {{{t.FAILED_REQUEST.upper()}}}\nadalLog:\nAdalLog:  HRESULT: 0x2ee6\n\nadalResponseCode: 0x2ee6",
)
MISSING_DEVICE: Final = (
    t.opening(t.SYNC_REQUEST)
    + t.tenant_info("Managed")
    + t.reply(t.SYNC_REQUEST, 400)
    + "Join error code: invalid_request\nJoin error subcode: error_missing_device\n"
    f"Join message: The device object by the given id ({t.DEVICE}) is not found.\n"
    "DsrDeviceAutoJoin failed 0x801c03f3.\n"
    "DsrCmdJoinHelper::Join: DsrCmdDeviceEnroller::AutoEnrollSync failed with error code 0x801c03f3.\n"
    "DSREGCMD_END_STATUS\n             AzureAdJoined : NO\n          EnterpriseJoined : NO\n"
)
AZURE_VM: Final = (
    "[3/19/2020 6:14:05 PM] DsrCLI: logging initialized.\n[3/19/2020 6:14:05 PM] Join Azure with MSI credential.\n"
    f"[3/19/2020 6:14:06 PM] Discover tenant info with Tenant ID {t.TENANT}\n"
    "[3/19/2020 6:14:09 PM] Successfully joined machine to AAD.\n"
)
BROKER: Final = event_text(
    1098,
    "Error: 0xCAA90014 The server has returned a fault exception.\r\nLogged at wstrusttokenrequest.cpp, line: 103, method: "
    "WSTrustTokenRequest::AcquireToken.\nRequest: authority: https://login.microsoftonline.com/common, client: "
    "ab9b8c07-8f02-4f72-87fa-80105867a763, redirect URI: ms-appx-web://x, resource: https://officeapps.live.com, "
    f"correlation ID (request): {t.FAILED_REQUEST}",
    log="Microsoft-Windows-AAD/Operational",
)
FAULT_1088: Final = event_xml(
    1088,
    ("Error", "FailedAuthentication"),
    ("ErrorDescription", "ID3242: The security token could not be authenticated or authorized."),
    provider="Microsoft-Windows-AAD",
)


def ldif(dn: str, *rows: tuple[str, str | bytes]) -> str:
    """An entry as ldapsearch writes it, folded."""
    told = "".join(
        f"{name}:: {base64.b64encode(v).decode()}\n" if isinstance(v, bytes) else f"{name}: {v}\n" for name, v in rows
    )
    lines = f"dn: {dn}\n{told}".splitlines()
    return "".join(
        f"{line[:76]}\n" + "".join(f" {line[at : at + 75]}\n" for at in range(76, len(line), 75)) for line in lines
    )


def sid_octets(text: str) -> bytes:
    """A SID as the directory keeps it."""
    parts = [int(item) for item in text.split("-")[2:]]
    tail = b"".join(item.to_bytes(4, "little") for item in parts[1:])
    return bytes([1, len(parts) - 1]) + parts[0].to_bytes(6, "big") + tail


COMPUTER: Final = ldif(
    DN,
    ("objectClass", "top"),
    ("objectClass", "computer"),
    ("objectGUID", uuid.UUID(t.DEVICE).bytes_le),
    ("objectSid", sid_octets(SID)),
    ("sAMAccountName", "WS-0042$"),
    ("dNSHostName", f"ws-0042.{t.DOMAIN}"),
    ("userPrincipalName", "WS-0042$@fabrikam.local"),
)
SCP_LDIF: Final = ldif(
    SCP,
    ("objectClass", "serviceConnectionPoint"),
    ("keywords", f"azureADName:{t.DOMAIN}"),
    ("keywords", f"azureADId:{t.TENANT}"),
)
CDJ: Final = (
    "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CDJ\\AAD\n"
    f"    TenantId    REG_SZ    {t.TENANT}\n    TenantName    REG_SZ    fabrikam.onmicrosoft.com\n\n"
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CDJ\n    FallbackToSyncJoin    REG_DWORD    0x0\n"
)
MSONLINE: Final = """\
PS C:\\> Get-MsolDomainFederationSettings -DomainName fabrikam.example | fl *

ActiveLogOnUri                         : https://accounts.idp.example/saml2
DefaultInteractiveAuthenticationMethod :
FederationBrandName                    : fabrikam.example
IssuerUri                              : https://accounts.idp.example/o/saml2?idpid=C0x
LogOffUri                              : https://accounts.idp.example/logout
MetadataExchangeUri                    :
PassiveLogOnUri                        : https://accounts.idp.example/o/saml2/idp?idpid=C0x
PreferredAuthenticationProtocol        : Samlp
SigningCertificate                     : MII...
"""


def okta(result: str) -> str:
    """One line of Okta's System Log."""
    event = {
        "uuid": "7f2b9d10-3c41-11f0-9e55-0242ac120002",
        "published": "2026-03-02T08:00:00.000Z",
        "eventType": "policy.evaluate_sign_on",
        "severity": "WARN",
        "outcome": {"result": result, "reason": "Sign-on policy evaluation resulted in DENY"},
        "client": {
            "userAgent": {"rawUserAgent": "Windows-AzureAD-Authentication-Provider/1.0"},
            "ipAddress": "192.0.2.7",
        },
    }
    return json.dumps(event) + "\n"


FIELD_CASES: Final[dict[str, FieldCase]] = {
    "1 refused by Entra, hidden by the fallback": FieldCase(
        files={"join_txt": t.FALLBACK},
        found={"attempt.aadsts": ["AADSTS51004"], "attempt.join_http_status": ["200"], "device.joined": ["YES"]},
        road=["by fallback"],
        phase=["auth"],
        codes=["AADSTS51004, 0xcaa20003"],
        remarks=frozenset({"fallback-hides", "claims-suspect"}),
        asked=frozenset({"assertion", "computer", "federation", "cdj"}),
    ),
    "5 the registry names a managed domain": FieldCase(
        files={"cdj_txt": CDJ, "join_txt": MISSING_DEVICE},
        found={"tenant.name": ["fabrikam.onmicrosoft.com", t.DOMAIN], "realm.type": ["Managed"],
               "client.fallback": ["DISABLED"]},
        road=["not joined"],
        remarks=frozenset({"managed-name", "device-missing"}),
    ),
    "7 a user's token refused, the join good": FieldCase(
        files={"aad_txt": BROKER, "aad_xml": FAULT_1088, "join_txt": t.FEDERATED},
        found={"user.hresult": ["0xcaa90014"], "user.fault": ["FailedAuthentication"]},
        road=["by federation"],
        remarks=frozenset({"join-is-good"}),
        silent=frozenset({"claims-suspect", "fallback-hides"}),
    ),
    "8 metadata without a certificate endpoint": FieldCase(
        files={"aad_txt": event_text(1007, "AadCloudAPPlugin GetToken Stop. Status: 0xC004848C",
                                     log="Microsoft-Windows-AAD/Analytic")},
        found={"user.hresult": ["0xc004848c"]},
        remarks=frozenset({"mex-without-certificate", "user-flow"}),
        asked=frozenset({"user-status", "user-mex"}),
    ),
    "9 a second factor demanded of a computer": FieldCase(
        files={"join_txt": t.failed_token(50076, "Due to a configuration change made by your administrator, you must use "
                                                 "multi-factor authentication.", fallback=False)},
        codes=["AADSTS50076, 0xcaa20003"],
        remarks=frozenset({"mfa-demanded"}),
        silent=frozenset({"claims-suspect"}),
    ),
    "10 the IdP denies by the user agent": FieldCase(
        files={"okta_log": okta("DENY") * 3},
        found={"idp.windows_agent": ["DENY"], "idp.event": ["policy.evaluate_sign_on DENY"]},
        remarks=frozenset({"denied-by-agent"}),
    ),
    "12 no domain controller": FieldCase(
        files={"join_txt": NO_DC},
        found={"attempt.pre_check": ["DoNotJoin"], "attempt.dc_available": ["NO"], "attempt.pre_check_code": ["0x1"],
               "attempt.dc_code": ["0x8007054b"]},
        road=["not joined"],
        phase=["pre-check"],
        codes=["0x8007054b"],
        remarks=frozenset({"no-domain-controller"}),
        silent=frozenset({"claims-suspect", "scp-unreadable"}),
    ),
    "13 the registration service on the premises": FieldCase(
        files={"join_txt": ENTERPRISE, "events_txt": ENTERPRISE_304},
        found={"attempt.token_for": ["enterprise DRS"], "attempt.adal_code": ["0x2ee6"], "attempt.drs_instance": ["ent"],
               "attempt.phase": ["auth"], "attempt.registration_type": ["fed"], "realm.type": ["Federated"],
               "attempt.exit_code": ["0xcaa1000e"]},
        phase=["auth"],
        remarks=frozenset({"enterprise-drs", "wininet-code"}),
    ),
    "14 a service connection point that cannot be read": FieldCase(
        files={"join_txt": NO_SCP, "status_txt": t.diagnostics(
            ("User Context", "SYSTEM"), ("AD Connectivity Test", "PASS"),
            ("AD Configuration Test", "FAIL [0x80070002]"), ("DRS Discovery Test", "SKIPPED"))},
        found={"attempt.scp_code": ["0x80070002"], "attempt.discover_code": ["0x801c001d"],
               "status.ad_configuration": ["FAIL [0x80070002]"], "status.context": ["SYSTEM"]},
        road=["not joined"],
        phase=["discover"],
        codes=["0x80070002, 0x801c001d"],
        remarks=frozenset({"scp-unreadable"}),
        silent=frozenset({"nothing-configured"}),
        asked=frozenset({"scp", "cdj"}),
    ),
    "15 a forest that never wanted to join": FieldCase(
        files={"events_txt": event_text(307, "Automatic registration failed. Failed to lookup the registration service "
                                             "information from Active Directory. Exit code: Unknown HResult Error code: "
                                             "0x801c001d. See http://go.microsoft.com/fwlink/?LinkId=623042")
               + event_text(304, "Automatic registration failed at join phase.  Exit code: Unknown HResult Error code: "
                                 "0x801c001d. Server error: . Debug Output:\\r\\n undefined.")},
        found={"attempt.exit_code": ["0x801c001d"]},
        remarks=frozenset({"nothing-configured"}),
        silent=frozenset({"scp-unreadable"}),
    ),
    "16 joined, by which road nobody says": FieldCase(
        files={"status_txt": t.STATUS, "events_xml": event_xml(306)},
        road=["undecided"],
        remarks=frozenset({"joined-proves-neither", "succeeded-proves-neither"}),
        asked=frozenset({"debug"}),
    ),
    "18 a computer's name with the directory's suffix": FieldCase(
        files={"ws_ldf": COMPUTER},
        found={"object.object_guid": [t.DEVICE], "object.object_sid": [SID], "object.class": ["top", "computer"],
               "object.user_principal_name": ["WS-0042$@fabrikam.local"]},
        remarks=frozenset({"upn-suffix-innocent"}),
    ),
    "19 no token for the user": FieldCase(
        files={"status_txt": t.STATUS.replace("AzureAdPrt : YES", "AzureAdPrt : NO")},
        found={"user.prt": ["NO"], "device.auth_status": ["SUCCESS"]},
        remarks=frozenset({"user-prt"}),
    ),
    "20 run elevated": FieldCase(
        files={"status_txt": t.STATUS.replace("WamDefaultSet : YES", "WamDefaultSet : ERROR (0x80070520)")},
        found={"user.wam_default_set": ["ERROR (0x80070520)"]},
        remarks=frozenset({"run-elevated"}),
    ),
    "22 a device that was never synchronized": FieldCase(
        files={"status_txt": t.diagnostics(
            ("Client Time", "2021-09-06 10:11:12.000 UTC"), ("Fallback to Sync-Join", "ENABLED"), ("", ""),
            ("Previous Registration", "2021-09-06 10:05:00.000 UTC"), ("Registration Type", "sync"),
            ("Error Phase", "join"), ("Client ErrorCode", "0x801c03f2"), ("Server ErrorCode", "DirectoryError"),
            ("Server Message", f"The device object by the given id ({t.DEVICE}) is not found."),
            ("Https Status", "400"), ("Request Id", t.SYNC_REQUEST))},
        found={"last_attempt.phase": ["join"], "last_attempt.client_code": ["0x801c03f2"],
               "last_attempt.server_code": ["DirectoryError"], "last_attempt.http_status": ["400"],
               "client.fallback": ["ENABLED"]},
        phase=["join"],
        codes=["0x801c03f2, DirectoryError"],
        remarks=frozenset({"device-missing"}),
        silent=frozenset({"stale-diagnostics"}),
        asked=frozenset({"device"}),
    ),
    "23 a device that was deleted": FieldCase(
        files={"events_xml": event_xml(304, ("ExitCode", "-2145647629"), ("ServerErrorMessage", "DirectoryError"),
                                       ("TenantType", "Managed"), ("JoinType", "sync"),
                                       ("DebugOutput", "errorPhase: join\nadalCorrelationId: undefined"))},
        found={"attempt.exit_code": ["0x801c03f3"], "attempt.registration_type": ["sync"], "attempt.phase": ["join"]},
        phase=["join"],
        codes=["0x801c03f3"],
    ),
    "24 the service's own subcode": FieldCase(
        files={"join_txt": MISSING_DEVICE, "ws_ldf": COMPUTER},
        found={"attempt.join_error_subcode": ["error_missing_device"], "attempt.join_code": ["0x801c03f3"],
               "attempt.join_message": [f"The device object by the given id ({t.DEVICE}) is not found."]},
        road=["not joined"],
        phase=["join"],
        codes=["0x801c03f3, error_missing_device"],
        remarks=frozenset({"device-missing"}),
        asked=frozenset({"device"}),
    ),
    "25 the road of Entra Kerberos": FieldCase(
        files={"status_txt": t.diagnostics(
            ("Client Time", "2026-09-06 10:11:12.000 UTC"), ("Kerberos Ticket Test", "FAIL [0x80090303]"),
            ("Previous Registration", "2026-09-01 10:05:00.000 UTC"), ("Registration Type", "fallback_sync"),
            ("Error Phase", "join"), ("Client ErrorCode", "0x801c03f3"), ("Server ErrorCode", "invalid_request"),
            ("Server ErrorSubCode", "error_missing_device"), ("Server Operation", "DeviceRenew")),
            "events_txt": event_text(305, "Automatic registration failed at authentication phase. Unable to acquire Kerberos "
                                          "ticket. \nExit code: 0x80090303\nSPN: adrs/enterpriseregistration.windows.net")},
        found={"status.kerberos_ticket": ["FAIL [0x80090303]"], "last_attempt.server_operation": ["DeviceRenew"],
               "attempt.kerberos_join": ["Unable to acquire Kerberos ticket"]},
        remarks=frozenset({"kerberos-join", "lost-device-renewed", "device-missing", "stale-diagnostics"}),
        silent=frozenset({"idp-refused-ticket", "claims-suspect"}),
    ),
    "26 the user's suffix is no domain of the tenant": FieldCase(
        files={"status_txt": t.status(t.DEVICE_STATE, ("SSO State", (
            ("AzureAdPrt", "NO"), ("Attempt Status", "0xc00000d0"), ("Server Error Code", "invalid_request"),
            ("Server Error Description", "AADSTS90002: Tenant 'earth.local' not found."))))},
        found={"user.attempt_status": ["0xc00000d0"], "user.aadsts": ["AADSTS90002"]},
        remarks=frozenset({"user-realm", "user-prt"}),
    ),
    "27 the ghost of another machine": FieldCase(
        files={"status_txt": t.diagnostics(
            ("Registration Type", "fallback_sync"), ("Error Phase", "join"), ("Server ErrorSubCode", "error_missing_device"),
            ("Server Operation", "DeviceRenew"))},
        remarks=frozenset({"lost-device-renewed", "device-missing"}),
        silent=frozenset({"kerberos-join"}),
        asked=frozenset({"device"}),
    ),
    "29 disabled or deleted, and believed joined": FieldCase(
        files={"status_txt": t.STATUS.replace(": SUCCESS", ": FAILED. Device is either disabled or deleted")},
        found={"device.auth_status": ["FAILED. Device is either disabled or deleted"]},
        remarks=frozenset({"device-disabled"}),
        asked=frozenset({"debug", "device"}),
    ),
    "30 a name that does not resolve": FieldCase(
        files={"status_txt": t.STATUS.replace(": SUCCESS", ": FAILED. Error: 0xd000023c")},
        remarks=frozenset({"auth-status-name"}),
    ),
    "34 a domain federated by SAML": FieldCase(
        files={"msol_txt": MSONLINE},
        found={"federation.preferred_authentication_protocol": ["Samlp"], "federation.domain": [t.DOMAIN],
               "federation.active_sign_in_uri": ["https://accounts.idp.example/saml2"]},
        remarks=frozenset({"saml-domain"}),
    ),
    "39 a sign-in log of the device registration": FieldCase(
        files={"signins_json": json.dumps([{
            "id": "5c", "createdDateTime": "2025-07-09T02:14:21Z", "correlationId": t.FAILED_REQUEST,
            "resourceDisplayName": "Device Registration Service", "incomingTokenType": "saml11",
            "conditionalAccessStatus": "failure", "status": {"errorCode": 53003, "failureReason": "Blocked"}}]),
            "join_txt": t.failed_token(53003, "Access has been blocked by Conditional Access policies.", fallback=False)},
        found={"attempt.token_type_in": ["saml11"], "attempt.conditional_access": ["failure"],
               "attempt.aadsts": ["AADSTS53003"]},
        codes=["AADSTS53003, 0xcaa20003"],
        remarks=frozenset({"conditional-access"}),
        silent=frozenset({"mfa-demanded"}),
    ),
    "an Azure VM's own join": FieldCase(
        files={"vm_log": AZURE_VM},
        road=["another kind of join"],
        remarks=frozenset({"other-join"}),
    ),
    "an RC4 ticket and a keytab without RC4": FieldCase(
        files={
            "tickets_txt": "Current LogonId is 0:0x3e7\n\nCached Tickets: (1)\n\n#0>\tClient: WS-0042$ @ FABRIKAM.EXAMPLE\n"
            "\tServer: HTTP/sts.fabrikam.example @ FABRIKAM.EXAMPLE\n\tKerbTicket Encryption Type: RSADSI RC4-HMAC(NT)\n"
            "\tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tKdc Called: FAB-DC01.fabrikam.example\n",
            "keytab_txt": "Keytab name: FILE:pf.keytab\nKVNO Timestamp           Principal\n---- ---------- ----\n"
            "   3 07/10/25 10:22:14 HTTP/sts.fabrikam.example@FABRIKAM.EXAMPLE (aes256-cts-hmac-sha1-96)\n",
        },
        found={"tickets.logon": ["0x3e7"], "ticket.etype": ["rc4"], "ticket.session_etype": ["aes256"],
               "ticket.server": ["HTTP/sts.fabrikam.example@FABRIKAM.EXAMPLE"], "keytab.entry": ["kvno 3 aes256"]},
        remarks=frozenset({"rc4-ticket"}),
    ),
    "an SPN on two accounts": FieldCase(
        files={"setspn_txt": "Checking domain DC=fabrikam,DC=example\nCN=svc-ping,OU=Service,DC=fabrikam,DC=example\n"
                             "\tHTTP/sts.fabrikam.example\nCN=STS01,OU=Servers,DC=fabrikam,DC=example\n"
                             "\tHTTP/sts.fabrikam.example\n\nExisting SPN found!\n"},
        found={"spn.owner": ["CN=svc-ping,OU=Service,DC=fabrikam,DC=example", "CN=STS01,OU=Servers,DC=fabrikam,DC=example"]},
        remarks=frozenset({"spn-twice"}),
    ),
    "PingFederate's server log of another key": FieldCase(
        files={"server_log": "2026-01-16 09:16:30,609 tid:Qx1 DEBUG [org.sourceid.wstrust.X] GSSException: Failure unspecified at "
                             "GSS-API level (Mechanism level: Checksum failed)\n\tat java.base/x\n" * 2},
        found={"idp.kerberos_error": ["Checksum failed"]},
        remarks=frozenset({"keytab-stale"}),
        asked=frozenset({"debug", "spn", "tickets", "keytab"}),
    ),
    "a transcript that stops early": FieldCase(
        files={"join_txt": t.FALLBACK.partition("GetComputerTokenForADRS: AdalErrorCode")[0]},
        road=["undecided"],
        remarks=frozenset({"screen-cut-short", "claims-suspect"}),
        silent=frozenset({"fallback-hides"}),
    ),
    "a ticket that the IdP refuses": FieldCase(
        files={"join_txt": t.before_token(0xCAA30191), "tickets_txt": "Current LogonId is 0:0x51a2b\n\nCached Tickets: (0)\n"},
        codes=["0xcaa30191"],
        phase=["auth"],
        remarks=frozenset({"idp-refused-ticket", "tickets-of-a-user"}),
        asked=frozenset({"federation", "mex", "spn", "tickets", "keytab"}),
    ),
    "an assertion out of its time": FieldCase(
        files={"join_txt": t.failed_token(500133, "Assertion is not within its valid time range.", fallback=False)},
        codes=["AADSTS500133, 0xcaa20003"],
        remarks=frozenset({"assertion-out-of-time"}),
        silent=frozenset({"claims-suspect", "clock"}),
        asked=frozenset({"assertion", "federation"}),
    ),
    "clocks that differ": FieldCase(
        files={"server_log": "2026-01-16 09:16:30,609 tid:Qx1 ERROR [org.sourceid.wstrust.X] KrbException: Clock skew too "
                             "great (37)\n"},
        remarks=frozenset({"clock"}),
    ),
    "the metadata's address that offers a computer nothing": FieldCase(
        files={"federation_txt": "IssuerUri           : urn:fabrikam\n"
                                 "MetadataExchangeUri : https://sso.fabrikam.example/wsf/mex/4afaa6b9\n"},
        remarks=frozenset({"mex-not-13"}),
    ),
    "a login page in the metadata's place": FieldCase(
        files={"trace_har": json.dumps({"log": {"version": "1.2", "entries": [{
            "startedDateTime": "2025-07-09T02:14:21Z",
            "request": {"method": "GET", "url": "https://sso.fabrikam.example/wsf/mex13/1?sid=secret", "headers": []},
            "response": {"status": 200, "headers": [{"name": "Content-Type", "value": "text/html"}],
                         "content": {"text": "<!DOCTYPE html><html>Sign in</html>"}}}]}})},
        found={"http.status": ["200"],
               "network.html_instead": ["an HTML page answered https://sso.fabrikam.example/wsf/mex13/1"]},
        remarks=frozenset({"html-instead"}),
    ),
    "DSRegTool that could not test any claim": FieldCase(
        files={"tool_log": "[2024-02-01 10:00:00.000] [INFO] DSRegTool 4.0 has started\n"
                           "[2024-02-01 10:00:00.100] [INFO] Device Name : WS-0042\n"
                           "[2024-02-01 10:00:03.000] [INFO] The configured domain is Federated\n"
                           "[2024-02-01 10:00:04.000] [INFO] Test passed: MEX URL 'https://sso.fabrikam.example/pf/sts_mex.ping'"
                           " is accessible.\n[2024-02-01 10:00:05.000] [WARN] Test failed: Fallback to sync join is disabled\n"},
        found={"device.name": ["WS-0042"], "client.fallback": ["DISABLED"], "idp.mex_reachable": ["YES"],
               "federation.metadata_exchange_uri": ["https://sso.fabrikam.example/pf/sts_mex.ping"]},
        remarks=frozenset({"claims-tool-blind"}),
    ),
}  # fmt: skip

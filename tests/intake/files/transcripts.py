"""Screens of dsregcmd in the form of published transcripts, with names and ids of our own."""

# ruff: noqa: E501 - a screen is as wide as it is

from __future__ import annotations

from typing import Final

TENANT: Final = "5b1f0c52-7a3e-4d0c-9a5e-2f6d1c8b4e70"
DEVICE: Final = "c7a9d3f4-6b21-4f58-8e0d-93b5a1e27c46"
DOMAIN: Final = "fabrikam.example"
JOINED_REQUEST: Final = "0f4e8a61-52bd-4c77-a9d0-6e13c2b7f895"
FAILED_REQUEST: Final = "91d6b0e3-8c4f-4a12-b7e5-0d28f9a6c314"
SYNC_REQUEST: Final = "6a70c9be-1d35-4be8-92f4-c85e7b03d1a2"
TRACE: Final = "e8d41b97-3f60-4c9a-8a25-7b1c0f62d900"
THUMBPRINT: Final = "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567"

_PRE_CHECKS: Final = """\
PreJoinChecks Complete.
preCheckResult: Join
deviceKeysHealthy: undefined
isJoined: undefined
isDcAvailable: YES
isSystem: YES
keyProvider: undefined
keyContainer: undefined
dsrInstance: undefined
elapsedSeconds: 0
resultCode: 0x0
Automatic device join pre-check tasks completed.
"""
_START: Final = """\
AdalLog: Token is not available in the cache ; HRESULT: 0x0
AdalLog: Authority validation is enabled ; HRESULT: 0x0
AdalLog: Authority validation is completed ; HRESULT: 0x0
AdalLog: AggregatedTokenRequest::AcquireToken get refresh token info ; HRESULT: 0x0
AdalLog: AggregatedTokenRequest::AcquireToken- refresh token is not available ; HRESULT: 0x0
AdalLog: AggregatedTokenRequest::AcquireToken- returns false ; HRESULT: 0x0
AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth w Tenant ; HRESULT: 0x0
AdalLog:  HRESULT: 0x4aa90010
AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth- received realm info ; HRESULT: 0x0
AdalLog: AggregatedTokenRequest::GetAppliesTo: using resource ID "urn:federation:MicrosoftOnline" for authority \
"https://login.microsoftonline.com/common". ; HRESULT: 0x0
AdalLog:  HRESULT: 0x4aa90010
"""
_OAUTH: Final = """\
AdalLog: Webrequest opening connection ; HRESULT: 0x0
AdalLog:  HRESULT: 0x4aa90010
AdalLog: Webrequest has valid state ; HRESULT: 0x0
"""


def opening(request: str, controller: str = "FAB-DC01") -> str:
    """The log's start, whose request id is glued to what follows it."""
    return (
        "PS C:\\Windows\\System32> dsregcmd /join /debug\nDsrCLI: logging initialized.\nDsrCLI: logging initialized.\n"
        f"DsrCmdJoinHelper::Join: ClientRequestId: {request}DsrCmdAccountMgr::IsDomainControllerAvailable: "
        f"DsGetDcName success {{ domain:{DOMAIN} forest:{DOMAIN} domainController:\\\\{controller}.{DOMAIN} "
        "isDcAvailable:true }\n" + _PRE_CHECKS
    )


def tenant_info(kind: str = "Federated", name: str = DOMAIN) -> str:
    """The tenant as it was discovered; `TenandID` is Windows' own spelling."""
    return (
        f"TenantInfo::Discover: Join Info {{ TenantType = {kind}; AutoJoinEnabled = 1; TenandID = {TENANT}; "
        f"TenantName = {name} }}\n"
    )


GET_TOKEN: Final = (
    "GetComputerTokenForADRS: Get token for ADRS\n"
    f'GetComputerTokenForADRS: Auth code URL: "https://login.microsoftonline.com/{TENANT}/oauth2/authorize"\n'
    'GetComputerTokenForADRS: Token request authority: "https://login.microsoftonline.com/common"\n'
)


def short_status(joined: str = "YES") -> str:
    """The block below the end mark."""
    base = "https://enterpriseregistration.windows.net/EnrollmentServer"
    return f"""\
DSREGCMD_END_STATUS
             AzureAdJoined : {joined}
          EnterpriseJoined : NO
                  DeviceId : {DEVICE}
                Thumbprint : {THUMBPRINT}
 DeviceCertificateValidity : [ 2025-07-10 16:52:13.000 UTC -- 2035-07-10 17:22:13.000 UTC ]
            KeyContainerId : 44c0a1de-90b7-4e2a-a6f3-1b5d8e7c2f09
               KeyProvider : Microsoft Software Key Storage Provider
              TpmProtected : NO
          DeviceAuthStatus : SUCCESS
                TenantName :
                  TenantId : {TENANT}
               AuthCodeUrl : https://login.microsoftonline.com/{TENANT}/oauth2/authorize
            AccessTokenUrl : https://login.microsoftonline.com/{TENANT}/oauth2/token
                    MdmUrl :
                JoinSrvUrl : {base}/device/
                 JoinSrvId : urn:ms-drs:enterpriseregistration.windows.net
"""


def reply(request: str, status: int = 200) -> str:
    """The registration service's answer."""
    return (
        f"Join request ID: {request}\nJoin response time: Thu, 10 Jul 2025 17:22:14 GMT\nJoin HTTP status: {status}\n"
    )


FEDERATED: Final = (
    opening(JOINED_REQUEST)
    + tenant_info()
    + GET_TOKEN
    + _START
    + _OAUTH
    + "AdalLog: WebRequest Status:200 ; HRESULT: 0x0\n"
    "AdalLog: Webrequest returns success for oauth response ; HRESULT: 0x0\n"
    "AdalLog:  HRESULT: 0x4aa9000f\nAdalLog:  HRESULT: 0x4aa9000d\n"
    + reply(JOINED_REQUEST)
    + "DsrCmdJoinHelper::Join: AutoEnrollAsComputer completed successfully\n"
    + short_status()
)


def _description(code: int, words: str) -> str:
    return f"AADSTS{code}: {words} Trace ID: {TRACE} Correlation ID: {FAILED_REQUEST} Timestamp: 2025-07-09 02:14:21Z"


def refused_log(code: int, words: str) -> str:
    """The log of an assertion that Entra refused."""
    told = _description(code, words)
    answer = (
        f'{{"error":"invalid_grant","error_description":"{told}","error_codes":[{code}],'
        f'"timestamp":"2025-07-09 02:14:21Z","trace_id":"{TRACE}","correlation_id":"{FAILED_REQUEST}",'
        f'"error_uri":"https://login.microsoftonline.com/error?code={code}"}}'
    )
    return (
        _START + _OAUTH + "AdalLog: WebRequest Status:400 ; HRESULT: 0x0\n"
        f"AdalLog: Token response is not successfull. Status:400 ResponseText:{answer} ; HRESULT: 0x0\n"
        f"AdalLog: Webrequest returns error code:invalid_grant and error description:{told} ; HRESULT: 0x0\n"
        "AdalLog:  HRESULT: 0xcaa20003\nAdalLog:  HRESULT: 0xcaa90006\nGetStatus returned failure\n"
        "AdalLog:  HRESULT: 0xcaa1000e\n"
    )


def backwards(log: str) -> str:
    """The same log once more, the last line first, as Windows prints it after a failure."""
    return "".join(f"{line}\n" for line in reversed(log.splitlines()))


NO_DEVICE_IN_THE_CLAIMS: Final = (
    f"The user account {{EUII Hidden}} does not exist in the {TENANT} directory. To sign into this application, the "
    "account must be added to the directory."
)


def failed_token(code: int = 51004, words: str = NO_DEVICE_IN_THE_CLAIMS, *, fallback: bool = True) -> str:
    """A federated join that Entra refused, up to the invitation to the fallback."""
    log = refused_log(code, words)
    return (
        opening(FAILED_REQUEST)
        + tenant_info()
        + GET_TOKEN
        + log
        + f"GetComputerTokenForADRS: AdalErrorCode: 0xcaa1000e\nAdalCorrelationId: {FAILED_REQUEST}\n"
        + backwards(log)
        + "AutoEnrollAsComputer: Unable to retrieve access token. "
        "GetComputerTokenForADRS failed with error 0xcaa20003.\n"
        "DsrCmdJoinHelper::Join: Federated ADRS join failed with error 0xcaa1000e."
        + (" Try synchronized join.\n" if fallback else "\n")
    )


def before_token(code: int) -> str:
    """A federated join that ended before any token was asked for; the device may not fall back."""
    log = f"{_START}AdalLog:  HRESULT: 0x{code:08x}\n"
    return (
        opening(FAILED_REQUEST)
        + tenant_info()
        + GET_TOKEN
        + log
        + "LogFatalAuthError: AdalMessage: ADALUseWindowsAuthenticationTenant failed,  unable to preform integrated auth\n"
        f"AdalErrorCode: 0x{code:08x}\nAdalCorrelationId: {{{FAILED_REQUEST.upper()}}}\n"
        + backwards(log)
        + "AutoEnrollAsComputer: Unable to retrieve access token. "
        f"GetComputerTokenForADRS failed with error 0x{code:08x}.\n"
        "DsrCmdJoinHelper::Join: Federated ADRS join failed with error 0xcaa1000e.\n"
        "DSREGCMD_END_STATUS\n             AzureAdJoined : NO\n          EnterpriseJoined : NO\n"
    )


FALLBACK: Final = (
    failed_token() + reply(SYNC_REQUEST) + "DsrCmdJoinHelper::Join: completed successfully\n" + short_status()
)


def _box(title: str, *rows: tuple[str, str]) -> str:
    rule = f"+{'-' * 70}+\n"
    body = "".join(f"{label:>26} : {value}".rstrip() + "\n" for label, value in rows)
    return f"{rule}| {title:<68} |\n{rule}\n{body}\n"


def status(*boxes: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    """A /status screen of these boxes."""
    return (
        "PS C:\\Windows\\System32> dsregcmd /status\n\n"
        + "".join(_box(title, *rows) for title, rows in boxes)
        + "For more information, please visit https://www.microsoft.com/aadjerrors\n"
    )


DEVICE_STATE: Final = (
    "Device State",
    (
        ("AzureAdJoined", "YES"),
        ("EnterpriseJoined", "NO"),
        ("DomainJoined", "YES"),
        ("DomainName", "FABRIKAM"),
        ("Device Name", f"WS-0042.{DOMAIN}"),
    ),
)
STATUS: Final = status(
    DEVICE_STATE,
    (
        "Device Details",
        (("DeviceId", DEVICE), ("Thumbprint", THUMBPRINT), ("TpmProtected", "NO"), ("DeviceAuthStatus", "SUCCESS")),
    ),
    ("Tenant Details", (("TenantName", ""), ("TenantId", TENANT), ("MdmUrl", ""))),
    (
        "User State",
        (
            ("NgcSet", "NO"),
            ("WamDefaultSet", "YES"),
            ("WamDefaultGUID", "{B16898C6-A148-4967-9171-64D755DA8520} (AzureAd)"),
        ),
    ),
    ("Work Account 1", (("WorkplaceDeviceId", "11111111-1111-4111-8111-111111111111"), ("NgcSet", "YES"))),
    ("Work Account 2", (("WorkplaceDeviceId", "22222222-2222-4222-8222-222222222222"), ("NgcSet", "NO"))),
    ("SSO State", (("AzureAdPrt", "YES"), ("AzureAdPrtUpdateTime", "2025-07-10 15:46:21.000 UTC"))),
    (
        "Diagnostic Data",
        (("AadRecoveryEnabled", "NO"), ("KeySignTest", "PASSED"), ("A Field Of Tomorrow", "some: thing")),
    ),
    ("WinHttp Default Proxy Config", (("Access Type", "DIRECT"),)),
    ("Ngc Prerequisite Check", (("IsDeviceJoined", "YES"), ("PreReqResult", "WillNotProvision"))),
)


def diagnostics(*rows: tuple[str, str], joined: str = "NO") -> str:
    """A /status screen with the block on the last failed attempt."""
    return status(
        ("Device State", (("AzureAdJoined", joined), ("EnterpriseJoined", "NO"), ("DomainJoined", "YES"))),
        ("Diagnostic Data", (("Diagnostics Reference", "www.microsoft.com/aadjerrors"), *rows)),
    )

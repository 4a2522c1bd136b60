"""The words of `dsregcmd`, its spelling mistakes included: what is printed, kept apart from when."""

LOGGING = "DsrCLI: logging initialized."

# There is no line break between the request id and what follows it.
CLIENT_REQUEST_ID = (
    "DsrCmdJoinHelper::Join: ClientRequestId: {request_id}"
    "DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName success {{ domain:{domain} forest:{forest} "
    "domainController:\\\\{domain_controller} isDcAvailable:true }}"
)

PRE_JOIN_CHECKS = (
    "PreJoinChecks Complete.",
    "preCheckResult: Join",
    "deviceKeysHealthy: undefined",
    "isJoined: undefined",
    "isDcAvailable: YES",
    "isSystem: YES",
    "keyProvider: undefined",
    "keyContainer: undefined",
    "dsrInstance: undefined",
    "elapsedSeconds: 0",
    "resultCode: 0x0",
    "Automatic device join pre-check tasks completed.",
)

TENANT_INFO = (
    "TenantInfo::Discover: Join Info {{ TenantType = {tenant_type}; AutoJoinEnabled = 1; "
    "TenandID = {tenant_id}; TenantName = {tenant_name} }}"
)

GET_TOKEN = (
    "GetComputerTokenForADRS: Get token for ADRS",
    'GetComputerTokenForADRS: Auth code URL: "{auth_code_url}"',
    'GetComputerTokenForADRS: Token request authority: "{authority}"',
)

ADAL_START = (
    "AdalLog: Token is not available in the cache ; HRESULT: 0x0",
    "AdalLog: Authority validation is enabled ; HRESULT: 0x0",
    "AdalLog: Authority validation is completed ; HRESULT: 0x0",
    "AdalLog: AggregatedTokenRequest::AcquireToken get refresh token info ; HRESULT: 0x0",
    "AdalLog: AggregatedTokenRequest::AcquireToken- refresh token is not available ; HRESULT: 0x0",
    "AdalLog: AggregatedTokenRequest::AcquireToken- returns false ; HRESULT: 0x0",
    "AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth w Tenant ; HRESULT: 0x0",
    "AdalLog:  HRESULT: 0x4aa90010",
)

ADAL_REALM = (
    "AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth- received realm info ; HRESULT: 0x0",
    'AdalLog: AggregatedTokenRequest::GetAppliesTo: using resource ID "{applies_to}" for authority "{authority}". '
    "; HRESULT: 0x0",
    "AdalLog:  HRESULT: 0x4aa90010",
)

ADAL_OAUTH = (
    "AdalLog: Webrequest opening connection ; HRESULT: 0x0",
    "AdalLog:  HRESULT: 0x4aa90010",
    "AdalLog: Webrequest has valid state ; HRESULT: 0x0",
    "AdalLog: WebRequest Status:{status} ; HRESULT: 0x0",
)

ADAL_SUCCESS = (
    "AdalLog: Webrequest returns success for oauth response ; HRESULT: 0x0",
    "AdalLog:  HRESULT: 0x4aa9000f",
    "AdalLog:  HRESULT: 0x4aa9000d",
)

ADAL_REFUSED = (
    "AdalLog: Token response is not successfull. Status:{status} ResponseText:{text} ; HRESULT: 0x0",
    "AdalLog: Webrequest returns error code:{error} and error description:{description} ; HRESULT: 0x0",
)

ADAL_HRESULT = "AdalLog:  HRESULT: {code}"
GET_STATUS = "GetStatus returned failure"
ADAL_ERROR_CODE = "GetComputerTokenForADRS: AdalErrorCode: {code}"
ADAL_CORRELATION = "AdalCorrelationId: {request_id}"
FATAL_CORRELATION = "AdalCorrelationId: {{{request_id}}}"
FATAL_AUTH_ERROR = (
    "LogFatalAuthError: AdalMessage: ADALUseWindowsAuthenticationTenant failed,  unable to preform integrated auth"
)
FATAL_ERROR_CODE = "AdalErrorCode: {code}"
NO_TOKEN = "AutoEnrollAsComputer: Unable to retrieve access token. GetComputerTokenForADRS failed with error {code}."
FEDERATED_FAILED = "DsrCmdJoinHelper::Join: Federated ADRS join failed with error {code}."
TRY_SYNCHRONIZED = " Try synchronized join."

JOIN_REPLY = (
    "Join request ID: {request_id}",
    "Join response time: {response_time}",
    "Join HTTP status: {status}",
)
JOIN_ERROR = "Join error code: {error}"
JOIN_SUBCODE = "Join error subcode: {subcode}"
JOIN_MESSAGE = "Join message: {message}"
AUTO_JOIN_FAILED = "DsrDeviceAutoJoin failed {code}."
AUTO_ENROLL_SYNC_FAILED = "DsrCmdJoinHelper::Join: DsrCmdDeviceEnroller::AutoEnrollSync failed with error code {code}."
READ_FAILED = "TenantInfo::Discover: Failed reading registration data from AD. Defaulting to autojoin disabled {code}"
DISCOVER_FAILED = "DsrCmdJoinHelper::Join: TenantInfo::Discover failed with error code {code}."
FEDERATED_DONE = "DsrCmdJoinHelper::Join: AutoEnrollAsComputer completed successfully"
SYNCHRONIZED_DONE = "DsrCmdJoinHelper::Join: completed successfully"
END = "DSREGCMD_END_STATUS"

# Assumed: no public recording shows what stands here. The shape follows the neighbouring lines.
AUTO_ENROLL_FAILED = "DsrCmdJoinHelper::Join: DsrCmdDeviceEnroller::AutoEnrollAsComputer failed with error code {code}."

RULE = "+----------------------------------------------------------------------+"
MORE = "For more information, please visit https://www.microsoft.com/aadjerrors"
KEY_PROVIDER = "Microsoft Software Key Storage Provider"

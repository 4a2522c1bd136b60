"""A second witness for the readers of dsregcmd: every line and every label that is known of it is read by some row."""

# ruff: noqa: E501 - a line is as wide as it is

from __future__ import annotations

from typing import Final

import pytest

from hybridjoin.intake.files.dsregcmd_debug import DebugScreen, log_facts
from hybridjoin.intake.files.status_fields import LABELS, status_facts
from hybridjoin.intake.files.text_lines import TextLine
from tests.intake.files import transcripts as t

GUID: Final = t.FAILED_REQUEST
# A line as it is printed, and the facts that it has to give.
LINES: Final[dict[str, set[str]]] = {
    f"DsrCmdJoinHelper::Join: ClientRequestId: {GUID}DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName success {{ domain:a.example forest:a.example domainController:\\\\DC1.a.example isDcAvailable:true }}":
        {"attempt.client_request_id", "directory.domain", "directory.forest", "directory.domain_controller", "attempt.dc_found"},
    "DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName success { domain:a.example forest:a.example domainController:\\\\DC1.a.example isDcAvailable:true }":
        {"directory.domain", "directory.forest", "directory.domain_controller", "attempt.dc_found"},
    "DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName No domain controller is available for the specified domain or the domain does not exist: 0x8007054b.":
        {"attempt.dc_error", "attempt.dc_code"},
    "preCheckResult: DoNotJoin": {"attempt.pre_check"},
    "deviceKeysHealthy: undefined": {"attempt.device_keys"},
    "isPrivateKeyFound: undefined": {"attempt.device_keys"},
    "isJoined: undefined": {"attempt.was_joined"},
    "isDcAvailable: NO": {"attempt.dc_available"},
    "isSystem: YES": {"attempt.as_system"},
    "keyProvider: undefined": {"attempt.key_provider"},
    "keyContainer: undefined": {"attempt.key_container"},
    "dsrInstance: undefined": {"attempt.drs_instance"},
    "elapsedSeconds: 0": {"attempt.pre_check_seconds"},
    "resultCode: 0x1": {"attempt.pre_check_code"},
    "The device can NOT be joined because a domain controller could not be located.": {"attempt.pre_check_words"},
    "TenantInfo::Discover: Failed reading registration data from AD. Defaulting to autojoin disabled 0x80070002": {"attempt.scp_words", "attempt.scp_code"},
    "DsrCmdJoinHelper::Join: TenantInfo::Discover failed with error code 0x801c001d.": {"attempt.discover_code"},
    t.tenant_info().rstrip(): {"realm.type", "attempt.auto_join", "tenant.id", "tenant.name"},
    "GetComputerTokenForADRS: Get token for ADRS": {"attempt.token_for"},
    "GetComputerTokenForADRS: Get token for enterprise DRS": {"attempt.token_for"},
    'GetComputerTokenForADRS: Auth code URL: "https://login.microsoftonline.com/x/oauth2/authorize"': {"attempt.auth_code_url"},
    'GetComputerTokenForADRS: Token request authority: "https://login.microsoftonline.com/common"': {"attempt.authority"},
    "AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth w Tenant ; HRESULT: 0x0": {"attempt.log"},
    "AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuthEnterprise ; HRESULT: 0x0": {"attempt.log"},
    "AdalLog:  HRESULT: 0x2ee6": {"attempt.log", "attempt.hresult"},
    "LogFatalAuthError: AdalMessage: ADALUseWindowsAuthenticationTenant failed,  unable to preform integrated auth": {"attempt.fatal"},
    "LogFatalAuthError: AdalMessage: ADALUseWindowsAuthenticationNonHybrid failed, unable to preform integrated auth": {"attempt.fatal"},
    "AdalErrorCode: 0xcaa90022": {"attempt.adal_code"},
    "GetComputerTokenForADRS: AdalErrorCode: 0xcaa1000e": {"attempt.adal_code"},
    f"AdalCorrelationId: {{{GUID.upper()}}}": {"attempt.adal_correlation_id"},
    f"AdalCorrelationId: {GUID}": {"attempt.adal_correlation_id"},
    "AutoEnrollAsComputer: Unable to retrieve access token. GetComputerTokenForADRS failed with error 0xcaa20003.": {"attempt.inner_code"},
    "DsrCmdJoinHelper::Join: Federated ADRS join failed with error 0xcaa1000e. Try synchronized join.":
        {"attempt.federated_failed_at", "attempt.federated_failed", "attempt.fallback_tried"},
    "DsrCmdJoinHelper::Join: Federated enterprise DRS join failed with error 0xcaa1000e.": {"attempt.federated_failed_at", "attempt.federated_failed"},
    f"Join request ID: {GUID}": {"attempt.join_request_id"},
    "Join response time: Thu, 10 Jul 2025 17:22:14 GMT": {"attempt.join_time"},
    "Join HTTP status: 400": {"attempt.join_http_status"},
    "Join error code: DirectoryError": {"attempt.join_error"},
    "Join error subcode: error_missing_device": {"attempt.join_error_subcode"},
    "Join message: The device object is not found.": {"attempt.join_message"},
    "DsrDeviceAutoJoin failed 0x801c03f3.": {"attempt.join_code"},
    "DsrCmdJoinHelper::Join: DsrCmdDeviceEnroller::AutoEnrollSync failed with error code 0x801c03f2.": {"attempt.sync_failed"},
    "DsrCmdJoinHelper::Join: AutoEnrollAsComputer completed successfully": {"attempt.federated_done"},
    "DsrCmdJoinHelper::Join: completed successfully": {"attempt.sync_done"},
    "[3/19/2020 6:14:05 PM] Join Azure with MSI credential.": {"attempt.other_join"},
    f"[3/19/2020 6:14:06 PM] Discover tenant info with Tenant ID {GUID}": {"tenant.id"},
    "[3/19/2020 6:14:09 PM] Successfully joined machine to AAD.": {"attempt.other_join"},
}  # fmt: skip
# Lines that only say that the screen goes on.
SILENT: Final = (
    "dsregcmd::wmain logging initialized.", "DsrCLI: logging initialized.", "PreJoinChecks Complete.",
    "Automatic device join pre-check tasks completed.", "GetStatus returned failure", "DSREGCMD_END_STATUS",
    "DeleteFileW returned 0x00000001.",
)  # fmt: skip
# Every label by its section, over all generations.
STATUS: Final[dict[str, str]] = {
    "Device State": "AzureAdJoined, EnterpriseJoined, DomainJoined, DomainName, Device Name, Virtual Desktop",
    "Device Details": "DeviceId, Thumbprint, DeviceCertificateValidity, KeyContainerId, KeyProvider, TpmProtected, "
    "DeviceAuthStatus",
    "Tenant Details": "TenantName, TenantId, Idp, AuthCodeUrl, AccessTokenUrl, MdmUrl, MdmTouUrl, MdmComplianceUrl, "
    "dmComplianceUrl, SettingsUrl, JoinSrvVersion, JoinSrvUrl, JoinSrvId, KeySrvVersion, KeySrvUrl, KeySrvId, "
    "WebAuthNSrvVersion, WebAuthNSrvUrl, WebAuthNSrvId, DeviceManagementSrvVer, DeviceManagementSrvUrl, "
    "DeviceManagementSrvId",
    "User State": "NgcSet, NgcKeyId, CanReset, WorkplaceJoined, WamDefaultSet, WamDefaultAuthority, WamDefaultId, "
    "WamDefaultGUID",
    "Work Account 1": "WorkplaceDeviceId, WorkplaceThumbprint, DeviceCertificateValidity, KeyContainerId, KeyProvider, "
    "TpmProtected, WorkplaceIdp, WorkplaceTenantId, WorkplaceTenantName, WorkplaceMdmUrl, WorkplaceSettingsUrl, NgcSet",
    "SSO State": "AzureAdPrt, AzureAdPrtUpdateTime, AzureAdPrtExpiryTime, AzureAdPrtAuthority, EnterprisePrt, "
    "EnterprisePrtUpdateTime, EnterprisePrtExpiryTime, EnterprisePrtAuthority, AcquirePrtDiagnostics, "
    "RefreshPrtDiagnostics, Previous Prt Attempt, Attempt Status, User Identity, Credential Type, Correlation ID, "
    "Endpoint URI, HTTP Method, HTTP Error, HTTP status, Server Error Code, Server Error Description, OnPremTgt, "
    "CloudTgt, KerbTopLevelNames",
    "Diagnostic Data": "Diagnostics Reference, User Context, Client Time, AD Connectivity Test, AD Configuration Test, "
    "DRS Discovery Test, DRS Connectivity Test, Token acquisition Test, Kerberos Ticket Test, Fallback to Sync-Join, "
    "Previous Registration, Registration Type, Error Phase, Client ErrorCode, Server ErrorCode, Server ErrorSubCode, "
    "Server Operation, Server Message, Https Status, Request Id, AadRecoveryEnabled, KeySignTest, DisplayNameUpdated, "
    "OsVersionUpdated, HostNameUpdated, Executing Account Name",
    "IE Proxy Config for Current User": "Auto Detect Settings, Auto-Configuration URL, Proxy Server List, "
    "Proxy Bypass List",
    "WinHttp Default Proxy Config": "Access Type, Proxy Server, Proxy Bypass List",
    "Ngc Prerequisite Check": "IsDeviceJoined, IsUserAzureAD, PolicyEnabled, PostLogonEnabled, DeviceEligible, "
    "SessionIsNotRemote, CertEnrollment, AdfsRefreshToken, AdfsRaIsReady, LogonCertTemplateReady, OnPremTGT, CloudTGT, "
    "PreReqResult",
}
_KNOWN: Final = [(section, label) for section, labels in STATUS.items() for label in labels.split(", ")]


@pytest.mark.parametrize(("line", "wanted"), LINES.items(), ids=range(len(LINES)))
def test_a_line_of_the_log_is_read(line: str, wanted: set[str]) -> None:
    assert {fact.key for fact in log_facts(TextLine(7, line), file="join.txt", of=GUID)} == wanted
    assert DebugScreen("join.txt").is_ours(line)


@pytest.mark.parametrize("line", SILENT)
def test_a_line_that_says_nothing_belongs_to_the_screen(line: str) -> None:
    assert DebugScreen("join.txt").is_ours(line)
    assert list(log_facts(TextLine(7, line), file="join.txt", of=GUID)) == []


def test_every_label_of_every_section_is_known_and_kept() -> None:
    assert {label for _, label in _KNOWN if label.lower() not in LABELS} == set()
    for section, label in _KNOWN:
        lines = [TextLine(1, f"| {section:<68} |"), TextLine(2, f"{label:>26} : a value")]
        assert f"field.{section}/{label}" in {fact.key for fact in status_facts(lines, file="status.txt")}


def test_no_label_is_known_that_no_section_has() -> None:
    assert set(LABELS) - {label.lower() for _, label in _KNOWN} == set()

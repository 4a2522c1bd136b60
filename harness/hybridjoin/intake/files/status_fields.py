"""`dsregcmd /status`: every field of every section, and what the known ones are facts of.

A field is known by its section and label, for two work accounts repeat one set of labels. A label that nobody knows
is kept like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, Strength
from hybridjoin.intake.files.text_lines import TextLine

FIELD: Final = re.compile(r"\s*([A-Za-z][^:=+|]{0,48}?)\s*(?: ?: ?|\t=\t| = )\s?(.*)$")
TITLE: Final = re.compile(r"\s*\|\s*(\S[^|]*?)\s*\|\s*$")
RULE: Final = re.compile(r"\s*\+-{10,}\+\s*$")

# label -> what it is a fact of, and whether it proves it.
_KNOWN: Final[Mapping[str, tuple[str, Basis, Strength]]] = MappingProxyType(
    {
        "azureadjoined": ("device.joined", bases.DSREGCMD, Strength.PROVES),
        "enterprisejoined": ("device.enterprise_joined", bases.DSREGCMD, Strength.PROVES),
        "domainjoined": ("device.domain_joined", bases.DSREGCMD, Strength.PROVES),
        "domainname": ("directory.netbios", bases.DSREGCMD, Strength.PROVES),
        "device name": ("device.name", bases.DSREGCMD, Strength.PROVES),
        "deviceid": ("device.id", bases.DSREGCMD, Strength.PROVES),
        "thumbprint": ("device.thumbprint", bases.DSREGCMD, Strength.PROVES),
        "deviceauthstatus": ("device.auth_status", bases.DSREGCMD, Strength.PROVES),
        "tenantid": ("tenant.id", bases.DSREGCMD, Strength.SUGGESTS),
        "wamdefaultset": ("user.wam_default_set", bases.DSREGCMD, Strength.PROVES),
        "azureadprt": ("user.prt", bases.DSREGCMD, Strength.PROVES),
        "attempt status": ("user.attempt_status", bases.DSREGCMD, Strength.PROVES),
        "user identity": ("user.identity", bases.DSREGCMD, Strength.PROVES),
        "endpoint uri": ("user.endpoint", bases.DSREGCMD, Strength.PROVES),
        "http error": ("user.http_error", bases.DSREGCMD, Strength.PROVES),
        "server error code": ("user.server_error", bases.DSREGCMD, Strength.PROVES),
        "server error description": ("user.server_error_description", bases.DSREGCMD, Strength.PROVES),
        "isuserazuread": ("user.is_entra_user", bases.DSREGCMD, Strength.PROVES),
        "user context": ("status.context", bases.DSREGCMD, Strength.PROVES),
        "executing account name": ("status.account", bases.PING, Strength.PROVES),
        "client time": ("status.client_time", bases.DSREGCMD, Strength.PROVES),
        "ad connectivity test": ("status.ad_connectivity", bases.DSREGCMD, Strength.PROVES),
        "ad configuration test": ("status.ad_configuration", bases.DSREGCMD, Strength.PROVES),
        "drs discovery test": ("status.drs_discovery", bases.DSREGCMD, Strength.PROVES),
        "drs connectivity test": ("status.drs_connectivity", bases.DSREGCMD, Strength.PROVES),
        "token acquisition test": ("status.token_acquisition", bases.DSREGCMD, Strength.PROVES),
        "kerberos ticket test": ("status.kerberos_ticket", bases.LAB_SCREENS, Strength.PROVES),
        "fallback to sync-join": ("client.fallback", bases.DSREGCMD, Strength.PROVES),
        "previous registration": ("last_attempt.at", bases.DSREGCMD, Strength.PROVES),
        "registration type": ("last_attempt.registration_type", bases.DSREGCMD, Strength.PROVES),
        "error phase": ("last_attempt.phase", bases.DSREGCMD, Strength.PROVES),
        "client errorcode": ("last_attempt.client_code", bases.DSREGCMD, Strength.PROVES),
        "server errorcode": ("last_attempt.server_code", bases.DSREGCMD, Strength.PROVES),
        "server errorsubcode": ("last_attempt.server_subcode", bases.LAB_SCREENS, Strength.PROVES),
        "server operation": ("last_attempt.server_operation", bases.LAB_SCREENS, Strength.PROVES),
        "server message": ("last_attempt.server_message", bases.DSREGCMD, Strength.PROVES),
        "https status": ("last_attempt.http_status", bases.DSREGCMD, Strength.PROVES),
        "request id": ("last_attempt.request_id", bases.DSREGCMD, Strength.PROVES),
        "access type": ("network.winhttp_access", bases.DSREGCMD, Strength.PROVES),
        "proxy server": ("network.winhttp_proxy", bases.DSREGCMD, Strength.PROVES),
    }
)
LABELS: Final[frozenset[str]] = frozenset(_KNOWN) | frozenset(
    item.strip().lower()
    for item in [
        "\n    Virtual Desktop",
        "DeviceCertificateValidity",
        "KeyContainerId",
        "KeyProvider",
        "TpmProtected",
        "TenantName",
        "Idp",
        "AuthCodeUrl\n    ",
        "AccessTokenUrl",
        "MdmUrl",
        "MdmTouUrl",
        "dmComplianceUrl",
        "MdmComplianceUrl",
        "SettingsUrl",
        "JoinSrvVersion",
        "JoinSrvUrl",
        "JoinSrvId\n    ",
        "KeySrvVersion",
        "KeySrvUrl",
        "KeySrvId",
        "WebAuthNSrvVersion",
        "WebAuthNSrvUrl",
        "WebAuthNSrvId",
        "DeviceManagementSrvVer\n    ",
        "DeviceManagementSrvUrl",
        "DeviceManagementSrvId",
        "NgcSet",
        "NgcKeyId",
        "CanReset",
        "WorkplaceJoined",
        "WamDefaultAuthority\n    ",
        "WamDefaultId",
        "WamDefaultGUID",
        "AzureAdPrtUpdateTime",
        "AzureAdPrtExpiryTime",
        "AzureAdPrtAuthority",
        "EnterprisePrt\n    ",
        "EnterprisePrtUpdateTime",
        "EnterprisePrtExpiryTime",
        "EnterprisePrtAuthority",
        "AcquirePrtDiagnostics\n    ",
        "RefreshPrtDiagnostics",
        "Previous Prt Attempt",
        "Credential Type",
        "Correlation ID",
        "HTTP Method",
        "HTTP status",
        "OnPremTgt\n    ",
        "CloudTgt",
        "KerbTopLevelNames",
        "Diagnostics Reference",
        "AadRecoveryEnabled",
        "KeySignTest",
        "DisplayNameUpdated\n    ",
        "OsVersionUpdated",
        "HostNameUpdated",
        "Auto Detect Settings",
        "Auto-Configuration URL",
        "Proxy Server List\n    ",
        "Proxy Bypass List",
        "IsDeviceJoined",
        "PolicyEnabled",
        "PostLogonEnabled",
        "DeviceEligible",
        "SessionIsNotRemote\n    ",
        "CertEnrollment",
        "AdfsRefreshToken",
        "AdfsRaIsReady",
        "LogonCertTemplateReady",
        "PreReqResult",
        "WorkplaceDeviceId\n    ",
        "WorkplaceThumbprint",
        "WorkplaceIdp",
        "WorkplaceTenantId",
        "WorkplaceTenantName",
        "WorkplaceMdmUrl",
        "WorkplaceSettingsUrl\n    ",
    ]
)
"""Every label that some build of Windows prints; by them a screen is told from what is pasted below it."""
_AADSTS: Final = re.compile(r"AADSTS(\d{4,9})")
# Sections whose labels repeat those of the device.
_OTHERS: Final = ("work account",)
_PRT_SECTION: Final = "sso state"


def status_facts(lines: Iterable[TextLine], *, file: str, short: str = "") -> Iterator[Fact]:
    """Yield each field of a status screen, and what it is a fact of; `short` is the attempt that printed the block."""
    section, of = "", short
    first = True
    for line in lines:
        title = TITLE.match(line.text)
        if title is not None:
            section = title[1]
            continue
        field = FIELD.match(line.text)
        if field is None or RULE.match(line.text):
            continue
        if first and not short:
            of = f"{file}:{line.number}"
            yield _fact("status.screen", "dsregcmd /status", file, line.number, bases.DSREGCMD, of)
        first = False
        yield from _field(section, field[1].strip(), field[2].strip(), file=file, line=line.number, of=of)


def _field(section: str, label: str, value: str, *, file: str, line: int, of: str) -> Iterator[Fact]:
    known = _KNOWN.get(label.lower()) if not section.lower().startswith(_OTHERS) else None
    basis = known[1] if known is not None else bases.NAMES
    where = section or ("after /join" if of and ":" not in of else "")
    yield _fact(f"field.{where + '/' if where else ''}{label}", value, file, line, basis, of)
    if known is None or not value:
        return
    key, basis, strength = known
    yield _fact(key, value, file, line, basis, of, strength)
    about = key.partition(".")[0]
    if about in {"user", "last_attempt"}:
        for code in dict.fromkeys(_AADSTS.findall(value)):
            yield _fact(f"{about}.aadsts", f"AADSTS{code}", file, line, basis, of)


def _fact(
    key: str, value: str, file: str, line: int, basis: Basis, of: str, strength: Strength = Strength.PROVES
) -> Fact:
    about, _, name = key.partition(".")
    return Fact(about=about, name=name, value=value, file=file, line=line, basis=basis, of=of, strength=strength)

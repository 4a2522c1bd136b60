"""Every format has evidence in its true form, and a table of the facts that are found in it."""

# ruff: noqa: E501 - evidence is as wide as it is

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Final

import pytest

from hybridjoin.intake.files.formats import TEXT_FORMATS
from hybridjoin.intake.files.json_documents import SHAPES
from tests.intake.customers import CASES
from tests.intake.files import transcripts as t
from tests.intake.files.configuration_cases import CONFIGURATION_CASES
from tests.intake.files.field_cases import CDJ, COMPUTER, FIELD_CASES, MSONLINE, SCP, SCP_LDIF, SID, okta
from tests.intake.files.reading import answers, case_from, remark_ids, values
from tests.protocol.documents import signer

VECTORS = Path(__file__).parents[2] / "vectors"
CERTIFICATE = base64.b64encode(signer().certificate).decode()
HOST = "https://sso.fabrikam.example"


def format_list(indent: int) -> str:
    """What Get-MgDomainFederationConfiguration prints; PowerShell 7 goes on at the margin, 5.1 below the value."""
    wrapped = ("\n" + " " * indent).join(CERTIFICATE[at : at + 116] for at in range(0, len(CERTIFICATE), 116))
    rows = {
        "ActiveSignInUri": f"{HOST}/wsf/sts/1",
        "DisplayName": "PingOne",
        "FederatedIdpMfaBehavior": "acceptIfMfaDoneByFederatedIdp",
        "Id": "49d756d3-5c24-411f-b66c-fb8bc7625eaa",
        "IsSignedAuthenticationRequestRequired": "",
        "IssuerUri": f"{HOST}/applications/1",
        "MetadataExchangeUri": f"{HOST}/wsf/mex13/1",
        "NextSigningCertificate": "",
        "PassiveSignInUri": f"{HOST}/wsf/prp/1",
        "PreferredAuthenticationProtocol": "wsFed",
        "SignOutUri": f"{HOST}/wsf/prp/1",
        "SigningCertificate": wrapped,
        "SigningCertificateUpdateStatus": "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSigningCertificateUpdateStatus",
        "AdditionalProperties": "{}",
    }
    body = "".join(f"{name:<37} : {value}".rstrip() + "\n" for name, value in rows.items())
    return f'PS C:\\> Get-MgDomainFederationConfiguration -DomainId "{t.DOMAIN}" | Format-List\n\n{body}\n'


SETTINGS: Final = {
    "federation.domain": [t.DOMAIN],
    "federation.issuer_uri": [f"{HOST}/applications/1"],
    "federation.metadata_exchange_uri": [f"{HOST}/wsf/mex13/1"],
    "federation.active_sign_in_uri": [f"{HOST}/wsf/sts/1"],
    "federation.passive_sign_in_uri": [f"{HOST}/wsf/prp/1"],
    "federation.preferred_authentication_protocol": ["wsFed"],
    "federation.signing_certificate": [CERTIFICATE],
}
GRAPH: Final = json.dumps(
    {
        "@odata.context": f"https://graph.microsoft.com/v1.0/$metadata#domains('{t.DOMAIN}')/federationConfiguration",
        "value": [
            {
                "@odata.type": "#microsoft.graph.internalDomainFederation",
                "issuerUri": f"{HOST}/applications/1",
                "metadataExchangeUri": f"{HOST}/wsf/mex13/1",
                "activeSignInUri": f"{HOST}/wsf/sts/1",
                "passiveSignInUri": f"{HOST}/wsf/prp/1",
                "preferredAuthenticationProtocol": "wsFed",
                "signingCertificate": CERTIFICATE,
            }
        ],
    },
    indent=2,
)
COMMAND: Final = f"""\
$params = @{{
    IssuerUri = "{HOST}/applications/1"
    MetadataExchangeUri = "{HOST}/wsf/mex13/1"
    PreferredAuthenticationProtocol = "wsFed"
}}
PS C:\\> New-MgDomainFederationConfiguration -DomainId {t.DOMAIN} -ActiveSignInUri "{HOST}/wsf/sts/1" -IssuerUri "{HOST}/applications/1"
"""
MSOL_COMMAND: Final = (
    f'Set-MsolDomainAuthentication -DomainName "{t.DOMAIN}" -Authentication Federated -IssuerUri "{HOST}/applications/1" '
    f"-ActiveLogOnUri '{HOST}/wsf/sts/1' -PassiveLogOnUri {HOST}/wsf/prp/1\n"
)
DOMAINS: Final = (
    "PS C:\\> Get-MgDomain | Select Id, AuthenticationType\n\nId                 AuthenticationType\n--                 ------------------\n"
    "fabrikam.example   Federated\nfabrikam.onmicrosoft.com Managed\n"
)
AD_COMPUTER: Final = f"""\
PS C:\\> Get-ADComputer WS-0042 -Properties *

DistinguishedName                  : CN=WS-0042,OU=Workstations,DC=fabrikam,DC=example
DNSHostName                        : ws-0042.{t.DOMAIN}
Enabled                            : True
mS-DS-ConsistencyGuid              : {{244, 211, 169, 199, 33, 107, 88, 79, 142, 13, 147, 181, 161, 226, 124, 70}}
msDS-SupportedEncryptionTypes      : 28
ObjectGUID                         : {t.DEVICE}
SamAccountName                     : WS-0042$
ServicePrincipalNames              : {{HOST/WS-0042, HOST/ws-0042.{t.DOMAIN}, RestrictedKrbHost/WS-0042,
                                     RestrictedKrbHost/ws-0042.{t.DOMAIN}...}}
SID                                : {SID}
"""
SERVICE_ACCOUNT: Final = "dn: CN=svc-ping,OU=Service,DC=fabrikam,DC=example\nobjectClass: user\nsAMAccountName: svc-ping\nservicePrincipalName: HTTP/sso.fabrikam.example\nmsDS-SupportedEncryptionTypes: 4\n"
REG_FILE: Final = (
    "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CDJ\\AAD]\r\n"
    f'"TenantId"="{t.TENANT}"\r\n"TenantName"="{t.DOMAIN}"\r\n'
)
KTPASS: Final = (
    "Targeting domain controller: FAB-DC01.fabrikam.example\nUsing legacy password setting method\nSuccessfully mapped HTTP/sso.fabrikam.example to svc-ping.\n"
    "Key created.\nOutput keytab to pf.keytab:\nKeytab version: 0x502\nkeysize 79 HTTP/sso.fabrikam.example@FABRIKAM.EXAMPLE ptype 1 (KRB5_NT_PRINCIPAL) vno 3 etype 0x12 (AES256-SHA1) keylength 32 (0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)\n"
)
PING_AUDIT: Final = "2026-01-16 09:16:30,609| tid:k3Q| STS| WS-0042$| 192.0.2.7| | urn:federation:MicrosoftOnline| WSTrust| sso| IdP| failure| | Kerberos| 12\n"
CEF: Final = "CEF:0|Ping Identity|PingFederate|12.2|STS|STS|0|rt=Jan 16 2026 09:16:30.609 duid= msg=success cs3Label=Protocol cs3=WSTrust externalId=tid:k3Q\n"
SIGN_IN: Final = json.dumps(
    {
        "time": "2025-07-09T02:14:21Z", "category": "NonInteractiveUserSignInLogs", "operationName": "Sign-in activity", "resultType": "90002",
        "correlationId": t.FAILED_REQUEST,
        "properties": {"id": "1", "createdDateTime": "2025-07-09T02:14:21Z", "correlationId": t.FAILED_REQUEST, "resourceDisplayName": "Office", "status": {"errorCode": 90002}},
    }
)  # fmt: skip
PING_ONE: Final = json.dumps(
    {"_embedded": {"activities": [{"id": "a1", "recordedAt": "2025-07-09T02:14:21Z", "action": {"type": "USER.KERBEROS_CHECK"},
                                   "result": {"status": "SUCCESS", "description": "Kerberos Check Succeeded"}}]}}
)  # fmt: skip
DEVICE: Final = json.dumps(
    {"value": [{"id": "0b", "deviceId": t.DEVICE, "displayName": "WS-0042", "trustType": "ServerAd", "accountEnabled": False,
                "onPremisesSyncEnabled": True, "registrationDateTime": None}]}
)  # fmt: skip
DISCOVER: Final = json.dumps(
    {"DeviceJoinService": {"JoinEndpoint": "https://x"}, "TenantInfo": {"TenantId": t.TENANT, "TenantName": t.DOMAIN}}
)
LISTED: Final = (
    "Registered ServicePrincipalNames for CN=svc-ping,OU=Service,DC=fabrikam,DC=example:\n\tHTTP/sso.fabrikam.example\n"
)
TWICE: Final = (
    "Processing entry 0\nHTTP/sso.fabrikam.example is registered on these accounts:\n\tCN=svc-ping,DC=fabrikam,DC=example\n"
    "\tCN=STS01,DC=fabrikam,DC=example\n\nfound 1 group of duplicate SPNs.\n"
)
TOOL: Final = (
    "[2024-02-01 10:00:00.000] [INFO] DSRegTool 4.0 has started\n[2024-02-01 10:00:01.000] [ERROR] Test failed: device is NOT connected to Microsoft Entra ID\n"
    "[2024-02-01 10:00:01.100] [ERROR] Test failed: WS-0042 device is NOT connected to Microsoft Entra ID\n"
    "[2024-02-01 10:00:02.000] [INFO] Test failed: MEX URL is not accessible.\n"
    "[2024-02-01 10:00:03.000] [ERROR] Test failed: 'primarysid' claim is NOT configured.\n"
    "[2024-02-01 10:00:04.000] [ERROR] Test failed: the device does not exist in your Microsoft Entra tenant\n"
)
KLIST: Final = "klist failed with 0xc000018b/-1073741429: The SAM database on the Windows Server does not have a computer account for this workstation trust relationship.\n"

FORMATS: Final[dict[str, tuple[str | bytes, dict[str, list[str]]]]] = {
    "federation settings, PowerShell 7": (format_list(0), SETTINGS),
    "federation settings, PowerShell 5.1": (format_list(40), SETTINGS),
    "federation settings as JSON": (GRAPH, SETTINGS),
    "federation settings of MSOnline": (MSONLINE, {"federation.issuer_uri": ["https://accounts.idp.example/o/saml2?idpid=C0x"],
                                                   "federation.display_name": [t.DOMAIN]}),
    "the command that sets them": (COMMAND, {"federation.issuer_uri": [f"{HOST}/applications/1"],
                                             "federation.active_sign_in_uri": [f"{HOST}/wsf/sts/1"]}),
    "MSOnline's command": (MSOL_COMMAND, {"federation.authentication": ["Federated"], "federation.active_sign_in_uri": [f"{HOST}/wsf/sts/1"],
                                          "federation.passive_sign_in_uri": [f"{HOST}/wsf/prp/1"]}),
    "Get-MgDomain": (DOMAINS, {"domain.authentication": ["Federated", "Managed"]}),
    "the service connection point": (SCP_LDIF, {"tenant.name": [t.DOMAIN], "tenant.id": [t.TENANT], "scp.name": [t.DOMAIN], "scp.id": [t.TENANT]}),
    "a service account": (SERVICE_ACCOUNT, {"object.spn": ["HTTP/sso.fabrikam.example"], "object.encryption_types": ["4"]}),
    "Get-ADComputer": (AD_COMPUTER, {"object.object_guid": [t.DEVICE], "object.object_sid": [SID], "object.encryption_types": ["28"],
                                     "object.consistency_guid": [t.DEVICE], "object.enabled": ["True"],
                                     "object.cut_short": ["ServicePrincipalNames is cut short; $FormatEnumerationLimit = -1 prints all"]}),
    "reg query": (CDJ, {"tenant.id": [t.TENANT], "client.fallback": ["DISABLED"], "scp.client_name": ["fabrikam.onmicrosoft.com"]}),
    "a .reg file": (b"\xff\xfe" + REG_FILE.encode("utf-16-le"), {"tenant.id": [t.TENANT], "tenant.name": [t.DOMAIN]}),
    "ktpass": (KTPASS, {"keytab.entry": ["kvno 3 aes256"]}),
    "PingFederate's audit log": (PING_AUDIT, {"idp.ws_trust": ["failure"], "idp.subject": ["WS-0042$"]}),
    "PingFederate's audit log as CEF": (CEF, {"idp.ws_trust": ["success"]}),
    "a sign-in of a stream": (SIGN_IN + "\n" + SIGN_IN + "\n", {"user.aadsts": ["AADSTS90002"], "user.sign_in": ["Office"]}),
    "PingOne's audit": (PING_ONE, {"idp.event": ["USER.KERBEROS_CHECK SUCCESS"], "idp.reason": ["Kerberos Check Succeeded"]}),
    "Okta's system log": (f"[{okta('ALLOW')}]", {"idp.windows_agent": ["ALLOW"], "idp.agent": ["Windows-AzureAD-Authentication-Provider/1.0"]}),
    "a device in Entra": (DEVICE, {"entra_device.trust_type": ["ServerAd"], "entra_device.enabled": ["false"], "entra.device_exists": ["YES"]}),
    "a Discover document": (DISCOVER, {"tenant.id": [t.TENANT], "tenant.name": [t.DOMAIN]}),
    "setspn -L": (LISTED, {"spn.owner": ["CN=svc-ping,OU=Service,DC=fabrikam,DC=example"]}),
    "setspn -X": (TWICE, {"spn.owner": ["CN=svc-ping,DC=fabrikam,DC=example", "CN=STS01,DC=fabrikam,DC=example"], "spn.duplicate_groups": ["1"]}),
    "DSRegTool's failures": (TOOL, {"device.joined": ["NO"], "idp.mex_reachable": ["NO"], "idp.claim_absent": ["primarysid"], "entra.device_exists": ["NO"]}),
    "klist that failed": (KLIST, {"tickets.error": ["0xc000018b"]}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "facts"), FORMATS.values(), ids=FORMATS)
def test_a_format_has_these_facts(body: str | bytes, facts: dict[str, list[str]]) -> None:
    case = case_from(sent_txt=body)

    assert {key: values(case, key) for key in facts} == facts
    assert {fact.file for fact in case.facts} == {"sent.txt"}


def test_every_fact_says_how_sure_its_rule_is_and_on_which_line_it_stands() -> None:
    for body, _ in FORMATS.values():
        for fact in case_from(sent_txt=body).facts:
            assert fact.basis.source
            assert fact.line > 0, fact


def test_a_settings_line_is_the_line_that_says_it() -> None:
    text = format_list(0)

    case = case_from(sent_txt=text)

    (fact,) = [fact for fact in case.facts if fact.key == "federation.issuer_uri"]
    assert text.splitlines()[fact.line - 1].startswith("IssuerUri")


def test_a_printed_key_is_never_kept() -> None:
    assert "0123456789abcdef" not in repr(case_from(sent_txt=KTPASS))


def test_every_format_of_the_tables_is_met_by_some_evidence() -> None:
    sent = [body for body, _ in FORMATS.values()]
    sent += [content for item in (FIELD_CASES | CONFIGURATION_CASES).values() for content in item.files.values()]
    sent += [path.read_text("utf-8") for path in CASES.glob("*/evidence/mex.xml")]
    met = {name for body in sent for file in case_from(sent_txt=body).files for name in file.formats}

    text_formats = {item.name for item in TEXT_FORMATS} - {"event log as CSV"}  # its rows stand in test_events
    assert text_formats - met == set()
    assert {item.name for item in SHAPES} - met == {"user realm", "token error"}  # they come in traces, in test_wire


def test_a_record_of_ours_is_evidence_too() -> None:
    case = case_from(record_json=(VECTORS / "record-1.json").read_bytes())

    assert case.files[0].formats == ("record",)
    assert answers(case, "road") == ["by fallback"]
    assert "fallback-hides" in remark_ids(case)


def test_the_computer_and_its_device_in_entra_are_one() -> None:
    case = case_from(ws_ldf=COMPUTER, device_json=DEVICE, scp_ldf=SCP_LDIF, join_txt=t.FALLBACK)

    assert case.contradictions == ()
    assert values(case, "scp.name") == values(case, "tenant.name") == [t.DOMAIN]
    assert {fact.of for fact in case.facts if fact.key == "scp.name"} == {SCP}

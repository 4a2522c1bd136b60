"""What causes each HRESULT, which phase it belongs to, and what the ones that mislead really say."""

from __future__ import annotations

from collections.abc import Mapping

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge import entra_kerberos as ek
from hybridjoin.knowledge.article import Cause, cause
from hybridjoin.knowledge.kerberos import (
    ALIAS,
    COMPUTER,
    ETYPE,
    KEPT_TICKET,
    KEYTAB_ETYPE,
    NO_AES_KEYS,
    NO_SPN,
    OTHER_ACCOUNT,
    STALE_KEY,
)
from hybridjoin.knowledge.ws_trust import LOOKUP, NOT_ALLOWED

_DN = "CN=62a0ff2e-97b9-4513-943f-0d221bd30080,CN=Device Registration Configuration,CN=Services,CN=Configuration,…"

NO_SCP = cause(
    "The computer finds no service connection point, or its keywords are not those of one tenant.",
    f"ldapsearch or ADSI Edit, {_DN}: keywords azureADName:<domain> and azureADId:<tenant id>.",
    checks="SCP-01",
    entra="Entra Connect: Configure device options > Configure Hybrid Microsoft Entra ID join writes it.",
)
WRONG_SCP = cause(
    "azureADName of the service connection point is no verified domain of the tenant.",
    "azureADName against Get-MgDomain; the registry's CDJ\\AAD TenantName wins over AD.",
    "Write a federated, verified domain of the tenant.",
    checks="REALM-01?",
    related="SCP-01 DISC-02",
)
MANAGED_SCP = cause(
    "azureADName of the service connection point names a managed domain, though another one is federated.",
    "azureADName against AuthenticationType in Get-MgDomain; the registry's CDJ\\AAD TenantName wins over AD.",
    "Write the federated domain of the tenant.",
)
NO_MEX = cause(
    "The IdP does not serve its WS-Trust metadata to a plain GET, or at another address.",
    "curl -i <MetadataExchangeUri>: 200 and wsdl:definitions, without sign-in. `hybridjoin mex` reads it.",
    checks="MEX-01",
    related="FED-02",
    adfs="Enable-AdfsEndpoint -TargetAddressPath /adfs/services/trust/mex",
)
MEX13 = cause(
    "MetadataExchangeUri is PingOne's older /wsf/mex/, which offers a computer nothing, instead of /wsf/mex13/.",
    "The path of the metadata address; `hybridjoin mex <one> --against <the other>` says what each offers.",
    checks="FED-05",
    related="MEX-06",
    pingone="Microsoft 365 application, Configuration tab: enable 'Show WS-Trust 1.3 Metadata Exchange URL in "
    "Powershell cmdlets'; then set MetadataExchangeUri to …/wsf/mex13/<appId>.",
)
BAD_MEX = cause(
    "What the metadata address answers is no WSDL: an HTML page, a DTD, broken XML.",
    "hybridjoin mex <MetadataExchangeUri>",
    "Look what really answers there.",
    checks="MEX-02",
    related="MEX-09 MEX-10 MEX-20 MEX-33",
)
NO_ENDPOINT = cause(
    "The metadata publishes no port for integrated Windows authentication that Windows takes.",
    "hybridjoin mex <MetadataExchangeUri> says for each port why it is passed over.",
    checks="MEX-03 MEX-04",
    related="MEX-05 MEX-14 MEX-17",
    adfs="Set-AdfsEndpoint -TargetAddressPath /adfs/services/trust/13/windowstransport; then Enable-AdfsEndpoint",
)
NO_USERNAME = cause(
    "The metadata publishes no usernamemixed port, which signing in on the device needs; the join itself does not.",
    "hybridjoin mex <MetadataExchangeUri>",
    checks="MEX-16",
    adfs="Enable-AdfsEndpoint -TargetAddressPath /adfs/services/trust/13/usernamemixed",
)
HTTP_MEX = cause(
    "MetadataExchangeUri is http.",
    "Get-MgDomainFederationConfiguration | Format-List MetadataExchangeUri",
    "Set it to the https address.",
    checks="REALM-02",
    related="FED-04",
)
SAML_DOMAIN = cause(
    "The domain's protocol is SAML, so its user realm names no WS-Trust.",
    "PreferredAuthenticationProtocol in Get-MgDomainFederationConfiguration.",
    entra="Update-MgDomainFederationConfiguration … -PreferredAuthenticationProtocol wsFed",
    checks="REALM-03 FED-14",
)
SOAP_FAULT = cause(
    "The IdP answered with a SOAP fault, and names it.",
    "Event 1088 of AAD/Operational, or the body of the answer: Code/Subcode/Value.",
    "hybridjoin explain <the fault's name>, FailedAuthentication say.",
    related="RSTR-01",
    elsewhere=True,
)
BAD_RSTR = cause(
    "The token service's answer is not the token response that Windows reads.",
    "The RSTR in the exchange viewer: SOAP 1.2, one collection for 1.3, RequestedSecurityToken with saml:Assertion.",
    "Let the IdP answer in the form of the endpoint's WS-Trust version.",
    checks="RSTR-02 RSTR-03 RSTR-04 RSTR-05",
    related="RSTR-16",
)
REFUSED = cause(
    "Entra refused the assertion; the reason is the AADSTS number beside it.",
    "error_description of the token answer: AADSTSnnnnn.",
    "hybridjoin explain <that AADSTS number>.",
    related="TOKEN-01",
    elsewhere=True,
)
SERVER = cause(
    "The service itself failed or throttles.",
    "HTTP status 429 or 5xx of the answer; status.cloud.microsoft.",
    "Wait and try again.",
)
THROTTLED = cause(
    "Many computers registered in quick succession, and the registration service asks to come back later.",
    "Server Message, or event 204: the request is throttled, try after 300 seconds.",
    "Wait that long; the scheduled task tries again by itself at the next sign-in or within the hour.",
)
GONE = cause(
    "The device object was deleted in Entra while the device still has its registration.",
    "Server Operation DeviceRenew in /status; Get-MgDevice -Filter \"deviceId eq '<objectGUID>'\" returns nothing.",
    "dsregcmd /leave as SYSTEM, restart, let Entra Connect synchronize, then let it join again.",
)
SCP_DENIED = cause(
    "The service connection point is there, but the computer account may not read it.",
    "ldapsearch of that object as the computer account; the access list of the configuration partition.",
    "Give Authenticated Users Read on it.",
    checks="SCP-01?",
)
NO_CERTIFICATE = cause(
    "The metadata publishes no certificatemixed port, which a later sign-in by certificate needs; the join does not.",
    "hybridjoin mex <MetadataExchangeUri>",
    adfs="Enable-AdfsEndpoint -TargetAddressPath /adfs/services/trust/13/certificatemixed",
)
TPM = cause(
    "The TPM or the key store refuses the device key.",
    "tpm.msc; tpmtool getdeviceinformation; Get-Tpm.",
    "Update the TPM's firmware, or clear it; sysprepped images must not carry a joined device's keys.",
)
MESSAGE = cause(
    "The join request is not what the service expects, as with a client of one's own.",
    "The service's ErrorType and Message in event 204.",
    "Repeat with dsregcmd /join.",
    related="JOIN-01 JOIN-02",
)
DRS_TOKEN = cause(
    "The access token is not a device's, or not for the registration service.",
    "Its claims: account_type DJ, on_prem_id, primary_sid, aud.",
    checks="TOKEN-02 TOKEN-03",
    fix="Mend the device claims of the assertion.",
)
NO_RIGHT = cause(
    "The person may not join or register devices, or has as many as the tenant allows.",
    "The service's own words: 'Administrator policy does not allow user …', or DeviceCapReached.",
    "In the device settings of the tenant let the person join devices, raise the limit, or remove devices not in use.",
)
LOOK_INSIDE = cause(
    "The cause stands some lines further up: the first HRESULT that is not 0x0 and not 0x4aa9….",
    "dsregcmd /join /debug prints it before the wrapper, and the whole log again in reverse order after it.",
    "hybridjoin explain <that code>, 0xcaa20003 say.",
    elsewhere=True,
)
ELEVATED = cause(
    "dsregcmd /status ran elevated, where the signed-in user has no session: WamDefaultSet shows it; no join failed.",
    "whoami /groups in that shell: High Mandatory Level.",
    "Run dsregcmd /status as the user, in a shell that is not elevated.",
)
RESTART = cause(
    "The registration itself came about, and the device has to be restarted before it counts.",
    "AzureAdJoined of dsregcmd /status after a restart.",
    "Restart the device.",
)
NOTHING = cause("Nothing is wrong: this is a note.", "It is printed on joins that succeed.", "Read on.")

WRONG_LOGON = cause(
    "The password is wrong, or the IdP or Entra refused the request with HTTP 400 for another reason.",
    "Server Error Description below AcquirePrtDiagnostics on dsregcmd /status; events 1081 and 1088 of AAD.",
    "Explain the AADSTS number or the fault that stands there; after a change of the password wait for its "
    "synchronization, lock and unlock.",
)
OTHER_NAME = cause(
    "The name that Windows shows Entra is not the one that is synchronized.",
    "whoami /upn: on a hybrid device the domain controller's answer counts, not what was typed.",
    "Give the person a user principal name in a verified domain of the tenant.",
)
_NETWORK = (c.UNREACHABLE, c.PROXY)
MUTE = cause(
    "The server takes the connection and does not answer in time: it waits for something itself.",
    "curl -w '%{time_total}' of the metadata URL; the IdP's log at that time; `hybridjoin certify --timeout 60`.",
    "Look what it waits for: a directory, a proxy, a lock, an exhausted pool of threads.",
    checks="MEX-32 RSTR-18",
)
_TICKET = (
    NO_SPN, ETYPE, KEPT_TICKET, NO_AES_KEYS, LOOKUP, STALE_KEY, KEYTAB_ETYPE, OTHER_ACCOUNT, ALIAS, COMPUTER,
)  # fmt: skip
_GRANT = (REFUSED, c.NAMESPACE, c.ANCHOR, c.ISSUER, c.KEY)

CAUSES: Mapping[int, tuple[Cause, ...]] = {
    0x00000000: (NOTHING,), 0x4AA90010: (NOTHING,), 0x4AA9000F: (NOTHING,), 0x4AA9000D: (NOTHING,),
    0x801C001D: (NO_SCP, SCP_DENIED, COMPUTER, c.UNREACHABLE), 0x801C0021: (c.PROXY, c.UNREACHABLE, WRONG_SCP),
    0x801C001F: _NETWORK, 0x801C003D: (WRONG_SCP, NO_SCP), 0x801C003A: (WRONG_SCP,), 0x801C0025: (SERVER,),
    0x801C000C: (c.PROXY, c.UNREACHABLE, WRONG_SCP), 0x8007000D: (c.PROXY,),
    0x801C03F2: (c.FALLBACK, c.NOT_SYNCED, THROTTLED), 0x801C03F3: (c.FALLBACK, c.NOT_SYNCED, GONE),
    0x80070002: (NO_SCP, SCP_DENIED), 0x801C0001: (MESSAGE,),
    0x801C0002: (DRS_TOKEN, c.NOT_SYNCED, c.FALLBACK, c.LEFT_ALREADY),
    0x801C000F: (RESTART,), 0x80070520: (ELEVATED, COMPUTER),
    0x801C0003: (NO_RIGHT, DRS_TOKEN), 0x801C0006: (SERVER,),
    0x80072EE2: (MUTE, *_NETWORK), 0x80072EE7: _NETWORK, 0x80072EFD: _NETWORK, 0x80072EFE: (c.PROXY, c.UNREACHABLE),
    0x80072F8F: (c.PROXY, c.TLS, c.CLOCK),
    0xCAA82EE2: (MUTE, *_NETWORK), 0xCAA82EE7: _NETWORK, 0xCAA82EFD: _NETWORK, 0xCAA82EFE: (c.PROXY, c.UNREACHABLE),
    0xCAA82F78: (c.PROXY,), 0xCAA82F7C: (c.PROXY, NO_MEX),
    0xCAA82F8F: (c.TLS, c.PROXY, c.CLOCK), 0xCAA82F98: (c.PROXY,),
    0xCAA90002: (c.NO_ASSERTION, c.FORM), 0xCAA90006: (LOOK_INSIDE, REFUSED, SOAP_FAULT),
    0xCAA90013: (BAD_RSTR, c.PROXY),
    0xCAA90014: (SOAP_FAULT, LOOKUP, NOT_ALLOWED, ETYPE), 0xCAA90015: (c.PROXY, SERVER),
    0xCAA90017: (SAML_DOMAIN, NO_MEX), 0xCAA90018: (*_NETWORK, WRONG_SCP), 0xCAA90019: (c.PROXY, SERVER),
    0xCAA9001A: (NO_MEX,), 0xCAA9001B: (c.PROXY,), 0xCAA9001C: (SAML_DOMAIN,), 0xCAA9001D: (WRONG_SCP,),
    0xCAA9001E: (c.PROXY,), 0xCAA9001F: (c.NOT_FEDERATED, MANAGED_SCP), 0xCAA90020: (HTTP_MEX,),
    0xCAA90022: (NO_ENDPOINT, MEX13), 0xCAA90023: (NO_USERNAME,), 0xCAA9002B: (NO_MEX, *_NETWORK),
    0xCAA9002C: (BAD_MEX, MEX13, NO_MEX, c.PROXY),
    0xCAA20001: (REFUSED,), 0xCAA20002: (REFUSED, c.ISSUER), 0xCAA20003: _GRANT, 0xCAA20004: (REFUSED,),
    0xCAA20005: (SERVER,), 0xCAA20006: (REFUSED,), 0xCAA20007: (REFUSED,), 0xCAA20008: (SERVER, REFUSED),
    0xCAA20009: (REFUSED,), 0xCAA2000A: (REFUSED,), 0xCAA2000B: (REFUSED,), 0xCAA2000C: (REFUSED,),
    0xCAA20064: (REFUSED, SERVER), 0xCAA10024: (c.PROXY, BAD_MEX),
    0xCAA10023: (NO_MEX, c.PROXY, SERVER), 0xCAA1000E: (LOOK_INSIDE, REFUSED),
    0xCAA1002D: (LOOK_INSIDE,), 0xCAA30000: (SERVER, c.PROXY), 0xCAA30191: _TICKET,
    0x80090016: (TPM,), 0x80290407: (TPM,), 0x80280036: (TPM,), 0x80090031: (TPM,),
    0xC00484C1: (c.NO_ASSERTION,), 0xC004848B: (NO_USERNAME,), 0xC004848C: (NO_CERTIFICATE,), 0xC00CEE4F: (BAD_MEX,),
    **dict.fromkeys((0xC000006D, 0xC000006A, 0xC00000D0), (WRONG_LOGON, c.PROXY)),
    **dict.fromkeys((0xC000023C, 0xC00000BE, 0xC00000C4), (c.PROXY,)),
    0xC000005F: (OTHER_NAME,), 0xC004844C: (OTHER_NAME,), 0xC0048442: (c.PROXY,),
    0x8AA90021: (NO_ENDPOINT,),
    0x8AA90024: (NO_ENDPOINT,), 0x8AA90025: (NO_ENDPOINT,), 0x8AA90026: (NO_ENDPOINT,), 0x8AA90027: (NO_ENDPOINT,),
    0x8AA90028: (NO_ENDPOINT,), 0x8AA90029: (NO_ENDPOINT,), 0x8AA9002A: (NO_ENDPOINT,),
    0x801C0095: (ek.NO_ON_PREM_ID, ek.NOT_WANTED), 0x80090311: (ek.NOT_WANTED, ek.NO_CONTROLLER),
    0x80090303: (ek.NOT_WANTED, ek.NO_TRUST, ek.NO_SPN), 0x8009030C: (ek.NO_TAG, ek.NOT_WANTED),
}  # fmt: skip

_LOGON = "sign-in after the join (PRT)"
PHASES: Mapping[int, str] = {
    **dict.fromkeys((0x801C001D, 0x801C0021, 0x801C001F, 0x801C003D, 0x801C003A, 0x801C000C, 0x8007000D), "discover"),
    **dict.fromkeys((0x80070002, 0x801C0025), "discover"),
    **dict.fromkeys((0x801C0095, 0x80090311, 0x80090303, 0x8009030C), "auth"),
    **dict.fromkeys(
        (0x801C03F2, 0x801C03F3, 0x801C0001, 0x801C0002, 0x801C0003, 0x801C0006, 0x80090016, 0x80290407), "join"
    ),
    **dict.fromkeys((0x80280036, 0x80090031), "join"),
    **dict.fromkeys((0xC00484C1, 0xC004848B, 0xC004848C, 0xC00CEE4F, 0xC000005F, 0xC004844C, 0xC0048442), _LOGON),
    **dict.fromkeys((0xC000006D, 0xC000006A, 0xC00000D0, 0xC000023C, 0xC00000BE, 0xC00000C4), _LOGON),
    **dict.fromkeys((0x80072EE2, 0x80072EE7, 0x80072EFD, 0x80072EFE, 0x80072F8F), "any phase"),
}

DECODED: Mapping[int, str] = {
    0xCAA1000E: "Its symbol says that a handle is invalid; it is printed round any failure of the token client, and is "
    "the code people search for. Look at the HRESULTs above it instead, 0xcaa20003 most of all.",
    0xCAA90006: "Says only that the way from ticket to token failed somewhere; it is printed for Entra's refusals too.",
    0xCAA20003: "Only the OAuth name of the refusal, invalid_grant. The reason is the AADSTS number printed before it.",
    0x801C03F2: "Mostly not the trouble itself: the fallback ran because the federated join had failed before.",
    0xCAA30191: "401: the IdP did not accept the computer's ticket, or there was none and Windows sent NTLM. That the "
    "join ends in this code is assumed; of a user's token 0xcaa90014 was seen with these words.",
    0xCAA1002D: "A general failure of the token client, documented without its cause; the codes before it say more.",
    0x801C003D: "Says only that the realm was not found out: an unknown domain, a proxy, no way to the login service.",
    0x801C0021: "Says only that discovery failed; /status shows the reason behind the slash of DRS Discovery Test.",
    0x801C03F3: "What newer clients print for error_missing_device where older ones print 0x801c03f2.",
    0x80072F8F: "12175 is two errors: WinINet's, of an answer that cannot be decoded, as a proxy makes them, and "
    "WinHTTP's, of a certificate that is not accepted. Look at both.",
    0x80090311: "Of the join by Entra Kerberos, which Windows 11 24H2 tries: no part of it is the IdP's.",
    0x80090303: "Of the join by Entra Kerberos, which Windows 11 24H2 tries: no part of it is the IdP's.",
    0x4AA90010: "Not an error: a request is being sent.",
    0x4AA9000F: "Not an error.",
    0x4AA9000D: "Not an error.",
}

SEE: Mapping[int, tuple[str, ...]] = {
    0xCAA1000E: ("0xcaa20003", "0xcaa90006", "AADSTS51004"),
    0xCAA90006: ("0xcaa20003", "0xcaa90014", "AADSTS51004"),
    0xCAA20003: ("AADSTS51004", "AADSTS50107", "AADSTS5000811", "AADSTS50006"),
    0xCAA90014: ("FailedAuthentication", "event 1088"),
    0xCAA30191: ("KDC_ERR_S_PRINCIPAL_UNKNOWN", "KDC_ERR_ETYPE_NOSUPP"),
    0x801C03F2: ("0xcaa20003", "event 304"),
    0x801C001D: ("event 307",),
}

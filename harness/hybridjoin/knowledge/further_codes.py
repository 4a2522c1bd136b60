"""Codes that the join itself does not end in here: of the TPM, of the sign-in after it, of warnings, of other joins."""

from __future__ import annotations

from hybridjoin.knowledge.entra_row import NO_SYMBOL
from hybridjoin.model.verdict import Certainty, WindowsCode
from hybridjoin.protocol.windows_codes import ADAL, JOIN, PRT

_HELLO = "Microsoft: Windows Hello errors during PIN creation"
_SYSTEM = "MS-ERREF 2.2"
_KERBEROS = "Microsoft: Microsoft Entra hybrid join using Microsoft Entra Kerberos (preview)"

_ROWS: tuple[tuple[int, str, str, str], ...] = (
    (0xCAA1002D, "ERROR_ADAL_OPERATION_PENDING", "the token client failed; its own table calls it pending", JOIN),
    (0x80090016, "NTE_BAD_KEYSET", "the key set does not exist", JOIN),
    (0x80290407, "TPM_E_PCP_INTERNAL_ERROR", "the TPM's provider failed", JOIN),
    (0x80280036, "TPM_E_NOTFIPS", "the TPM is in FIPS mode, which is not supported", JOIN),
    (0x80090031, "NTE_AUTHENTICATION_IGNORED", "the TPM is locked out for a time", JOIN),
    (0xC004848C, "AAD_CLOUDAP_E_HTTP_CERTIFICATE_URI_IS_EMPTY", "the metadata has no address for certificates", JOIN),
    (0xC000006A, "STATUS_WRONG_PASSWORD", "no way to Entra, or HTTP 400 from it or from the token service", PRT),
    (0xC00000D0, "STATUS_REQUEST_NOT_ACCEPTED", "HTTP 400 from Entra or from the token service", PRT),
    (0xC00000BE, "STATUS_BAD_NETWORK_PATH", "another HTTP 4xx, or no connection", PRT),
    (0xC00000C4, "STATUS_UNEXPECTED_NETWORK_ERROR", "another HTTP 4xx, or no connection", PRT),
    (0xC000005F, "STATUS_NO_SUCH_LOGON_SESSION", "the domain of the user principal name is none of Entra's", PRT),
    (0xC004844C, "AAD_CLOUDAP_E_OAUTH_USERNAME_IS_MALFORMED", "the name is no user principal name", PRT),
    (0xC0048442, "AAD_CLOUDAP_E_OAUTH_USER_SID_IS_EMPTY", "the ID token has no SID", PRT),
    (0x8AA90021, "WARNING_ADAL_WS_TRUST_POLICY_VALIDATION", "a policy of the metadata does not validate", ADAL),
    (0x8AA90024, "WARNING_ADAL_WS_TRUST_MEX_NO_ADDRESS", "a port of the metadata has no address", ADAL),
    (0x8AA90025, "WARNING_ADAL_WS_TRUST_MEX_ADDRESS_INSECURE", "a port of the metadata is not https", ADAL),
    (0x8AA90026, "WARNING_ADAL_WS_TRUST_MEX_NO_BINDING_IN_PORT", "a port of the metadata names no binding", ADAL),
    (0x8AA90027, "WARNING_ADAL_WS_TRUST_MEX_NO_SOAP_TRANSPORT", "a binding has no SOAP transport", ADAL),
    (0x8AA90028, "WARNING_ADAL_WS_TRUST_MEX_NO_SOAP_ACTION", "a binding has no soapAction", ADAL),
    (0x8AA90029, "WARNING_ADAL_WS_TRUST_MEX_NO_NAME_IN_BINDING", "a binding has no name", ADAL),
    (0x8AA9002A, "WARNING_ADAL_WS_TRUST_MEX_NO_URI_IN_REF", "a policy reference has no URI", ADAL),
    (0x801C000F, NO_SYMBOL, "the registration succeeded; the device has to be restarted", _HELLO),
    (0x80070520, "ERROR_NO_SUCH_LOGON_SESSION", "there is no such logon session (Win32 error 1312)", _SYSTEM),
    (0x801C0095, "DSREG_TOKEN_MISSING_ON_PREM_ID", "the Kerberos ticket brought no on-premises id", _KERBEROS),
    (0x80090311, "SEC_E_NO_AUTHENTICATING_AUTHORITY", "no Windows Server 2025 domain controller answered", _KERBEROS),
    (0x80090303, "SEC_E_TARGET_UNKNOWN", "Entra's Kerberos does not know the registration service", _KERBEROS),
    (0x8009030C, "SEC_E_LOGON_DENIED", "Entra's Kerberos has no key for the registration service", _KERBEROS),
)

FURTHER: tuple[WindowsCode, ...] = (
    *(
        WindowsCode(code=number, symbol=symbol, meaning=meaning, certainty=Certainty.DOCUMENTED, source=source)
        for number, symbol, meaning, source in _ROWS
    ),
    WindowsCode(
        code=0xCAA30000,
        symbol="ERROR_HTTP_STATUS_*",
        meaning="an HTTP status that was not expected; the low part is the status",
        certainty=Certainty.ASSUMED,
        source=f"inferred: every code of {ADAL} for a status is 0xcaa30000 plus the status",
    ),
)

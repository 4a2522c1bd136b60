"""The codes Windows prints while it joins, as data: what each one means and where that is known from.

A code that no public source ties to a situation is `UNKNOWN`: never guessed. Where the *meaning* of a code
is documented but its use for a situation is our inference, `assumed()` says so on the code itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hybridjoin.errors import Breakage
from hybridjoin.model.verdict import Certainty, WindowsCode

_JOIN = "Microsoft: Troubleshoot Microsoft Entra hybrid joined devices"
_DSREGCMD = "Microsoft: Troubleshoot devices by using the dsregcmd command"
_ADAL = "Microsoft: WebProviderError.ErrorCode"
_PING = "Ping Identity: Reference and troubleshooting for Microsoft Entra hybrid join"

SUCCESS = 0x00000000
ADAL_WRAPPER = 0xCAA1000E
WSTRUST_FAILED = 0xCAA90006
HTTP_STATUS = 0xCAA30000

_DOCUMENTED: tuple[tuple[int, str, str, str], ...] = (
    (0x801C001D, "DSREG_AUTOJOIN_ADCONFIG_READ_FAILED", "the service connection point is missing or unreadable", _JOIN),
    (0x801C0021, "DSREG_AUTOJOIN_DISC_FAILED", "discovery of the registration service failed", _JOIN),
    (0x801C001F, "DSREG_AUTOJOIN_DISC_WAIT_TIMEOUT", "discovery of the registration service timed out", _JOIN),
    (
        0x801C003D,
        "DSREG_AUTOJOIN_USERREALM_DISCOVERY_FAILED",
        "Entra does not know the domain that the SCP names",
        _JOIN,
    ),
    (0x801C003A, "DSREG_DISCOVERY_TENANT_NOT_FOUND", "the tenant id or name is wrong", _JOIN),
    (0x801C0025, "DSREG_SERVER_BUSY", "the service is throttling; it asks for a later try", _JOIN),
    (0x801C000C, "DSREG_E_DISCOVERY_FAILED", "discovery failed", _JOIN),
    (0x8007000D, "E_INVALIDDATA", "the discovery document could not be parsed", _JOIN),
    (0x801C03F2, "DSREG_E_DIRECTORY_FAILURE", "Entra has no synchronized device object of that id", _JOIN),
    (0x801C0001, "DSREG_E_DEVICE_MESSAGE_FORMAT_ERROR", "the service found the join request malformed", _JOIN),
    (0x801C0002, "DSREG_E_DEVICE_AUTHENTICATION_ERROR", "the service did not accept who the device says it is", _JOIN),
    (0x801C0003, "DSREG_E_DEVICE_AUTHORIZATION_ERROR", "the device may not register", _JOIN),
    (0x801C0006, "DSREG_E_DEVICE_INTERNALSERVICE_ERROR", "the registration service failed", _JOIN),
    (0x80072EE2, "WININET_E_TIMEOUT", "the request timed out", _JOIN),
    (0x80072EE7, "WININET_E_NAME_NOT_RESOLVED", "the server's name could not be resolved", _JOIN),
    (0x80072EFD, "WININET_E_CANNOT_CONNECT", "no connection to the server", _JOIN),
    (0x80072EFE, "WININET_E_CONNECTION_ABORTED", "the connection broke off", _JOIN),
    (0x80072F8F, "WININET_E_DECODING_FAILED", "the server's TLS certificate was not accepted", _JOIN),
    (0xCAA82EE2, "ERROR_ADAL_INTERNET_TIMEOUT", "the request timed out", _ADAL),
    (0xCAA82EE7, "ERROR_ADAL_INTERNET_NAME_NOT_RESOLVED", "the server's name could not be resolved", _ADAL),
    (0xCAA82EFD, "ERROR_ADAL_INTERNET_CANNOT_CONNECT", "no connection to the server", _ADAL),
    (0xCAA82EFE, "ERROR_ADAL_INTERNET_CONNECTION_ABORTED", "the connection broke off", _ADAL),
    (0xCAA82F78, "ERROR_ADAL_INTERNET_INVALID_SERVER_RESPONSE", "the server's answer is not HTTP", _ADAL),
    (0xCAA82F7C, "ERROR_ADAL_INTERNET_REDIRECT_FAILED", "a redirect was not followed", _ADAL),
    (0xCAA82F8F, "ERROR_ADAL_INTERNET_SECURE_FAILURE", "the server's TLS certificate was not accepted", _ADAL),
    (0xCAA82F98, "ERROR_ADAL_INTERNET_RESPONSE_DRAIN_OVERFLOW", "the answer is larger than the client takes", _ADAL),
    (0xCAA90002, "ERROR_ADAL_SERVER_ERROR_SAML_ASSERTION_NOT_FOUND", "the token response holds no assertion", _ADAL),
    (WSTRUST_FAILED, "ERROR_ADAL_WSTRUST_TOKEN_REQUEST_FAIL", "the WS-Trust flow as a whole gave no token", _ADAL),
    (0xCAA90013, "ERROR_ADAL_FAILED_TO_PARSE_WSTRUST_RESPONSE", "the token response could not be parsed", _ADAL),
    (0xCAA90014, "ERROR_ADAL_WSTRUST_REQUEST_SECURITYTOKEN_FAILED", "the IdP answered with a SOAP fault", _ADAL),
    (0xCAA90015, "ERROR_ADAL_OAUTH_RESPONSE_INVALID", "Entra's token answer is not valid OAuth", _ADAL),
    (0xCAA90017, "ERROR_ADAL_PROTOCOL_NOT_SUPPORTED", "the domain's federation protocol is not WS-Trust", _ADAL),
    (0xCAA90018, "ERROR_ADAL_COULDNOT_DISCOVER_USERREALM", "the user realm could not be discovered", _ADAL),
    (0xCAA90019, "ERROR_ADAL_UNEXPECTED_RESPONSE", "the server's answer was not expected", _ADAL),
    (0xCAA9001A, "ERROR_ADAL_USERREALM_NOENDPOINT", "the user realm names no metadata endpoint", _ADAL),
    (0xCAA9001B, "ERROR_ADAL_USERREALM_RESPONSE_INVALID_JSON", "the user realm is not JSON", _ADAL),
    (
        0xCAA9001C,
        "ERROR_ADAL_USERREALM_RESPONSE_FEDERATION_PROTOCOL_INVALID",
        "the user realm names an unknown federation protocol",
        _ADAL,
    ),
    (
        0xCAA9001D,
        "ERROR_ADAL_USERREALM_RESPONSE_ACCOUNT_TYPE_INVALID",
        "the user realm names an unknown account type",
        _ADAL,
    ),
    (0xCAA9001E, "ERROR_ADAL_USERREALM_RESPONSE_PARSE_FAILED", "the user realm could not be parsed", _ADAL),
    (
        0xCAA9001F,
        "ERROR_ADAL_INTEGRATED_AUTH_WITHOUT_FEDERATION",
        "integrated authentication needs a federated domain",
        _ADAL,
    ),
    (0xCAA90020, "ERROR_ADAL_WS_TRUST_METADATAURL_NOT_SECURE", "the metadata URL is not https", _ADAL),
    (
        0xCAA90022,
        "ERROR_ADAL_COULDNOT_DISCOVER_INTEGRATED_AUTH_ENDPOINT",
        "the metadata offers no endpoint for integrated Windows authentication",
        _ADAL,
    ),
    (
        0xCAA90023,
        "ERROR_ADAL_COULDNOT_DISCOVER_USERNAME_PASSWORD_ENDPOINT",
        "the metadata offers no endpoint for user name and password",
        _ADAL,
    ),
    (0xCAA9002B, "ERROR_ADAL_WS_TRUST_MEX_REQUEST", "the metadata request failed", _ADAL),
    (0xCAA9002C, "ERROR_ADAL_FAILED_TO_PARSE_XML", "the metadata is not the XML that was expected", _ADAL),
    (0xCAA20001, "ERROR_ADAL_SERVER_ERROR_UNAUTHORIZED_CLIENT", "Entra: unauthorized_client", _ADAL),
    (0xCAA20002, "ERROR_ADAL_SERVER_ERROR_INVALID_REQUEST", "Entra: invalid_request", _ADAL),
    (0xCAA20003, "ERROR_ADAL_SERVER_ERROR_INVALID_GRANT", "Entra refused the assertion (invalid_grant)", _ADAL),
    (0xCAA20004, "ERROR_ADAL_SERVER_ERROR_ACCESS_DENIED", "Entra: access_denied", _ADAL),
    (0xCAA20005, "ERROR_ADAL_SERVER_ERROR_TEMPORARILY_UNAVAILABLE", "Entra: temporarily_unavailable", _ADAL),
    (0xCAA20006, "ERROR_ADAL_SERVER_ERROR_UNSUPPORTED_RESPONSE_TYPE", "Entra: unsupported_response_type", _ADAL),
    (0xCAA20007, "ERROR_ADAL_SERVER_ERROR_INVALID_SCOPE", "Entra: invalid_scope", _ADAL),
    (0xCAA20008, "ERROR_ADAL_SERVER_ERROR_RECEIVED", "Entra: server_error", _ADAL),
    (0xCAA20009, "ERROR_ADAL_SERVER_ERROR_INVALID_CLIENT", "Entra: invalid_client", _ADAL),
    (
        0xCAA2000A,
        "ERROR_ADAL_SERVER_ERROR_UNSUPPORTED_UNSUPPORTED_GRANT_TYPE",
        "Entra: unsupported_grant_type",
        _ADAL,
    ),
    (0xCAA2000B, "ERROR_ADAL_SERVER_ERROR_INVALID_RESOURCE", "Entra: invalid_resource", _ADAL),
    (0xCAA2000C, "ERROR_ADAL_SERVER_ERROR_INTERACTION_REQUIRED", "Entra: interaction_required", _ADAL),
    (0xCAA20064, "ERROR_ADAL_SERVER_ERROR_CODE_UNKNOWN", "Entra answered with an error name ADAL does not know", _ADAL),
    (0xCAA10023, "ERROR_ADAL_HTTP_STATUS", "the HTTP status is not 200", _DSREGCMD),
    (0x4AA90010, "INFO_ADAL_REQUEST_SENDING", "a request is being sent", _ADAL),
    (0x4AA9000F, "INFO_ADAL_REQUEST_COMPLETE", "the request was completed", _ADAL),
    (0x4AA9000D, "INFO_ADAL_WSTRUST_TOKEN_REQUEST_SUCCESS", "the WS-Trust flow gave a token", _ADAL),
)

_OBSERVED: tuple[tuple[int, str, str, str], ...] = (
    (ADAL_WRAPPER, "ADAL request failed", "the outer code of any ADAL failure; not the cause", _PING),
    (SUCCESS, "S_OK", "no error", _PING),
)


def _table() -> dict[int, WindowsCode]:
    """Turn the rows above into codes."""
    return {
        number: WindowsCode(code=number, symbol=symbol, meaning=meaning, certainty=certainty, source=source)
        for certainty, rows in ((Certainty.DOCUMENTED, _DOCUMENTED), (Certainty.OBSERVED, _OBSERVED))
        for number, symbol, meaning, source in rows
    }


CODES: Mapping[int, WindowsCode] = MappingProxyType(_table())

UNKNOWN = WindowsCode(
    code=SUCCESS,
    symbol="unknown",
    meaning="no public source says which code Windows shows here",
    certainty=Certainty.ASSUMED,
    source="none",
)

_NETWORK: Mapping[Breakage, tuple[int, int]] = MappingProxyType(
    {
        Breakage.TIMEOUT: (0x80072EE2, 0xCAA82EE2),
        Breakage.NAME_NOT_RESOLVED: (0x80072EE7, 0xCAA82EE7),
        Breakage.REFUSED: (0x80072EFD, 0xCAA82EFD),
        Breakage.RESET: (0x80072EFE, 0xCAA82EFE),
        Breakage.TLS: (0x80072F8F, 0xCAA82F8F),
    }
)

_NETWORK_ASSUMED: Mapping[Breakage, int] = MappingProxyType(
    {Breakage.TOO_LARGE: 0xCAA82F98, Breakage.REDIRECT: 0xCAA82F7C, Breakage.MALFORMED: 0xCAA82F78}
)

_OAUTH: Mapping[str, int] = MappingProxyType(
    {
        "unauthorized_client": 0xCAA20001,
        "invalid_request": 0xCAA20002,
        "invalid_grant": 0xCAA20003,
        "access_denied": 0xCAA20004,
        "temporarily_unavailable": 0xCAA20005,
        "unsupported_response_type": 0xCAA20006,
        "invalid_scope": 0xCAA20007,
        "server_error": 0xCAA20008,
        "invalid_client": 0xCAA20009,
        "unsupported_grant_type": 0xCAA2000A,
        "invalid_resource": 0xCAA2000B,
        "interaction_required": 0xCAA2000C,
    }
)

_ENROLMENT: Mapping[str, int] = MappingProxyType(
    {
        "directoryerror": 0x801C03F2,
        "authenticationerror": 0x801C0002,
        "authorizationerror": 0x801C0003,
        "messageformaterror": 0x801C0001,
        "invalidrequest": 0x801C0001,
    }
)


def code(number: int) -> WindowsCode:
    """Return the code of that number; one of the HTTP range is computed, any other unlisted one is UNKNOWN."""
    known = CODES.get(number)
    if known is not None:
        return known
    if HTTP_STATUS < number < HTTP_STATUS + 600:
        return http_status(number - HTTP_STATUS)
    return replace(UNKNOWN, code=number)


def assumed(number: int, why: str) -> WindowsCode:
    """Return a code whose meaning is documented but whose use here is our inference; `why` is the inference."""
    return replace(code(number), certainty=Certainty.ASSUMED, source=why)


def is_unknown(code_: WindowsCode) -> bool:
    """Tell whether a code stands for "nobody knows"."""
    return code_.symbol == UNKNOWN.symbol


def http_status(status: int) -> WindowsCode:
    """Return ADAL's code for an unexpected HTTP status: 0xcaa30000 plus the status."""
    return WindowsCode(
        code=HTTP_STATUS + status,
        symbol=f"ADAL HTTP status {status}",
        meaning=f"the server answered HTTP {status}",
        certainty=Certainty.DOCUMENTED,
        source=_ADAL,
    )


def network(breakage: Breakage, *, adal: bool) -> WindowsCode:
    """Return the code of a broken exchange: ADAL's form at the authentication phase, else WinINet's."""
    pair = _NETWORK.get(breakage)
    if pair is not None:
        return code(pair[adal])
    number = _NETWORK_ASSUMED.get(breakage)
    if number is None or not adal:
        return UNKNOWN
    return assumed(number, f"inferred from the symbol's meaning for: {breakage.value}")


def oauth_error(name: str) -> WindowsCode:
    """Return ADAL's code for the `error` member of Entra's token answer."""
    return code(_OAUTH.get(name, 0xCAA20064))


def enrolment_error(error_type: str, http_status_: int) -> WindowsCode:
    """Return the registration client's code for the service's ErrorType."""
    if http_status_ in {429, 503}:
        return code(0x801C0025)
    number = _ENROLMENT.get(error_type.lower())
    if number is None:
        return assumed(0x801C0006, f"inferred: no public mapping for ErrorType {error_type or '(none)'}")
    return code(number)

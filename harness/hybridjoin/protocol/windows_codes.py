"""The table of Windows' codes: number, symbol, meaning, and the page that each is known from.

A row says what the number means, not that a situation ends in it: that inference is made, and marked, where it is made.
"""

from __future__ import annotations

from hybridjoin.model.verdict import Certainty

JOIN = "Microsoft: Troubleshoot Microsoft Entra hybrid joined devices"
DSREGCMD = "Microsoft: Troubleshoot devices by using the dsregcmd command"
ADAL = "Microsoft: WebProviderError.ErrorCode"
MDM = "Microsoft: Microsoft Entra integration with MDM, error codes of enrollment"
PING = "Ping Identity: Reference and troubleshooting for Microsoft Entra hybrid join"
PRT = "Microsoft: Troubleshoot primary refresh token issues on Windows devices"

SUCCESS = 0x00000000
ADAL_WRAPPER = 0xCAA1000E
WSTRUST_FAILED = 0xCAA90006
HTTP_STATUS = 0xCAA30000
SERVER_BUSY = 0x801C0025
MISSING_DEVICE = 0x801C03F3

_DOCUMENTED: tuple[tuple[int, str, str, str], ...] = (
    (0x801C001D, "DSREG_AUTOJOIN_ADCONFIG_READ_FAILED", "the service connection point is missing or unreadable", JOIN),
    (0x801C0021, "DSREG_AUTOJOIN_DISC_FAILED", "discovery of the registration service failed", JOIN),
    (0x801C001F, "DSREG_AUTOJOIN_DISC_WAIT_TIMEOUT", "discovery of the registration service timed out", JOIN),
    (
        0x801C003D,
        "DSREG_AUTOJOIN_USERREALM_DISCOVERY_FAILED",
        "Entra's login service did not say whether the domain is managed or federated",
        JOIN,
    ),
    (0x801C003A, "DSREG_DISCOVERY_TENANT_NOT_FOUND", "the tenant id or name is wrong", JOIN),
    (SERVER_BUSY, "DSREG_SERVER_BUSY", "the registration service answered HTTP 503", JOIN),
    (0x801C000C, "DSREG_E_DISCOVERY_FAILED", "discovery failed in the exchange with the server", MDM),
    (0x8007000D, "E_INVALIDDATA", "the discovery document could not be parsed", JOIN),
    (0x801C03F2, "DSREG_E_DIRECTORY_FAILURE", "the registration service answered DirectoryError", JOIN),
    (0x801C0001, "DSREG_E_DEVICE_MESSAGE_FORMAT_ERROR", "the exchange with the registration service failed", MDM),
    (
        0x801C0002,
        "DSREG_E_DEVICE_AUTHENTICATION_ERROR",
        "the registration service answered AuthenticationError, and not that it does not know the device",
        JOIN,
    ),
    (0x801C0003, "DSREG_E_DEVICE_AUTHORIZATION_ERROR", "whoever registers is not authorized to", MDM),
    (0x801C0006, "DSREG_E_DEVICE_INTERNALSERVICE_ERROR", "the registration service failed", JOIN),
    (0x80072EE2, "WININET_E_TIMEOUT", "the request timed out", JOIN),
    (0x80072EE7, "WININET_E_NAME_NOT_RESOLVED", "the server's name could not be resolved", JOIN),
    (0x80072EFD, "WININET_E_CANNOT_CONNECT", "no connection to the server", JOIN),
    (0x80072EFE, "WININET_E_CONNECTION_ABORTED", "the connection broke off", JOIN),
    (0x80072F8F, "WININET_E_DECODING_FAILED", "the network stack could not decode the server's answer", JOIN),
    (0xCAA82EE2, "ERROR_ADAL_INTERNET_TIMEOUT", "the request timed out", ADAL),
    (0xCAA82EE7, "ERROR_ADAL_INTERNET_NAME_NOT_RESOLVED", "the server's name could not be resolved", ADAL),
    (0xCAA82EFD, "ERROR_ADAL_INTERNET_CANNOT_CONNECT", "no connection to the server", ADAL),
    (0xCAA82EFE, "ERROR_ADAL_INTERNET_CONNECTION_ABORTED", "the connection broke off", ADAL),
    (0xCAA82F78, "ERROR_ADAL_INTERNET_INVALID_SERVER_RESPONSE", "the server's answer is not HTTP", ADAL),
    (0xCAA82F7C, "ERROR_ADAL_INTERNET_REDIRECT_FAILED", "a redirect was not followed", ADAL),
    (0xCAA82F8F, "ERROR_ADAL_INTERNET_SECURE_FAILURE", "the server's TLS certificate was not accepted", ADAL),
    (0xCAA82F98, "ERROR_ADAL_INTERNET_RESPONSE_DRAIN_OVERFLOW", "the answer is larger than WinHTTP takes", ADAL),
    (0xC00484C1, "AAD_CLOUDAP_E_WSTRUST_SAML_TOKENS_ARE_EMPTY", "the WS-Trust endpoint answered with an error", JOIN),
    (0xC004848B, "AAD_CLOUDAP_E_HTTP_PASSWORD_URI_IS_EMPTY", "the metadata has no address for passwords", JOIN),
    (0xC00CEE4F, "WC_E_DTDPROHIBITED", "the WS-Trust document brings a DTD, which is forbidden", JOIN),
    (0xC000006D, "STATUS_LOGON_FAILURE", "no way to Entra, or HTTP 400 from it or from the token service", PRT),
    (0xC000023C, "STATUS_NETWORK_UNREACHABLE", "no connection to Entra or to the token service", PRT),
    (0xCAA90002, "ERROR_ADAL_SERVER_ERROR_SAML_ASSERTION_NOT_FOUND", "the token response holds no assertion", ADAL),
    (WSTRUST_FAILED, "ERROR_ADAL_WSTRUST_TOKEN_REQUEST_FAIL", "the WS-Trust flow as a whole gave no token", ADAL),
    (0xCAA90013, "ERROR_ADAL_FAILED_TO_PARSE_WSTRUST_RESPONSE", "the token response could not be parsed", ADAL),
    (0xCAA90014, "ERROR_ADAL_WSTRUST_REQUEST_SECURITYTOKEN_FAILED", "the IdP answered with a SOAP fault", ADAL),
    (0xCAA90015, "ERROR_ADAL_OAUTH_RESPONSE_INVALID", "Entra's token answer is not valid OAuth", ADAL),
    (0xCAA90017, "ERROR_ADAL_PROTOCOL_NOT_SUPPORTED", "the domain's federation protocol is not WS-Trust", JOIN),
    (0xCAA90018, "ERROR_ADAL_COULDNOT_DISCOVER_USERREALM", "the user realm could not be discovered", ADAL),
    (0xCAA90019, "ERROR_ADAL_UNEXPECTED_RESPONSE", "the server's answer was not expected", ADAL),
    (0xCAA9001A, "ERROR_ADAL_USERREALM_NOENDPOINT", "the user realm names no metadata endpoint", ADAL),
    (0xCAA9001B, "ERROR_ADAL_USERREALM_RESPONSE_INVALID_JSON", "the user realm is not JSON", ADAL),
    (
        0xCAA9001C,
        "ERROR_ADAL_USERREALM_RESPONSE_FEDERATION_PROTOCOL_INVALID",
        "the user realm names an unknown federation protocol",
        ADAL,
    ),
    (
        0xCAA9001D,
        "ERROR_ADAL_USERREALM_RESPONSE_ACCOUNT_TYPE_INVALID",
        "the user realm names an unknown account type",
        ADAL,
    ),
    (0xCAA9001E, "ERROR_ADAL_USERREALM_RESPONSE_PARSE_FAILED", "the user realm could not be parsed", ADAL),
    (
        0xCAA9001F,
        "ERROR_ADAL_INTEGRATED_AUTH_WITHOUT_FEDERATION",
        "integrated authentication needs a federated domain",
        ADAL,
    ),
    (0xCAA90020, "ERROR_ADAL_WS_TRUST_METADATAURL_NOT_SECURE", "the metadata URL is not https", ADAL),
    (
        0xCAA90022,
        "ERROR_ADAL_COULDNOT_DISCOVER_INTEGRATED_AUTH_ENDPOINT",
        "the metadata offers no endpoint for integrated Windows authentication",
        ADAL,
    ),
    (
        0xCAA90023,
        "ERROR_ADAL_COULDNOT_DISCOVER_USERNAME_PASSWORD_ENDPOINT",
        "the metadata offers no endpoint for user name and password",
        ADAL,
    ),
    (0xCAA9002B, "ERROR_ADAL_WS_TRUST_MEX_REQUEST", "the metadata request failed", ADAL),
    (0xCAA9002C, "ERROR_ADAL_FAILED_TO_PARSE_XML", "the metadata is not the XML that was expected", ADAL),
    (0xCAA20001, "ERROR_ADAL_SERVER_ERROR_UNAUTHORIZED_CLIENT", "Entra: unauthorized_client", ADAL),
    (0xCAA20002, "ERROR_ADAL_SERVER_ERROR_INVALID_REQUEST", "Entra: invalid_request", ADAL),
    (0xCAA20003, "ERROR_ADAL_SERVER_ERROR_INVALID_GRANT", "Entra refused the assertion (invalid_grant)", ADAL),
    (0xCAA20004, "ERROR_ADAL_SERVER_ERROR_ACCESS_DENIED", "Entra: access_denied", ADAL),
    (0xCAA20005, "ERROR_ADAL_SERVER_ERROR_TEMPORARILY_UNAVAILABLE", "Entra: temporarily_unavailable", ADAL),
    (0xCAA20006, "ERROR_ADAL_SERVER_ERROR_UNSUPPORTED_RESPONSE_TYPE", "Entra: unsupported_response_type", ADAL),
    (0xCAA20007, "ERROR_ADAL_SERVER_ERROR_INVALID_SCOPE", "Entra: invalid_scope", ADAL),
    (0xCAA20008, "ERROR_ADAL_SERVER_ERROR_RECEIVED", "Entra: server_error", ADAL),
    (0xCAA20009, "ERROR_ADAL_SERVER_ERROR_INVALID_CLIENT", "Entra: invalid_client", ADAL),
    (
        0xCAA2000A,
        "ERROR_ADAL_SERVER_ERROR_UNSUPPORTED_UNSUPPORTED_GRANT_TYPE",
        "Entra: unsupported_grant_type",
        ADAL,
    ),
    (0xCAA2000B, "ERROR_ADAL_SERVER_ERROR_INVALID_RESOURCE", "Entra: invalid_resource", ADAL),
    (0xCAA2000C, "ERROR_ADAL_SERVER_ERROR_INTERACTION_REQUIRED", "Entra: interaction_required", ADAL),
    (0xCAA20064, "ERROR_ADAL_SERVER_ERROR_CODE_UNKNOWN", "Entra answered with an error name ADAL does not know", ADAL),
    (0xCAA10023, "ERROR_ADAL_WINHTTP_STATUS_NOT_OK", "the HTTP status is not 200", ADAL),
    (
        0xCAA10024,
        "ERROR_ADAL_WINHTTP_EXCEEDS_TOTAL_DOWNLOAD_SIZE",
        "the answer is larger than the token client downloads",
        ADAL,
    ),
    (0x4AA90010, "INFO_ADAL_REQUEST_SENDING", "a request is being sent", ADAL),
    (0x4AA9000F, "INFO_ADAL_REQUEST_COMPLETE", "the request was completed", ADAL),
    (0x4AA9000D, "INFO_ADAL_WSTRUST_TOKEN_REQUEST_SUCCESS", "the WS-Trust flow gave a token", ADAL),
)

_OBSERVED: tuple[tuple[int, str, str, str], ...] = (
    # The symbol is documented and says "the handle is invalid"; that it is printed round every failure is observed.
    (ADAL_WRAPPER, "ERROR_ADAL_HANDLE", "the outer code of any failure of the token client; not the cause", PING),
    (
        MISSING_DEVICE,
        "(no symbol published)",
        "Entra has no device object of that id",
        "MicrosoftDocs/windows-itpro-docs issue 4245; public transcripts of 2024 and later",
    ),
    (
        0x80070002,
        "ERROR_FILE_NOT_FOUND",
        "the directory holds no registration data",
        "public captures of dsregcmd /status in forests without a service connection point, 2022 to 2026",
    ),
    (SUCCESS, "S_OK", "no error", PING),
)

TABLE = ((Certainty.DOCUMENTED, _DOCUMENTED), (Certainty.OBSERVED, _OBSERVED))

# The statuses that the token client has a code of its own for, by the name that follows ERROR_HTTP_STATUS_.
HTTP_STATUSES = {
    300: "AMBIGUOUS", 301: "MOVED", 302: "REDIRECT", 303: "REDIRECT_METHOD", 304: "NOT_MODIFIED", 305: "USE_PROXY",
    307: "REDIRECT_KEEP_VERB", 400: "BAD_REQUEST", 401: "DENIED", 402: "PAYMENT_REQ", 403: "FORBIDDEN",
    404: "NOT_FOUND", 405: "BAD_METHOD", 406: "NONE_ACCEPTABLE", 407: "PROXY_AUTH_REQ", 408: "REQUEST_TIMEOUT",
    409: "CONFLICT", 410: "GONE", 411: "LENGTH_REQUIRED", 412: "PRECOND_FAILED", 413: "REQUEST_TOO_LARGE",
    414: "URI_TOO_LONG", 415: "UNSUPPORTED_MEDIA", 449: "RETRY_WITH", 500: "SERVER_ERROR", 501: "NOT_SUPPORTED",
    502: "BAD_GATEWAY", 503: "SERVICE_UNAVAIL", 504: "GATEWAY_TIMEOUT", 505: "VERSION_NOT_SUP",
}  # fmt: skip

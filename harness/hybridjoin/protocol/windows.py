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
from hybridjoin.protocol.windows_codes import (
    ADAL,
    ADAL_WRAPPER,
    HTTP_STATUS,
    HTTP_STATUSES,
    MISSING_DEVICE,
    SERVER_BUSY,
    SUCCESS,
    TABLE,
    WSTRUST_FAILED,
)

__all__ = [
    "ADAL_WRAPPER",
    "CODES",
    "HTTP_STATUS",
    "MISSING_DEVICE",
    "SERVER_BUSY",
    "SUCCESS",
    "UNKNOWN",
    "WSTRUST_FAILED",
    "assumed",
    "code",
    "enrolment_error",
    "http_status",
    "is_unknown",
    "network",
    "oauth_error",
]


def _table() -> dict[int, WindowsCode]:
    """Turn the rows above into codes."""
    return {
        number: WindowsCode(code=number, symbol=symbol, meaning=meaning, certainty=certainty, source=source)
        for certainty, rows in TABLE
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

_BAD_CERTIFICATE = (
    "inferred: 12175 (0x2f8f) is WinHTTP's number for a certificate that is not accepted; the troubleshooting page "
    "says of 0x80072f8f that the answer could not be decoded, and suspects a proxy"
)

_NETWORK_ASSUMED: Mapping[Breakage, int] = MappingProxyType(
    {Breakage.TOO_LARGE: 0xCAA10024, Breakage.REDIRECT: 0xCAA82F7C, Breakage.MALFORMED: 0xCAA82F78}
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
_ENROLMENT_DOCUMENTED = frozenset({"directoryerror", "authenticationerror"})


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
    """Return ADAL's code for an HTTP status: 0xcaa30000 plus the status; not every status is in the published list."""
    name = HTTP_STATUSES.get(status)
    return WindowsCode(
        code=HTTP_STATUS + status,
        symbol=f"ERROR_HTTP_STATUS_{name}" if name else f"ADAL HTTP status {status}",
        meaning=f"the server answered HTTP {status}",
        certainty=Certainty.DOCUMENTED if name else Certainty.ASSUMED,
        source=ADAL if name else f"inferred: the list of {ADAL} is 0xcaa30000 plus the status, and leaves {status} out",
    )


def network(breakage: Breakage, *, adal: bool) -> WindowsCode:
    """Return the code of a broken exchange: ADAL's form at the authentication phase, else the network stack's own."""
    pair = _NETWORK.get(breakage)
    if breakage is Breakage.TLS and not adal:
        return assumed(pair[0], _BAD_CERTIFICATE) if pair else UNKNOWN
    if pair is not None:
        return code(pair[adal])
    number = _NETWORK_ASSUMED.get(breakage)
    if number is None or not adal:
        return UNKNOWN
    return assumed(number, f"inferred from the symbol's meaning for: {breakage.value}")


def oauth_error(name: str) -> WindowsCode:
    """Return ADAL's code for the `error` member of Entra's token answer."""
    return code(_OAUTH.get(name, 0xCAA20064))


def enrolment_error(error_type: str, subcode: str = "", *, newer: bool = False) -> WindowsCode:
    """Return the registration client's code for the service's ErrorType and ErrorSubCode, whatever the HTTP status.

    `newer` is a client of Windows 11 24H2, which has a number of its own for a device that Entra does not know.
    """
    if newer and subcode.lower() == "error_missing_device":
        return code(MISSING_DEVICE)
    if error_type.lower() == "authenticationerror" and subcode.lower() == "devicenotfound":
        return UNKNOWN
    number = _ENROLMENT.get(error_type.lower())
    if number is None:
        return assumed(0x801C0006, f"inferred: no public mapping for ErrorType {error_type or '(none)'}")
    known = error_type.lower() in _ENROLMENT_DOCUMENTED
    return code(number) if known else assumed(number, f"inferred from the symbol for ErrorType {error_type}")

"""What the number of an HRESULT says by itself: who made it, and which Win32 error it wraps.

The layout is [MS-ERREF] 2.1: a bit for failure, eleven for the facility, sixteen for the code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_WIDTH: Final = 2**32
_FAILURE: Final = 2**31
_HEX = re.compile(r"0x([0-9a-f]{8})", re.IGNORECASE)
_DECIMAL = re.compile(r"-\d{1,10}")
_WIN32: Final = 0x007
# The facilities of winerror.h that a join's logs bring, in the words of whoever reads them there.
_FACILITIES: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x000: "Windows itself",
        0x009: "Windows' security and cryptography",
        0x01C: "the device registration client",
        0x028: "the TPM's services",
        0x029: "the TPM's software",
    }
)
_TOKEN_CLIENT: Final = ("0xcaa", "0x4aa", "0x8aa")
_CLOUD_AP: Final = "0xc0048"


def number_of(name: str) -> int | None:
    """Return the 32 bits of `0x…` or of a signed decimal, as event texts print it; None where a name is neither."""
    plain = name.strip()
    match = _HEX.fullmatch(plain)
    if match is not None:
        return int(match[1], 16)
    if _DECIMAL.fullmatch(plain) is None or not -_FAILURE <= int(plain) < 0:
        return None
    return int(plain) % _WIDTH


def is_failure(number: int) -> bool:
    """Tell whether an HRESULT says that something failed; 0xcaa… of the token client has that bit too."""
    return number >= _FAILURE


def anatomy(number: int) -> str:
    """Say in one sentence what the number of a code that nobody here knows says about where to look it up."""
    text = f"0x{number:08x}"
    if text.startswith(_TOKEN_CLIENT):
        return f"{text} is a code of the token client (ADAL, WAM)"
    if text.startswith(_CLOUD_AP):
        return f"{text} is a code of the cloud sign-in provider (AAD_CLOUDAP)"
    facility, low = number >> 16 & 0x7FF, number & 0xFFFF
    if facility == _WIN32:
        return f"{text} is the Win32 error {low}: `net helpmsg {low}` names it on any Windows"
    owner = _FACILITIES.get(facility)
    return f"{text} is a code of {owner}" if owner else f"{text} is an HRESULT of facility 0x{facility:03x}"

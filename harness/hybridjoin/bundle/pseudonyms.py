"""Other names for names: of the same length and shape, and the same one for the same name throughout a record.

A pseudonym keeps what a reader of the record looks at (letters stay letters, digits digits, case is as it was, a SID
keeps its RID, a GUID its version), so that base64, DER and lengths stay as they were. The key is drawn once for a
record and thrown away.
"""

from __future__ import annotations

import base64
import hmac
import struct
import uuid
from dataclasses import dataclass, field
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_TRIES: Final = 1000
_DIGITS: Final = "0123456789"
# Labels that name a service and nobody's place.
COMMON: Final = frozenset(
    {
        "adfs", "autologon", "common", "device", "enterpriseregistration", "example", "fs", "idp", "local", "localhost",
        "login", "onmicrosoft", "sts", "test", "www",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonyms:
    """The pseudonyms of one record."""

    key: bytes = field(repr=False)

    def word(self, word: str) -> str:
        """Return another word for a name, whatever its case; one that is common stays."""
        if word.lower() in COMMON:
            return word
        stream = self._stream(f"word {word.lower()}", len(word))
        return "".join(_like(letter, octet) for letter, octet in zip(word, stream, strict=True))

    def host(self, name: str) -> str:
        """Return another name for a host or a domain, label by label; the last label stays."""
        *labels, last = name.split(".")
        return ".".join([*map(self.word, labels), last])

    def guid(self, value: uuid.UUID) -> uuid.UUID:
        """Return another GUID of the same version and variant, in whose spellings the same mistakes can be seen.

        What is wrong with url-safe base64 shows only where the right one has a `+` or a `/`.
        """
        other = value
        for number in range(_TRIES):
            octets = bytearray(self._stream(f"guid {value} {number}", 16))
            octets[6] = octets[6] & 0x0F | value.bytes[6] & 0xF0
            octets[8] = octets[8] & 0x1F | value.bytes[8] & 0xE0
            other = uuid.UUID(bytes=bytes(octets))
            if _visible(other) == _visible(value):
                break
        return other

    def domain_sid(self, parts: tuple[int, int, int]) -> tuple[int, int, int]:
        """Return another domain's three numbers, each with as many digits; what is no number of 32 bits stays."""
        octets = self._stream(f"sid {parts}", 24)
        numbers = struct.unpack(">3Q", octets)
        first, second, third = (_as_long(part, number) for part, number in zip(parts, numbers, strict=True))
        return first, second, third

    def address(self, text: str) -> str:
        """Return an address of the documentation's networks for one of IPv4 (RFC 5737)."""
        return f"203.0.113.{self._stream(f'address {text}', 1)[0]}"

    def _stream(self, about: str, size: int) -> bytes:
        blocks = (hmac.digest(self.key, f"{number} {about}".encode(), "sha256") for number in range(size // 32 + 1))
        return b"".join(blocks)[:size]


def _visible(value: uuid.UUID) -> tuple[bool, ...]:
    spelled = [base64.b64encode(octets) for octets in (value.bytes, value.bytes_le)]
    return tuple(sign in text for text in spelled for sign in (b"+", b"/"))


def _like(letter: str, octet: int) -> str:
    if letter.isascii() and letter.isdigit():
        return _DIGITS[octet % 10]
    if letter.isascii() and letter.isalpha():
        other = _LETTERS[octet % 26]
        return other.upper() if letter.isupper() else other
    return letter


def _as_long(part: int, number: int) -> int:
    if not 0 <= part < 2**32:
        return part
    low: int = 10 ** (len(str(part)) - 1) if part > 9 else 0
    high: int = min(10 ** len(str(part)), 2**32)
    return low + number % (high - low)

"""Wrong spellings of right values: what identity providers have been seen to make of a GUID, a SID, a word or a URI."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from hybridjoin.mutations.values import encode, read_guid

Respell = Callable[[str], str]


def guid_of(text: str) -> uuid.UUID:
    """Read the GUID of a good claim; `no_guid` has made sure that there is one.

    Raises:
        LookupError: `no_guid` was not asked.
    """
    guid = read_guid(text)
    if guid is None:
        raise LookupError(f"{text!r} is not base64 of a GUID")
    return guid


def no_guid(text: str) -> str:
    """Say why a value cannot be spelled wrongly as a GUID, or nothing."""
    return "" if read_guid(text) else f"{text!r} is not base64 of a GUID"


def no_sid(text: str) -> str:
    """Say why a value cannot be spelled wrongly as a SID, or nothing."""
    parts = text.split("-")
    right = len(parts) > 4 and parts[0] == "S" and all(part.isdecimal() for part in parts[1:])
    return "" if right else f"{text!r} is not a SID"


def packed_sid(text: str) -> bytes:
    """Write a SID in binary (MS-DTYP 2.4.2.2)."""
    _, revision, authority, *parts = text.split("-")
    head = bytes([int(revision), len(parts)]) + int(authority).to_bytes(6, "big")
    return head + b"".join(int(part).to_bytes(4, "little") for part in parts)


def _of_guid(spell: Callable[[uuid.UUID], str]) -> Respell:
    return lambda text: spell(guid_of(text))


GUID_SPELLINGS: tuple[tuple[str, str, Respell], ...] = (
    (
        "big-endian",
        "is base64 of the bytes in the order of RFC 4122",
        _of_guid(lambda guid: encode(guid.bytes)),
    ),
    (
        "base64-of-text",
        "is base64 of the GUID's text",
        _of_guid(lambda guid: encode(str(guid).encode())),
    ),
    ("hexadecimal", "is the bytes in hexadecimal", _of_guid(lambda guid: guid.bytes_le.hex())),
    ("braces", "is the GUID's text in braces", _of_guid(lambda guid: f"{{{guid}}}")),
    ("guid-text", "is the GUID's text", _of_guid(str)),
    ("url-safe", "is base64 in the URL-safe alphabet", lambda text: text.translate(str.maketrans("+/", "-_"))),
    ("unpadded", "is base64 without its padding", lambda text: text.rstrip("=")),
    ("double-base64", "is base64 of base64", lambda text: encode(text.encode())),
    (
        "of-another",
        "is the GUID of another object",
        _of_guid(lambda guid: encode(bytes(octet ^ 0xFF for octet in guid.bytes_le))),
    ),
)

SID_SPELLINGS: tuple[tuple[str, str, Respell], ...] = (
    ("of-another", "is the SID of another account of the domain", lambda text: f"{text}1"),
    ("of-a-group", "is the SID of Domain Computers", lambda text: f"{text.rpartition('-')[0]}-515"),
    ("of-the-domain", "is the SID of the domain", lambda text: text.rpartition("-")[0]),
    ("lower-case", "is written s-1-5-…", str.lower),
    ("base64-of-binary", "is base64 of the binary SID", lambda text: encode(packed_sid(text))),
    ("hexadecimal", "is the binary SID in hexadecimal", lambda text: packed_sid(text).hex()),
    ("base64-of-text", "is base64 of the SID's text", lambda text: encode(text.encode())),
    ("braces", "stands in braces", lambda text: f"{{{text}}}"),
    ("quotes", "keeps the quotation marks of an expression", lambda text: f'"{text}"'),
)

WORD_SPELLINGS: tuple[tuple[str, str, Respell], ...] = (
    ("lower-case", "is in lower case", str.lower),
    ("user", "is User", lambda _: "User"),
    ("quotes", "keeps the quotation marks of an expression", lambda text: f'"{text}"'),
    ("in-words", "is DomainJoined", lambda _: "DomainJoined"),
)


def _other_scheme(text: str) -> str:
    scheme, mark, rest = text.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}{mark}{rest}"


URI_SPELLINGS: tuple[tuple[str, str, Respell], ...] = (
    ("other", "is another identity provider's", lambda _: "https://idp.example.com/adfs/services/trust"),
    (
        "slash",
        "differs by the slash at its end",
        lambda text: text.removesuffix("/") if text.endswith("/") else f"{text}/",
    ),
    ("http-https", "has the other one of http and https", _other_scheme),
    ("upper-case", "is in upper case", str.upper),
)

NAME_SPELLINGS: tuple[tuple[str, str, Respell], ...] = (
    ("of-another", "is somebody else's", lambda text: f"ANOTHER$@{text.rpartition('@')[2]}"),
    ("without-domain", "lacks the part from the @ on", lambda text: text.partition("@")[0]),
    ("quotes", "keeps the quotation marks of an expression", lambda text: f'"{text}"'),
)

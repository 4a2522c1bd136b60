"""The functions that an attribute mapping may call: PingOne's own one, and the laboratory's mistakes.

`#string.uuidAsBase64Guid` is documented by PingOne. Everything under `#lab.` is ours: each gives a value that real IdPs
have been seen to send by mistake, under a name that says which mistake it is.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = str | None

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known when a token is issued: `user.*`, `ldap.*` and `kerberos.*` values, and the live directory."""

    values: Mapping[str, str]
    lookup: Callable[[str, str], Value]

    def reference(self, name: str) -> Value:
        """Return the value of `user.externalId` and the like; whatever is not set is NULL."""
        scope, _, attribute = name.partition(".")
        return self.values.get(f"ldap.{attribute.lower()}" if scope == "ldap" else name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One callable of the expression language; a NULL argument gives NULL unless `takes_null`."""

    name: str
    parameters: tuple[str, ...]
    sentence: str
    call: Callable[..., Value]
    asks_directory: bool = False
    takes_null: bool = False


def _guid(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if _UUID.fullmatch(text) else None


def _of_guid(encode: Callable[[uuid.UUID], str]) -> Callable[[str], Value]:
    """Make a function of a GUID's text; anything else is NULL, as with PingOne's own function."""

    def call(text: str) -> Value:
        guid = _guid(text)
        return None if guid is None else encode(guid)

    return call


def uuid_as_base64_guid(text: Value, default: Value) -> Value:
    """Return the base64 of a GUID's bytes in Windows' order (MS-DTYP 2.3.4.2: Data1 to Data3 little-endian)."""
    guid = None if text is None else _guid(text)
    return default if guid is None else base64.b64encode(guid.bytes_le).decode("ascii")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _sid_bytes(sid: str) -> bytes | None:
    """Return the binary form of a SID (MS-DTYP 2.4.2.2)."""
    parts = sid.split("-")
    if len(parts) < 4 or parts[0] != "S" or not all(part.isdecimal() for part in parts[1:]):
        return None
    revision, authority, *rest = map(int, parts[1:])
    return bytes([revision, len(rest)]) + authority.to_bytes(6, "big") + b"".join(p.to_bytes(4, "little") for p in rest)


def _of_sid(encode: Callable[[bytes], str]) -> Callable[[str], Value]:
    def call(text: str) -> Value:
        binary = _sid_bytes(text)
        return None if binary is None else encode(binary)

    return call


def _domain_sid(sid: str) -> Value:
    return None if _sid_bytes(sid) is None else sid.rpartition("-")[0]


def _ldap_escaped(data: bytes) -> str:
    return "".join(f"\\{byte:02x}" for byte in data)


def _mojibake(data: bytes) -> str:
    """Return bytes read as UTF-8, what is no text replaced, as by a client that was not told "binary"."""
    return "".join(char if char.isprintable() else "\ufffd" for char in data.decode("utf-8", "replace"))


def _line_breaks(text: str) -> str:
    middle = len(text) // 2
    return f"{text[:middle]}\n{text[middle:]}"


def _lab(name: str, parameters: tuple[str, ...], sentence: str, call: Callable[..., Value]) -> Function:
    return Function(name=f"lab.{name}", parameters=parameters, sentence=sentence, call=call)


_GUID = ("guid",)
_SID = ("sid",)
_TEXT = ("text",)

_ALL = (
    Function(
        name="string.uuidAsBase64Guid",
        parameters=("uuid", "default"),
        sentence="The base64 of the GUID's bytes in Windows' order, or the default when it is no UUID.",
        call=uuid_as_base64_guid,
        takes_null=True,
    ),
    _lab(
        "bigEndianBase64", _GUID, "The base64 of the bytes in RFC 9562's order.", _of_guid(lambda g: _base64(g.bytes))
    ),
    _lab("base64OfText", _TEXT, "The base64 of the text itself.", lambda text: _base64(text.encode())),
    _lab(
        "doubleBase64",
        _GUID,
        "The right base64, encoded once more.",
        _of_guid(lambda g: _base64(_base64(g.bytes_le).encode())),
    ),
    _lab("hex", _GUID, "The bytes in Windows' order as 32 hexadecimal digits.", _of_guid(lambda g: g.bytes_le.hex())),
    _lab("guidText", _GUID, "The GUID's text, in lower case.", _of_guid(str)),
    _lab("braces", _GUID, "The GUID's text in braces.", _of_guid(lambda g: f"{{{g}}}")),
    _lab(
        "urlSafeBase64",
        _GUID,
        "The right bytes in the URL-safe alphabet.",
        _of_guid(lambda g: base64.urlsafe_b64encode(g.bytes_le).decode("ascii")),
    ),
    _lab(
        "unpaddedBase64", _GUID, "The right base64 without its padding.", _of_guid(lambda g: _base64(g.bytes_le)[:-2])
    ),
    _lab("guidAsMojibake", _GUID, "The binary GUID read as text.", _of_guid(lambda g: _mojibake(g.bytes_le))),
    _lab("binarySidAsText", _SID, "The binary SID in LDAP's escapes.", _of_sid(_ldap_escaped)),
    _lab("binarySidAsBase64", _SID, "The base64 of the binary SID.", _of_sid(_base64)),
    _lab("binarySidAsHex", _SID, "The binary SID as hexadecimal digits.", _of_sid(bytes.hex)),
    _lab("domainSid", _SID, "The SID without its last part: the domain's.", _domain_sid),
    _lab("lowerCase", _TEXT, "The text in lower case.", str.lower),
    _lab("upperCase", _TEXT, "The text in upper case.", str.upper),
    _lab("trailingSpace", _TEXT, "The text and a space.", lambda text: text + " "),
    _lab("leadingSpace", _TEXT, "A space and the text.", lambda text: " " + text),
    _lab("lineBreaks", _TEXT, "The text with a line feed in its middle.", _line_breaks),
    _lab(
        "carriageReturns", _TEXT, "The text with CR LF in its middle.", lambda t: _line_breaks(t).replace("\n", "\r\n")
    ),
    _lab("empty", (), "No text at all, but not NULL: an empty AttributeValue.", lambda: ""),
    Function(
        name="lab.sidOf",
        parameters=("account",),
        sentence="The SID of another account or group, read from the live directory.",
        call=lambda lookup, account: lookup(account, "objectSid"),
        asks_directory=True,
    ),
    Function(
        name="lab.objectGuidOf",
        parameters=("account",),
        sentence="The objectGUID of another account, as text, read from the live directory.",
        call=lambda lookup, account: lookup(account, "objectGUID"),
        asks_directory=True,
    ),
)

FUNCTIONS: Mapping[str, Function] = {function.name: function for function in _ALL}

"""Known mistakes in claim values, recognised and named in one plain sentence; pure, from the values alone.

Each recogniser is given what came and what would have been right, and returns an empty string for an error it has
never met: a wrong value is wrong either way, but a named one is mended in a minute.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hybridjoin.model.likeness import unlike
from hybridjoin.protocol.computer import SidOwner
from hybridjoin.protocol.guid import decode_guid, encode_bytes

EMPTY = "the value is empty: the attribute it is taken from is probably not set on computers"
_SID = re.compile(r"S-1-\d+(?:-\d+)+", re.ASCII | re.IGNORECASE)
_URL_SAFE = str.maketrans("-_", "+/")
_QUOTES = "\"'\u201c\u201d"
_WELL_KNOWN_GROUPS = {
    "512": "Domain Admins",
    "513": "Domain Users",
    "514": "Domain Guests",
    "515": "Domain Computers",
    "516": "Domain Controllers",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidSource:
    """A GUID attribute of the directory with its raw octets."""

    attribute: str
    octets: bytes


def name_dressing(found: str, right: str) -> str:
    """Name what is odd about an otherwise right value: white space, line breaks, quotes, look-alike letters."""
    if not found.strip():
        return EMPTY
    if "".join(found.split()) == right:
        if found.strip() != right:
            return "line breaks or spaces stand inside the value; it has to be one unbroken word"
        side = "at the end" if found.startswith(right) else "at the beginning"
        return f"white space stands {side} of the value, which is compared character by character"
    if found.strip().strip(_QUOTES) == right:
        return "the quotation marks of the expression were kept as part of the value"
    return unlike(found.strip(), right)


def name_guid_mistake(found: str, right: GuidSource, others: tuple[GuidSource, ...] = ()) -> str:
    """Name what is wrong with a GUID claim that ought to be base64 of `right`; `others` are further known GUIDs."""
    wanted = encode_bytes(right.octets)
    strangers = tuple(other for other in others if other.octets != right.octets)
    for other in strangers:
        if found == encode_bytes(other.octets):
            return f"taken from {other.attribute} although {right.attribute} belongs here"
    text = found.strip()
    return (
        name_dressing(found, wanted)
        or _name_alphabet(text, wanted)
        or next(_spellings(text, (right, *strangers)), "")
        or _name_stranger(text)
    )


def _name_alphabet(text: str, wanted: str) -> str:
    """Tell the URL-safe alphabet and missing padding from plain base64 (RFC 4648, 4 and 5)."""
    if text.translate(_URL_SAFE).rstrip("=") != wanted.rstrip("="):
        return ""
    unpadded = " and without its padding" if not text.endswith("=") and wanted.endswith("=") else ""
    if not {"-", "_"}.isdisjoint(text):
        return f"base64 in the URL-safe alphabet{unpadded}; the standard one with + and / is wanted"
    return "base64 without its padding; the closing == is wanted"


def _spellings(text: str, sources: tuple[GuidSource, ...]) -> Iterator[str]:
    """Yield the name of each known wrong spelling of a known GUID that the text is."""
    for source in sources:
        if len(source.octets) != 16:
            continue
        guid = uuid.UUID(bytes_le=source.octets)
        for words, spell in _EXACT:
            if text in spell(guid):
                yield words.format(source.attribute)
        for words, spell in _ANY_CASE:
            if text.lower() in spell(guid):
                yield words.format(source.attribute)


_Spell = Callable[[uuid.UUID], tuple[str, ...]]


def _base64_texts(guid: uuid.UUID) -> tuple[str, ...]:
    texts = (form for text in (str(guid), f"{{{guid}}}", guid.hex) for form in (text, text.upper()))
    return tuple(encode_bytes(form.encode(code)) for form in texts for code in ("ascii", "utf-16-le"))


_EXACT: tuple[tuple[str, _Spell], ...] = (
    (
        "these are the big-endian bytes of {} (RFC 4122 order); a directory keeps the first three groups little-endian",
        lambda guid: (encode_bytes(guid.bytes),),
    ),
    ("base64 of the text of {} instead of its 16 bytes", _base64_texts),
    (
        "base64 of the base64 text of {}: it was encoded twice",
        lambda guid: (encode_bytes(encode_bytes(guid.bytes_le).encode()),),
    ),
)
_ANY_CASE: tuple[tuple[str, _Spell], ...] = (
    ("the bytes of {} in hexadecimal instead of base64", lambda guid: (guid.bytes_le.hex(),)),
    ("the digits of {} in hexadecimal, big-endian, instead of base64 of its bytes", lambda guid: (guid.hex,)),
    ("{} as text in braces instead of base64 of its 16 bytes", lambda guid: (f"{{{guid}}}",)),
    ("{} as text instead of base64 of its 16 bytes", lambda guid: (str(guid), f"urn:uuid:{guid}")),
)


def _name_stranger(text: str) -> str:
    guid = decode_guid(text)
    if guid is not None:
        return f"base64 of the GUID {guid}, which is none of this computer's"
    if _SID.fullmatch(text):
        return "a SID stands where a GUID belongs"
    if text.isascii() and text.isprintable() and ("@" in text or text.endswith("$")):
        return "a name stands where a GUID belongs"
    return _name_garbage(text, "GUID")


def _name_garbage(text: str, what: str) -> str:
    if any(character == "\ufffd" or not character.isascii() for character in text):
        return f"the binary {what} was written as if it were text"
    return ""


def name_sid_mistake(found: str, right: str, owner: SidOwner | None = None) -> str:
    """Name what is wrong with a SID claim; `owner` is whoever the directory says the claimed SID belongs to."""
    text = found.strip()
    return (
        name_dressing(found, right)
        or _name_sid_encoding(text, right)
        or (_name_other_sid(text, right, owner) if _SID.fullmatch(text) else _name_garbage(text, "SID"))
    )


def _name_sid_encoding(text: str, right: str) -> str:
    raw = pack_sid(right)
    if text == encode_bytes(raw):
        return "base64 of the binary SID; the text form S-1-5-21-… is wanted"
    if text.lower() == raw.hex():
        return "the binary SID in hexadecimal; the text form S-1-5-21-… is wanted"
    if text == base64.b64encode(right.encode()).decode():
        return "base64 of the SID's text; the plain text is wanted"
    if text.strip("{}") == right:
        return "the SID in braces; the plain text is wanted"
    return "the SID in lower case; it starts with a capital S" if text.upper() == right.upper() else ""


def _name_other_sid(text: str, right: str, owner: SidOwner | None) -> str:
    domain, _, relative = text.rpartition("-")
    own_domain = right.rpartition("-")[0]
    if text == own_domain:
        return "the domain's SID without the computer's own number at the end"
    if owner is not None and owner.sid.upper() == text.upper():
        kinds = {"user": "a user's SID", "group": "a group's SID", "computer": "another computer's SID"}
        kind = kinds.get(owner.kind, "somebody else's SID")
        return f"{kind} ({owner.sam_account_name}); the computer's own objectSid is wanted"
    if domain == own_domain and relative in _WELL_KNOWN_GROUPS:
        return f"a group's SID ({_WELL_KNOWN_GROUPS[relative]}); the computer's own objectSid is wanted"
    if domain == own_domain:
        return "the SID of another account of the same domain"
    return "a SID of another domain"


def pack_sid(text: str) -> bytes:
    """Write a SID in binary (MS-DTYP 2.4.2.2)."""
    _, revision, authority, *parts = text.split("-")
    head = bytes([int(revision), len(parts)]) + int(authority).to_bytes(6, "big")
    return head + b"".join(int(part).to_bytes(4, "little") for part in parts)


def name_literal_mistake(found: str, right: str) -> str:
    """Name what is wrong with a constant such as `DJ`."""
    dressing = name_dressing(found, right)
    if dressing:
        return dressing
    if found.strip().lower() == right.lower():
        return f"'{found.strip()}' in the wrong case; '{right}' is compared exactly"
    if found.strip().lower() == "user":
        return "the account type of a user, so that Entra looks for a user and finds none"
    return f"'{_shown(found)}' is not the value Entra knows a computer by"


def _shown(value: str) -> str:
    """Bring a value into one line of a sentence."""
    line = " ".join(value.split())
    return line if len(line) <= 60 else f"{line[:60]}…"


def name_uri_mistake(found: str, right: str) -> str:
    """Name what is wrong with an issuer URI."""
    dressing = name_dressing(found, right)
    if dressing:
        return dressing
    if found.strip().rstrip("/") == right.rstrip("/"):
        return "it differs by the slash at the end"
    if found.strip().lower() == right.lower():
        return "it differs in upper and lower case"
    (scheme, mark, rest), (_, _, right_rest) = found.strip().partition("://"), right.partition("://")
    if mark and scheme in {"http", "https"} and rest == right_rest:
        return "it differs in http and https"
    return ""


def name_place_mistake(name: str, namespace: str, wanted_name: str, wanted_namespace: str) -> str:
    """Name what is wrong with where a claim stands: its AttributeName and AttributeNamespace."""
    uri = f"{wanted_namespace}/{wanted_name}"
    should = f"it should be '{wanted_namespace}'"
    if name == uri:
        return (
            f"the whole URI stands in AttributeName; split it at the last slash: '{wanted_name}' in the name, {should}"
        )
    if namespace in {uri, uri + "/"}:
        return f"the whole URI stands in AttributeNamespace; {should}"
    if namespace.rstrip("/") == wanted_namespace and namespace != wanted_namespace:
        return f"the namespace ends with a slash; {should}"
    if not namespace.strip():
        return f"the attribute has no namespace; {should}"
    if namespace.strip().lower() == wanted_namespace.lower() and namespace != wanted_namespace:
        return f"the namespace '{namespace}' differs in case or white space; {should}"
    if namespace != wanted_namespace:
        odd = unlike(namespace, wanted_namespace)
        return f"wrong namespace '{namespace}'{f' ({odd})' if odd else ''}; {should}"
    if name != wanted_name:
        return f"the attribute is spelled '{name}' instead of '{wanted_name}'"
    return ""

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

from hybridjoin.checks.mistake_words import SIDES, WELL_KNOWN_GROUPS, MistakeWords
from hybridjoin.model.likeness import unlike
from hybridjoin.protocol.computer import SidOwner
from hybridjoin.protocol.guid import decode_guid, encode_bytes

_SID = re.compile(r"S-1-\d+(?:-\d+)+", re.ASCII | re.IGNORECASE)
_URL_SAFE = str.maketrans("-_", "+/")
_QUOTES = "\"'\u201c\u201d"
_OWNERS = {
    "user": MistakeWords.USERS_SID,
    "group": MistakeWords.GROUPS_SID,
    "computer": MistakeWords.COMPUTERS_SID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidSource:
    """A GUID attribute of the directory with its raw octets."""

    attribute: str
    octets: bytes


def name_dressing(found: str, right: str) -> str:
    """Name what is odd about an otherwise right value: white space, line breaks, quotes, look-alike letters."""
    if not found.strip():
        return MistakeWords.EMPTY
    if "".join(found.split()) == right:
        if found.strip() != right:
            return MistakeWords.BROKEN_LINES
        side = SIDES[not found.startswith(right)]
        return MistakeWords.WHITE_SPACE.format(side=side)
    if found.strip().strip(_QUOTES) == right:
        return MistakeWords.QUOTED
    return unlike(found.strip(), right)


def name_guid_mistake(found: str, right: GuidSource, others: tuple[GuidSource, ...] = ()) -> str:
    """Name what is wrong with a GUID claim that ought to be base64 of `right`; `others` are further known GUIDs."""
    wanted = encode_bytes(right.octets)
    strangers = tuple(other for other in others if other.octets != right.octets)
    for other in strangers:
        if found == encode_bytes(other.octets):
            return MistakeWords.OTHER_ATTRIBUTE.format(other=other.attribute, right=right.attribute)
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
    if not {"-", "_"}.isdisjoint(text):
        unpadded = not text.endswith("=") and wanted.endswith("=")
        return MistakeWords.URL_SAFE_UNPADDED if unpadded else MistakeWords.URL_SAFE
    return MistakeWords.UNPADDED


def _spellings(text: str, sources: tuple[GuidSource, ...]) -> Iterator[str]:
    """Yield the name of each known wrong spelling of a known GUID that the text is."""
    for source in sources:
        if len(source.octets) != 16:
            continue
        guid = uuid.UUID(bytes_le=source.octets)
        for words, spell in _EXACT:
            if text in spell(guid):
                yield words.format(attribute=source.attribute)
        for words, spell in _ANY_CASE:
            if text.lower() in spell(guid):
                yield words.format(attribute=source.attribute)


_Spell = Callable[[uuid.UUID], tuple[str, ...]]


def _base64_texts(guid: uuid.UUID) -> tuple[str, ...]:
    texts = (form for text in (str(guid), f"{{{guid}}}", guid.hex) for form in (text, text.upper()))
    return tuple(encode_bytes(form.encode(code)) for form in texts for code in ("ascii", "utf-16-le"))


_EXACT: tuple[tuple[MistakeWords, _Spell], ...] = (
    (MistakeWords.BIG_ENDIAN, lambda guid: (encode_bytes(guid.bytes),)),
    (MistakeWords.BASE64_OF_TEXT, _base64_texts),
    (MistakeWords.ENCODED_TWICE, lambda guid: (encode_bytes(encode_bytes(guid.bytes_le).encode()),)),
)
_ANY_CASE: tuple[tuple[MistakeWords, _Spell], ...] = (
    (MistakeWords.HEX_BYTES, lambda guid: (guid.bytes_le.hex(),)),
    (MistakeWords.HEX_DIGITS, lambda guid: (guid.hex,)),
    (MistakeWords.GUID_IN_BRACES, lambda guid: (f"{{{guid}}}",)),
    (MistakeWords.GUID_AS_TEXT, lambda guid: (str(guid), f"urn:uuid:{guid}")),
)


def _name_stranger(text: str) -> str:
    guid = decode_guid(text)
    if guid is not None:
        return MistakeWords.STRANGE_GUID.format(guid=guid)
    if _SID.fullmatch(text):
        return MistakeWords.SID_FOR_GUID
    if text.isascii() and text.isprintable() and ("@" in text or text.endswith("$")):
        return MistakeWords.NAME_FOR_GUID
    return _name_garbage(text, "GUID")


def _name_garbage(text: str, what: str) -> str:
    if any(character == "\ufffd" or not character.isascii() for character in text):
        return MistakeWords.BINARY_AS_TEXT.format(what=what)
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
        return MistakeWords.SID_BASE64
    if text.lower() == raw.hex():
        return MistakeWords.SID_HEX
    if text == base64.b64encode(right.encode()).decode():
        return MistakeWords.SID_TEXT_BASE64
    if text.strip("{}") == right:
        return MistakeWords.SID_IN_BRACES
    return MistakeWords.SID_LOWER_CASE if text.upper() == right.upper() else ""


def _name_other_sid(text: str, right: str, owner: SidOwner | None) -> str:
    domain, _, relative = text.rpartition("-")
    own_domain = right.rpartition("-")[0]
    if text == own_domain:
        return MistakeWords.DOMAIN_SID
    if owner is not None and owner.sid.upper() == text.upper():
        words = _OWNERS.get(owner.kind, MistakeWords.SOMEBODYS_SID)
        return words.format(account=owner.sam_account_name)
    if domain == own_domain and relative in WELL_KNOWN_GROUPS:
        return MistakeWords.GROUPS_SID.format(account=WELL_KNOWN_GROUPS[relative])
    if domain == own_domain:
        return MistakeWords.OTHER_SID
    return MistakeWords.OTHER_DOMAIN


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
        return MistakeWords.WRONG_CASE.format(found=found.strip(), right=right)
    if found.strip().lower() == "user":
        return MistakeWords.USER_TYPE
    return MistakeWords.WRONG_CONSTANT.format(found=_shown(found))


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
        return MistakeWords.SLASH
    if found.strip().lower() == right.lower():
        return MistakeWords.URI_CASE
    (scheme, mark, rest), (_, _, right_rest) = found.strip().partition("://"), right.partition("://")
    if mark and scheme in {"http", "https"} and rest == right_rest:
        return MistakeWords.URI_SCHEME
    return ""


def name_place_mistake(name: str, namespace: str, wanted_name: str, wanted_namespace: str) -> str:
    """Name what is wrong with where a claim stands: its AttributeName and AttributeNamespace."""
    uri = f"{wanted_namespace}/{wanted_name}"
    if name == uri:
        return MistakeWords.URI_IN_NAME.format(name=wanted_name, namespace=wanted_namespace)
    if namespace == wanted_namespace:
        return MistakeWords.SPELLED.format(found=name, name=wanted_name) if name != wanted_name else ""
    odd = unlike(namespace, wanted_namespace)
    words = _name_namespace(namespace, uri, wanted_namespace)
    return words.format(found=namespace, namespace=wanted_namespace, odd=f" ({odd})" if odd else "")


def _name_namespace(namespace: str, uri: str, wanted: str) -> MistakeWords:
    if namespace in {uri, uri + "/"}:
        return MistakeWords.URI_IN_NAMESPACE
    if namespace.rstrip("/") == wanted:
        return MistakeWords.NAMESPACE_SLASH
    if not namespace.strip():
        return MistakeWords.NO_NAMESPACE
    return MistakeWords.NAMESPACE_CASE if namespace.strip().lower() == wanted.lower() else MistakeWords.WRONG_NAMESPACE

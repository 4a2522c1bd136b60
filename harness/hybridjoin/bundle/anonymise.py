"""A record that may be shown to strangers: every name in it is another one, and it judges as it did.

Names are called otherwise in texts, in distinguished names and URLs, inside base64 (claims, assertions, certificates)
and in octets, each the same way everywhere. What was written about them (verdicts, screens) is then written anew, by
going through the record again: so nothing in it stems from a real name, and that it comes to the same is proven.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Final, TypeVar, cast
from urllib.parse import quote, unquote

from hybridjoin.bundle.names import ESCAPED, GUID, GUID_WITHIN, MAIL, SID, Names, names_in
from hybridjoin.bundle.pseudonyms import COMMON, Pseudonyms
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.model.kept_body import Excerpt, Octets, content
from hybridjoin.model.record import RunRecord
from hybridjoin.run.replay.runs import replay

_RUN: Final = re.compile(r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]|%2[BbFf]){22,}(?:=|%3[Dd]){0,2}")
_HEX: Final = re.compile(r"(?:(?<![0-9A-Za-z])|(?<=0x))(?:[0-9A-Fa-f]{2}){16,}(?![0-9A-Za-z])")
_RDN: Final = re.compile(r"(?i:\b(?P<kind>DC|CN|OU)=)(?P<value>[^,\\+\"<>;)=/\s]+)")
_SHORT: Final = 3
_CERTIFICATE: Final = b"\x30\x82"
Kept = TypeVar("Kept")


def anonymised(record: RunRecord, *, key: bytes | None = None) -> RunRecord:
    """Return a record with other names in it; the key of the names is thrown away unless one is given.

    Raises:
        UsageError: the record would not come to the same under other names, so that it is not handed out.
    """
    renamed = Renamer(names_in(record), Pseudonyms(key=key or secrets.token_bytes(32))).whole(record)
    again = replay(renamed)
    done = replace(renamed, scenarios=again.after.scenarios, certification=again.after.certification)
    before, after = outcomes(record), outcomes(done)
    if before != after:
        named = next((name for name in before if before[name] != after.get(name)), "a row")
        problem = f"under other names it comes to something else: {named}"
        raise UsageError(
            Mistake(place=record.run_id, problem=problem, hint="hybridjoin replay says whether it does under its own")
        )
    return done


def outcomes(record: RunRecord) -> dict[str, str]:
    """Return what a record came to, line by line, without a word that names anybody."""
    found: dict[str, str] = {}
    for number, item in enumerate(record.scenarios, 1):  # not by its id, which may hold a value of its matrix
        one = f"scenario {number}"
        found[one] = item.outcome
        found |= {f"{one}, line {at}: {line.name}": str(line.met) for at, line in enumerate(item.expectations, 1)}
        if item.join is not None:
            found[f"{one}, result"] = item.join.result
            found |= {f"{one}, {row.requirement}": row.outcome for row in item.join.verdicts}
            found |= {f"{one}, claim {row.name}": row.outcome for row in item.join.claims}
    for row in record.certification.requirements if record.certification else ():
        found[row.id] = row.outcome
    return found


class Renamer:
    """Calls everything in a record, or in a part of one, by its other name."""

    def __init__(self, names: Names, pseudonyms: Pseudonyms) -> None:
        self._names, self._other = names, pseudonyms
        self._guids: dict[uuid.UUID, uuid.UUID] = {}
        for guid in sorted(names.guids, key=lambda item: (item.version is None, item)):
            swapped = self._guids.get(_swapped(guid))
            self._guids[guid] = pseudonyms.guid(guid) if swapped is None else _swapped(swapped)
        self._octets = dict(self._binary())
        self._labels = {label for name in names.domains for label in name.split(".")[:-1]} - COMMON
        self._texts: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._hosts = _any_of(names.domains, before=rf"(?:(?<![\w.-])|{ESCAPED})((?:[\w-]+\.)*", after=r")(?![\w-])")
        self._accounts = _any_of(
            names.accounts, before=rf"(?:(?<![A-Za-z0-9_.-])|{ESCAPED})(", after=r")(?![A-Za-z0-9_])"
        )
        self._netbios = _any_of(names.netbios, before=rf"(?:(?<![\w.-])|{ESCAPED})(", after=r")(?=\\)")
        self._flat = _any_of({name.upper() for name in names.netbios}, before=r"(?-i:\b(", after=r")(?![\w.-]))")
        # Between the octets of DER a name's neighbours are lengths and tags, which may be letters and digits.
        within = names.domains | {name for name in names.accounts if len(name) > _SHORT}
        self._within = _any_of(within, before="(", after=")")
        self._places = _any_of(names.places, before=r"(?<![\w-])(", after=r")(?![\w-])")
        self._addresses = _any_of(names.addresses, before=r"(?<![\d.])(", after=r")(?![\d.])")

    def whole(self, record: RunRecord) -> RunRecord:
        """Return the record; it is gone through twice, for a digest of a certificate may stand before it."""
        self.value(record)
        self._texts.clear()
        return self.value(record)

    def value(self, value: Kept) -> Kept:
        """Return any part of a record."""
        return cast("Kept", self._value(value))

    def _value(self, value: object) -> object:
        if type(value) is str:
            if value not in self._texts:
                self._texts[value] = self.text(value)
            return self._texts[value]
        if isinstance(value, Octets):
            return content(self.octets(base64.b64decode(value.base64)))
        if isinstance(value, Excerpt):  # a name may be cut in two at its ends, and a digest says what was guessed
            return replace(value, head="", tail="", left_out=value.size, sha256="")
        if isinstance(value, tuple):
            return tuple(map(self._value, value))
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{item.name: self._value(getattr(value, item.name)) for item in fields(value)})
        return value

    def text(self, text: str) -> str:
        """Return a text."""
        if text.lower() in self._names.netbios:
            return self._other.word(text)
        text = self.plain(text)
        text = _HEX.sub(lambda found: self._hex(found.group()), text)
        return _RUN.sub(lambda found: self._run(found.group()), text)

    def octets(self, octets: bytes) -> bytes:
        """Return octets: text, or what holds GUIDs, SIDs and names at their places."""
        try:
            text = octets.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return self.text(text).encode("utf-8")
        text = GUID_WITHIN.sub(lambda found: self._guid(found.group()), self.binary(octets).decode("latin-1"))
        return self._within(text, self._named).encode("latin-1")

    def _named(self, name: str) -> str:
        return self._other.host(name) if "." in name else self._other.word(name)

    def plain(self, text: str) -> str:
        """Return a text with names called otherwise where they stand as they are; of the same length."""
        text = GUID.sub(lambda found: self._guid(found.group()), text)
        text = SID.sub(self._sid, text)
        text = MAIL.sub(self._mail, text)
        text = self._hosts(text, self._other.host)
        text = _RDN.sub(self._rdn, text)
        text = self._accounts(text, self._other.word)
        text = self._netbios(text, self._other.word)
        text = self._places(self._flat(text, self._other.word), self._other.word)
        return self._addresses(text, self._other.address)

    def _guid(self, text: str) -> str:
        other = self._guids.get(uuid.UUID(text))
        if other is None:
            return text
        return str(other).upper() if text.upper() == text else str(other)

    def _sid(self, found: re.Match[str]) -> str:
        parts = self._other.domain_sid((int(found[2]), int(found[3]), int(found[4])))
        return "-".join([found[1], *map(str, parts)])

    def _mail(self, found: re.Match[str]) -> str:
        local, domain = found.groups()
        account = local.rstrip("$")
        # A service's principal, `HTTP/host@REALM`, is a host; an account is called otherwise wherever it stands.
        known = account.lower() in self._names.domains | self._names.accounts
        if known or domain.lower() not in self._names.domains:
            return found[0]
        return f"{self._other.word(account)}{local[len(account) :]}@{domain}"

    def _rdn(self, found: re.Match[str]) -> str:
        value = found["value"]
        known = self._labels if found["kind"].upper() == "DC" else self._names.accounts
        return found[0].removesuffix(value) + (self._other.word(value) if value.lower() in known else value)

    def _hex(self, text: str) -> str:
        """Return a digest of a certificate whose names are others now, or octets of GUIDs and SIDs in hex."""
        other = self._digests.get(text.lower()) or self.binary(bytes.fromhex(text)).hex()
        return other.upper() if text.upper() == text else other if text.lower() == text else text

    def binary(self, octets: bytes) -> bytes:
        """Return octets in which GUIDs and SIDs are others."""
        for old, new in self._octets.items():
            octets = octets.replace(old, new)
        return octets

    def _run(self, text: str) -> str:
        """Return base64 of something with other names in it, in the spelling that it had."""
        plain = unquote(text) if "%" in text else text
        standard = plain.rstrip("=").replace("-", "+").replace("_", "/")
        standard = standard[: len(standard) - (len(standard) % 4 == 1)]
        try:
            octets = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except (binascii.Error, ValueError):
            return text
        other = self.octets(octets)
        if other == octets:
            return text
        if octets.startswith(_CERTIFICATE):
            for name in ("sha1", "sha256"):
                self._digests[hashlib.new(name, octets).hexdigest()] = hashlib.new(name, other).hexdigest()
        encode = base64.urlsafe_b64encode if set("-_") & set(plain) else base64.b64encode
        told = encode(other).decode("ascii")
        told = told if plain.endswith("=") or len(plain) % 4 == 0 else told.rstrip("=")
        return quote(told, safe="") if "%" in text else told

    def _binary(self) -> dict[bytes, bytes]:
        """Return octets of GUIDs, in both orders of octets, and of domains' numbers in SIDs, and their others."""
        found: dict[bytes, bytes] = {}
        for old, new in self._guids.items():
            found |= {old.bytes_le: new.bytes_le, old.bytes: new.bytes}
        for parts in self._names.sids:
            if all(part < 2**32 for part in parts):
                found[_numbers(parts)] = _numbers(self._other.domain_sid(parts))
        return found


def _swapped(guid: uuid.UUID) -> uuid.UUID:
    """Return what a GUID is to whoever mixes up the order of its octets: it has to be the other one's, too."""
    return uuid.UUID(bytes=guid.bytes_le)


def _numbers(parts: tuple[int, int, int]) -> bytes:
    return b"".join(part.to_bytes(4, "little") for part in parts)


def _any_of(words: Iterable[str], *, before: str, after: str) -> Callable[[str, Callable[[str], str]], str]:
    """Return a function that calls a rename for each of the words in a text, whatever its case."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    if not longest_first:
        return lambda text, _: text
    pattern = re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){after}", re.IGNORECASE | re.ASCII)
    return lambda text, rename: pattern.sub(lambda found: rename(found.group()), text)

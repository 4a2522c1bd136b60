"""A customer's case that may leave the customer's hands: every name in it is another one, and it comes to the same.

Facts and messages are called otherwise, and all that follows from them is concluded anew. Files are numbered, for
their names and digests would tell whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv6Address
from typing import Final

from hybridjoin.bundle.anonymise import Renamer
from hybridjoin.bundle.names import GUID_WITHIN, Names
from hybridjoin.bundle.pseudonyms import Pseudonyms
from hybridjoin.errors import Mistake
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.masked_part import masked_body
from hybridjoin.intake.files.part import RawPart
from hybridjoin.intake.files.reading import EvidenceReading
from hybridjoin.intake.files.sent_file import SentFile

_RDN: Final = re.compile(r"(?i:(?P<kind>\b(?:CN|OU)=))(?P<value>[^,\\+\"<>;)={}\r\n]+)")
_WILDCARD: Final = re.compile(r"\*\.(?=\w)")
_STAR: Final = "*\ufdd0"  # no text holds this
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_QUOTED: Final = re.compile(r":? ?['\"].*['\"]", re.DOTALL)
_PLACE: Final = re.compile(r"(?P<file>.*?)(?P<line>:\d+)?", re.DOTALL)
# Names that every directory has.
_EVERYWHERE: Final = frozenset(
    {
        "62a0ff2e-97b9-4513-943f-0d221bd30080", "computers", "configuration", "device registration configuration",
        "domain computers", "domain controllers", "schema", "services", "users",
    }
)  # fmt: skip


class CaseRenamer(Renamer):
    """Calls what a case says by its other name."""

    def __init__(self, names: Names, pseudonyms: Pseudonyms) -> None:
        super().__init__(names, pseudonyms)
        self._pseudonyms = pseudonyms
        self._six = frozenset(item for item in names.addresses if ":" in item)
        self._numbers: dict[str, str] = {}

    def plain(self, text: str) -> str:
        """Return a text with names called otherwise where they stand as they are."""
        # A screen of dsregcmd glues its request's id to the next line, which may begin with a letter of hex.
        text = GUID_WITHIN.sub(lambda found: self._guid(found.group()), text)
        # What stands behind a wildcard is a host like any other.
        text = _WILDCARD.sub(_STAR, _RDN.sub(self._named_entry, text))
        text = super().plain(text).replace(_STAR, "*.")
        for address in sorted(self._six, key=len, reverse=True):
            other = f"2001:db8::{int(IPv6Address(address)) * 40503 % 65521:x}"
            text = re.sub(rf"(?i)(?<![\w:]){re.escape(address)}(?![\w:])", other, text)
        return text

    def _named_entry(self, found: re.Match[str]) -> str:
        """Call an entry of the directory otherwise, whatever words its name has; accounts have their own pass."""
        value = found["value"].rstrip()
        known = value.lower() in self._names.accounts or value.lower() in _EVERYWHERE
        return found["kind"] + (value if known else self._pseudonyms.word(value)) + found["value"][len(value) :]

    def file(self, name: str) -> str:
        """Return a file's number for its name, step by step where it was a member of an archive."""
        path, told = "", []
        for step in name.split("!"):
            bare, mark, exchange = step.partition("#")
            path = f"{path}!{bare}"
            if bare and path not in self._numbers:
                ending = _ENDING.search(bare)
                number = f"file-{len(self._numbers) + 1}"
                self._numbers[path] = number + (ending[0].lower() if ending is not None else "")
            told.append(self._numbers.get(path, "") + mark + exchange)
        return "!".join(told)

    def place(self, place: str) -> str:
        """Return a place, as `file:line`."""
        found = _PLACE.fullmatch(place)
        return self.file(found["file"]) + (found["line"] or "") if found is not None else self.file(place)


def renamed_reading(case: CustomerCase, renamer: CaseRenamer) -> EvidenceReading:
    """Return what was read under other names; whatever follows from it is for `case_of` to conclude."""
    files = {item.name for item in case.files} | {fact.file for fact in case.facts} | {part.file for part in case.parts}
    reading = EvidenceReading(
        files=[_file(item, renamer) for item in case.files],
        parts=[_part(item, renamer) for item in case.parts],
        mistakes=[_mistake(item, renamer) for item in case.mistakes],
    )
    reading.facts.add(_fact(item, renamer, files) for item in case.facts)
    reading.facts.left_out = case.left_out
    return reading


def masked(case: CustomerCase) -> CustomerCase:
    """Return a case with its messages masked, as it is written: what judges those judges the written ones."""
    return replace(case, parts=tuple(replace(item, body=masked_body(item)) for item in case.parts))


def _fact(fact: Fact, renamer: CaseRenamer, files: Iterable[str]) -> Fact:
    found = _PLACE.fullmatch(fact.of)
    own = found is not None and found["line"] is not None and found["file"] in files
    of = renamer.place(fact.of) if own else renamer.text(fact.of)
    name = renamer.text(fact.name) if fact.about == "field" else fact.name
    return replace(fact, name=name, value=renamer.text(fact.value), of=of, file=renamer.file(fact.file))


def _part(part: RawPart, renamer: CaseRenamer) -> RawPart:
    return replace(part, body=renamer.octets(masked_body(part)), file=renamer.file(part.file))


def _file(item: SentFile, renamer: CaseRenamer) -> SentFile:
    """Return a file without its digest, and without the words of its own that a note may quote."""
    return replace(item, name=renamer.file(item.name), digest="", note=renamer.text(_QUOTED.sub("", item.note)))


def _mistake(item: Mistake, renamer: CaseRenamer) -> Mistake:
    problem = renamer.text(_QUOTED.sub("", item.problem))
    return replace(item, place=renamer.place(item.place), problem=problem, hint=renamer.text(item.hint))

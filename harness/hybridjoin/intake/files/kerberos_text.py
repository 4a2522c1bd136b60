"""Tickets, names of services and keytabs, as klist, setspn, ktpass and MIT's klist list them; keys are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact, Strength
from hybridjoin.intake.files.line_reader import ScreenReader

KLIST_BEGINS: Final = (
    r"Current LogonId is|Cached Tickets: \(|#\d+>\s*Client:|klist failed with|Error calling API LsaCall"
)
SETSPN_BEGINS: Final = (
    r"Checking domain DC=|Existing SPN found|No such SPN found|Registered ServicePrincipalNames for|Processing entry \d"
    r"|[A-Za-z]+/\S+ is registered on these accounts"
)
KEYTAB_BEGINS: Final = r"Keytab name:|Targeting domain controller:|KVNO Timestamp|KVNO Principal|keysize \d+ \S+@"

_TICKET: Final = re.compile(r"\s*#\d+>\s*Client:")
_FIELD: Final = re.compile(r"\s*(?:#\d+>\s*)?([A-Za-z][A-Za-z ]{2,28})\s*:\s*(.*)$")
_ETYPES: Final = {"0x12": "aes256", "0x11": "aes128", "0x17": "rc4", "0x3": "des", "0x1": "des"}
_MIT: Final = re.compile(r"\s*(\d+)\s+(?:\S+ \S+\s+)?(\S+@\S+)\s+\(([^)]+)\)")
_KTPASS: Final = re.compile(r"keysize \d+ (\S+@\S+) ptype .* vno (\d+) etype (0x[0-9a-fA-F]+)")


def etype_name(text: str) -> str:
    """Name an encryption type in a word: aes256, aes128, rc4 or des; else the text itself."""
    plain = text.lower()
    for word, name in (("256", "aes256"), ("128", "aes128"), ("rc4", "rc4"), ("arcfour", "rc4"), ("des", "des")):
        if word in plain:
            return name
    return _ETYPES.get(plain, plain)


class TicketList(ScreenReader):
    """`klist`; only the tickets of logon 0x3e7 are the computer's."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a ticket's."""
        return re.match(r"\s*(?:#\d+>|Server:|KerbTicket|Session Key Type|Cached Tickets|Kdc Called)", text) is not None

    def read(self) -> Iterator[Fact]:
        """Read whose tickets they are, and each of them."""
        logon, server = "", ""
        for line in self.lines:
            targeted = re.search(r"(?:Current|Targeted) LogonId is (?:0:)?(0x[0-9a-fA-F]+)", line.text)
            if targeted is not None:
                logon = targeted[1].lower()
                yield self.fact("tickets.logon", logon, line.number, bases.KLIST)
            failed = re.search(r"(?:klist failed with|GetTicket substatus\)?:?) ?(0x[0-9a-fA-F]+)", line.text)
            if failed is not None:
                yield self.fact("tickets.error", failed[1].lower(), line.number, bases.KLIST)
            field = _FIELD.match(line.text)
            if field is None:
                continue
            name, value = field[1].strip().lower(), " ".join(field[2].split())
            # A user's tickets prove nothing of the computer's.
            strength = Strength.PROVES if logon == "0x3e7" else Strength.SUGGESTS
            if name == "server":
                server = value.replace(" @ ", "@")
                yield self.fact("ticket.server", server, line.number, bases.KLIST, of=server, strength=strength)
            elif name in {"client", "kerbticket encryption type", "session key type", "kdc called"}:
                key = {"client": "client", "kdc called": "kdc"}.get(
                    name, "etype" if "ticket" in name else "session_etype"
                )
                shown = etype_name(value) if key.endswith("etype") else value.replace(" @ ", "@")
                of = "" if key == "client" else server
                yield self.fact(f"ticket.{key}", shown, line.number, bases.KLIST, of=of, strength=strength)


class SpnList(ScreenReader):
    """`setspn -Q`, `-L` and `-X`."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line names an owner or an SPN."""
        return re.match(r"\s*(?:CN=|[A-Za-z]+/[\w.-]+\s*$|Existing SPN|No such SPN|found \d+ group)", text) is not None

    def read(self) -> Iterator[Fact]:
        """Read who owns which SPN."""
        owner, shared = "", ""
        for line in self.lines:
            text = line.text.strip()
            named = re.match(r"Registered ServicePrincipalNames for (CN=.*?):?$", text)
            twice = re.match(r"(\S+/\S+) is registered on these accounts", text)
            if twice is not None:
                shared = twice[1]
            if named is not None or text.startswith("CN="):
                owner = named[1] if named is not None else text
                if shared:
                    yield self.fact("spn.owner", owner, line.number, bases.SETSPN, of=shared)
            elif re.fullmatch(r"[A-Za-z]+/\S+", text):
                yield self.fact("spn.owner", owner, line.number, bases.SETSPN, of=text)
            elif text.startswith("No such SPN"):
                asked = next((m[1] for item in self.lines if (m := re.search(r"-Q (\S+)", item.text))), "")
                yield self.fact("spn.missing", text, line.number, bases.SETSPN, of=asked)
            else:
                groups = re.match(r"found (\d+) groups? of duplicate SPNs", text)
                if groups is not None:
                    yield self.fact("spn.duplicate_groups", groups[1], line.number, bases.SETSPN)


class KeytabList(ScreenReader):
    """What ktpass printed, or MIT's `klist -kte`; a key that stands there is passed over."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a row of the list."""
        return _MIT.match(text) is not None or _KTPASS.search(text) is not None

    def read(self) -> Iterator[Fact]:
        """Read principals, key versions and encryption types."""
        for line in self.lines:
            mit, ktpass = _MIT.match(line.text), _KTPASS.search(line.text)
            if mit is not None:
                kvno, principal, etype = mit.groups()
            elif ktpass is not None:
                principal, kvno, etype = ktpass.groups()
            else:
                continue
            yield self.fact(
                "keytab.entry", f"kvno {kvno} {etype_name(etype)}", line.number, bases.KEYTABS, of=principal
            )

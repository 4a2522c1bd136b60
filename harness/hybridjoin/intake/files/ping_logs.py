"""PingFederate's audit log and server log: who asked for a token, and why Kerberos refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact, Strength
from hybridjoin.intake.files.line_reader import LineReader
from hybridjoin.intake.files.text_lines import TextLine

SERVER_BEGINS: Final = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} +(?:tid:|\w+ +\[|\[)"
AUDIT_BEGINS: Final = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\| ?tid:|CEF:\d\|Ping Identity\|PingFederate"

# JGSS' words, and what they say of ticket and keytab.
_GSS: Final = (
    ("Checksum failed", "the keytab's key is not the account's: another password"),
    ("Specified version of key is not available", "the keytab's key version is not the ticket's"),
    ("Clock skew too great", "the clocks differ"),
    ("is not supported/enabled", "the keytab or the server lacks the ticket's encryption type"),
    ("Cannot find key of appropriate type", "the keytab has no key of the ticket's encryption type"),
)
_STATUS: Final = re.compile(r"success|failure|inprogress", re.IGNORECASE)


class ServerLog(LineReader):
    """server.log; only what Kerberos and WS-Trust say is read."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Take stamped lines and the lines of a stack below them."""
        return text[:4].isdigit() or text.startswith(("\t", "    at ", "Caused by"))

    def take(self, line: TextLine) -> None:
        """Take a line; nearly all of them say nothing of a join."""
        text = line.text
        if "GSSException" in text or "KrbException" in text:
            for words, meaning in _GSS:
                if words in text:
                    self._done.append(self.fact("idp.kerberos_error", words, line.number, bases.PINGFEDERATE_SERVER))
                    said = self.fact("idp.kerberos_cause", meaning, line.number, bases.PINGFEDERATE_SERVER,
                                     strength=Strength.SUGGESTS)  # fmt: skip
                    self._done.append(said)

    def found(self) -> Iterator[Fact]:
        """Give the facts of the lines so far."""
        done, self._done = self._done, []
        yield from done


class AuditLog(LineReader):
    """audit.log, with bars or as CEF: its columns are the customer's, so they are found by their form."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a row."""
        return "| tid:" in text or "|tid:" in text or text.startswith("CEF:")

    def take(self, line: TextLine) -> None:
        """Take a row that speaks of WS-Trust."""
        text = line.text
        if "wstrust" not in text.lower() and "ws-trust" not in text.lower():
            return
        cells = [cell.strip() for cell in text.split("|")]
        of = next((cell for cell in cells if cell.startswith("tid:")), f"{self.file}:{line.number}")
        status = next((cell for cell in cells if _STATUS.fullmatch(cell)), "")
        cef = re.search(r"\bmsg=(\w+)", text)
        status = status or (cef[1] if cef is not None else "")
        subject = next((cell for cell in cells if "$" in cell and " " not in cell), "")
        if status:
            self._done.append(self.fact("idp.ws_trust", status.lower(), line.number, bases.PINGFEDERATE, of=of))
        if subject:
            self._done.append(self.fact("idp.subject", subject, line.number, bases.PINGFEDERATE, of=of))

    def found(self) -> Iterator[Fact]:
        """Give the facts of the rows so far."""
        done, self._done = self._done, []
        yield from done

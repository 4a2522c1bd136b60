"""The screen of `dsregcmd /status`, of any of its three generations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.line_reader import ScreenReader
from hybridjoin.intake.files.status_fields import FIELD, LABELS, RULE, TITLE, status_facts
from hybridjoin.intake.files.text_lines import TextLine, unwrap

# A box opens the screen; forums lose it, and then the first label of it or of a box that people quote does.
BEGINS: Final = (
    r"\+-{10,}\+|\| (?:Device State|Device Details|Tenant Details|User State|SSO State|Diagnostic Data)"
    r"|(?:AzureAdJoined|AzureAdPrt|DeviceAuthStatus|WamDefaultSet|AD Connectivity Test|Previous Registration"
    r"|Kerberos Ticket Test|Diagnostics Reference|User Context|Attempt Status|Registration Type"
    r"|AD Configuration Test|Error Phase)\s*(?::|\t=\t| = )"
)
_ENDS: Final = re.compile(r"\s*For more information, please visit")
_FIRST: Final = re.compile(r"\s*\|\s*Device State\s*\|")
_STARTS: Final = re.compile(rf"{RULE.pattern}|{TITLE.pattern}|\s*[A-Za-z][\w -]{{1,40}}\s*:|{_ENDS.pattern}")


class StatusScreen(ScreenReader):
    """One `/status` screen; the next one's first box begins another."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._ended = self._begun = False

    def ends(self, text: str) -> bool:
        """End after the screen's last sentence, or where another screen begins."""
        return self._ended or (self._begun and _FIRST.match(text) is not None)

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a field that we know, or a part of a box."""
        field = FIELD.match(text)
        if field is not None and field[1].strip().lower() in LABELS:
            return True
        return RULE.match(text) is not None or TITLE.match(text) is not None

    def take(self, line: TextLine) -> None:
        """Hold a line."""
        self._begun = self._begun or FIELD.match(line.text) is not None
        self._ended = _ENDS.match(line.text) is not None
        super().take(line)

    def read(self) -> Iterator[Fact]:
        """Read the fields."""
        lines = (line for line in unwrap(self.lines, _STARTS) if not _ENDS.match(line.text))
        yield from status_facts(lines, file=self.file)

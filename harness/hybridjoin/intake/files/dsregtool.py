"""DSRegTool's log and console: each sentence is a fact, and its silence is none.

Its test of claims runs only where the token service's address holds `/adfs/`, and looks for a word anywhere in the
reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact, Strength
from hybridjoin.intake.files.line_reader import LineReader
from hybridjoin.intake.files.text_lines import TextLine

BEGINS: Final = (
    r"(?:\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\] \[[A-Z]+\] ?)?"
    r"(?:DSRegTool \d|Test (?:passed|failed): |Troubleshoot.{0,60}option has been chosen)"
)

_STAMP: Final = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)\] \[[A-Z]+\] ?")
_P, _S = Strength.PROVES, Strength.SUGGESTS
_ROWS: Final[tuple[tuple[re.Pattern[str], str, str, Strength], ...]] = tuple(
    (re.compile(pattern), key, value, strength)
    for pattern, key, value, strength in (
        (r"DSRegTool (\d[\d.]*) has started", "tool.version", "", _P),
        (r"^Device Name ?: (\S+)", "device.name", "", _P),
        (r"TenantId ?:? ?([0-9a-fA-F-]{36})", "tenant.id", "", _P),
        (r"azureADId:([0-9a-fA-F-]{36})", "tenant.id", "", _P),
        (r"azureADName:(\S+)", "tenant.name", "", _P),
        (r"^TenantName ?:? ?(\S+\.\S+)", "tenant.name", "", _P),
        (r"The configured domain is (Managed|Federated)", "realm.type", "", _S),
        (r"MEX URL '([^']+)' is accessible", "federation.metadata_exchange_uri", "", _P),
        (r"MEX URL is not accessible", "idp.mex_reachable", "NO", _P),
        (r"MEX URL '[^']+' is accessible", "idp.mex_reachable", "YES", _P),
        (r"WSTrust protocol is enabled", "idp.wstrust", "YES", _P),
        (r"WFTrust protocol is not enabled", "idp.wstrust", "NO", _P),
        (r"windowstransport endpoint is enabled", "idp.windowstransport", "YES", _S),
        (r"windowstransport endpoints are disabled", "idp.windowstransport", "NO", _P),
        (r"Device authenticated successfully", "idp.device_authenticated", "YES", _P),
        (r"Device authentication failed against", "idp.device_authenticated", "NO", _P),
        (r"'(\w+)' claim is configured", "idp.claim_present", "", _S),
        (r"'(\w+)' claim is NOT configured", "idp.claim_absent", "", _P),
        (r"Fallback to sync join is (enabled|disabled)", "client.fallback", "", _P),
        (r"connection to Domain Controller succeeded", "directory.dc_reachable", "YES", _P),
        (r"connection to Domain Controller failed", "directory.dc_reachable", "NO", _P),
        (r"Service Connection Point is not configured", "scp.missing", "YES", _P),
        (r"the device object exists on Microsoft Entra ID|the device object exists on Azure AD",
         "entra.device_exists", "YES", _P),
        (r"the device does not exist in your", "entra.device_exists", "NO", _P),
        (r"There is no userCertificate under", "object.certificates", "0", _P),
        (r"Connection to (\S+) \.* ?failed", "network.unreachable", "", _P),
        (r"^Object GUID ?: (\S+)", "object.object_guid", "", _P),
        (r"^Distinguished Name ?: (.+)", "object.dn", "", _P),
        (r"is connected to .* in healthy state", "device.joined", "YES", _P),
        (r"is NOT connected to (?:Microsoft Entra|Azure AD)", "device.joined", "NO", _P),
    )
)  # fmt: skip


class RegToolLog(LineReader):
    """The log of its runs."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Tell whether a line has the log's stamp or is a test's sentence."""
        return _STAMP.match(text) is not None or text.startswith("Test ")

    def take(self, line: TextLine) -> None:
        """Take a sentence."""
        text = _STAMP.sub("", line.text).strip()
        for pattern, key, value, strength in _ROWS:
            found = pattern.search(text)
            if found is not None:
                said = value or found[1]
                said = said.upper() if key == "client.fallback" else said
                self._done.append(self.fact(key, said, line.number, bases.DSREGTOOL, strength=strength))
        if text.startswith("Test failed:"):
            self._done.append(self.fact("tool.failed", text.removeprefix("Test failed:"), line.number, bases.DSREGTOOL))

    def found(self) -> Iterator[Fact]:
        """Give the facts of the sentences so far."""
        done, self._done = self._done, []
        yield from done

"""What an AD FS was told to do: the claim rules of a relying party, and `Get-AdfsEndpoint`.

Rules say what is meant to be issued; what was issued, an assertion or event 500 says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact, Strength
from hybridjoin.intake.files.line_reader import ScreenReader

RULES_BEGIN: Final = r"IssuanceTransformRules\s*:|@Rule(?:Name|Template)\s*=|(?:exists\(|NOT EXISTS\()?c\d*:\[Type\s*=="
ENDPOINTS_BEGIN: Final = r"(?:PS [^>]{0,260}> ?)?Get-AdfsEndpoint\b|ClientCredentialType\s+:"

_NAME: Final = re.compile(r'@RuleName\s*=\s*"([^"]*)"')
# A rule ends at a semicolon; the one of a query stands in quotation marks.
_RULE: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^";])+;')
_ISSUED: Final = re.compile(r'=>issue\((?:store="[^"]*",)?(?:types=\(([^)]*)\)|Type="([^"]+)"|(claim)=)')
_CONDITION: Final = re.compile(r'Type=="([^"]+)"')
_COMPUTERS: Final = re.compile(r'accounttype",Value=="DJ"|groupsid",Value=~"-515\$"')
_USERS: Final = re.compile(r'accounttype",Value=="User"')
_PROPERTY: Final = re.compile(r"\s*(\w+)\s*:\s*(.*)$")
_PROPERTIES: Final = frozenset(
    {"clientcredentialtype", "enabled", "fullurl", "proxy", "protocol", "securitymode", "addresspath", "version"}
)


@dataclass(frozen=True, slots=True)
class _ClaimRule:
    name: str
    line: int
    audience: str
    types: tuple[str, ...]


class ClaimRules(ScreenReader):
    """The rules of one relying party, as a backup of Entra Connect or Format-List has them."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is certainly a rule's."""
        return re.match(r"\s*(?:@Rule|=>|&&|c\d*:\[)", text) is not None

    def read(self) -> Iterator[Fact]:
        """Read which rule issues which claim, and for whom."""
        for number, rule in enumerate(self._rules(), start=1):
            of = f"rule {number} {rule.name}".strip()
            yield self.fact("rule.audience", rule.audience, rule.line, bases.CLAIM_RULES, of=of)
            for kind in rule.types:
                yield self.fact("rule.issues", kind, rule.line, bases.CLAIM_RULES, of=of, strength=Strength.SUGGESTS)

    def _rules(self) -> Iterator[_ClaimRule]:
        text = "\n".join(line.text for line in self.lines)
        text = re.sub(r"^.*IssuanceTransformRules\s*:", lambda found: " " * len(found[0]), text, count=1)
        for found in _RULE.finditer(text):
            compact = re.sub(r"\s+", "", found[0])
            issued = _ISSUED.search(compact)
            if issued is None:
                continue
            name = _NAME.search(found[0])
            condition = compact.partition("=>")[0]
            if issued[3]:  # the claim itself is passed on
                types = tuple(_CONDITION.findall(condition))[:1]
            else:
                types = tuple(re.findall(r'"([^"]+)"', issued[1] or "")) or (issued[2] or "",)
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            line = self.lines[text.count("\n", 0, start)].number
            yield _ClaimRule(name[1] if name is not None else "", line, _audience(condition), types)


def _audience(condition: str) -> str:
    """Say for whom a rule's condition holds."""
    if _COMPUTERS.search(condition):
        return "computers"
    return "users" if _USERS.search(condition) else "everybody"


class EndpointList(ScreenReader):
    """`Get-AdfsEndpoint`: which address is on, and which is also on the proxy."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a property of an endpoint."""
        found = _PROPERTY.match(text)
        return found is not None and found[1].lower() in _PROPERTIES

    def read(self) -> Iterator[Fact]:
        """Read the endpoints; a blank line lies between two."""
        rows: dict[str, tuple[str, int]] = {}
        for line in self.lines:
            found = _PROPERTY.match(line.text)
            if not line.text.strip():
                yield from self._endpoint(rows)
                rows = {}
            elif found is not None and found[1].lower() in _PROPERTIES:
                rows[found[1].lower()] = (found[2].strip(), line.number)
        yield from self._endpoint(rows)

    def _endpoint(self, rows: dict[str, tuple[str, int]]) -> Iterator[Fact]:
        path = rows.get("addresspath", ("", 0))[0]
        for name in ("enabled", "proxy", "fullurl") if path else ():
            value, line = rows.get(name, ("", 0))
            if value:
                yield self.fact(f"adfs_endpoint.{name}", value, line, bases.ADFS_ENDPOINTS, of=path)

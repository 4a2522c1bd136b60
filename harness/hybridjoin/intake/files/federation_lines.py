"""A domain's federation settings in a text: Format-List of either module, or the commands that set them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from hybridjoin.errors import UsageError
from hybridjoin.intake.federation import NOT_GRAPHS, FederationSettings, field_of, read_settings
from hybridjoin.intake.federation_commands import DomainCommand, read_federation_commands
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, Strength
from hybridjoin.intake.files.line_reader import ScreenReader

_SET: Final = (
    r"(?:New|Update|Set|Convert)-(?:Mg(?:Beta)?Domain(?:FederationConfiguration)?|MsolDomain(?:Authentication"
    r"|FederationSettings|ToFederated))\b"
)
BEGINS: Final = (
    r"(?:PS [^>]{0,260}> ?)?Get-M\w+Domain\w*\b|(?:PS [^>]{0,260}> ?)?(?:\$\w+ ?= ?)?" + _SET + "|"
    r"(?:ActiveSignInUri|ActiveLogOnUri|DefaultInteractiveAuthenticationMethod|FederationBrandName"
    r"|MetadataExchangeUri|IssuerUri)\s+:"
)
_LABEL: Final = re.compile(r"\s*([A-Za-z]\w{1,60})\s*:(?:\s|$)")
# Settings of the older module that are none of ours; one of them is first in nobody's output but a page's.
_OTHERS: Final = frozenset(
    {"defaultinteractiveauthenticationmethod", "extensiondata", "openidconnectdiscoveryendpoint", "supportsmfa"}
)


class FederationPassage(ScreenReader):
    """One output or command."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line names a setting."""
        label = _LABEL.match(text)
        return label is not None and (field_of(label[1]) is not None or label[1].lower() in _OTHERS)

    def read(self) -> Iterator[Fact]:
        """Read the output where there is one, else what the commands say."""
        if not self.lines:
            return
        text = "\n".join(line.text for line in self.lines)
        try:
            found = read_settings(text.encode("utf-8", "replace"), place=self.file)
        except UsageError:
            yield from self._commands()
            yield from self._domains()
            return
        for item in found:
            yield from self._settings(item)

    def _settings(self, item: FederationSettings) -> Iterator[Fact]:
        start = int(item.place.rpartition(":")[2]) - 1
        lines: dict[str, int] = {}
        for line in self.lines[start:]:
            label = _LABEL.match(line.text)
            name = field_of(label[1]) if label is not None else None
            lines.setdefault(name or "", line.number)
        basis = bases.MSONLINE if "LogOnUri" in "".join(line.text for line in self.lines[start : start + 3]) else None
        yield from settings_facts(
            replace(item, place=f"{self.file}:{self.lines[start].number}"),
            file=self.file,
            lines=lines,
            basis=basis or bases.GRAPH,
        )

    def _commands(self) -> Iterator[Fact]:
        """Read what commands set; what is set is meant to be so."""
        found = read_federation_commands("\n".join(line.text for line in self.lines), place=self.file)
        for command, item in found.pairs:
            values = {name: getattr(item, name) for name in item.__slots__ if name not in NOT_GRAPHS}
            federated = "Federated" if command.gives("Authentication") else ""
            yield from self._said(command, {**values, "authentication": federated})
        for command in found.back:
            yield from self._said(command, {"authentication": "Managed"})

    def _said(self, command: DomainCommand, values: Mapping[str, str]) -> Iterator[Fact]:
        start = int(command.place.rpartition(":")[2]) - 1
        for name, value in values.items():
            if value:
                line = next((item.number for item in self.lines if value in item.text), self.lines[start].number)
                yield self.fact(
                    f"federation.{name}", value, line, bases.POWERSHELL, of=command.domain.lower(),
                    strength=Strength.SUGGESTS,
                )  # fmt: skip

    def _domains(self) -> Iterator[Fact]:
        """Read what Get-MgDomain and Get-MsolDomain say of a domain: federated or managed."""
        row = re.compile(
            r"\s*(?:.*\s)?([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)\s.*?\b(Federated|Managed)\b"
            r"|\s*AuthenticationType\s*: (\w+)"
        )
        for line in self.lines:
            found = row.match(line.text)
            if found is not None and (found[2] or found[3]):
                of = (found[1] or "").lower()
                yield self.fact("domain.authentication", found[2] or found[3], line.number, bases.MSONLINE, of=of)


def settings_facts(item: FederationSettings, *, file: str, lines: Mapping[str, int], basis: Basis) -> Iterator[Fact]:
    """Yield each setting that has a value; `lines` says by our field where it stands."""
    of = item.domain.lower()
    for name in item.__slots__:
        value = getattr(item, name)
        if value and name not in NOT_GRAPHS - {"domain"}:
            line = lines.get(name, int(item.place.rpartition(":")[2]))
            yield Fact(about="federation", name=name, value=value, file=file, line=line, basis=basis, of=of)

"""The client's side of the service connection point in the registry: `reg query` and exported `.reg` files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.line_reader import LineReader
from hybridjoin.intake.files.text_lines import TextLine

BEGINS: Final = r"\[?HKEY_|\[?HKLM\\|Windows Registry Editor"

_KEY: Final = re.compile(r"\s*\[?((?:HKEY_|HKLM\\)[^\]]*)\]?\s*$")
_VALUE: Final = re.compile(
    r"\s+(\S[^\t]*?)\s{2,}REG_(?:SZ|DWORD)\s+(.*)$|\"([^\"]+)\"=(?:\"(.*)\"|dword:([0-9a-fA-F]+))"
)
_WANTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tenantid": "tenant.id",
        "tenantname": "tenant.name",
        "fallbacktosyncjoin": "client.fallback",
        "autoworkplacejoin": "client.auto_join",
        "autojoin": "client.auto_join",
        "enterprisedrsname": "client.enterprise_drs",
    }
)


class RegistryPassage(LineReader):
    """Keys and their values; only those of device registration are facts."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._key = ""
        self._done: list[Fact] = []

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is a key or a value."""
        return _KEY.match(text) is not None or _VALUE.match(text) is not None

    def take(self, line: TextLine) -> None:
        """Take a key, or a value of the last one."""
        key, value = _KEY.match(line.text), _VALUE.match(line.text)
        if key is not None:
            self._key = key[1]
        elif value is not None and re.search(r"\\(CDJ|CloudDomainJoin|WorkplaceJoin)\b", self._key, re.IGNORECASE):
            name = (value[1] or value[3]).strip()
            text = (value[2] or value[4] or value[5] or "").strip()
            known = _WANTED.get(name.lower())
            if known is not None:
                shown = _switch(text) if known.startswith("client.") and known != "client.enterprise_drs" else text
                self._done.append(self.fact(known, shown, line.number, bases.REGISTRY))
                if known.startswith("tenant.") and "\\cdj" in self._key.lower():
                    side = f"scp.client_{known.partition('.')[2]}"
                    self._done.append(self.fact(side, shown, line.number, bases.REGISTRY))

    def found(self) -> Iterator[Fact]:
        """Give the facts of the values so far."""
        done, self._done = self._done, []
        yield from done


def _switch(text: str) -> str:
    """Write a DWORD that switches something as /status writes it."""
    try:
        number = int(text, 16 if not text.lower().startswith("0x") else 0)
    except ValueError:
        return text
    return "ENABLED" if number else "DISABLED"

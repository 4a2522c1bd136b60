"""Who may stand in the way: both proxy settings of the machine account, and the certificates that a server showed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.line_reader import ScreenReader

PROXY_BEGINS: Final = r"Current WinHTTP proxy settings|BITSADMIN version|Proxy usage:"
CHAIN_BEGINS: Final = r"CONNECTED\([0-9A-F]{8}\)|Certificate chain$"

_ROWS: Final = (
    (re.compile(r"\s*Direct access \(no proxy server\)"), "network.winhttp_access", "DIRECT"),
    (re.compile(r"\s*Proxy Server\(s\)\s*:\s*(\S.*)$"), "network.winhttp_proxy", ""),
    (re.compile(r"\s*Bypass List\s*:\s*(\S.*)$"), "network.winhttp_bypass", ""),
    (re.compile(r"\s*Proxy usage:\s*(\S.*)$"), "network.system_proxy", ""),
    (re.compile(r"\s*Proxy list:\s*(\S.*)$"), "network.system_proxy_list", ""),
)
_SUBJECT: Final = re.compile(r"\s*(\d+) s:(.*)$")
_ISSUER: Final = re.compile(r"\s*i:(.*)$")


class ProxySettings(ScreenReader):
    """`netsh winhttp show proxy` and `bitsadmin /util /getieproxy localsystem`."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is one of theirs."""
        return any(pattern.match(text) for pattern, _, _ in _ROWS)

    def read(self) -> Iterator[Fact]:
        """Read both settings; the headline alone says nothing."""
        for line in self.lines:
            for pattern, key, value in _ROWS:
                found = pattern.match(line.text)
                if found is not None:
                    yield self.fact(key, value or found[1], line.number, bases.PROXY_TOOLS)


class CertificateChain(ScreenReader):
    """`openssl s_client -connect HOST:443`: whom a server's certificate is for, and who issued it."""

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is one of the chain."""
        return _SUBJECT.match(text) is not None or _ISSUER.match(text) is not None

    def read(self) -> Iterator[Fact]:
        """Read the server's own certificate; the others stand behind it."""
        subject = ""
        for line in self.lines:
            found, issued = _SUBJECT.match(line.text), _ISSUER.match(line.text)
            if found is not None:
                subject = found[2].strip() if found[1] == "0" else ""
                if subject:
                    yield self.fact("tls.subject", subject, line.number, bases.CHAIN, of=subject)
            elif issued is not None and subject:
                yield self.fact("tls.issuer", issued[1], line.number, bases.CHAIN, of=subject)
                subject = ""

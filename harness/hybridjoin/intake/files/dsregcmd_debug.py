"""`dsregcmd /join /debug`, as current and older builds print it.

The screen has no time stamps, and after a failure it prints its log a second time, backwards. Lines are known by their
form; one that nobody knows is passed over. The short status block at its end is read as `/status` is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact
from hybridjoin.intake.files.line_reader import ScreenReader
from hybridjoin.intake.files.part import PartKind, RawPart
from hybridjoin.intake.files.status_fields import status_facts
from hybridjoin.intake.files.text_lines import TextLine, unwrap

LIMIT_SCREEN: Final = 64 * 1024
"""Characters of a screen that are kept whole; one has some ten thousand."""

BEGINS: Final = (
    r"(?:\[[^\]]{8,30}\] ?)?(?:DsrCLI: |dsregcmd::wmain |DsrCmd\w+::|TenantInfo::Discover|GetComputerTokenForADRS"
    r"|AdalLog: |AutoEnrollAsComputer: |LogFatalAuthError)"
)
LINE: Final = re.compile(
    r"\s*(?:\[[^\]]{8,30}\] ?)?(?:Dsr\w+(?:::\w+)?:? |Dsr\w+::|dsregcmd::|\w+::\w+|Adal\w+: |GetComputerToken"
    r"|AutoEnroll|LogFatalAuth|GetStatus |Join (?:request|response|HTTP|error|message|Azure)|PreJoin"
    r"|Automatic device|The device can"
    r"|Discover tenant|Successfully joined|DSREGCMD_END|DeleteFileW|[a-zA-Z]{5,17}: |[ ]*\w[\w -]{1,40} : ?)"
)
"""How a line of the screen begins, which no line that a console cut does."""

_STARTS: Final = re.compile(
    r"\s*(?:\[[^\]]{8,30}\] ?)?(?:Dsr(?:CLI: |Cmd\w+::|DeviceAutoJoin )|dsregcmd::wmain |TenantInfo::"
    r"|Adal(?:Log|Message): ?|AdalErrorCode: 0x|AdalCorrelationId: |GetComputerTokenForADRS: "
    r"|AutoEnrollAsComputer: |LogFatalAuthError: |GetStatus returned"
    r"|Join (?:request ID|response time|HTTP status|error (?:sub)?code|message): |PreJoinChecks "
    r"|(?:preCheckResult|deviceKeysHealthy|isPrivateKeyFound|isJoined|isDcAvailable|isSystem|keyProvider|keyContainer"
    r"|dsrInstance|elapsedSeconds|resultCode): |Automatic device join|The device can NOT|Discover tenant info"
    r"|Join Azure with|Successfully joined machine|DSREGCMD_END_STATUS|DeleteFileW returned)|\s+[A-Z]\w+(?: \w+)* : "
)
"""Where a line begins that stands below one of the console's whole width: the middle of a line looks like much else."""

_STAMP: Final = re.compile(r"\[[^\]]{8,30}\] ?")
_REQUEST: Final = re.compile(r"ClientRequestId: ([0-9a-fA-F-]{36})")
_LOG: Final = re.compile(r"\s*AdalLog: ?(.*?)(?: ?; )?\s*HRESULT: (0x[0-9a-fA-F]+)\s*$")
_REFUSED: Final = re.compile(r"ResponseText:(\{.*\})")
_AADSTS: Final = re.compile(r"AADSTS(\d{4,9})")
_DONE: Final = re.compile(r"completed successfully")
_CONSOLES: Final = frozenset({79, 80, 119, 120})  # what a console cuts at, or a blank less
_SHORT: Final = 300  # letters of a line that may be held for its next time
_NOTE: Final = 0x4AA9  # a request is sent, is complete: the high half of notes that no failure has
_ENDED: Final = re.compile(r"\s*DSREGCMD_END_STATUS")
_FIELD: Final = re.compile(r"\s*[A-Za-z][\w -]{1,40} : ?")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line's form; each group of `pattern` gives the fact of that key."""

    pattern: re.Pattern[str]
    keys: tuple[str, ...]
    basis: Basis


def _row(pattern: str, *keys: str, basis: Basis = bases.PING) -> _Row:
    return _Row(re.compile(pattern), keys, basis)


_CODE: Final = r"(0x[0-9a-fA-F]+)"
_ROWS: Final[tuple[_Row, ...]] = (
    _row(r"ClientRequestId: ([0-9a-fA-F-]{36})", "attempt.client_request_id"),
    _row(
        r"DsGetDcName success \{ domain:(\S+) forest:(\S+) domainController:\\{1,2}(\S+) isDcAvailable:(\w+)",
        "directory.domain", "directory.forest", "directory.domain_controller", "attempt.dc_found",
    ),
    _row(r"DsGetDcName (No domain controller is available.*?): (?=0x)", "attempt.dc_error", basis=bases.SCREENS),
    _row(rf"DsGetDcName No domain .*: {_CODE}", "attempt.dc_code", basis=bases.SCREENS),
    _row(r"^preCheckResult: (\w+)", "attempt.pre_check"),
    _row(r"^(?:deviceKeysHealthy|isPrivateKeyFound): (\w+)", "attempt.device_keys"),
    _row(r"^isJoined: (\w+)", "attempt.was_joined"),
    _row(r"^isDcAvailable: (\w+)", "attempt.dc_available"),
    _row(r"^isSystem: (\w+)", "attempt.as_system"),
    _row(r"^(?:dsr|drs)Instance: (\w+)", "attempt.drs_instance"),
    _row(r"^keyProvider: (\S.*)", "attempt.key_provider"),
    _row(r"^keyContainer: (\S.*)", "attempt.key_container"),
    _row(r"^elapsedSeconds: (\d+)", "attempt.pre_check_seconds"),
    _row(r"^resultCode: (0x[0-9a-fA-F]+)", "attempt.pre_check_code"),
    _row(r"^(The device can NOT be joined.*)", "attempt.pre_check_words", basis=bases.SCREENS),
    _row(rf"^TenantInfo::Discover: (Failed .*?){_CODE}", "attempt.scp_words", "attempt.scp_code", basis=bases.NOTES),
    _row(rf"TenantInfo::Discover failed with error code {_CODE}", "attempt.discover_code", basis=bases.NOTES),
    _row(
        r"Join Info \{ TenantType = (\w*); AutoJoinEnabled = (\d); Ten\w+ID = ([^;]*); TenantName = ([^}]*?) ?\}",
        "realm.type", "attempt.auto_join", "tenant.id", "tenant.name",
    ),
    _row(r"^GetComputerTokenForADRS: Get token for ([\w ]+)", "attempt.token_for"),
    _row(r'Auth code URL: "([^"]*)"', "attempt.auth_code_url"),
    _row(r'Token request authority: "([^"]*)"', "attempt.authority"),
    _row(r'GetAppliesTo: using resource ID "([^"]*)"', "attempt.applies_to"),
    _row(r"(received realm info)", "attempt.realm"),
    _row(r"AdalLog: WebRequest Status: ?(\d{3})", "attempt.token_http_status"),
    _row(r"Webrequest returns error code: ?(\S+) and error description: ?(.*?)(?: ; HRESULT|$)",
         "attempt.error", "attempt.error_description"),
    _row(r"^LogFatalAuthError: AdalMessage: ?(.*)", "attempt.fatal", basis=bases.SCREENS),
    _row(rf"AdalErrorCode: {_CODE}", "attempt.adal_code"),
    _row(r"AdalCorrelationId: \{?([0-9a-fA-F-]{36})", "attempt.adal_correlation_id"),
    _row(rf"Unable to retrieve access token\. GetComputerTokenForADRS failed with error {_CODE}", "attempt.inner_code"),
    _row(rf"Federated (ADRS|enterprise DRS) join failed with error {_CODE}", "attempt.federated_failed_at",
         "attempt.federated_failed"),
    _row(r"(Try synchronized join)", "attempt.fallback_tried"),
    _row(r"^Join request ID: (\S+)", "attempt.join_request_id"),
    _row(r"^Join response time: (.+)", "attempt.join_time"),
    _row(r"^Join HTTP status: (\d+)", "attempt.join_http_status"),
    _row(r"^Join error code: (.+)", "attempt.join_error", basis=bases.LAB_SCREENS),
    _row(r"^Join error subcode: (.+)", "attempt.join_error_subcode", basis=bases.LAB_SCREENS),
    _row(r"^Join message: (.+)", "attempt.join_message", basis=bases.LAB_SCREENS),
    _row(rf"DsrDeviceAutoJoin failed {_CODE}", "attempt.join_code", basis=bases.LAB_SCREENS),
    _row(rf"AutoEnrollSync failed with error code {_CODE}", "attempt.sync_failed", basis=bases.LAB_SCREENS),
    _row(r"(AutoEnrollAsComputer completed successfully)", "attempt.federated_done"),
    _row(r"DsrCmdJoinHelper::Join: (completed successfully)", "attempt.sync_done"),
    _row(r"^Discover tenant info with Tenant ID ([0-9a-fA-F-]{36})", "tenant.id", basis=bases.SCREENS),
    _row(r"(Join Azure with MSI credential|Successfully joined machine to AAD)", "attempt.other_join",
         basis=bases.SCREENS),
)  # fmt: skip


class DebugScreen(ScreenReader):
    """One run of `/join /debug`."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._ended = self._begun = False
        self._kept: RawPart | None = None

    def ends(self, text: str) -> bool:
        """End after the block below the end mark, or where another run begins."""
        if not text.strip():
            return False
        wrapped = bool(self.lines) and len(self.lines[-1].text) in _CONSOLES
        return (self._ended and not wrapped and not _FIELD.match(text)) or (self._begun and _starts(text))

    def take(self, line: TextLine) -> None:
        """Hold a line."""
        self._begun = self._begun or not _starts(line.text)
        self._ended = self._ended or _ENDED.match(line.text) is not None
        super().take(line)

    def is_ours(self, text: str) -> bool:
        """Tell whether a line is one of the screen's."""
        return LINE.match(text) is not None

    def read(self) -> Iterator[Fact]:
        """Read the screen; what stands below its end mark is a status block."""
        lines = [line for line in unwrap(self.lines, _STARTS) if line.text.strip()]
        told = sum(_telling(line.text) for line in lines)
        if not told or (told == 1 and _DONE.search(lines[0].text)):
            return  # a sentence about the screen quotes how it ends
        end = next((at for at, line in enumerate(lines) if _ENDED.match(line.text)), None)
        log, rest = lines[:end], lines[end + 1 :] if end is not None else []
        of = _attempt(log, self.file)
        yield self.fact("attempt.screen", "dsregcmd /join /debug", log[0].number, bases.PING, of=of)
        for line in log:
            yield from log_facts(line, file=self.file, of=of)
        if end is None and _starts(lines[0].text):
            words = f"the screen stops without DSREGCMD_END_STATUS after line {lines[-1].number}"
            yield self.fact("attempt.cut_short", words, lines[-1].number, bases.PING, of=of)
        yield from status_facts(rest, file=self.file, short=of)
        text = "".join(f"{line.text.rstrip()}\n" for line in lines)[:LIMIT_SCREEN]
        self._kept = RawPart(kind=PartKind.SCREEN, file=self.file, line=log[0].number, body=text.encode())

    def parts(self) -> Iterator[RawPart]:
        """Give the screen itself, its lines whole again where a console had cut them."""
        if self._kept is not None:
            yield self._kept


def log_facts(line: TextLine, *, file: str, of: str) -> Iterator[Fact]:
    """Yield what one line of the log says of an attempt; events carry the same lines."""
    text = _STAMP.sub("", line.text.strip(), count=1)
    said = _Said(file, line.number, of)
    for key, value, basis in _told(text):
        yield said.fact(key, value, basis)
    log = _LOG.match(text)
    if log is not None:
        yield said.fact("attempt.log", text.removeprefix("AdalLog:").strip())
        number = int(log[2], 16)
        if number and number >> 16 != _NOTE:
            yield said.fact("attempt.hresult", f"0x{number:08x}")
    for code in dict.fromkeys(_AADSTS.findall(text)):
        yield said.fact("attempt.aadsts", f"AADSTS{code}")
    yield from _refusal(text, said)


def _refusal(text: str, said: _Said) -> Iterator[Fact]:
    """Give what Entra's answer says, from its JSON."""
    found = _REFUSED.search(text)
    if found is None:
        return
    yield said.fact("attempt.entra_answer", found[1])
    try:
        answer = json.loads(found[1])
    except (ValueError, RecursionError):
        return
    for name in ("timestamp", "trace_id", "correlation_id"):
        if isinstance(answer, dict) and isinstance(answer.get(name), str):
            yield said.fact(f"attempt.entra_{name}", answer[name])


@dataclass(frozen=True, slots=True)
class _Said:
    """The place and the attempt that facts of one line share."""

    file: str
    line: int
    of: str

    def fact(self, key: str, value: str, basis: Basis = bases.PING) -> Fact:
        about, _, name = key.partition(".")
        return Fact(
            about=about, name=name, value=value.strip(), file=self.file, line=self.line, basis=basis, of=self.of
        )


def _starts(text: str) -> bool:
    return text.lstrip().startswith(("DsrCLI: logging", "dsregcmd::wmain logging"))


def _telling(text: str) -> bool:
    """Tell whether a line says more than that a log begins."""
    return _LOG.match(text) is not None or bool(_told(text))


def _told(text: str) -> tuple[tuple[str, str, Basis], ...]:
    """Give what the rows find in a line; a log says most of its lines again and again, and only short ones are kept."""
    return _told_once(text) if len(text) <= _SHORT else _told_once.__wrapped__(text)


@lru_cache(maxsize=1024)
def _told_once(text: str) -> tuple[tuple[str, str, Basis], ...]:
    found = ((row, match) for row in _ROWS if (match := row.pattern.search(text)) is not None)
    return tuple(
        (key, value, row.basis) for row, match in found for key, value in zip(row.keys, match.groups(), strict=False)
    )


def _attempt(log: list[TextLine], file: str) -> str:
    """Name an attempt by its request id, which events and Entra's logs have too, or else by where it stands."""
    ids = (_REQUEST.search(line.text) for line in log)
    correlated = (re.search(r"AdalCorrelationId: \{?([0-9a-fA-F-]{36})", line.text) for line in log)
    found = next((item for item in (*ids, *correlated) if item is not None), None)
    return found[1].lower() if found is not None else f"{file}:{log[0].number}"

"""The lines of `dsregcmd /join /debug` by their form: what of each is the lab's own, what tells, who prints it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, assumed

FRAME: Final[Basis] = assumed(
    "how a client frames a failure is recorded for metadata and for Entra's refusal, and inferred for the rest"
)


class Builds(StrEnum):
    """Which builds of Windows print a line."""

    ALL = "every build"
    OLDER = "older builds"
    NEWER = "newer builds"


class Weight(StrEnum):
    """What a line is worth: it tells how the join went, frames a failure, or only notes a step."""

    TELLING = "telling"
    FRAMING = "framing"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineForm:
    """A line with placeholders; two lines of one `slot` stand for each other, `basis` says who was seen to print it."""

    text: str
    slot: str
    weight: Weight
    builds: Builds
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    slot: str
    text: Callable[[re.Match[str]], str]
    weight: Weight
    builds: Builds
    basis: Basis


_CODE: Final = r"(0x[0-9a-f]+)"
_URL: Final = re.compile(r"https?://[^\s\"';]+", re.IGNORECASE)
_ID: Final = re.compile(r"\{?\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b\}?", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"[^"]*"')
_TIME: Final = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC)?")
_HEX: Final = re.compile(r"0[xX][0-9a-fA-F]+")
_AADSTS: Final = re.compile(r"AADSTS\d{4,9}")
_UNKNOWN: Final = re.compile(
    r"(?:Dsr\w+|dsregcmd|TenantInfo|GetComputerTokenForADRS|AutoEnroll\w+|LogFatal\w+|Adal\w+|[A-Z]\w+::\w+)"
    r"(?:::\w+)?: "
)
_WRAPPERS: Final = frozenset({"0xcaa1000e", "0xcaa90006", "0xcaa9002b"})
_SENT: Final = 0x4AA9  # a request is sent, is complete: the high half of notes that no failure has
_NOTHING: Final = frozenset({"0x0", "0x00000000"})
_STATUS_LABEL: Final = re.compile(r"([A-Za-z]{5,40}) ?: ?(.*)")


def _rule(
    pattern: str,
    text: str | Callable[[re.Match[str]], str],
    *,
    slot: str = "",
    weight: Weight = Weight.TELLING,
    builds: Builds = Builds.ALL,
    basis: Basis = bases.PING,
) -> _Rule:
    """Write a row down; a reference in a text is to a group of the pattern, which is kept."""
    made = text if callable(text) else (lambda found: found.expand(text))
    return _Rule(re.compile(pattern, re.IGNORECASE), slot or pattern, made, weight, builds, basis)


def _answered(words: str) -> Callable[[re.Match[str]], str]:
    """Keep of a server's answer its number alone; the rest names the tenant, the user and the time."""

    def text(found: re.Match[str]) -> str:
        number = _AADSTS.search(found.string)
        return found.expand(words).replace("<answer>", f"<answer {number[0]}>" if number else "<answer>")

    return text


_NOTE, _FRAMING, _OLDER, _NEWER = Weight.NOTE, Weight.FRAMING, Builds.OLDER, Builds.NEWER
_JOIN: Final = r"DsrCmdJoinHelper::Join: "
_DC: Final = r"DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName "
_TOKEN: Final = r"GetComputerTokenForADRS: "
_ENROLLER: Final = r"DsrCmdDeviceEnroller::"
_RULES: Final[tuple[_Rule, ...]] = (
    _rule(r"DsrCLI: logging initialized", "DsrCLI: logging initialized.", slot="logging", weight=_NOTE, builds=_NEWER),
    _rule(r"dsregcmd::wmain logging initialized", "dsregcmd::wmain logging initialized.", slot="logging",
          weight=_NOTE, builds=_OLDER, basis=bases.SCREENS),
    _rule(rf"{_JOIN}ClientRequestId: ", rf"{_JOIN}ClientRequestId: <id>", weight=_NOTE, builds=_NEWER,
          basis=bases.SCREENS),
    _rule(rf"{_DC}success \{{.*isDcAvailable: ?(\w+)", rf"{_DC}success {{ domain:<domain> forest:<domain> "
          r"domainController:<host> isDcAvailable:\1 }", slot="dc"),
    _rule(rf"{_DC}.*{_CODE}", rf"{_DC}No domain controller is available: \1", slot="dc", basis=bases.SCREENS),
    _rule(r"PreJoinChecks Complete", "PreJoinChecks Complete.", weight=_NOTE),
    _rule(r"(preCheckResult|isDcAvailable|isSystem): ?(\w+)", r"\1: \2"),
    _rule(r"deviceKeysHealthy: ?(\w+)", r"deviceKeysHealthy: \1", slot="keys", weight=_NOTE, builds=_NEWER),
    _rule(r"isPrivateKeyFound: ?(\w+)", r"isPrivateKeyFound: \1", slot="keys", weight=_NOTE, builds=_OLDER,
          basis=bases.SCREENS),
    _rule(r"(isJoined|dsrInstance): ?(\w+)", r"\1: \2", weight=_NOTE),
    _rule(r"(keyProvider|keyContainer|elapsedSeconds): ?", r"\1: <value>", weight=_NOTE),
    _rule(rf"resultCode: ?{_CODE}", r"resultCode: \1"),
    _rule(r"The device can NOT be joined", "The device can NOT be joined.", basis=bases.SCREENS),
    _rule(r"Automatic device join pre-check tasks completed", "Automatic device join pre-check tasks completed.",
          weight=_NOTE),
    _rule(r"TenantInfo::Discover: Join Info \{ ?TenantType = (\w*); AutoJoinEnabled = (\d)", r"TenantInfo::Discover: "
          r"Join Info { TenantType = \1; AutoJoinEnabled = \2; TenandID = <id>; TenantName = <name> }"),
    _rule(rf"TenantInfo::Discover: (Failed .*?) ?{_CODE}", r"TenantInfo::Discover: \1 \2", basis=bases.NOTES),
    _rule(rf"{_JOIN}TenantInfo::Discover failed with error code {_CODE}",
          rf"{_JOIN}TenantInfo::Discover failed with error code \1.", basis=bases.NOTES),
    _rule(rf"{_TOKEN}Get token for (ADRS|enterprise DRS)", rf"{_TOKEN}Get token for \1", basis=bases.SCREENS),
    _rule(rf"{_TOKEN}(Auth code URL|Token request authority): ", rf"{_TOKEN}\1: <url>", weight=_NOTE),
    _rule(rf"(?:{_TOKEN})?AdalErrorCode: {_CODE}", r"AdalErrorCode: \1", slot="adal-code", weight=_FRAMING,
          basis=FRAME),
    _rule(r"AdalCorrelationId: ", "AdalCorrelationId: <id>", weight=_FRAMING, basis=FRAME),
    _rule(r"GetStatus returned failure", "GetStatus returned failure", weight=_FRAMING, basis=FRAME),
    _rule(r"LogFatalAuthError: AdalMessage: ?(\w+) failed", r"LogFatalAuthError: AdalMessage: \1 failed",
          weight=_FRAMING, basis=FRAME),
    _rule(r"AdalLog: WebRequest Status: ?(\d+)", r"AdalLog: WebRequest Status:\1 ; HRESULT: 0x0"),
    _rule(r"AdalLog: Token response is not successfull?\. Status: ?(\d+) ResponseText: ?", _answered(
          r"AdalLog: Token response is not successfull. Status:\1 ResponseText:<answer> ; HRESULT: 0x0")),
    _rule(r"AdalLog: Webrequest returns error code: ?(\S+) and error description: ?", _answered(
          r"AdalLog: Webrequest returns error code:\1 and error description:<answer> ; HRESULT: 0x0")),
    _rule(rf"AutoEnrollAsComputer: Unable to retrieve access token\. ?{_TOKEN[:-2]} failed with error {_CODE}",
          rf"AutoEnrollAsComputer: Unable to retrieve access token. {_TOKEN[:-2]} failed with error \1."),
    _rule(rf"{_JOIN}Federated (ADRS|enterprise DRS) join failed with error {_CODE}\.?(?: (Try synchronized join)\.?)?",
          lambda found: found.expand(rf"{_JOIN}Federated \1 join failed with error \2.")
          + (" Try synchronized join." if found[3] else "")),
    _rule(r"Join (request ID|response time): ?", r"Join \1: <value>", weight=_NOTE),
    _rule(r"Join HTTP status: ?(\d+)", r"Join HTTP status: \1"),
    _rule(r"Join error code: ?(\S+)", r"Join error code: \1", basis=bases.LAB_SCREENS),
    _rule(r"Join error subcode: ?(\S+)", r"Join error subcode: \1", builds=_NEWER, basis=bases.LAB_SCREENS),
    _rule(r"Join message: ?", "Join message: <message>", weight=_NOTE, basis=bases.LAB_SCREENS),
    _rule(rf"DsrDeviceAutoJoin failed {_CODE}", r"DsrDeviceAutoJoin failed \1.", basis=bases.LAB_SCREENS),
    _rule(rf"{_JOIN}{_ENROLLER}(\w+) failed with error code {_CODE}",
          rf"{_JOIN}{_ENROLLER}\1 failed with error code \2.", basis=bases.LAB_SCREENS),
    _rule(rf"{_JOIN}(AutoEnrollAsComputer )?completed successfully", rf"{_JOIN}\1completed successfully", slot="done"),
    _rule(r"(Join Azure with MSI credential|Successfully joined machine to AAD)", r"\1.", basis=bases.SCREENS),
    _rule(r"DeleteFileW returned ", "DeleteFileW returned <value>", weight=_NOTE, builds=_OLDER, basis=bases.SCREENS),
    _rule(r"DSREGCMD_END_STATUS", "DSREGCMD_END_STATUS", weight=_NOTE),
)  # fmt: skip
END: Final = "DSREGCMD_END_STATUS"
CORRELATED: Final = "AdalCorrelationId: <id>"


def form_of(line: str) -> LineForm | None:
    """Return what a line of the log is, with single blanks and placeholders; None for what is none of its lines."""
    text = _HEX.sub(lambda found: found[0].lower(), " ".join(line.split()))
    for rule in _RULES:
        found = rule.pattern.match(text)
        if found is not None:
            return LineForm(
                text=rule.text(found), slot=rule.slot, weight=rule.weight, builds=rule.builds, basis=rule.basis
            )
    return _log_line(text) or _unknown(text)


def _log_line(text: str) -> LineForm | None:
    """Return a line of ADAL's log: a note of a step, or a code."""
    found = re.match(rf"AdalLog: ?(.*?)(?: ?;)? ?HRESULT: ?{_CODE}$", text, re.IGNORECASE)
    if found is None:
        return None
    words, code = _without_names(found[1]), found[2]
    told = f"AdalLog: {words} ; HRESULT: {code}" if words else f"AdalLog: HRESULT: {code}"
    if code in _NOTHING or int(code, 16) >> 16 == _SENT:
        return LineForm(text=told, slot=told, weight=_NOTE, builds=Builds.ALL, basis=bases.PING)
    if code in _WRAPPERS:
        return LineForm(text=told, slot="wrapper", weight=_FRAMING, builds=Builds.ALL, basis=FRAME)
    return LineForm(text=told, slot="hresult", weight=Weight.TELLING, builds=Builds.ALL, basis=bases.PING)


def _unknown(text: str) -> LineForm | None:
    """Return a line that dsregcmd's parts print and no table has; it tells where it names a code."""
    if _UNKNOWN.match(text) is None:
        return None
    told = _without_names(text)
    codes = {found[0] for found in _HEX.finditer(told)} - _NOTHING
    weight = Weight.TELLING if codes else _NOTE
    return LineForm(text=told, slot=told, weight=weight, builds=Builds.ALL, basis=bases.NAMES)


def _without_names(text: str) -> str:
    for pattern, mark in ((_URL, "<url>"), (_ID, "<id>"), (_TIME, "<time>"), (_QUOTED, '"<value>"')):
        text = pattern.sub(mark, text)
    return text.strip()


def status_form(line: str) -> LineForm | None:
    """Return a field of the short block at the end; older builds print its first two alone."""
    found = _STATUS_LABEL.fullmatch(" ".join(line.split()))
    if found is None:
        return None
    label, value = found[1], found[2]
    if label.lower() in {"azureadjoined", "enterprisejoined"}:
        weight = Weight.TELLING if label.lower() == "azureadjoined" else _NOTE
        return LineForm(text=f"{label} : {value}", slot=label, weight=weight, builds=Builds.ALL, basis=bases.PING)
    return LineForm(text=f"{label} : <value>", slot=label, weight=_NOTE, builds=_NEWER, basis=bases.SCREENS)

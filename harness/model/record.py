"""A whole run as plain data: every report is drawn from this, now or years later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from harness.model.exchange import Headers, Party, Step
from harness.model.verdict import Certainty, ClaimRow, Outcome, Verdict

SCHEMA = "hybridjoin-record/1"


class JoinResult(StrEnum):
    """How a join ended: `federated` is the one wanted, `synchronized` the fallback that hides a failure."""

    FEDERATED = "federated"
    SYNCHRONIZED = "synchronized"
    FAILED = "failed"


class Phase(StrEnum):
    """The Error Phase of `dsregcmd /status` (Microsoft: troubleshoot-device-dsregcmd)."""

    PRE_CHECK = "pre-check"
    DISCOVER = "discover"
    AUTH = "auth"
    JOIN = "join"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """One side of an exchange, redacted and readable; `headline` is the request or status line."""

    headline: str
    headers: Headers = ()
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRecord:
    """One arrow there and back of the ladder."""

    step: Step
    party: Party
    title: str
    request: MessageRecord
    reply: MessageRecord
    ok: bool
    started_at: datetime
    elapsed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRecord:
    """A code that Windows or Entra shows, with its certainty; `code` is `0xcaa20003` or `AADSTS51004`."""

    code: str
    symbol: str
    meaning: str
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRecord:
    """Why the federated join did not come about.

    `phase` is Windows' error phase, `reason` our sentence, `server_message` the peer's own words;
    `remedy` is what to try.
    """

    phase: Phase
    step: Step
    reason: str
    codes: tuple[CodeRecord, ...] = ()
    server_message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRecord:
    """One join of one device."""

    device: str
    result: JoinResult
    failure: FailureRecord | None
    fallback_failure: FailureRecord | None
    exchanges: tuple[ExchangeRecord, ...]
    verdicts: tuple[Verdict, ...]
    claims: tuple[ClaimRow, ...]
    debug_screen: tuple[str, ...]
    status_screen: tuple[str, ...]
    device_id: str = ""
    client_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationRecord:
    """One line of a scenario's `expect:` and what became of it; `place` is `file:line:column`."""

    name: str
    place: str
    expected: str
    found: str
    met: bool
    step: Step | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRecord:
    """One scenario that ran. `error` says whose trouble it was when the harness could not finish.

    `id` and `file` hold no host, port or time, so that they are the same in every place.
    """

    id: str
    title: str
    file: str
    line: int
    outcome: Outcome
    expectations: tuple[ExpectationRecord, ...]
    join: JoinRecord | None
    started_at: datetime
    elapsed_s: float
    error: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run: where, when, with what, and every scenario of it."""

    schema: str
    run_id: str
    tool: str
    site: str
    backend: str
    started_at: datetime
    finished_at: datetime
    scenarios: tuple[ScenarioRecord, ...]
    interrupted: str = ""

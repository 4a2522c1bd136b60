"""A whole run as plain data: every report is drawn from this, now or years later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from hybridjoin.model.circumstances import Circumstances
from hybridjoin.model.dialled import AttemptRecord, BendRecord, HeardLine
from hybridjoin.model.door_row import DoorRow
from hybridjoin.model.flows import HYBRID_JOIN, find_flow
from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.reading import ReadingKept
from hybridjoin.model.recorded import ExchangeRecord
from hybridjoin.model.requirement_row import DeviationList, RequirementRow
from hybridjoin.model.steps import FlowTable, Phase, Step
from hybridjoin.model.verdict import Certainty, ClaimRow, NotTested, Outcome, Verdict
from hybridjoin.model.where import Where

SCHEMA = "hybridjoin-record/2"


class JoinResult(StrEnum):
    """How a join ended: `federated` is the one wanted, `synchronized` the fallback that hides a failure."""

    FEDERATED = "federated"
    SYNCHRONIZED = "synchronized"
    FAILED = "failed"


class SignInResult(StrEnum):
    """How a sign-in ended."""

    SIGNED_IN = "signed-in"
    NOT_SIGNED_IN = "not-signed-in"


class LeaveResult(StrEnum):
    """How a leave ended."""

    LEFT = "left"
    NOT_LEFT = "not-left"


class RegistrationResult(StrEnum):
    """How a registration by a person ended: the device may be registered, and its owner's first logon still fail."""

    REGISTERED = "registered"
    NO_FIRST_LOGON = "no-first-logon"
    NOT_REGISTERED = "not-registered"


FlowResult = JoinResult | SignInResult | LeaveResult | RegistrationResult


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

    `phase` is Windows' error phase, `reason` our sentence, `server_message` the peer's own words, `remedy` what to try.
    """

    phase: Phase
    step: Step
    reason: str
    codes: tuple[CodeRecord, ...] = ()
    server_message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRecord:
    """One way through a flow: a join of a device, or a sign-in, whose `device` is then the user's name.

    `trust` is the WS-Trust version that was spoken, where it came so far.
    `exchanges` with `moments`, `identifiers` and `readings`, and the `circumstances` beforehand, are all that the
    flow was told: with them it can be gone through and judged once more. Records of the first version lack the latter.
    """

    device: str
    result: FlowResult
    failure: FailureRecord | None
    fallback_failure: FailureRecord | None
    exchanges: tuple[ExchangeRecord, ...]
    verdicts: tuple[Verdict, ...]
    claims: tuple[ClaimRow, ...]
    debug_screen: tuple[str, ...]
    status_screen: tuple[str, ...]
    device_id: str = ""
    client_request_id: str = ""
    moments: tuple[datetime, ...] = ()
    identifiers: tuple[UUID, ...] = ()
    readings: tuple[ReadingKept, ...] = ()
    circumstances: Circumstances | None = None
    trust: str = ""

    @property
    def flow(self) -> FlowTable:
        """The table of the flow's steps; records that do not say it are of joins."""
        named = find_flow(self.circumstances.flow) if self.circumstances is not None else None
        return named or HYBRID_JOIN

    @property
    def label(self) -> str:
        """What tells it from others of its run: the version of WS-Trust, behind the flow where it is no join."""
        return self.trust if self.flow is HYBRID_JOIN else f"{self.flow.name} {self.trust}".rstrip()

    @property
    def wanted(self) -> bool:
        """Whether the flow came to the end that is wanted of it."""
        return self.result.value == self.flow.results[0][0]

    @property
    def came_out(self) -> str:
        """Say in words how the flow ended."""
        return dict(self.flow.results).get(self.result.value, self.result.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationRecord:
    """One line of a scenario's `expect:` and what became of it; `place` is `file:line:column`.

    `where` and `not_tested` are those of the verdict that was expected to come out otherwise. `about`, `target` and
    `wanted` are the line as it was written, in the words of scenario files, before its variables had values.
    """

    name: str
    place: str
    expected: str
    found: str
    met: bool
    step: Step | None = None
    explanation: str = ""
    where: Where | None = None
    not_tested: NotTested | None = None
    about: str = ""
    target: str = ""
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRecord:
    """One scenario that ran. `error` says whose trouble it was when the harness could not finish.

    `id` and `file` hold no host, port or time, so that they are the same in every place. `dial` is what was bent about
    the surroundings, `heard` what the lab's servers have noted of it, `attempts` each attempt of a device that tries
    again; `join` is then the last one.
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
    dial: tuple[BendRecord, ...] = ()
    heard: tuple[HeardLine, ...] = ()
    attempts: tuple[AttemptRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationRow:
    """One row of a site's lists and what became of it; `problem` fails the run where there is one.

    `requirement` is the id or glob as it was written, `happened` whether a requirement it names failed, `place` where
    the row stands, as `file:line:column`.
    """

    requirement: str
    list: DeviationList
    owner: str
    reason: str
    expires: date
    happened: bool
    problem: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UntestedRow:
    """A sentence of a specification that is known and that no check of ours tests."""

    sentence: str
    specification: str
    section: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRow:
    """One odd request that was sent, or why it was not; `sent_digest` is the SHA-256 of its bytes in hex.

    `exchanges` are what was really said, redacted, and `moments`, `identifiers` and `readings` what the probe was
    told besides, as in a join.
    """

    id: str
    sentence: str
    hostile: bool
    outcome: Outcome
    note: str = ""
    sent_digest: str = ""
    exchanges: tuple[ExchangeRecord, ...] = ()
    moments: tuple[datetime, ...] = ()
    identifiers: tuple[UUID, ...] = ()
    readings: tuple[ReadingKept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """A document that was handed in to compare with, as it was read: its members in order, empty where not set.

    `name` is the one that places use.
    """

    name: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationRecord:
    """What a certification came to; `complete` is false where anything could not be found out.

    `join` is how computers are meant to be joined there; a federated join is always good.
    `doors` are those of the domain, tried or not.
    """

    profile: str
    adapter: str
    requirements: tuple[RequirementRow, ...]
    deviations: tuple[DeviationRow, ...] = ()
    untested: tuple[UntestedRow, ...] = ()
    probes: tuple[ProbeRow, ...] = ()
    complete: bool = True
    documents: tuple[DocumentRecord, ...] = ()
    doors: tuple[DoorRow, ...] = ()
    join: JoinResult = JoinResult.FEDERATED

    @property
    def unforgiven(self) -> tuple[RequirementRow, ...]:
        """The requirements that failed and stand in no list of deviations."""
        return tuple(row for row in self.requirements if row.outcome is Outcome.FAILED and not row.deviation)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run: where (`place` is the file that says so), when, with what, and every scenario of it."""

    schema: str
    run_id: str
    tool: str
    site: str
    backend: str
    started_at: datetime
    finished_at: datetime
    scenarios: tuple[ScenarioRecord, ...]
    interrupted: str = ""
    certification: CertificationRecord | None = None
    place: PlaceFile | None = None

    @property
    def unexplained_joins(self) -> tuple[str, ...]:
        """The joins of a certification that went another way than they were meant to, and nothing broken says why.

        A join that the machine cut off proves nothing about the IdP, and is none of them.
        """
        certified = self.certification
        if certified is None or any(row.outcome is Outcome.FAILED for row in certified.requirements):
            return ()
        return tuple(item.title for item in self.scenarios if item.join is not None and item.outcome is Outcome.FAILED)

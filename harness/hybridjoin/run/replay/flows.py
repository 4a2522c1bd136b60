"""Judges a run once more from its record alone: no lab, no network, no secret.

Each flow and each probe is gone through again with hands that answer from the record, and judged by the very functions
that judge a live run. What this version asks and the record does not hold is named, and nothing is made up for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from hybridjoin.device.driver import Logbook, drive
from hybridjoin.device.probes.catalogue import find_probe
from hybridjoin.device.probes.probe import ProbeContext
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.errors import LabError, NotRecorded
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.exchange import Transcript
from hybridjoin.model.kept_body import KeptInParts
from hybridjoin.model.record import ExpectationRecord, JoinRecord, ProbeRow, RunRecord, ScenarioRecord
from hybridjoin.model.recorded import recall
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.computer import Computer
from hybridjoin.run.attempt import Attempt, attempt, judged
from hybridjoin.run.flows import Again, find_flow
from hybridjoin.run.judge import Judged, judge_expectations
from hybridjoin.run.values import live_values
from hybridjoin.scenario.scenario import Expectation, Expected

FIRST_VERSION = "its record is of the first version, which kept pictures of what was said and no readings"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """What could not be judged again, and why: a scenario, a requirement, or a probe of a certification."""

    name: str
    reason: str

    @property
    def of_first_version(self) -> bool:
        """Tell whether the record is too old for it; else this version asks what the record does not hold."""
        return self.reason == FIRST_VERSION


@dataclass(slots=True)
class Replay:
    """A run judged again; `judged` names the flows that were, `not_judged` what was left as it stood."""

    before: RunRecord
    after: RunRecord
    judged: list[str] = field(default_factory=list)
    not_judged: list[NotJudged] = field(default_factory=list)


class CannotBeJudged(Exception):
    """A flow cannot be gone through from what a record holds; its text says why."""


def tape(kept: JoinRecord | ProbeRow) -> Transcript:
    """Return what a flow or a probe was told, as it was kept.

    Raises:
        CannotBeJudged: an answer was too large to be kept whole, or what should be base64 is none.
    """
    try:
        exchanges = tuple(recall(item) for item in kept.exchanges)
    except KeptInParts as parts:
        raise CannotBeJudged(str(parts)) from parts
    except ValueError as error:
        raise CannotBeJudged(f"what was said cannot be read: {error}") from error
    return Transcript(exchanges=exchanges, moments=kept.moments, identifiers=kept.identifiers, readings=kept.readings)


def attempt_again(join: JoinRecord) -> Attempt:
    """Send the device through its flow once more, as it was recorded.

    Raises:
        CannotBeJudged: the record does not hold what the flow asks for.
    """
    told = _told(join)
    hands = RecordedHands(tape(join))
    try:
        done = attempt(partial(_again(told), hands, told))
    except (LookupError, ValueError) as error:
        raise CannotBeJudged(f"this version cannot do what was done: {error}") from error
    except NotRecorded as missing:
        raise CannotBeJudged(str(missing)) from missing
    if hands.unheard:
        left = ", ".join(hands.unheard)
        raise CannotBeJudged(f"the flow no longer makes exchanges that the record holds: {left}")
    return done


def _again(told: Circumstances) -> Again:
    flow = find_flow(told.flow)
    if flow.again is None:
        raise LookupError(f"the flow '{flow.name}' cannot be gone through from a record")
    return flow.again


def _told(join: JoinRecord) -> Circumstances:
    if join.circumstances is None:
        raise CannotBeJudged(FIRST_VERSION)
    return join.circumstances


def replay_scenarios(record: RunRecord) -> Replay:
    """Judge each scenario of a run again; what was not run is left as it stands."""
    replay = Replay(before=record, after=record)
    replay.after = replace(record, scenarios=tuple(_scenarios(replay)))
    return replay


def _scenarios(replay: Replay) -> Iterator[ScenarioRecord]:
    for item in replay.before.scenarios:
        if item.join is None:
            yield item
            continue
        try:
            yield _scenario_again(item, item.join)
        except CannotBeJudged as reason:
            replay.not_judged.append(NotJudged(name=item.id, reason=str(reason)))
            yield item
        else:
            replay.judged.append(item.id)


def _scenario_again(item: ScenarioRecord, kept: JoinRecord) -> ScenarioRecord:
    done = attempt_again(kept)
    join = judged(find_flow(_told(kept).flow), kept.device, done.run)
    if join is None:
        return replace(item, join=None)
    expectations = tuple(_expectations(item, join, done)) if not done.cut_off else ()
    outcome = item.outcome
    if expectations:
        outcome = Outcome.PASSED if all(line.met for line in expectations) else Outcome.FAILED
    return replace(item, join=join, expectations=expectations or item.expectations, outcome=outcome)


def _expectations(item: ScenarioRecord, join: JoinRecord, done: Attempt) -> Iterator[ExpectationRecord]:
    """Hold the join against its scenario's lines again; a line that is not kept as it was written stays as it was."""
    told = _told(join)
    parts = done.run.evidence.parts if done.run.evidence else Parts()
    values = live_values(parts.get(Computer), site_of(told.site, told.device))
    seen = Judged(
        join=join,
        parts=parts,
        transcript=done.run.transcript,
        values=values,
        heard=item.heard,
        attempts=len(item.attempts) or 1,
    )
    for line in item.expectations:
        wanted = _expectation(line)
        yield judge_expectations((wanted,), seen)[0] if wanted else line


def _expectation(line: ExpectationRecord) -> Expectation | None:
    try:
        return Expectation(about=Expected(line.about), wanted=line.wanted, place=line.place, target=line.target)
    except ValueError:
        return None


def ask_again(row: ProbeRow, context: ProbeContext | None) -> ProbeResult:
    """Ask a probe once more, as it was recorded; `context` is what its join found out.

    Raises:
        CannotBeJudged: the record does not hold what the probe asks for, or nobody knows the probe.
    """
    if row.outcome is not Outcome.PASSED and not row.exchanges:
        skipped = row.outcome is Outcome.SKIPPED
        return ProbeResult(probe=row.id, skipped=row.note if skipped else "", interrupted="" if skipped else row.note)
    probe, log = find_probe(row.id), Logbook()
    if probe is None or context is None:
        raise CannotBeJudged(f"this version has no probe {row.id}" if context else "no join found out where to ask")
    try:
        result, transcript = drive(probe.flow(context), RecordedHands(tape(row)), logbook=log)
    except LabError as error:
        return ProbeResult(probe=probe.id, interrupted=error.cause, transcript=log.transcript)
    except (NotRecorded, LookupError) as missing:
        raise CannotBeJudged(str(missing)) from missing
    return replace(result, transcript=transcript)

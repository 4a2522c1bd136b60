"""A run as it happens: one JSON object a line, each whole and flushed, for whoever follows along.

`hybridjoin schema events` prints what a line may hold. Every line has `event`, `at` and, where it is about one
thing out of several, `number` and `total`. The last line is `run-finished`; a stream without it was cut off.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from hybridjoin.errors import SecretWouldLeave
from hybridjoin.model.events import Event, JobFinished, JobKind, JobStarted
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.record import JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.shown import harmless
from hybridjoin.model.verdict import BROKEN, Outcome
from hybridjoin.report.page.page import headline
from hybridjoin.report.reason_text import reason_json, reason_text
from hybridjoin.report.schemas.event_schema import SCHEMA
from hybridjoin.report.where_text import where_json, where_text


class EventStream:
    """Writes the events of one run; not for several threads at a time. Without `out` nobody listens.

    A listener that hangs up, or a full disk, ends the stream and not the run: `trouble` then says why. So does a line
    that would hold a secret: `leak` then names it.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self.trouble = ""
        self.leak: SecretWouldLeave | None = None
        self.lost = False

    def run_started(self, total: int) -> None:
        """Say how many scenarios, or stages of a certification, are known of."""
        self._say("run-started", schema=SCHEMA, total=total)

    def tell(self, event: Event) -> None:
        """Tell what the engine says: a scenario by its own words, a way through a flow or a probe as a stage."""
        number, total = event.number, event.total
        match event:
            case JobStarted(kind=JobKind.SCENARIO):
                self._scenario_started(event.name, number=number, total=total)
            case JobStarted():
                self._stage_started(event.name, number=number, total=total)
            case JobFinished(record=ScenarioRecord() as record):
                self._scenario_finished(record, number=number, total=total)
            case JobFinished():
                self._stage_finished(
                    event.name, event.outcome, elapsed_s=event.elapsed_s, note=event.note, number=number, total=total
                )

    def _scenario_started(self, name: str, *, number: int, total: int) -> None:
        """Say that a scenario begins."""
        self._say("scenario-started", id=name, number=number, total=total)

    def _scenario_finished(self, item: ScenarioRecord, *, number: int, total: int) -> None:
        """Tell how a scenario came out: first each verdict that is not passed, then the whole."""
        for verdict in item.join.verdicts if item.join else ():
            if verdict.outcome in BROKEN:
                self._say(
                    "verdict",
                    id=item.id,
                    requirement=verdict.requirement,
                    level=verdict.level,
                    outcome=verdict.outcome,
                    expected=verdict.expected,
                    found=verdict.found,
                    where=where_text(verdict.where),
                    place=where_json(verdict.where),
                )
        self._say(
            "scenario-finished",
            id=item.id,
            file=item.file,
            line=item.line,
            outcome=item.outcome,
            elapsed_s=round(item.elapsed_s, 3),
            join=_join(item.join),
            unmet=[
                {"name": line.name, "place": line.place, "expected": line.expected, "found": line.found}
                for line in item.expectations
                if not line.met
            ],
            error=item.error,
            number=number,
            total=total,
        )

    def _stage_started(self, name: str, *, number: int, total: int) -> None:
        """Say that a join or a probe of a certification begins."""
        self._say("stage-started", name=name, number=number, total=total)

    def _stage_finished(
        self, name: str, outcome: Outcome, *, elapsed_s: float, note: str, number: int, total: int
    ) -> None:
        """Say that a join or a probe is done; `note` says what came of it where that is not plain."""
        self._say(
            "stage-finished",
            name=name,
            outcome=outcome,
            elapsed_s=round(elapsed_s, 3),
            note=note,
            number=number,
            total=total,
        )

    def certification_finished(self, record: RunRecord, report: Path | None) -> None:
        """Tell the answer to every requirement, then how it came out; nothing follows."""
        for row in record.certification.requirements if record.certification else ():
            self._say(
                "requirement",
                requirement=row.id,
                level=row.level,
                outcome=row.outcome,
                expected=row.expected,
                found=row.found,
                where=where_text(row.where),
                place=where_json(row.where),
                deviation=row.deviation,
                tested=row.tested,
                why_not=reason_text(row.not_tested),
                not_tested=reason_json(row.not_tested),
            )
        self.run_finished(record, report)

    def run_finished(self, record: RunRecord, report: Path | None) -> None:
        """Say how the run came out and where its report lies; nothing follows.

        `counts` are those of the requirements of a certification, of the scenarios of any other run.
        """
        counted = record.certification.requirements if record.certification else record.scenarios
        counts = Counter(item.outcome.value for item in counted)
        self._say(
            "run-finished",
            run_id=record.run_id,
            headline=headline(record),
            counts=dict(sorted(counts.items())),
            interrupted=record.interrupted,
            report=str(report) if report else None,
        )

    def _say(self, event: str, **rest: object) -> None:
        if self._out is None:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        try:
            # ASCII alone: no reader can disagree on encoding, nor on what ends a line.
            line = harmless(json.dumps({"event": event, "at": at, **rest})) + "\n"
            demand_no_secret(f"the event '{event}'", line.encode("ascii"))
            self._out.write(line)
            self._out.flush()
        except SecretWouldLeave as leak:
            self._out, self.leak = None, leak
        except OSError as error:
            self._out, self.trouble = None, error.strerror or type(error).__name__
            self.lost = not isinstance(error, BrokenPipeError)


def _join(join: JoinRecord | None) -> dict[str, Any] | None:
    if join is None:
        return None
    codes = [code.code for failure in (join.failure, join.fallback_failure) if failure for code in failure.codes]
    return {"device": join.device, "result": join.result, "codes": codes}

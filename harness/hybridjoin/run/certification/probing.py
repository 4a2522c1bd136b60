"""The probes of a certification as jobs, and as rows of its record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from hybridjoin.device.prober import Prober
from hybridjoin.device.probes.catalogue import find_probe
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.events import JobKind
from hybridjoin.model.record import ProbeRow
from hybridjoin.model.recorded import keep as record_exchange
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, JobDone

GIVE_UP_AFTER: Final = 3


def probe_jobs(
    plan: Plan, prober: Prober, keep: Callable[[ProbeResult], None], away: Callable[[], str]
) -> Iterator[ProbeJob]:
    """Yield a job for every probe of the plan; hostile ones are asked only where nobody forbids it.

    `away` says why the surroundings no longer answer, or nothing: an answer counts where they still do after it.

    After three in a row that the machine spoiled the rest is not tried: it would only take the time.
    """
    forbidden = plan.forbids_harm_to(prober.hosts)
    spoilt = 0

    def note(result: ProbeResult) -> None:
        nonlocal spoilt
        spoilt = spoilt + 1 if result.interrupted else 0
        keep(result)

    for probe in plan.probes:
        if spoilt >= GIVE_UP_AFTER:
            words = f"{GIVE_UP_AFTER} probes before it were interrupted"
            yield ProbeJob(name=probe.id, ask=partial(ProbeResult, probe=probe.id, interrupted=words), keep=keep)
        elif probe.hostile and forbidden:
            yield ProbeJob(name=probe.id, ask=partial(ProbeResult, probe=probe.id, skipped=forbidden), keep=keep)
        else:
            yield ProbeJob(name=probe.id, ask=partial(prober.ask, probe, hostile=plan.hostile), keep=note, away=away)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeJob:
    """One probe; what the machine spoils of it keeps no other from being asked, unless the surroundings are gone."""

    name: str
    ask: Callable[[], ProbeResult]
    keep: Callable[[ProbeResult], None]
    away: Callable[[], str] = str

    @property
    def kind(self) -> JobKind:
        """A probe."""
        return JobKind.PROBE

    def carry_out(self) -> JobDone:
        """Ask, and keep the answer at once; one that was given while the surroundings were away is nobody's."""
        result, gone = self.ask(), self.away()
        if gone:
            result = replace(result, interrupted=gone.splitlines()[0])
        self.keep(result)
        return JobDone(outcome=_outcome(result), note=_note(result), stop=gone)

    def broken_off(self) -> JobDone:
        """Keep nothing: whoever writes the record counts it among the probes that nobody came to."""
        return JobDone(outcome=Outcome.INTERRUPTED, note=INTERRUPTED_BY_HAND, stop=INTERRUPTED_BY_HAND)


def probe_rows(results: Iterable[ProbeResult]) -> tuple[ProbeRow, ...]:
    """Return what became of each probe; passed says that it was asked, not what the answer is worth."""
    rows = []
    for result in results:
        probe = find_probe(result.probe)
        rows.append(
            ProbeRow(
                id=result.probe,
                sentence=probe.sentence if probe else "",
                hostile=probe is not None and probe.hostile,
                outcome=_outcome(result),
                note=_note(result),
                sent_digest=result.answers[0].sent_digest if result.answers else "",
                exchanges=tuple(record_exchange(item) for item in result.transcript.exchanges),
                moments=result.transcript.moments,
                identifiers=result.transcript.identifiers,
                readings=result.transcript.readings,
            )
        )
    return tuple(rows)


def _outcome(result: ProbeResult) -> Outcome:
    if result.interrupted:
        return Outcome.INTERRUPTED
    return Outcome.SKIPPED if result.skipped else Outcome.PASSED


def _note(result: ProbeResult) -> str:
    return result.interrupted or result.skipped or "; ".join(answer.words for answer in result.answers)

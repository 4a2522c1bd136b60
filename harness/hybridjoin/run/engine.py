"""The engine: jobs carried out one after the other, each told, until there are none left or one may have no successor.

A job is a scenario, a device's way through a flow, or a probe; it knows how it is done and who keeps what came of it.
The engine knows how a run goes on and how it stops: what had been done is kept, whoever stopped it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from hybridjoin.model.events import JobFinished, JobKind, JobStarted, OnEvent
from hybridjoin.model.hiding import hide_text
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.verdict import Outcome

INTERRUPTED_BY_HAND: Final = "interrupted by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    """What a job says of itself; `stop` says why no other may follow it, and is empty where one may."""

    outcome: Outcome
    note: str = ""
    record: ScenarioRecord | None = None
    stop: str = ""


class Job(Protocol):
    """One thing to be done, and kept by whoever asked for it."""

    @property
    def name(self) -> str:
        """What listeners are told."""

    @property
    def kind(self) -> JobKind:
        """What sort of job it is."""

    def carry_out(self) -> JobDone:
        """Do it and keep what came of it; trouble of lab or machine is an outcome, a mistake of the user's raises."""

    def broken_off(self) -> JobDone:
        """Keep what there is to keep of a job that a person stopped in the middle."""


def carry_out(jobs: Iterable[Job], total: Callable[[], int], on_event: OnEvent) -> str:
    """Carry jobs out in their order and tell of each; return what stopped them before their end, or nothing.

    `total` is asked anew for each job: a certification learns from its first join how many more there are.
    """
    try:
        for number, job in enumerate(jobs, start=1):
            on_event(JobStarted(name=job.name, kind=job.kind, number=number, total=total()))
            start = time.perf_counter()
            done = _done(job)
            elapsed_s = time.perf_counter() - start
            on_event(finished(job.name, job.kind, done, elapsed_s=elapsed_s, number=number, total=total()))
            if done.stop:
                return done.stop
    except KeyboardInterrupt:  # between two jobs, or while somebody is told: what was kept is whole
        return INTERRUPTED_BY_HAND
    return ""


def _done(job: Job) -> JobDone:
    try:
        return job.carry_out()
    except KeyboardInterrupt:
        return job.broken_off()


def finished(name: str, kind: JobKind, done: JobDone, *, elapsed_s: float, number: int, total: int) -> JobFinished:
    """Return the word that a job is done."""
    return JobFinished(
        name=name,
        kind=kind,
        outcome=done.outcome,
        elapsed_s=elapsed_s,
        number=number,
        total=total,
        note=hide_text(done.note),
        record=done.record,
    )

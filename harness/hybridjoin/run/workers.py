"""Several scenarios at a time: a process each, because a Kerberos library knows one configuration per process.

All of them share one directory, which this process brings up. Each worker closes what it opened itself:
on the last task, on Ctrl-C (which the terminal sends to all) and on SIGTERM.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from hybridjoin.errors import HarnessError, LabError, Mistake, UsageError
from hybridjoin.model.events import JobKind, JobStarted, OnEvent
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, finished
from hybridjoin.run.ports import Place
from hybridjoin.run.scenarios import run_scenario, scenario_done
from hybridjoin.run.session import mistakes_before_start, run_record
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.signals import ENDING_SIGNALS, orderly_exit, signals_held

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

STOP_WITHIN_S = 30.0
LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerMessage:
    """A worker's word about the scenario of that number: begun, done, what it could not do, or the user's mistakes."""

    number: int
    record: ScenarioRecord | None = None
    trouble: str = ""
    mistakes: tuple[Mistake, ...] = ()


def run_parallel(scenarios: Sequence[Scenario], place: Place, workers: int, on_event: OnEvent) -> RunRecord:
    """Run scenarios on several processes; records come back in the order of the files.

    Raises:
        UsageError: scenarios ask for what nobody knows, or a worker met a mistake of a file's.
    """
    started_at = datetime.now(UTC)
    records: dict[int, ScenarioRecord] = {}
    with place.open() as provider:
        mistakes = mistakes_before_start(scenarios, provider)
        if mistakes:
            raise UsageError(*mistakes)
        interrupted = ""
        try:
            with provider.shared(), _crew(scenarios, place, workers) as told:
                interrupted = _listen(told, scenarios, records, on_event)
        except KeyboardInterrupt:
            interrupted = INTERRUPTED_BY_HAND
        except LabError as error:
            interrupted = str(error)
        ordered = [records[number] for number in sorted(records)]
        return run_record(ordered, provider, started_at=started_at, interrupted=interrupted)


def _listen(
    told: Iterator[WorkerMessage], scenarios: Sequence[Scenario], records: dict[int, ScenarioRecord], on_event: OnEvent
) -> str:
    """Keep what the workers say until all is done, or something could not be; return what stopped it."""
    total = len(scenarios)
    for word in told:
        if word.mistakes:
            raise UsageError(*word.mistakes)
        name = scenarios[word.number].id
        if word.trouble:
            return word.trouble
        if word.record is None:
            on_event(JobStarted(name=name, kind=JobKind.SCENARIO, number=word.number + 1, total=total))
            continue
        records[word.number] = record = word.record
        done = scenario_done(record)
        on_event(finished(name, JobKind.SCENARIO, done, elapsed_s=record.elapsed_s, number=len(records), total=total))
        if done.stop:
            return done.stop
        if len(records) == total:
            return ""
    return "the workers stopped before all scenarios were done"


@contextmanager
def _crew(scenarios: Sequence[Scenario], place: Place, workers: int) -> Iterator[Iterator[WorkerMessage]]:
    """Start the workers and yield what they tell; none is left when the block ends."""
    context = multiprocessing.get_context("spawn")
    tasks: Queue[tuple[int, Scenario] | None] = context.Queue()
    words: Queue[WorkerMessage] = context.Queue()
    for task in enumerate(scenarios):
        tasks.put(task)
    for _ in range(workers):
        tasks.put(None)
    crew = [context.Process(target=_work, args=(place, tasks, words), daemon=False) for _ in range(workers)]
    try:
        with signals_held():
            for worker in crew:
                worker.start()
        yield _words(words, crew)
    finally:
        _dismiss([worker for worker in crew if worker.pid is not None], tasks)


def _words(words: Queue[WorkerMessage], crew: Sequence[BaseProcess]) -> Iterator[WorkerMessage]:
    while True:
        try:
            yield words.get(timeout=LOOK_EVERY_S)
        except queue.Empty:
            if not any(worker.is_alive() for worker in crew) and words.empty():
                return


def _dismiss(crew: Sequence[BaseProcess], tasks: Queue[tuple[int, Scenario] | None]) -> None:
    """Take the tasks that are left away, and wait: a worker has a lab of its own to take down, perhaps."""
    tasks.cancel_join_thread()
    while True:
        try:
            tasks.get_nowait()
        except queue.Empty:
            break
    for worker in crew:
        if worker.is_alive():
            tasks.put(None)
    for worker in crew:
        worker.join(timeout=STOP_WITHIN_S)
        if worker.is_alive():
            worker.terminate()
            worker.join(timeout=STOP_WITHIN_S)


def _work(place: Place, tasks: Queue[tuple[int, Scenario] | None], words: Queue[WorkerMessage]) -> None:
    """Be one worker: run what the queue gives until it gives nothing."""
    number = 0
    try:
        with orderly_exit():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
            with place.open() as provider:
                while (task := tasks.get()) is not None:
                    number, scenario = task
                    words.put(WorkerMessage(number=number))
                    words.put(WorkerMessage(number=number, record=run_scenario(scenario, provider)))
    except UsageError as refusal:
        words.put(WorkerMessage(number=number, mistakes=refusal.mistakes))
    except HarnessError as error:
        words.put(WorkerMessage(number=number, trouble=str(error)))
    except KeyboardInterrupt:
        words.put(WorkerMessage(number=number, trouble=INTERRUPTED_BY_HAND))

"""Several scenarios at a time: a process each, because a Kerberos library knows one configuration per process.

All of them share one directory, which this process brings up. Each worker has a line of its own to this process, and
is handed one scenario after the other: there is no queue whose lock one of them could take along into its death. Each
closes what it opened itself: after the last scenario, on Ctrl-C (which the terminal sends to all), on SIGTERM, and when
this process is no more.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import cast

from hybridjoin.errors import HarnessError, LabError, Mistake, UsageError
from hybridjoin.model.earlier import Trace
from hybridjoin.model.events import JobKind, JobStarted, OnEvent
from hybridjoin.model.record import RunRecord, ScenarioRecord
from hybridjoin.model.vault import VAULT
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, finished
from hybridjoin.run.ports import Place
from hybridjoin.run.scenarios import run_scenario, scenario_done
from hybridjoin.run.session import left_out, mistakes_before_start, run_record
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.signals import ENDING_SIGNALS, LEAVES_WITHIN_S, orderly_exit, put_off, signals_held

LEAVE_WITHIN_S = 10.0
"""How long a worker may take to close its place when all is done."""
TOLD_LEAVE_WITHIN_S = 2.0
"""How long one may take that was told to go; whatever it leaves is swept by the next start."""

Task = tuple[int, Scenario]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerMessage:
    """A worker's word about the scenario of that number: done, what it could not do, or the user's mistakes.

    A word without any of them says that the worker is ready for its first scenario. `traces` are those of the secrets
    that it met, so that they are looked for in what this process writes; of what is too short for a trace, such as a
    password, itself goes over the line, which is a pair of sockets that nobody else has.
    """

    record: ScenarioRecord | None = None
    trouble: str = ""
    traces: Mapping[int, Trace] = field(default_factory=dict, repr=False)
    without_traces: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    mistakes: tuple[Mistake, ...] = ()


@dataclass(slots=True)
class _Worker:
    """A process, the line to it, and the number of the scenario that it is at."""

    process: BaseProcess
    line: Connection
    at: int | None = None


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
            with provider.shared(), _crew(place, workers) as crew:
                interrupted = _lead(crew, scenarios, records, on_event)
        except KeyboardInterrupt:
            interrupted = INTERRUPTED_BY_HAND
        except LabError as error:
            interrupted = str(error)
        missing = [number for number in range(len(scenarios)) if number not in records]
        told = left_out((scenarios[number] for number in missing), interrupted)
        records |= dict(zip(missing, told, strict=False))
        ordered = [records[number] for number in sorted(records)]
        return run_record(ordered, provider, started_at=started_at, interrupted=interrupted)


def _lead(
    crew: Sequence[_Worker], scenarios: Sequence[Scenario], records: dict[int, ScenarioRecord], on_event: OnEvent
) -> str:
    """Hand scenarios out and keep what comes back, until all is done or something could not be; return what stopped it.

    Raises:
        UsageError: a worker met a mistake of a file's.
    """
    left, total = iter(enumerate(scenarios)), len(scenarios)
    while len(records) < total:
        for worker in _who_speaks(crew):
            word = _hear(worker, scenarios)
            if word.mistakes:
                raise UsageError(*word.mistakes)
            if word.trouble:
                return word.trouble
            if word.record is not None and worker.at is not None:
                records[worker.at] = word.record
                stop = _tell_finished(word.record, number=len(records), total=total, on_event=on_event)
                if stop:
                    return stop
            _hand_out(worker, next(left, None), total, on_event)
    return ""


def _who_speaks(crew: Sequence[_Worker]) -> list[_Worker]:
    """Wait until somebody has a word, or is no more."""
    lines = [worker.line for worker in crew if not worker.line.closed]
    ready = wait(lines)
    return [worker for worker in crew if worker.line in ready]


def _hear(worker: _Worker, scenarios: Sequence[Scenario]) -> WorkerMessage:
    """Return a worker's word; where its line is broken, the words for its death."""
    try:
        word = cast("WorkerMessage", worker.line.recv())
        VAULT.take_over(word.traces, word.without_traces)
    except (EOFError, OSError):
        worker.process.join(TOLD_LEAVE_WITHIN_S)
        code = worker.process.exitcode
        how = f"by signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"with exit code {code}"
        what = f"at the scenario {scenarios[worker.at].id}" if worker.at is not None else "before its first scenario"
        return WorkerMessage(
            trouble=f"a worker process ended {how} {what}\n"
            "what to do: look whether the machine killed it (memory), then run again, with fewer of them (-n)"
        )
    return word


def _hand_out(worker: _Worker, task: Task | None, total: int, on_event: OnEvent) -> None:
    """Give a worker its next scenario, or nothing more."""
    if task is not None:
        worker.at, name = task[0], task[1].id
        on_event(JobStarted(name=name, kind=JobKind.SCENARIO, number=worker.at + 1, total=total))
    with suppress(OSError):  # whoever died meanwhile is heard of next
        worker.line.send(task)
    if task is None:
        worker.at = None
        worker.line.close()


def _tell_finished(record: ScenarioRecord, *, number: int, total: int, on_event: OnEvent) -> str:
    done = scenario_done(record)
    on_event(finished(record.id, JobKind.SCENARIO, done, elapsed_s=record.elapsed_s, number=number, total=total))
    return done.stop


@contextmanager
def _crew(place: Place, workers: int) -> Iterator[Sequence[_Worker]]:
    """Start the workers; none is left when the block ends, and where it ends early they are told at once."""
    context = multiprocessing.get_context("spawn")
    crew: list[_Worker] = []
    whole = False
    resource_tracker.ensure_running()  # when it is started it lets signals through that were blocked before
    try:
        with signals_held():
            for _ in range(workers):
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(place, theirs), daemon=False)
                process.start()
                theirs.close()
                crew.append(_Worker(process=process, line=ours))
        yield crew
        whole = all(worker.at is None for worker in crew)
    finally:
        _dismiss(crew, at_once=not whole)


def _dismiss(crew: Sequence[_Worker], *, at_once: bool) -> None:
    """Wait for the workers to close their places; all of them are told before any is waited for."""
    for worker in crew:
        worker.line.close()
    try:
        if not at_once:
            _await(crew, LEAVE_WITHIN_S)
    finally:
        with put_off():
            for end in (BaseProcess.terminate, BaseProcess.kill):
                for worker in crew:
                    end(worker.process)
                _await(crew, TOLD_LEAVE_WITHIN_S)


def _await(crew: Sequence[_Worker], within_s: float) -> None:
    """Wait for all of them together."""
    deadline = time.monotonic() + within_s
    while (left_s := deadline - time.monotonic()) > 0:
        alive = [worker.process.sentinel for worker in crew if worker.process.is_alive()]
        if not alive:
            return
        wait(alive, timeout=left_s)


def _work(place: Place, line: Connection) -> None:
    """Be one worker: run what comes down the line until nothing more does."""
    try:
        with orderly_exit(within_s=LEAVES_WITHIN_S):
            threading.Thread(target=_outlive_nobody, name="watch over the parent", daemon=True).start()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
            _carry_out(place, line)
    except KeyboardInterrupt:
        with suppress(OSError):
            line.send(WorkerMessage(trouble=INTERRUPTED_BY_HAND))


def _carry_out(place: Place, line: Connection) -> None:
    word = WorkerMessage()
    try:
        with place.open() as provider:
            line.send(word)
            while (task := cast("Task | None", line.recv())) is not None:
                done = run_scenario(task[1], provider)
                line.send(WorkerMessage(record=done, traces=VAULT.traces, without_traces=VAULT.without_traces))
    except UsageError as refusal:
        line.send(WorkerMessage(mistakes=refusal.mistakes))
    except HarnessError as error:
        line.send(WorkerMessage(trouble=str(error)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody is there any more who would hear


def _outlive_nobody() -> None:
    """Tell this process to go when the one that started it is no more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

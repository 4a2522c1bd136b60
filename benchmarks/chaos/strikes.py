"""Commands that are struck at random moments: how long they take to go, what they leave, what the next start leaves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chaos.ground import NEXT_START_WITHIN_S, SCENARIOS, Ground, ground, until_gone

GOES_WITHIN_S = 5.0
ORPHANS_GO_WITHIN_S = 10.0
AT_ONCE, ROUND = 2, 20
FRESH, PROVISIONING_S = 0.1, 5.0
"""How many strikes fall while a domain may still be provisioned, and how much longer that takes."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
# How long each takes when nobody strikes, in seconds on two busy cores: where the moments are drawn from.
LASTS_S: Mapping[str, float] = {"run": 5.0, "run -n 2": 8.0, "certify": 12.0, "demo": 5.0, "lab up": 4.0}
_HEAD = (
    f"{'struck':10} {'signal':8} {'points':>6} {'survived':>9} {'left to the next start':>23} {'s to go, max':>13}"
    f" {'load, max':>10}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One signal at one moment; `fresh` strikes while the domain is provisioned too."""

    command: str
    backend: str
    number: signal.Signals
    group: bool
    after_s: float
    fresh: bool = False

    def __str__(self) -> str:
        whom, when = "the group" if self.group else "the process", f"after {self.after_s:.2f} s"
        return f"{self.command} ({self.backend}), {self.number.name} to {whom} {when}{', fresh' if self.fresh else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """What came of a strike; `faults` is empty where it was survived. One that came too late struck nobody.

    `load` is what the machine's run queue held meanwhile: others' work makes whoever goes slower.
    """

    strike: Strike
    in_time: bool
    load: float
    went_after_s: float
    left_before_sweep: tuple[str, ...]
    faults: tuple[str, ...]


def let_signals_through() -> None:
    """Let every command that is started from now on hear what it is struck by.

    What ignores a signal starts others that ignore it: a shell's job in the background, and whatever `nohup` runs.
    """
    for number in SIGNALS:
        if number is not signal.SIGKILL and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # a handler is nobody's heritage


def strikes(seed: int, backends: Sequence[str]) -> Iterator[Strike]:
    """Draw strikes without end: each command with each signal as often as any other, the moments by chance."""
    chance = random.Random(seed)  # noqa: S311 - to be drawn again by its seed
    kinds = [
        (command, backend, number, group)
        for command in LASTS_S
        for backend in backends
        for number in SIGNALS
        for group in (False, True)
    ]
    while True:
        chance.shuffle(kinds)
        for command, backend, number, group in kinds:
            fresh = backend == "process" and chance.random() < FRESH
            after_s = chance.uniform(0.1, LASTS_S[command] + PROVISIONING_S * fresh)
            yield Strike(command=command, backend=backend, number=number, group=group, after_s=after_s, fresh=fresh)


def carry_out(points: int, drawn: Iterator[Strike], cache: Path) -> Iterator[Struck]:
    """Strike, a few at once, until so many have struck in time."""
    hits = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while hits < points:
            some = [next(drawn) for _ in range(min(points - hits, ROUND))]
            for struck in pool.map(lambda strike: strike_once(strike, cache), some):
                hits += struck.in_time
                yield struck


def strike_once(strike: Strike, cache: Path) -> Struck:
    """Start, strike, watch it go, and be the next start."""
    with ground(None if strike.fresh else cache) as here:
        process = here.start(*_arguments(strike, here))
        try:
            process.wait(strike.after_s)
            in_time = False
        except subprocess.TimeoutExpired:
            (os.killpg if strike.group else os.kill)(process.pid, strike.number)
            in_time = True
        began = time.monotonic()
        faults = list(_went(strike, process))
        went_after_s = time.monotonic() - began
        if strike.command == "lab up" and process.returncode == 0:
            here.start("lab", "down").wait(NEXT_START_WITHIN_S)
        until_gone(here, ORPHANS_GO_WITHIN_S)
        before = tuple(here.left())
        here.sweep()
        faults += here.left()
        if "Traceback" in here.told:
            frames = [line.strip() for line in here.told.splitlines() if line.startswith("  File ")]
            faults.append(f"a traceback through {frames[0]} to {frames[-1]}" if frames else "a traceback")
        return Struck(
            strike=strike,
            in_time=in_time,
            load=os.getloadavg()[0],
            went_after_s=went_after_s,
            left_before_sweep=before,
            faults=tuple(faults),
        )


def _arguments(strike: Strike, here: Ground) -> tuple[str | Path, ...]:
    lab, reports = ("--lab", strike.backend), ("--report-dir", here.reports)
    return {
        "run": ("run", SCENARIOS, *lab, *reports),
        "run -n 2": ("run", SCENARIOS, "-n", "2", *lab, *reports),
        "certify": ("certify", *lab, *reports),
        "demo": ("demo", *lab, *reports),
        "lab up": ("lab", "up", *lab),
    }[strike.command]


def _went(strike: Strike, process: subprocess.Popen[str]) -> Iterator[str]:
    """Wait for the command's end, and say what is wrong with it."""
    try:
        code = process.wait(GOES_WITHIN_S)
    except subprocess.TimeoutExpired:
        yield f"not gone within {GOES_WITHIN_S:g} s"
        process.kill()
        process.wait()
        return
    if code not in {0, 128 + strike.number, -strike.number}:
        yield f"exit code {code}"


def table(done: Sequence[Struck]) -> str:
    """Draw what was survived, by command and signal, of those that struck in time; then whatever was not."""
    lines = [_HEAD]
    hits = [item for item in done if item.in_time]
    for command in LASTS_S:
        for number in SIGNALS:
            some = [item for item in hits if item.strike.command == command and item.strike.number is number]
            lines += [_row(command, number.name, some)] if some else []
    lines.append(_row("all", "", hits))
    lines.extend(
        f"NOT SURVIVED: {item.strike}: {fault} (load {item.load:.1f})" for item in done for fault in item.faults
    )
    return "\n".join(lines)


def _row(command: str, number: str, some: Sequence[Struck]) -> str:
    survived = sum(not item.faults for item in some)
    swept = sum(bool(item.left_before_sweep) for item in some)
    slowest = max((item.went_after_s for item in some), default=0.0)
    load = max((item.load for item in some), default=0.0)
    return f"{command:10} {number:8} {len(some):6} {survived:9} {swept:23} {slowest:13.1f} {load:10.1f}"

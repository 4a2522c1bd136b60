"""What is asked of a peer, by the harness' own commands and its site file alone, and what came of it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from hybridjoin.model.record import CertificationRecord, JoinRecord, RunRecord, ScenarioRecord
from hybridjoin.model.verdict import BROKEN, Outcome
from hybridjoin.report.json_report import decode_record, read_record
from tests.peers.catalogue import BROWSER_MISTAKES, scenario_of
from tests.peers.standing import Ground, Running

ROOT = Path(__file__).parents[2]
COMMAND_WITHIN_S = 300
SIGN_IN, BY_TICKET = "sign-in by browser", "sign-in by browser, by ticket"
Told = frozenset[tuple[str, str]]
"""What is said against a peer: requirement and outcome."""


class Came(StrEnum):
    """How a trial came out; `SILENT` where the peer does not speak what is asked."""

    PASSED = "passed"
    FAILED = "failed"
    SILENT = "not spoken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One cell of the page: how it came out, in words, and what it cost: on our side, and on the peer's.

    `requirements` is what a certification said of each of them, in a word.
    """

    name: str
    came: Came
    words: str
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peer_cpu_s: float = 0.0
    counts: str = ""
    requirements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command of ours that ended: its exit code, the record that it left, and what it cost."""

    code: int
    record: RunRecord | None
    words: str
    wall_s: float
    cpu_s: float
    peer_cpu_s: float

    def trial(self, name: str, faults: Iterable[str], good: str, counts: str = "") -> Trial:
        """Return the trial that this was: passed where nothing is wrong with it."""
        wrong = "; ".join(faults)
        return Trial(
            name=name,
            came=Came.FAILED if wrong else Came.PASSED,
            words=wrong or good,
            wall_s=self.wall_s,
            cpu_s=self.cpu_s,
            peer_cpu_s=self.peer_cpu_s,
            counts=counts,
        )


def carried_out(ground: Ground, running: Running, reports: Path, *arguments: str | Path) -> Done:
    """Run a command of ours against a peer that is up, in an environment that knows nothing of its directory."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "HYBRIDJOIN_CACHE") if name in os.environ}
    environment = {**kept, "HYBRIDJOIN_STATE": str(ground.state), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "hybridjoin", *map(str, arguments), "--site", str(ground.site_file)]
    kept_in = ["--json"] if arguments[0] == "join" else ["--report-dir", str(reports)]
    began, ours, theirs = time.monotonic(), our_cpu_s(), running.cpu_s()
    done = subprocess.run(
        [*command, *kept_in],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=COMMAND_WITHIN_S,
        check=False,
    )
    latest, printed = reports / "latest", done.stdout.encode() if arguments[0] == "join" else b""
    return Done(
        code=done.returncode,
        record=_record(latest, printed),
        words=" / ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]),
        wall_s=time.monotonic() - began,
        cpu_s=our_cpu_s() - ours,
        peer_cpu_s=running.cpu_s() - theirs,
    )


def _record(latest: Path, printed: bytes) -> RunRecord | None:
    if printed:
        return decode_record(printed, place="what join printed")
    return read_record(latest) if latest.exists() else None


def our_cpu_s() -> float:
    """Return the processor time that the commands which have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def said_of(join: JoinRecord) -> Told:
    """Return what a join's verdicts say against the peer."""
    return frozenset((item.requirement, item.outcome.value) for item in join.verdicts if item.outcome in BROKEN)


def the_join(done: Done) -> ScenarioRecord | None:
    """Return the one scenario that a command carried out, where it left a record."""
    scenarios = done.record.scenarios if done.record is not None else ()
    return scenarios[0] if len(scenarios) == 1 else None


def unmet(scenario: ScenarioRecord) -> Iterator[str]:
    """Say which expectations a scenario did not meet."""
    for item in scenario.expectations:
        if not item.met:
            yield f"{item.name}: expected {item.expected}, found {item.found}"


def faults_of_a_join(done: Done) -> Iterator[str]:
    """Say what is wrong with a scenario that was carried out."""
    scenario = the_join(done)
    if scenario is None or scenario.join is None:
        yield f"exit code {done.code}: {done.words}"
        return
    yield from unmet(scenario)
    if done.code != 0 and all(item.met for item in scenario.expectations):
        yield f"exit code {done.code}: {done.words}"


def faults_of_a_mistake(scenario: ScenarioRecord, good: Told, *, beside: frozenset[str] = frozenset()) -> Iterator[str]:
    """Say where a mistake was told otherwise than for exactly its own reason.

    `good` is what is said without it, `beside` the requirements that the same mistake breaks as well.
    """
    assert scenario.join is not None
    found = said_of(scenario.join)
    unasked = {item.requirement for item in scenario.join.verdicts if item.outcome is Outcome.SKIPPED}
    wanted = {(item.target, word) for item in scenario.expectations if item.about == "verdict" for word in item.wanted}
    if not wanted:
        yield f"{scenario.file} names no requirement that has to tell of it"
    yield from (f"{name} {outcome} besides" for name, outcome in sorted(found - good - wanted) if name not in beside)
    silent = sorted(item for item in good - found if item[0] not in unasked)  # a join that ends early asks no more
    yield from (f"{name} {outcome} is not told any more" for name, outcome in silent)
    yield from (f"{name} was expected, and is said without the mistake too" for name, _ in sorted(wanted & good))


def named_value(scenario: ScenarioRecord) -> str:
    """Return what the requirements that told of a mistake found: the value is named, or that there is none.

    What Entra's token endpoint says is left out, for it says the same of all.
    """
    assert scenario.join is not None
    wanted = {item.target for item in scenario.expectations if item.about == "verdict"} - {"TOKEN-01"}
    found = (item for item in scenario.join.verdicts if item.requirement in wanted)
    return "; ".join(f"{item.requirement}: {item.found}" for item in found)


def faults_of_a_certification(certified: CertificationRecord) -> Iterator[str]:
    """Say what is new about a peer, and what has healed: either way somebody has to look."""
    for row in certified.requirements:
        if row.outcome in BROKEN and not row.deviation:
            yield f"new: {row.id} {row.level} {row.outcome}, found {row.found}"
        if row.outcome is Outcome.INTERRUPTED:
            yield f"not found out: {row.id}"
    for item in certified.deviations:
        if item.problem:
            yield f"{item.requirement} of {item.owner} {item.problem}"


def counted(certified: CertificationRecord) -> str:
    """Count passed, failed, deviating and skipped requirements."""
    rows = certified.requirements
    broken = [row for row in rows if row.outcome in BROKEN]
    return " / ".join(
        str(number)
        for number in (
            sum(row.outcome is Outcome.PASSED for row in rows),
            sum(not row.deviation for row in broken),
            sum(bool(row.deviation) for row in broken),
            sum(row.outcome is Outcome.SKIPPED for row in rows),
        )
    )


def said_of_each(certified: CertificationRecord) -> dict[str, str]:
    """Return what was said of each requirement: how it came out, and whether that is listed."""
    return {row.id: f"{row.outcome} (listed)" if row.deviation else str(row.outcome) for row in certified.requirements}


def browse(ground: Ground, running: Running, reports: Path, mistake: str) -> Done:
    """Sign a person in by browser, as the scenario file of the mistake, or of none, expects it."""
    return carried_out(ground, running, reports, "run", scenario_of(mistake, of=BROWSER_MISTAKES))


def certify(ground: Ground, running: Running, reports: Path, *more: str) -> Trial:
    """Certify a peer, and hold it against the list that stands beside its site file."""
    name = " ".join(("certify", *more))
    done = carried_out(ground, running, reports, *name.split())
    certified = done.record.certification if done.record is not None else None
    if certified is None:
        return done.trial(name, [f"exit code {done.code}: {done.words}"], "")
    faults = list(faults_of_a_certification(certified))
    if done.code != 0 and not faults:
        faults = [f"exit code {done.code}: {done.words}"]
    counts = counted(certified)
    return replace(done.trial(name, faults, f"as listed: {counts}", counts), requirements=said_of_each(certified))


def join(ground: Ground, running: Running, reports: Path, trust: str) -> Done:
    """Join a computer by one version of WS-Trust, with nothing wrong."""
    return carried_out(ground, running, reports, "join", "--scenario", scenario_of("none"), "-k", trust)


def run(ground: Ground, running: Running, reports: Path, mistake: str) -> Done:
    """Join a computer by each version of WS-Trust that the peer speaks, as the mistake's scenario file expects it."""
    spoken = " or ".join(ground.peer.trusts)
    return carried_out(ground, running, reports, "run", scenario_of(mistake), "-k", spoken)

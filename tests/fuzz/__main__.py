"""Coverage-guided fuzzing of every reader, a forked process for each: `python -m tests.fuzz --seconds 600`.

The rooms are instrumented once, and each process begins with that. A reader that raises what it has not declared, takes
longer than SLOW_S or more than MOST_MB has a finding: its octets are kept, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path

import atheris

with redirect_stderr(StringIO()), atheris.instrument_imports(include=["hybridjoin"]):  # it names each module
    from tests.fuzz.readers import TARGETS
from tests.fuzz.target import Target

SLOW_S, MOST_MB = 5, 1024
LEAST_S = 2
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s*(\d+)")
_CAUSE = re.compile(r"^ *(?:=== Uncaught Python exception: ===\n(.+)|==\d+== ?ERROR: libFuzzer: (.+))$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzRow:
    """What came of one reader; `finding` is the last word of what should not have left it."""

    name: str
    executions: int
    peak_mb: int
    finding: str = ""


def fuzz(target: Target, seconds: int, desk: Path) -> FuzzRow:
    """Fuzz one reader in a process of its own, and read what libFuzzer says of it."""
    corpus = desk / "corpus"
    corpus.mkdir(parents=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    log = desk / "log"
    child = os.fork()
    if not child:
        _be_fuzzed(target, seconds, desk, log)
    os.waitpid(child, 0)
    said = log.read_text("utf-8", "replace")
    executed, peak, cause = _EXECUTIONS.search(said), _PEAK.search(said), _CAUSE.search(said)
    finding = (cause[1] or cause[2]) if cause else ""
    if executed is None and not finding:
        finding = "the process ended without a word"
    return FuzzRow(
        name=target.name,
        executions=int(executed[1]) if executed else 0,
        peak_mb=int(peak[1]) if peak else 0,
        finding=finding,
    )


def _be_fuzzed(target: Target, seconds: int, desk: Path, log: Path) -> None:
    """Never return: libFuzzer ends the process."""
    stream = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(stream, 1)
    os.dup2(stream, 2)

    def once(octets: bytes) -> None:
        try:
            target.call(octets)
        except target.declared:
            return

    options = (
        f"-max_total_time={seconds}", f"-timeout={SLOW_S}", f"-rss_limit_mb={MOST_MB}", f"-max_len={target.most_bytes}",
        "-print_final_stats=1", f"-artifact_prefix={desk}/",
    )  # fmt: skip
    try:
        atheris.Setup(["fuzz", *options, str(desk / "corpus")], once)
        atheris.Fuzz()
    finally:
        os._exit(77)


def note(rows: Sequence[FuzzRow], seconds: int) -> str:
    """Write the result down, for docs/fuzz.md."""
    total, worst = sum(row.executions for row in rows), max(row.peak_mb for row in rows)
    findings = [row for row in rows if row.finding]
    lines = [
        "# The last fuzzing",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, `make fuzz` for {seconds} s: {len(rows)} readers, {total:,} executions, "
        f"{len(findings)} findings; {worst} MB at most. An input may take {SLOW_S} s and {MOST_MB} MB.",
        "",
        "Only declared errors may leave a reader (`tests/fuzz/readers.py` names them, atheris guides by coverage).",
        "",
        "| reader | executions | peak, MB | finding |",
        "|---|---|---|---|",
    ]
    lines.extend(f"| {row.name} | {row.executions:,} | {row.peak_mb} | {row.finding or 'none'} |" for row in rows)
    return "\n".join(lines) + "\n"


def main() -> int:
    """Fuzz each chosen reader for its share of the time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600, help="for all of them")
    parser.add_argument("--only", default="*", metavar="GLOB", help="readers, by name")
    parser.add_argument("--note", type=Path, metavar="FILE", help="write the result there, where all were asked")
    chosen = parser.parse_args()
    targets = [target for target in TARGETS if fnmatchcase(target.name, chosen.only)]
    if not targets:
        parser.error(f"no reader is called {chosen.only}: {', '.join(target.name for target in TARGETS)}")
    share = max(LEAST_S, chosen.seconds // len(targets))
    begun, rows = time.monotonic(), []
    desk = Path(tempfile.mkdtemp(prefix="hybridjoin-fuzz-"))
    for target in targets:
        rows.append(fuzz(target, share, desk / target.name))
        print(f"{rows[-1].name}: {rows[-1].executions:,} executions {rows[-1].finding}", flush=True)  # noqa: T201
    text = note(rows, round(time.monotonic() - begun))
    if chosen.note and len(targets) == len(TARGETS):
        chosen.note.write_text(text, "utf-8")
    print(text.splitlines()[2], f"octets of findings: {desk}", sep="\n")  # noqa: T201
    return int(any(row.finding for row in rows))


if __name__ == "__main__":
    sys.exit(main())

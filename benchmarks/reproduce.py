"""From a customer's files to `reproduced`: a failing transcript and federation settings, imported and reproduced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure

RUNS = 3
SCENARIO = "shipped:demo/2-wrong-namespace.scenario.yaml"
STS = "https://sts.hybridjoin.test"
SETTINGS = (
    "DomainId : hybridjoin.test\nDisplayName : hybridjoin.test\nPreferredAuthenticationProtocol : wsFed\n"
    f"ActiveSignInUri : {STS}/sts\nIssuerUri : {STS}/issuer\nMetadataExchangeUri : {STS}/wsf/mex13/app\n"
)


def measure() -> Iterator[Figure]:
    """Time both commands together: with nothing provisioned yet, and then with the golden state that this has left."""
    with TemporaryDirectory(prefix="hj-") as folder:
        sent = _evidence(Path(folder))
        cold = _time(Path(folder), sent, "cold")
        warm = [_time(Path(folder), sent, f"warm-{number}") for number in range(RUNS)]
    for name, runs in (("no golden state", [cold]), ("warm", warm)):
        told = tuple(item.told for item in runs)
        yield Figure(name=f"import to the verdict, {name}", unit="s", samples=told, note=runs[0].verdict)
        yield Figure(name="  until the report is written", unit="s", samples=tuple(item.written for item in runs))


@dataclass(frozen=True)
class Taken:
    """Seconds until the verdict was printed, and until the commands were done; `verdict` is what was printed."""

    told: float
    written: float
    verdict: str


def _evidence(folder: Path) -> Path:
    """Write what a customer would send: the screen is printed by a device of ours whose join really fails."""
    sent = folder / "sent"
    sent.mkdir()
    told = _hybridjoin(folder, "join", "--lab", "process", "--json", "--scenario", SCENARIO, whose="theirs")
    screen = json.loads(told)["scenarios"][0]["join"]["debug_screen"]
    (sent / "join.txt").write_text("\n".join(screen) + "\n", "utf-8")
    (sent / "federation.txt").write_text(SETTINGS, "utf-8")
    return sent


def _time(folder: Path, sent: Path, name: str) -> Taken:
    """Carry both commands out; the verdict is the first thing that the second one prints."""
    began = time.perf_counter()
    _hybridjoin(folder, "import", str(sent), "-o", str(folder / name))
    command = (sys.executable, "-m", "hybridjoin", "reproduce", str(folder / name), "--lab", "process")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder, env=_own(folder, "ours")
    ) as running:
        lines = iter(running.stdout or ())
        first = next(lines, "")
        told = time.perf_counter() - began
        rest = list(lines)
    tried = next((" ".join(line.split()) for line in rest if line.strip().startswith("tried")), "")
    return Taken(told=told, written=time.perf_counter() - began, verdict=f"{first[:14].strip()}, {tried}")


def _hybridjoin(folder: Path, *arguments: str, whose: str = "ours") -> str:
    """Run a command; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "hybridjoin", *arguments],
        check=False, capture_output=True, text=True, cwd=folder, env=_own(folder, whose),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"hybridjoin {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def _own(folder: Path, whose: str) -> dict[str, str]:
    """Return an environment with a state and golden states of its own."""
    own = {"HYBRIDJOIN_STATE": str(folder / "state"), "HYBRIDJOIN_CACHE": str(folder / whose)}
    return {**os.environ, **own}

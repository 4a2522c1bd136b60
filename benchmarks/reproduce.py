"""From a customer's files to `reproduced`: a failing transcript and federation settings, imported and reproduced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
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
    yield Figure(name="import to reproduced, no golden state", unit="s", samples=(cold[0],), note=cold[1])
    yield Figure(name="import to reproduced, warm", unit="s", samples=tuple(took for took, _ in warm), note=warm[0][1])


def _evidence(folder: Path) -> Path:
    """Write what a customer would send: the screen is printed by a device of ours whose join really fails."""
    sent = folder / "sent"
    sent.mkdir()
    told = _hybridjoin(folder, "join", "--lab", "process", "--json", "--scenario", SCENARIO, whose="theirs")
    screen = json.loads(told)["scenarios"][0]["join"]["debug_screen"]
    (sent / "join.txt").write_text("\n".join(screen) + "\n", "utf-8")
    (sent / "federation.txt").write_text(SETTINGS, "utf-8")
    return sent


def _time(folder: Path, sent: Path, name: str) -> tuple[float, str]:
    """Return the seconds that both commands take, and what came of it."""
    began = time.perf_counter()
    _hybridjoin(folder, "import", str(sent), "-o", str(folder / name))
    told = _hybridjoin(folder, "reproduce", str(folder / name), "--lab", "process", "--json", "--report-dir", "reports")
    took = time.perf_counter() - began
    found = json.loads(told)
    joins = sum(item["elapsed_s"] for item in found["trials"])
    return took, f"{found['verdict']}, {len(found['trials'])} joins in {joins:.1f} s, {len(found['causes'])} causes"


def _hybridjoin(folder: Path, *arguments: str, whose: str = "ours") -> str:
    """Run a command in a state and with golden states of its own; return what it printed."""
    own: Mapping[str, str] = {"HYBRIDJOIN_STATE": str(folder / "state"), "HYBRIDJOIN_CACHE": str(folder / whose)}
    done = subprocess.run(
        [sys.executable, "-m", "hybridjoin", *arguments],
        check=False, capture_output=True, text=True, cwd=folder, env={**os.environ, **own},
    )  # fmt: skip
    if done.returncode not in (0, 16):
        raise RuntimeError(f"hybridjoin {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout

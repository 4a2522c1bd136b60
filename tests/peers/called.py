"""Lets every caller that can be had into the hall, and makes a column of what came of each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.live.namespace import inside, unshared
from tests.peers.callers import Caller
from tests.peers.catalogue import PeerMissing
from tests.peers.fetched import brought
from tests.peers.interop import Column, required
from tests.peers.page import DOOR
from tests.peers.trials import Came, Trial

NO_NETWORK = "this machine lets its users have no network and mounts of their own (unshare --net --mount)"


def caller_columns(callers: Mapping[str, Caller]) -> Iterator[Trial | Column]:
    """Let callers through their doors; yield each trial, and the whole column of a caller last."""
    here: dict[str, Path] = {}
    enters = bool(unshared())
    for caller in callers.values():
        try:
            here[caller.name] = brought(caller)
            missing = "" if enters else NO_NETWORK
        except PeerMissing as error:
            missing = str(error)
        if missing:
            here.pop(caller.name, None)
            must = required(caller.name, os.environ)
            yield Column(title=caller.title, missing=missing, required=must, caller=True)
    rows, words = visited(here) if here else ([], "")
    for name in here:
        trials = tuple(trials_of(callers[name], [row for row in rows if row["caller"] == name], words))
        yield from trials
        yield Column(title=callers[name].title, trials=trials, caller=True)


def visited(here: Mapping[str, Path]) -> tuple[list[dict[str, Any]], str]:
    """Return the rows that the hall printed, and its last words; what came before it was given up counts."""
    folder = Path(tempfile.mkdtemp(prefix="hj-"))  # a short path, for Samba's sockets
    try:
        done = inside("tests.peers.hall", folder, *(f"{name}={path}" for name, path in here.items()))
        printed, words = done.stdout, done.stderr.strip()[-500:]
    except subprocess.TimeoutExpired as late:
        printed = (late.stdout or b"").decode("utf-8", "replace")
        words = f"it was given up after {late.timeout:.0f} s"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = (line for line in printed.splitlines() if line.startswith("DOOR "))
    return [json.loads(line[5:]) for line in lines], words


def trials_of(caller: Caller, rows: list[dict[str, Any]], words: str) -> Iterator[Trial]:
    """Return a trial for each of a caller's doors; one that nothing was said of failed."""
    said = {row["door"]: row for row in rows}
    for door, works in caller.doors.items():
        row = said.get(door, {"faults": [f"the hall ended before: {words}"], "wall_s": 0.0, "cpu_s": 0.0})
        foreseen = caller.refused_at.get(door, "")
        good = f"as foreseen: {foreseen}" if foreseen else works
        yield Trial(
            name=f"{DOOR}{door}",
            came=Came.FAILED if row["faults"] else Came.PASSED,
            words="; ".join(row["faults"]) or good,
            wall_s=row["wall_s"],
            cpu_s=row["cpu_s"],
        )

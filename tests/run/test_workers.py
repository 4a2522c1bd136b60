"""The processes that share a run's scenarios."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest import mock

import pytest

from hybridjoin.errors import LabError
from hybridjoin.run.ports import SharedProvider
from hybridjoin.run.workers import _crew
from hybridjoin.signals import ENDING_SIGNALS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Nowhere:
    """A place that cannot be opened."""

    def open(self) -> AbstractContextManager[SharedProvider]:
        raise LabError("there is nothing here")


def tell_masks() -> None:
    """Start workers in a process that has not started any, and print the signals that each begins with blocked."""
    masks: list[list[int]] = []

    def start(process: BaseProcess) -> None:
        real(process)
        row = next(
            line for line in Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines() if "SigBlk" in line
        )
        mask = int(row.split()[1], 16)
        masks.append([number for number in range(1, 32) if mask & 1 << (number - 1)])

    real = BaseProcess.start
    with mock.patch.object(BaseProcess, "start", start), _crew(Nowhere(), 2):
        pass
    sys.stdout.write(json.dumps(masks))


@pytest.mark.thorough
def test_a_worker_that_only_begins_cannot_be_ended_in_the_middle_of_its_imports() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from tests.run.test_workers import tell_masks; tell_masks()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    for blocked in json.loads(done.stdout):
        assert set(ENDING_SIGNALS) <= {signal.Signals(number) for number in blocked}

"""Where a strike is tried: folders of its own for state, reports and temporary files, and what is left in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import psutil

from hybridjoin.lab.places import CACHE_VARIABLE, STATE_VARIABLE

ROOT = Path(__file__).parents[2]
MARK = "HYBRIDJOIN_CHAOS"
SCENARIOS = ROOT / "scenarios" / "demo"
NEXT_START_WITHIN_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Folders of one try, and the environment that leads everything into them."""

    folder: Path
    cache: Path

    @property
    def state(self) -> Path:
        """Where labs have their state; its path is short, for sockets."""
        return self.folder / "s"

    @property
    def reports(self) -> Path:
        """Where reports are written."""
        return self.folder / "reports"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of everything that is started here; the mark tells it from others."""
        return {
            **os.environ,
            STATE_VARIABLE: str(self.state),
            CACHE_VARIABLE: str(self.cache),
            "TMPDIR": str(self.folder / "tmp"),
            MARK: self.folder.name,
        }

    def start(
        self, *arguments: str | Path, before: Sequence[str] = (), more: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start a command of ours as the leader of a session; `before` stands before it, as `unshare` does."""
        with (self.folder / "out").open("ab") as out:
            return subprocess.Popen(
                [*before, sys.executable, "-m", "hybridjoin", *map(str, arguments)],
                cwd=ROOT,
                env=self.environment | dict(more or {}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    @property
    def told(self) -> str:
        """What was printed so far."""
        return (self.folder / "out").read_text("utf-8", "replace")

    def living(self) -> list[psutil.Process]:
        """Return what still runs of all that was started here, by its environment, or by where it works."""
        found = []
        for process in psutil.process_iter():
            try:
                here = process.environ().get(MARK) == self.folder.name
                at_work = str(self.folder) in " ".join(process.cmdline()) or process.cwd().startswith(str(self.folder))
                if process.pid != os.getpid() and (here or at_work) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def sweep(self) -> None:
        """Be the next start."""
        done = self.start("lab", "prune")
        done.wait(NEXT_START_WITHIN_S)

    def left(self) -> Iterator[str]:
        """Name whatever a next start should have removed and did not, and every report that is not whole."""
        yield from (f"running: {' '.join(item.cmdline())[:80]}" for item in self.living())
        rooms = (self.state / "labs", self.state / "sites")
        yield from (f"state: {path.name}" for room in rooms for path in room.glob("*-*") if path.is_dir())
        drafts = (self.cache / "labs").glob(".draft-*")
        yield from (f"half a golden state: {path.name}" for path in drafts if _abandoned(path))
        yield from (f"temporary: {path.name}" for path in (self.folder / "tmp").iterdir())
        yield from (f"key: {path}" for path in self.folder.rglob("*.keytab"))
        for report in self.reports.glob("20*"):
            try:
                json.loads((report / "record.json").read_text("utf-8"))
            except (OSError, ValueError) as error:
                yield f"half a report: {report.name}: {error}"


def _abandoned(draft: Path) -> bool:
    """Tell a draft that nobody works at: whoever shares the cache holds the lock of the state that he makes."""
    digest = draft.name.removeprefix(".draft-").partition("-")[0]
    try:
        with filelock.FileLock(draft.with_name(f"{digest}.lock"), blocking=False):
            return draft.exists()
    except filelock.Timeout:
        return False


@contextmanager
def ground(cache: Path | None = None) -> Iterator[Ground]:
    """Lay a ground out, with an empty cache of its own or one that is there; clear it away with whatever is left."""
    folder = Path(tempfile.mkdtemp(prefix="hjc-"))
    here = Ground(folder=folder, cache=cache or folder / "cache")
    try:
        for path in (here.state, here.reports, here.cache, folder / "tmp"):
            path.mkdir(mode=0o700, exist_ok=True)
        yield here
    finally:
        for process in here.living():
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def until_gone(here: Ground, within_s: float) -> float:
    """Wait until nothing runs any more; return how long it took, in seconds, or `within_s`."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < within_s and here.living():
        time.sleep(0.05)
    return min(took, within_s)

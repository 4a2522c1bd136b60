"""Labs that outlive the command that made them: `hybridjoin lab up|status|env|down|prune`.

One lab is kept for each backend. A detached process, the holder, holds it; this module starts the holder,
reads what it wrote, and ends it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import filelock
import psutil

from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.lab.backend import BACKEND_VARIABLE, BACKENDS, choose_backend
from hybridjoin.lab.domain import tail
from hybridjoin.lab.engine import engine_answers
from hybridjoin.lab.golden import remove_golden_states, sweep_drafts
from hybridjoin.lab.places import STATE_VARIABLE, state_root
from hybridjoin.lab.state import mark_of, read_mark, stop_session, sweep_orphans
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.signals import put_off

UP_WITHIN_S = 300.0
DOWN_WITHIN_S = 20.0
PAUSE_S = 0.05
STATUS_FILE, HOLDER_FILE, LOG_FILE = "status.json", "holder.json", "holder.log"
_DETACHED: Final = 'exec 3<&0; log=$1; shift; "$@" <&3 3<&- >"$log" 2>&1 & echo $!'
MARKED: Final = "marked"
"""What the holder waits for before it begins: its mark is written, so that whoever comes next finds it."""
STAY: Final = "stay"
"""What the holder has to hear once it is ready, to be kept."""
OnProgress = Callable[[str], None]


class Condition(StrEnum):
    """What a background lab is doing."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundLab:
    """A background lab as its holder describes it; `variables` are there once it is ready."""

    backend: str
    condition: Condition
    lab_file: str
    lab_digest: str
    since: str
    pid: int = 0
    message: str = ""
    variables: Mapping[str, str] | None = None

    def write(self, folder: Path) -> None:
        """Write the description for other processes to read, whole or not at all."""
        draft = folder / f"{STATUS_FILE}.draft"
        draft.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        draft.replace(folder / STATUS_FILE)


def background_folder(backend: str) -> Path:
    """Return where the background lab of a backend has its files."""
    return state_root() / "kept" / backend


def lab_up(
    lab_file: LabFile, backend_name: str | None = None, *, on_progress: OnProgress = lambda _: None
) -> BackgroundLab:
    """Bring a lab up and leave it running; the one that runs already is returned where it is of the same lab file.

    Raises:
        LabError: another lab file has the place, or the lab does not come up.
    """
    backend = choose_backend(backend_name).name
    folder = background_folder(backend)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with filelock.FileLock(folder.parent / f".{backend}.lock"):
        running = _read(backend)
        if running and running.condition is not Condition.FAILED:
            if running.lab_digest == lab_file.digest:
                return _await_ready(backend, on_progress)
            raise LabError(
                f"a {backend} lab of another lab file ({running.lab_file}) is up",
                remedy=f"hybridjoin lab down --lab {backend}, then try again",
            )
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        with _holder(lab_file, backend, folder) as keep:
            up = _await_ready(backend, on_progress)
            keep()
        return up


def lab_status() -> tuple[BackgroundLab, ...]:
    """Return the labs that are kept."""
    return tuple(lab for lab in map(_read, BACKENDS) if lab)


def lab_env(backend_name: str | None = None) -> Mapping[str, str]:
    """Return the variables of a background lab that is ready; see `exports.render_exports`.

    Raises:
        LabError: no lab is up.
        UsageError: several are, and none was named.
    """
    ready = [lab for lab in lab_status() if lab.condition is Condition.READY and lab.variables]
    wanted = backend_name or os.environ.get(BACKEND_VARIABLE)
    _need_known(wanted, "--lab" if backend_name else BACKEND_VARIABLE)
    found = [lab for lab in ready if not wanted or lab.backend == wanted]
    if len(found) > 1:
        names = ", ".join(lab.backend for lab in found)
        raise UsageError(Mistake(place="--lab", problem=f"several labs are up ({names}): say which one"))
    if not found or found[0].variables is None:
        raise LabError(f"no {f'{wanted} ' if wanted else ''}lab is up", remedy="hybridjoin lab up")
    return found[0].variables


def lab_down(backend_name: str | None = None) -> tuple[str, ...]:
    """Take background labs down, all of them or one backend's; return the backends that had one."""
    _need_known(backend_name, "--lab")
    names = [lab.backend for lab in lab_status() if not backend_name or lab.backend == backend_name]
    for name in names:
        holder = read_mark(background_folder(name) / HOLDER_FILE)
        if holder is not None:
            stop_session(holder, within_s=DOWN_WITHIN_S)
        shutil.rmtree(background_folder(name), ignore_errors=True)
    sweep_orphans()  # of a holder that had to be killed
    return tuple(names)


def lab_prune(*, golden: bool = False) -> tuple[str, ...]:
    """Remove what killed labs left, and with `golden` the provisioned states too; return what was removed."""
    removed: list[str] = []
    for name in BACKENDS:
        folder = background_folder(name)
        if folder.is_dir() and _read(name) is None:
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(f"background lab {name}")
    for name in BACKENDS:
        if name != "docker" or engine_answers():
            removed += choose_backend(name).prune()
    removed += [f"half a golden state {name}" for name in sweep_drafts()]
    if golden:
        removed += [f"golden state {name}" for name in remove_golden_states()]
    return tuple(removed)


def _need_known(backend: str | None, place: str) -> None:
    if backend and backend not in BACKENDS:
        raise UsageError(Mistake(place=place, problem=f"expected one of {', '.join(BACKENDS)}, found {backend!r}"))


def _read(backend: str) -> BackgroundLab | None:
    """Read a background lab's description; one whose holder is gone counts only where it says why."""
    folder = background_folder(backend)
    try:
        data = json.loads((folder / STATUS_FILE).read_text("utf-8"))
        kept = BackgroundLab(**{**data, "condition": Condition(data["condition"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    holder = read_mark(folder / HOLDER_FILE)
    alive = holder is not None and holder.find() is not None
    return kept if alive or kept.condition is Condition.FAILED else None


@contextmanager
def _holder(lab_file: LabFile, backend: str, folder: Path) -> Iterator[Callable[[], None]]:
    """Start the holder in a session of its own, so that no terminal takes it along; yield how it is told to stay.

    It hangs on a line from us until then: whoever gives up, or is killed, before the lab is up leaves none. A shell
    stands between, so that the holder is nobody's child: whoever called us may live long.
    """
    describe_start(lab_file, backend).write(folder)
    holder = [sys.executable, "-m", "hybridjoin.lab.background.holder", backend, str(lab_file.path.resolve())]
    hears, tells = os.pipe()
    try:
        with put_off():
            try:
                done = subprocess.run(
                    ["/bin/sh", "-c", _DETACHED, "sh", folder / LOG_FILE, *holder],
                    env={**os.environ, STATE_VARIABLE: str(state_root())},
                    stdin=hears,
                    stdout=subprocess.PIPE,
                    text=True,
                    encoding="ascii",  # a process id
                    start_new_session=True,
                    check=True,
                )
            finally:
                os.close(hears)
            _mark_holder(int(done.stdout), folder)
        _tell(tells, MARKED)
        yield lambda: _tell(tells, STAY)
    finally:
        os.close(tells)


def _tell(line: int, word: str) -> None:
    """Say a word to the holder; one that ended already has said why."""
    with suppress(BrokenPipeError):
        os.write(line, f"{word}\n".encode("ascii"))


def _mark_holder(pid: int, folder: Path) -> None:
    try:
        mark_of(pid).write(folder / HOLDER_FILE)
    except psutil.NoSuchProcess as error:
        raise LabError("the holder ended as soon as it was started", log_tail=tail(folder / LOG_FILE)) from error


def describe_start(lab_file: LabFile, backend: str) -> BackgroundLab:
    """Return the description of a lab that begins to start now."""
    return BackgroundLab(
        backend=backend,
        condition=Condition.STARTING,
        lab_file=str(lab_file.path),
        lab_digest=lab_file.digest,
        since=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _await_ready(backend: str, on_progress: OnProgress) -> BackgroundLab:
    """Wait for the holder's word; raise LabError with its log where it fails or takes too long."""
    log_file = background_folder(backend) / LOG_FILE
    deadline = time.monotonic() + UP_WITHIN_S
    told = ""
    while time.monotonic() < deadline:
        kept = _read(backend)
        if kept is None:
            raise LabError(f"the holder of the {backend} lab died", log_tail=tail(log_file))
        if kept.condition is Condition.READY:
            return kept
        if kept.condition is Condition.FAILED:
            shutil.rmtree(background_folder(backend), ignore_errors=True)
            raise LabError(kept.message)
        if kept.message != told:
            told = kept.message
            on_progress(told)
        time.sleep(PAUSE_S)
    raise LabError(f"the {backend} lab was not up within {UP_WITHIN_S:g} s", log_tail=tail(log_file))

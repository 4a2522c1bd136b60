"""Runtime state of labs: a directory for each, the processes it belongs to, and the sweeping of what was orphaned."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import filelock
import psutil

from hybridjoin.errors import LabError
from hybridjoin.lab.places import STATE_VARIABLE, state_root
from hybridjoin.signals import put_off

LABS, SITES = "labs", "sites"
OWNER_FILE = "owner.json"
CHILD_FILE = "child.json"
_NAME = re.compile(r"[a-z]+-[0-9a-f]{8}")
LONGEST_SOCKET_PATH = 107
LONGEST_TAIL = "private/ldap_priv/ldapi"
STOP_WITHIN_S = 1.5
"""What is stopped here holds copies that nobody needs any more: it is asked politely, and not for long."""
SAME_START_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """A process told apart from a later one with the same id by when it started, in seconds after the boot.

    Counted from the boot, because the wall clock may be set while the process runs.
    """

    pid: int
    started_at: float

    def find(self) -> psutil.Process | None:
        """Return the process where it still runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(_started_at(process) - self.started_at) < SAME_START_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def write(self, path: Path) -> None:
        """Keep the mark in a file; whole or not at all."""
        draft = _draft(path)
        draft.write_text(json.dumps(asdict(self)), "utf-8")
        draft.replace(path)


def mark_of(pid: int) -> ProcessMark:
    """Return the mark of a running process."""
    return ProcessMark(pid=pid, started_at=_started_at(psutil.Process(pid)))


def _started_at(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()


def read_mark(path: Path) -> ProcessMark | None:
    """Read a mark, or None where there is none to read."""
    try:
        return ProcessMark(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def new_state(kind: str, room: str = LABS) -> Iterator[Path]:
    """Make a state directory owned by this process, and remove it afterwards, whatever signal comes meanwhile.

    `room` is the folder for what is alike: labs, or sites of the user's own.

    Raises:
        LabError: the path is too long for the sockets that a lab has below it.
    """
    root = state_root() / room
    state_dir = root / f"{kind}-{secrets.token_hex(4)}"
    if room == LABS and len(f"{state_dir}/{LONGEST_TAIL}") > LONGEST_SOCKET_PATH:
        raise LabError(
            f"{root} is too long a path: sockets below it must stay within {LONGEST_SOCKET_PATH} bytes",
            remedy=f"set {STATE_VARIABLE} to a shorter directory",
        )
    root.mkdir(mode=0o700, exist_ok=True)
    # Made under the lock that sweeping takes, so that no sweep sees it without its owner.
    with filelock.FileLock(root / ".lock"):
        state_dir.mkdir(mode=0o700)
        mark_of(os.getpid()).write(state_dir / OWNER_FILE)
    try:
        yield state_dir
    finally:
        with put_off():
            shutil.rmtree(state_dir, ignore_errors=True)


def sweep_orphans() -> tuple[str, ...]:
    """Stop the processes and remove the state of labs whose owner died without a chance to; return their names.

    Whatever else lies there is somebody's: the directory may be of the user's choosing.
    """
    return tuple(name for room in (LABS, SITES) for name in _sweep(state_root() / room))


def _sweep(root: Path) -> Iterator[str]:
    if not root.is_dir():
        return
    with filelock.FileLock(root / ".lock"):
        for state_dir in sorted(path for path in root.iterdir() if _is_ours(path)):
            owner = read_mark(state_dir / OWNER_FILE)
            if owner is not None and owner.find():
                continue
            stop_inhabitants(state_dir)
            shutil.rmtree(state_dir, ignore_errors=True)
            yield state_dir.name


def _is_ours(folder: Path) -> bool:
    """Tell a state directory by its name and its mark; one without either is of a start that was killed in between."""
    if _NAME.fullmatch(folder.name) is None or not folder.is_dir():
        return False
    inside = {path.name for path in folder.iterdir()}
    return OWNER_FILE in inside or inside <= {_draft(Path(OWNER_FILE)).name}


def _draft(path: Path) -> Path:
    return path.with_suffix(".draft")


def stop_session(leader: ProcessMark, *, within_s: float = STOP_WITHIN_S) -> None:
    """Stop a process, its children and whoever else is left in the session it leads; first politely."""
    _stop(_session(leader), within_s=within_s)


def kill_session(leader: ProcessMark, *, within_s: float = STOP_WITHIN_S) -> None:
    """Kill a process and whoever is in the session it leads, and return when they are gone."""
    family = list(_session(leader))
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=within_s)


def stop_inhabitants(folder: Path) -> None:
    """Stop the session that a folder names and whoever works inside it."""
    _stop(_inhabitants(folder))


def _stop(processes: Iterable[psutil.Process], *, within_s: float = STOP_WITHIN_S) -> None:
    family = list(processes)
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(family, timeout=within_s)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=within_s)


def _session(leader: ProcessMark) -> Iterator[psutil.Process]:
    """Yield the living members of a session, oldest first.

    A session id outlives its leader for as long as it has members, so orphans are found by it; a process
    that is older than the leader belongs to an earlier owner of the number.
    """
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if process.status() == psutil.STATUS_ZOMBIE or _started_at(process) < leader.started_at - SAME_START_S:
                continue
            if process.pid == leader.pid or os.getsid(process.pid) == leader.pid:
                yield process


def _inhabitants(state_dir: Path) -> Iterator[psutil.Process]:
    """Yield the living processes of a directory: the session it names, and whoever works inside it.

    The second half finds a child whose parent was killed before it could write the child's mark.
    """
    child = read_mark(state_dir / CHILD_FILE)
    if child is not None:
        yield from _session(child)
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if Path(process.cwd()).is_relative_to(state_dir):
                yield process

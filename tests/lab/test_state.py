"""Who owns what: marks of processes, and the sweeping of what the dead left."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hybridjoin.errors import LabError
from hybridjoin.lab.clock import clock_environment, find_faketime
from hybridjoin.lab.golden import FACTS_FILE, remove_golden_states
from hybridjoin.lab.places import CACHE_VARIABLE, STATE_VARIABLE, state_root
from hybridjoin.lab.state import (
    CHILD_FILE,
    OWNER_FILE,
    ProcessMark,
    mark_of,
    new_state,
    read_mark,
    stop_session,
    sweep_orphans,
)
from hybridjoin.signals import orderly_exit

FAMILY = "import subprocess, sys; child = subprocess.Popen(['sleep', '60']); print(child.pid, flush=True); child.wait()"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)


@pytest.fixture
def own_state(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state directory that is not there yet, with a short path: pytest's own are too long for sockets."""
    with tempfile.TemporaryDirectory(prefix="hj-") as folder:
        monkeypatch.setenv(STATE_VARIABLE, f"{folder}/s")
        yield Path(folder) / "s"


@pytest.fixture
def family() -> Iterator[tuple[subprocess.Popen[str], ProcessMark]]:
    """A process that leads a session, and the mark of its child."""
    command = [sys.executable, "-c", FAMILY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as leader:
        assert leader.stdout is not None
        child = mark_of(int(leader.stdout.readline()))
        yield leader, child
        leader.kill()


def test_a_mark_finds_its_process_and_no_later_one() -> None:
    mine = mark_of(os.getpid())
    earlier = ProcessMark(pid=mine.pid, started_at=mine.started_at - 5)

    assert mine.find() is not None
    assert earlier.find() is None


def test_a_mark_survives_being_written_and_read(tmp_path: Path) -> None:
    mark_of(os.getpid()).write(tmp_path / "mark.json")

    assert read_mark(tmp_path / "mark.json") == mark_of(os.getpid())


@pytest.mark.parametrize("text", ["", "{}", '{"pid": 1}', "[]", "nonsense"])
def test_a_mark_that_is_none_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "mark.json").write_text(text)

    assert read_mark(tmp_path / "mark.json") is None


def test_stopping_a_session_stops_the_children_too(family: tuple[subprocess.Popen[str], ProcessMark]) -> None:
    leader, child = family
    mark = mark_of(leader.pid)
    stop_session(mark)

    assert mark.find() is None
    assert child.find() is None


def test_orphans_are_found_by_the_session_of_their_dead_leader(
    family: tuple[subprocess.Popen[str], ProcessMark],
) -> None:
    leader, child = family
    mark = mark_of(leader.pid)
    leader.kill()
    leader.wait()
    assert child.find() is not None
    stop_session(mark)

    assert child.find() is None


def test_whoever_is_deaf_to_sigterm_is_killed() -> None:
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        mark = mark_of(process.pid)
        stop_session(mark, within_s=0.2)

        assert mark.find() is None


def test_a_state_directory_is_private_and_gone_afterwards(own_state: Path) -> None:
    with new_state("process") as state_dir:
        assert state_dir.stat().st_mode & 0o777 == 0o700
        assert read_mark(state_dir / OWNER_FILE) == mark_of(os.getpid())

    assert not state_dir.exists()


def test_only_the_dead_are_swept(own_state: Path, family: tuple[subprocess.Popen[str], ProcessMark]) -> None:
    leader, child = family
    with new_state("process") as living:
        orphan = living.with_name("process-0123abcd")
        orphan.mkdir()
        dead = mark_of(os.getpid())
        ProcessMark(pid=dead.pid, started_at=dead.started_at - 60).write(orphan / OWNER_FILE)
        mark_of(leader.pid).write(orphan / CHILD_FILE)

        assert sweep_orphans() == ("process-0123abcd",)
        assert living.exists()
        assert child.find() is None


def test_what_bears_no_mark_of_ours_is_never_removed(own_state: Path) -> None:
    labs = own_state / "labs"
    for name in ("holiday", "process-0123abcd", "process-mine"):
        (labs / name).mkdir(parents=True)
        (labs / name / "photo").write_text("dear")
    (labs / "process-mine" / OWNER_FILE).write_text("{}")
    killed = labs / "docker-89abcdef"
    killed.mkdir()

    assert sweep_orphans() == ("docker-89abcdef",)
    assert len(list(labs.glob("*/photo"))) == 3


def test_only_golden_states_are_pruned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    digest = "0123456789abcdef" * 2
    kept = ("holiday", "f" * 32)
    for name in (digest, f".draft-{digest}-x1", *kept):
        (tmp_path / "labs" / name).mkdir(parents=True)
    (tmp_path / "labs" / digest / FACTS_FILE).write_text("{}")
    (tmp_path / "labs" / f"{digest}.lock").touch()

    assert set(remove_golden_states()) == {digest, f".draft-{digest}-x1"}
    assert {path.name for path in (tmp_path / "labs").iterdir()} == set(kept)


def test_a_path_too_long_for_sockets_is_refused(own_state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(own_state / ("x" * 80)))

    with pytest.raises(LabError, match="shorter directory"), new_state("process"):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root to make a directory of somebody else's")
def test_a_directory_that_somebody_else_prepared_is_refused(own_state: Path) -> None:
    own_state.mkdir()
    os.chown(own_state, 65534, 65534)

    with pytest.raises(LabError, match="belongs to user 65534"):
        state_root()


def test_a_clock_that_is_right_needs_no_library() -> None:
    assert clock_environment(0) == {}


def test_a_bent_clock_names_the_offset_with_its_sign(tmp_path: Path) -> None:
    environment = clock_environment(360, tmp_path / "library.so")

    assert environment["FAKETIME"] == "+360s"
    assert clock_environment(-360, tmp_path / "library.so")["FAKETIME"] == "-360s"


def test_a_machine_without_the_library_has_none_to_find(tmp_path: Path) -> None:
    assert find_faketime(tmp_path) is None


def test_handlers_of_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import os, signal\n"
        "from hybridjoin.signals import orderly_exit\n"
        "signal.signal(signal.SIGTERM, lambda *_: print('mine'))\n"
        "with orderly_exit():\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGHUP)\n"
        "    finally:\n"
        "        print('taken down')\n"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)

    assert done.stdout.split("\n")[:2] == ["mine", "taken down"]
    assert done.returncode == 129
    with orderly_exit():
        pass

"""How labs begin and end: side by side, on time, too late, and by every way of dying."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from hybridjoin.errors import LabError
from hybridjoin.lab.alive import need_answer
from hybridjoin.lab.backend import Controller, LaunchPlan
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.process.backend import ProcessBackend, ProcessLauncher
from hybridjoin.lab.start import start_domain
from hybridjoin.lab.state import CHILD_FILE, read_mark, sweep_orphans
from hybridjoin.scenario.lab.lab_file import LabFile

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parent.parent.parent
ToolFor = Callable[..., Callable[..., subprocess.CompletedProcess[str]]]

HOLD = """
import sys, time
from pathlib import Path
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.scenario.lab.load import load_lab_file
with ProcessBackend().start(load_lab_file(Path(sys.argv[1]))) as domain:
    print(domain.state_dir, flush=True)
    time.sleep(60)
"""
NOBODY = """
import os, sys
from hybridjoin.errors import LabError
from hybridjoin.lab.process.backend import ProcessLauncher
os.setuid(65534)
try:
    ProcessLauncher()
except LabError as error:
    print(error)
"""


@contextmanager
def holder() -> Iterator[tuple[subprocess.Popen[str], Path, psutil.Process]]:
    """Another process that holds a domain; with it the domain's state directory and its samba."""
    command = [sys.executable, "-c", HOLD, str(ROOT / "scenarios" / "default.lab.yaml")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        state_dir = Path(process.stdout.readline().strip())
        mark = read_mark(state_dir / CHILD_FILE)
        assert mark is not None
        try:
            yield process, state_dir, psutil.Process(mark.pid)
        finally:
            process.kill()


def is_gone(process: psutil.Process) -> bool:
    """Say whether a process ended; the machine's init may take its time to bury it."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def listens(url: str) -> bool:
    host, port = url.removeprefix("ldap://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_two_labs_at_once_do_not_meet(domain: Domain, lab_file: LabFile, tmp_path: Path, tool_for: ToolFor) -> None:
    with ProcessBackend().start(lab_file) as second:
        assert second.directory.ldap_url != domain.directory.ldap_url
        assert second.state_dir != domain.state_dir
        for one in (domain, second):
            tool = tool_for(one, one.state_dir)
            assert tool("kinit", "-k", "-t", one.keytabs["WS01$"], "WS01$").returncode == 0
            assert tool("kvno", "HTTP/sts.hybridjoin.test").returncode == 0
        # Each has a CA of its own, so that none is taken for the other.
        bind = ("-x", "-D", second.lookup.dn, "-y", second.lookup.password_file, "-H", second.ldaps_url)
        strangers = tool_for(domain, tmp_path)("ldapsearch", *bind, "-b", "", "-s", "base")
        assert "Can't contact LDAP server" in strangers.stderr

    need_answer(domain)


def test_nothing_is_left_after_success_and_after_failure(lab_file: LabFile, state: Path) -> None:
    with ProcessBackend().start(lab_file) as running:
        mark = read_mark(running.state_dir / CHILD_FILE)
    with pytest.raises(ZeroDivisionError), ProcessBackend().start(lab_file) as failing:
        raise ZeroDivisionError

    assert mark is not None
    assert mark.find() is None
    assert not running.state_dir.exists()
    assert not failing.state_dir.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_nothing_is_left_after_a_signal(number: signal.Signals) -> None:
    with holder() as (process, state_dir, samba):
        process.send_signal(number)
        process.wait(10)

        assert is_gone(samba)
        assert not state_dir.exists()


def test_a_controller_ends_with_whoever_held_it() -> None:
    with holder() as (process, _, samba):
        process.kill()
        process.wait(10)

        assert samba.wait(5) is None or is_gone(samba)


@pytest.mark.parametrize("forget", [False, True], ids=["with a pid file", "killed before the pid file was written"])
def test_what_kill_9_leaves_is_swept_by_the_next_start(lab_file: LabFile, forget: bool) -> None:
    with holder() as (process, state_dir, samba):
        samba.suspend()  # so it hears nothing: neither the end of its lifeline nor a polite word
        process.kill()
        process.wait(10)
        if forget:
            (state_dir / CHILD_FILE).unlink()
        assert not is_gone(samba)

        with ProcessBackend().start(lab_file):
            assert is_gone(samba)
            assert not state_dir.exists()


def test_sweeping_leaves_the_living_alone(domain: Domain) -> None:
    assert sweep_orphans() == ()
    need_answer(domain)


class Broken(ProcessLauncher):
    """Launches from a golden state whose directory lost its database."""

    def launch(self, plan: LaunchPlan) -> AbstractContextManager[Controller]:  # type: ignore[override]
        damaged = plan.state_dir / "damaged"
        shutil.copytree(plan.golden, damaged)
        shutil.rmtree(damaged / "private" / "sam.ldb.d")
        return super().launch(replace(plan, golden=damaged))


def test_a_controller_that_dies_at_its_start_is_an_error_with_its_log(lab_file: LabFile, state: Path) -> None:
    with pytest.raises(LabError) as caught, start_domain(Broken(), lab_file, ready_within_s=20):
        pass

    assert "died while it was starting" in caught.value.cause
    assert "samba version" in caught.value.log_tail


class WrongKeys(ProcessLauncher):
    """Gives the computer that asks whether the controller is ready another one's keys."""

    def launch(self, plan: LaunchPlan) -> AbstractContextManager[Controller]:  # type: ignore[override]
        keytabs = plan.state_dir / "keytabs"
        shutil.copy(keytabs / "WS02$.keytab", keytabs / "WS01$.keytab")
        return super().launch(plan)


def test_a_controller_that_is_too_late_is_an_error_with_its_log(lab_file: LabFile, state: Path) -> None:
    before = sorted((state / "labs").iterdir())
    with pytest.raises(LabError) as caught, start_domain(WrongKeys(), lab_file, ready_within_s=2):
        pass

    assert "not ready within 2 s" in caught.value.cause
    assert "kinit: Keytab contains no suitable keys for WS01$" in caught.value.cause
    assert "samba version" in caught.value.log_tail
    assert sorted((state / "labs").iterdir()) == before


def test_a_controller_that_dies_in_mid_run_is_an_error_with_its_log(lab_file: LabFile) -> None:
    with ProcessBackend().start(lab_file) as running:
        mark = read_mark(running.state_dir / CHILD_FILE)
        assert mark is not None
        os.kill(mark.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while listens(running.directory.ldap_url) and time.monotonic() < deadline:
            time.sleep(0.01)
        with pytest.raises(LabError) as caught:
            need_answer(running)

    assert "is gone" in caught.value.cause
    assert "samba version" in caught.value.log_tail


def test_a_controller_that_is_stopped_takes_connections_and_is_an_error_all_the_same(lab_file: LabFile) -> None:
    with ProcessBackend().start(lab_file) as running:
        mark = read_mark(running.state_dir / CHILD_FILE)
        assert mark is not None
        os.kill(mark.pid, signal.SIGSTOP)
        assert listens(running.directory.ldap_url)
        with pytest.raises(LabError, match="does not answer: nothing came within 5 s"):
            need_answer(running)

    assert mark.find() is None


@pytest.mark.parametrize(
    ("offset_s", "synchronized", "words"),
    [
        pytest.param(-240, False, "", id="4 minutes are forgiven"),
        pytest.param(-360, False, "Clock skew too great", id="6 minutes are not"),
        pytest.param(-360, True, "", id="6 minutes with a client that follows the KDC's clock"),
        pytest.param(-4200, False, "Clock skew too great", id="70 minutes are not"),
    ],
)
def test_a_clock_that_is_off_gets_the_error_of_a_real_kdc(
    lab_file: LabFile, tmp_path: Path, tool_for: ToolFor, offset_s: int, synchronized: bool, words: str
) -> None:
    follow = tmp_path / "follow.conf"
    follow.write_text(f"[libdefaults]\nkdc_timesync = {int(synchronized)}\n")
    with ProcessBackend().start(lab_file, clock_offset_s=offset_s) as domain:
        config = {"KRB5_CONFIG": f"{follow}:{domain.directory.krb5_config}"}
        done = tool_for(domain, tmp_path, config)("kinit", "-k", "-t", domain.keytabs["WS01$"], "WS01$")

    assert (done.returncode != 0) is bool(words)
    assert words in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root to give it up")
def test_without_rights_the_error_says_how_to_get_them() -> None:
    done = subprocess.run([sys.executable, "-c", NOBODY], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "only root may bind ports below" in done.stdout
    assert "net.ipv4.ip_unprivileged_port_start=88" in done.stdout

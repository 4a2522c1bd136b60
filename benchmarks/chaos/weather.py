"""A machine that fails: what a command says of it, with which exit code, how soon, and what of its record is kept."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.chaos.ground import ROOT, SCENARIOS, Ground, ground
from hybridjoin.errors import HarnessError, LabError
from hybridjoin.lab.clock import find_faketime
from hybridjoin.lab.domain import read_domain
from hybridjoin.lab.lab import DOMAIN_VARIABLE
from hybridjoin.lab.state import CHILD_FILE, read_mark
from hybridjoin.model.record import RunRecord
from hybridjoin.report.json_report import read_record

ENDS_WITHIN_S = 60.0
SITS_WITHIN_S = 90.0  # a domain may have to be provisioned first
MANY = ROOT / "scenarios" / "claims"
# Disks that nobody else sees, and a network where whoever has them may bind a directory's ports.
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c")


Bring = Callable[[Ground], tuple[subprocess.Popen[str], float]]
"""Starts a command, brings the trouble, and returns the command and when the trouble came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weathered:
    """What came of one trouble: how the command ended, how long after it, and what is wrong with that."""

    trouble: str
    code: int
    took_s: float
    faults: tuple[str, ...]

    def __str__(self) -> str:
        mark = "held" if not self.faults else "NOT HELD: " + "; ".join(self.faults)
        return f"{self.trouble:52} exit {self.code:3} {self.took_s:6.1f} s  {mark}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that goes wrong, with what a command has to say of it; `records` where it has to leave a record."""

    name: str
    bring: Bring
    code: int
    says: str
    records: bool = True


def carry_out(cache: Path, names: str = "") -> Iterator[Weathered]:
    """Bring every trouble over a command of its own, one after the other."""
    for trouble in TROUBLES:
        if names in trouble.name:
            with ground(cache) as here:
                yield _weather(trouble, here)


def _weather(trouble: Trouble, here: Ground) -> Weathered:
    process, since = trouble.bring(here)
    faults: list[str] = []
    try:
        code = process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        faults.append(f"no end within {ENDS_WITHIN_S:g} s")
    took_s = time.monotonic() - since
    told = here.told
    if code != trouble.code:
        faults.append(f"expected exit {trouble.code}: {told[-400:]!r}")
    if not re.search(trouble.says, told):
        faults.append(f"expected to be told {trouble.says!r}: {told[-400:]!r}")
    if "Traceback" in told:
        faults.append("a traceback")
    faults += _record_faults(trouble, here)
    if (here.state / "kept").exists():
        here.start("lab", "down").wait(SITS_WITHIN_S)
    here.sweep()
    faults += here.left()
    return Weathered(trouble=trouble.name, code=code, took_s=took_s, faults=tuple(faults))


def _record_faults(trouble: Trouble, here: Ground) -> Iterator[str]:
    if not trouble.records:
        return
    record = _record(here)
    if record is None:
        yield "no record"
    elif trouble.code and not record.interrupted:
        yield "the record does not say that it was interrupted"
    elif trouble.code and any(item.outcome == "failed" for item in record.scenarios):
        yield "the peer is said to have failed"


def _record(here: Ground) -> RunRecord | None:
    try:
        return read_record(here.reports / "latest")
    except (OSError, HarnessError):
        return None


def _run(here: Ground, *more: str, before: tuple[str, ...] = (), also: Mapping[str, str] | None = None,
         scenarios: Path = MANY) -> subprocess.Popen[str]:  # fmt: skip
    return here.start(
        "run", scenarios, "--lab", "process", "--report-dir", here.reports, *more, before=before, more=also
    )


def _once_it_joins(here: Ground) -> int:
    """Wait until a domain serves; return its samba's process id."""
    deadline = time.monotonic() + SITS_WITHIN_S
    while time.monotonic() < deadline:
        for domain in here.state.glob("labs/*/domain.json"):
            mark = read_mark(domain.with_name(CHILD_FILE))
            if mark is not None:
                time.sleep(0.5)  # in the middle of some scenario
                return mark.pid
        time.sleep(0.02)
    raise LabError("no domain came up to be struck", remedy="look why: " + here.told[-300:])


def _until_told(here: Ground, words: str = "passed") -> None:
    """Wait until a scenario has come to its end, or until something else was told."""
    deadline = time.monotonic() + SITS_WITHIN_S
    while words not in here.told and time.monotonic() < deadline:
        time.sleep(0.02)


def _controller(number: signal.Signals, *more: str) -> Bring:
    def bring(here: Ground) -> tuple[subprocess.Popen[str], float]:
        process = _run(here, *more)
        os.kill(_once_it_joins(here), number)
        return process, time.monotonic()

    return bring


def _certified(number: signal.Signals) -> Bring:
    """Strike the domain controller once the first join of a certification is done."""

    def bring(here: Ground) -> tuple[subprocess.Popen[str], float]:
        process = here.start("certify", "--lab", "process", "--report-dir", here.reports)
        controller = _once_it_joins(here)
        _until_told(here, "joins as Windows would")
        os.kill(controller, number)
        return process, time.monotonic()

    return bring


def _worker(here: Ground) -> tuple[subprocess.Popen[str], float]:
    """Kill one of two workers."""
    process = _run(here, "-n", "2")
    _until_told(here)
    workers = [item for item in psutil.Process(process.pid).children() if "spawn_main" in " ".join(item.cmdline())]
    workers[0].kill()
    return process, time.monotonic()


def _clock(here: Ground) -> tuple[subprocess.Popen[str], float]:
    """Set the clock of everything in a run's own process by an hour, in mid-run.

    Its domain is kept by another one: under libfaketime Python's `time.sleep` fails as soon as the monotonic clock is
    a true one, and bringing a domain up sleeps.
    """
    here.start("lab", "up", "--lab", "process").wait(SITS_WITHIN_S)
    (domain,) = here.state.glob("labs/*/domain.json")
    moves = here.folder / "clock"
    moves.write_text("+0s", "ascii")
    bent = {
        DOMAIN_VARIABLE: str(domain),
        "LD_PRELOAD": str(find_faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(moves),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    process = _run(here, also=bent)
    _until_told(here)
    moves.write_text("+3600s", "ascii")
    return process, time.monotonic()


def _small_disk(place: str, size: str) -> Bring:
    """Let a folder be a disk of its own, too small or read-only, that nobody else sees."""

    def bring(here: Ground) -> tuple[subprocess.Popen[str], float]:
        folder = {"state": here.state, "reports": here.reports, "cache": here.cache}[place]
        script = f'ip link set lo up && mount -t tmpfs -o {size},mode=700 none "{folder}" && exec "$@"'
        began = time.monotonic()
        return _run(here, before=(*OWN_MOUNTS, script, "sh"), scenarios=SCENARIOS), began

    return bring


def _damaged(name: str) -> Bring:
    """Flip the middle octet of a file of the golden state."""

    def bring(here: Ground) -> tuple[subprocess.Popen[str], float]:
        for path in here.cache.glob(f"labs/*/{name}"):
            octets = bytearray(path.read_bytes())
            octets[len(octets) // 2] ^= 1
            path.write_bytes(octets)
        began = time.monotonic()
        return _run(here, scenarios=SCENARIOS), began

    return bring


SITE = """\
name: mute
idp: {{issuer: "https://sts.test/adfs/services/trust", signing_certificate: {ca_file}}}
directory:
  domain: hybridjoin.test
  domain_controller: dc1.hybridjoin.test
  krb5_config: {krb5_config}
  ldap_url: ldaps://localhost:{port}
  ca_file: {ca_file}
devices: [{{name: WS01, keytab: {keytab}}}]
entra: {{tenant_id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f, tenant_name: hybridjoin.test}}
"""


def _mute_site(here: Ground) -> tuple[subprocess.Popen[str], float]:
    """Join where the KDC is a lab's, and the directory takes every connection (the system does) and says nothing."""
    here.start("lab", "up", "--lab", "process").wait(SITS_WITHIN_S)
    (told,) = here.state.glob("labs/*/domain.json")
    domain, server = read_domain(told), socket.create_server(("127.0.0.1", 0), backlog=16)
    site_file = here.folder / "mute.site.yaml"
    known = {
        "krb5_config": domain.directory.krb5_config,
        "ca_file": domain.ca_file,
        "keytab": domain.keytabs["WS01$"],
        "port": server.getsockname()[1],
    }
    site_file.write_text(SITE.format_map(known), "utf-8")
    _MUTE.append(server)
    return here.start("join", "--site", site_file), time.monotonic()


_MUTE: list[socket.socket] = []  # held open to the end of the process


GONE = r"does not answer|is gone|could not"
_KILLED, _STOPPED = signal.SIGKILL, signal.SIGSTOP
_ROWS: tuple[tuple[str, Bring, int, str], ...] = (
    ("the controller is killed in mid-run", _controller(_KILLED), 3, GONE),
    ("the controller is killed, two workers", _controller(_KILLED, "-n", "2"), 3, GONE),
    ("the controller is stopped in mid-run", _controller(_STOPPED), 3, GONE),
    ("the controller is stopped, two workers", _controller(_STOPPED, "-n", "2"), 3, GONE),
    ("the controller is killed in a certification", _certified(_KILLED), 3, GONE),
    ("the controller is stopped in a certification", _certified(_STOPPED), 3, GONE),
    ("a worker is killed in mid-run", _worker, 3, "a worker process ended by signal SIGKILL at the scenario"),
    ("a directory of yours that is mute", _mute_site, 3, "does not answer: nothing came within"),
    ("the clock jumps by an hour in mid-run", _clock, 3, "clock was set by"),
    ("the state's disk is full", _small_disk("state", "size=8m"), 3, "No space left"),
    ("the cache's disk is full", _small_disk("cache", "size=8m"), 3, "No space left"),
    ("the reports' disk is full", _small_disk("reports", "size=8k"), 3, "No space left"),
    ("the reports are read-only", _small_disk("reports", "ro"), 3, "Read-only"),
    ("golden state: facts flipped", _damaged("facts.json"), 0, "made anew"),
    ("golden state: the IdP's keytab flipped", _damaged("keytabs/svc-idp.keytab"), 0, "made anew"),
    ("golden state: a computer's keytab flipped", _damaged("keytabs/WS01$.keytab"), 0, "made anew"),
    ("golden state: the directory flipped", _damaged("private/sam.ldb"), 0, "made anew"),
)
TROUBLES = tuple(
    Trouble(name=name, bring=bring, code=code, says=says, records="reports" not in name and "yours" not in name)
    for name, bring, code, says in _ROWS
)

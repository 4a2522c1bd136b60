"""The process backend: Debian's samba as a child process, on a loopback address of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hybridjoin.errors import LabError
from hybridjoin.lab.backend import Address, Addresses, LaunchPlan
from hybridjoin.lab.clock import clock_environment
from hybridjoin.lab.domain import Domain, tail
from hybridjoin.lab.golden import provision_script
from hybridjoin.lab.process.needs import (
    KDC_PORT,
    KPASSWD_PORT,
    LDAP_PORT,
    LDAPS_PORT,
    PACKAGES,
    PORTS,
    SYSTEM_PYTHON,
    need_rights,
    need_samba,
)
from hybridjoin.lab.smb_conf import FOLDERS, ControllerPaths, render_smb_conf
from hybridjoin.lab.start import start_domain
from hybridjoin.lab.state import CHILD_FILE, ProcessMark, mark_of, stop_session, sweep_orphans
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.signals import put_off

ADDRESSES = tuple(f"127.88.0.{number}" for number in range(1, 65))
PROVISION_WITHIN_S = 180.0
ENVIRONMENT_KEPT = ("PATH", "LANG", "TZ", "HOME")


class ProcessBackend:
    """Runs the domain controller on this machine, without a container engine."""

    name = "process"

    def start(self, lab_file: LabFile, *, clock_offset_s: int = 0) -> AbstractContextManager[Domain]:
        """Run the domain for as long as the context lasts."""
        return start_domain(ProcessLauncher(), lab_file, clock_offset_s=clock_offset_s)

    def prune(self) -> tuple[str, ...]:
        """Stop and remove the labs whose owner was killed."""
        return sweep_orphans()


class ProcessLauncher:
    """Provisions with, and launches, the samba that the machine's package manager installed."""

    name = "process"
    dialled_hosts = ADDRESSES

    def __init__(self) -> None:
        self._samba = need_samba(_environment()["PATH"])
        need_rights()

    @property
    def fingerprint(self) -> str:
        """The installed samba, told by its binary's size and time: another version makes other databases."""
        status = self._samba.stat()
        return f"{status.st_size}/{status.st_mtime_ns}"

    def provision(self, spec_file: Path, target: Path) -> None:
        """Run provision.py under the Python that Samba's bindings belong to.

        Raises:
            LabError: provisioning failed; the end of its log is told.
        """
        log_file = target / "provision.log"
        command = [str(SYSTEM_PYTHON), "-I", str(provision_script()), str(spec_file), str(target)]
        with log_file.open("wb") as log:
            try:
                done = subprocess.run(
                    command,
                    cwd=target,  # told by it, should we be killed meanwhile
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    timeout=PROVISION_WITHIN_S,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise LabError(
                    f"provisioning took longer than {PROVISION_WITHIN_S:g} s", log_tail=tail(log_file)
                ) from error
        if done.returncode:
            raise LabError(
                f"provisioning the domain failed with exit code {done.returncode}",
                remedy=f"apt-get install -y {PACKAGES}, and look for a mistake in the lab file's ldif",
                log_tail=tail(log_file),
            )

    @contextmanager
    def launch(self, plan: LaunchPlan) -> Iterator[ProcessController]:
        """Run samba on a copy of the golden state, at the first free address."""
        with _free_address() as host:
            controller = self._spawn(plan, host)
            try:
                yield controller
            finally:
                with put_off():
                    stop_session(controller.mark)
                    controller.process.communicate()

    def _spawn(self, plan: LaunchPlan, host: str) -> ProcessController:
        root = plan.state_dir
        for folder in FOLDERS:
            source = plan.golden / folder
            if source.is_dir():
                shutil.copytree(source, root / folder)
            else:
                (root / folder).mkdir()
        certificate = plan.authority.issue("dc", [plan.lab_file.domain.domain_controller_host, host])
        log_file = root / "samba.log"
        paths = ControllerPaths(
            root=PurePosixPath(root),
            certificate=PurePosixPath(certificate.certificate),
            private_key=PurePosixPath(certificate.private_key),
            ca_file=PurePosixPath(plan.authority.ca_file),
            log_file=PurePosixPath(log_file),
        )
        config = root / "smb.conf"
        config.write_text(render_smb_conf(plan.lab_file.domain, paths, interfaces=f"{host}/8"), "utf-8")
        with log_file.open("ab") as log, put_off():
            process = subprocess.Popen(
                [str(self._samba), "-i", "--debug-stdout", "--no-process-group", "-M", "single", "-s", str(config)],
                cwd=root,
                env=_environment() | clock_environment(plan.clock_offset_s),
                # Its lifeline: samba -i ends when this closes, as it does when we die, in whatever way.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            mark = mark_of(process.pid)
            mark.write(root / CHILD_FILE)
        return ProcessController(process=process, mark=mark, host=host, log_file=log_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessController:
    """A samba that was spawned."""

    process: subprocess.Popen[bytes]
    mark: ProcessMark
    host: str
    log_file: Path

    @property
    def addresses(self) -> Addresses:
        """Where it listens: the usual ports of an address of its own."""
        return Addresses(
            kdc=Address(host=self.host, port=KDC_PORT),
            kpasswd=Address(host=self.host, port=KPASSWD_PORT),
            ldap=Address(host=self.host, port=LDAP_PORT),
            ldaps=Address(host=self.host, port=LDAPS_PORT),
        )

    def is_alive(self) -> bool:
        """Say whether it still runs."""
        return self.process.poll() is None

    def log_tail(self) -> str:
        """Return the last lines of samba's log."""
        return tail(self.log_file)


def _environment() -> dict[str, str]:
    """Return what samba needs of our environment: no Kerberos or Python setting of the caller's leaks in."""
    kept = {name: os.environ[name] for name in ENVIRONMENT_KEPT if name in os.environ}
    return {**kept, "PATH": f"{kept.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin"}


@contextmanager
def _free_address() -> Iterator[str]:
    """Hold a loopback address that no other lab of this machine uses.

    An abstract socket is the lock: it belongs to the network namespace, as the address does, and the
    kernel takes it back from whoever dies.
    """
    for host in ADDRESSES:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as lock:
            try:
                lock.bind(f"\0hybridjoin/{host}")
            except OSError:
                continue
            if all(_is_free(host, port) for port in PORTS):
                yield host
                return
    raise LabError(
        f"all addresses from {ADDRESSES[0]} to {ADDRESSES[-1]} are taken",
        remedy="stop labs that are no longer needed: `hybridjoin lab prune`",
    )


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True

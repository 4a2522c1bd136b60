"""Ready means served: a computer gets its ticket (AS), a ticket for the directory (TGS), and binds with it (LDAP).

Asked with the tools an administrator would use, because a Kerberos library reads its configuration from the
process's environment, and the environment of this process is not ours to change.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from hybridjoin.errors import LabError
from hybridjoin.lab.backend import Address, Addresses, Controller
from hybridjoin.lab.krb5_conf import render_krb5_conf
from hybridjoin.scenario.lab.lab_file import LabFile

READY_WITHIN_S = 60.0
PAUSE_S = 0.02
TOOL_WITHIN_S = 15.0
PACKAGES = {"kinit": "krb5-user", "ldapsearch": "ldap-utils"}


def need_tool(name: str) -> str:
    """Return the path of a tool.

    Raises:
        LabError: it is missing; its package is named.
    """
    found = shutil.which(name)
    if found is None:
        raise LabError(f"{name} is not installed", remedy=f"apt-get install -y {PACKAGES.get(name, name)}")
    return found


def await_ready(
    controller: Controller, lab_file: LabFile, state_dir: Path, *, within_s: float = READY_WITHIN_S
) -> None:
    """Wait until the DC has served a computer from ticket to bind.

    Raises:
        LabError: it does not in time; its log is told.
    """
    deadline = time.monotonic() + within_s
    probe = _Probe(controller.addresses, lab_file, state_dir)
    try:
        while (answer := probe.ask()) is not None:
            if not controller.is_alive():
                raise LabError(
                    "the domain controller died while it was starting", log_tail=controller.log_tail() or answer
                )
            if time.monotonic() > deadline:
                raise LabError(
                    f"the domain controller was not ready within {within_s:g} s; it last said: {answer}",
                    remedy="look at its log below; a busy machine may only need another try",
                    log_tail=controller.log_tail(),
                )
            time.sleep(PAUSE_S)
    finally:
        probe.close()


class _Probe:
    """The questions, each asked again only until it was answered once."""

    def __init__(self, addresses: Addresses, lab_file: LabFile, state_dir: Path) -> None:
        name = f"{lab_file.everyday_device.name}$"
        self._files = state_dir / "probe"
        self._files.mkdir()
        config = self._files / "krb5.conf"
        # Follows the KDC's clock, so that a DC whose clock was set off on purpose is found ready too.
        config.write_text(render_krb5_conf(lab_file.domain, addresses, kdc_timesync=True), "utf-8")
        self._environment = {"KRB5_CONFIG": str(config), "KRB5CCNAME": f"FILE:{self._files / 'ccache'}"}
        keytab = state_dir / "keytabs" / f"{name}.keytab"
        self._ports = [addresses.kdc, addresses.ldap, addresses.ldaps]
        question = ("-s", "base", "-b", "", "defaultNamingContext")
        self._commands = [
            [need_tool("kinit"), "-k", "-t", str(keytab), name],
            [need_tool("ldapsearch"), "-Q", "-N", "-Y", "GSSAPI", "-H", f"ldap://{addresses.ldap}", *question],
        ]

    def ask(self) -> str | None:
        """Return what was said against, or None once everything was answered."""
        while self._ports:
            if complaint := _refusal(self._ports[0]):
                return complaint
            self._ports.pop(0)
        while self._commands:
            if complaint := _run(self._commands[0], self._environment):
                return complaint
            self._commands.pop(0)
        return None

    def close(self) -> None:
        """Throw the tickets away."""
        shutil.rmtree(self._files, ignore_errors=True)


def _refusal(address: Address) -> str:
    try:
        socket.create_connection((address.host, address.port), timeout=TOOL_WITHIN_S).close()
    except OSError as error:
        return f"{address}: {error.strerror or error}"
    return ""


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TOOL_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{Path(command[0]).name}: no answer within {TOOL_WITHIN_S:g} s"
    return (done.stderr or done.stdout).strip() if done.returncode else ""

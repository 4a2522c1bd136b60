"""What this machine has and lacks: one finding each, with the command that mends it."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from hybridjoin.errors import LabError
from hybridjoin.extras import extra_line
from hybridjoin.lab.clock import find_faketime
from hybridjoin.lab.engine import engine_answers
from hybridjoin.lab.places import CACHE_VARIABLE, STATE_VARIABLE, cache_root, state_root
from hybridjoin.lab.process.needs import PACKAGES as SAMBA_PACKAGES
from hybridjoin.lab.process.needs import PORTS, SYSTEM_PYTHON, first_free_port
from hybridjoin.lab.process.own_network import can_have_own_network

State = Literal["found", "missing", "optional"]
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
SASL_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
EVERY_JOIN, EVERY_LAB, PROCESS_LAB, DOCKER_LAB = "every join", "every lab", "the process lab", "the docker lab"
STA_UNSYNC = 0x0040
_NTP_TIMEX_SIZE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFinding:
    """One thing looked for; `optional` is missing too, but only some scenarios want it."""

    name: str
    state: State
    detail: str
    needed_for: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """All findings, and what can be run with them."""

    findings: tuple[MachineFinding, ...]

    def lacks(self, needed_for: str) -> bool:
        """Say whether something is missing that is needed for this."""
        return any(item.state == "missing" and item.needed_for == needed_for for item in self.findings)

    @property
    def labs(self) -> dict[str, bool]:
        """Which lab backends can run here."""
        joins = not self.lacks(EVERY_JOIN) and not self.lacks(EVERY_LAB)
        return {"docker": joins and not self.lacks(DOCKER_LAB), "process": joins and not self.lacks(PROCESS_LAB)}

    @property
    def usable(self) -> bool:
        """Whether some lab can run and a device can join in it."""
        return any(self.labs.values())

    @property
    def summary(self) -> str:
        """Say in one sentence what can be run."""
        ready = [name for name, can in self.labs.items() if can]
        if ready:
            return f"Labs that can run here: {', '.join(ready)}."
        if self.lacks(EVERY_JOIN):
            return "No device can join from this machine until the missing parts are there."
        return "No lab can run here; hybridjoin can still test a site of yours (--site FILE)."

    def as_json(self) -> dict[str, Any]:
        """Return the machine's form."""
        return {"labs": self.labs, "usable": self.usable, "checks": [asdict(item) for item in self.findings]}


def examine() -> Checkup:
    """Look at everything; nothing is started and nothing is changed."""
    return Checkup(findings=tuple(_findings()))


def _findings() -> Iterator[MachineFinding]:
    yield _python()
    yield _library("libkrb5", "libkrb5.so.3", "libkrb5-3")
    yield _module("gssapi", "libkrb5-dev gcc python3-dev")
    yield _module("ldap", "libldap2-dev libsasl2-dev gcc python3-dev")
    yield _extra("serving the doubles", "starlette", EVERY_LAB)
    yield _extra("Docker's client", "testcontainers", DOCKER_LAB)
    yield _sasl()
    yield _tool("kinit", "krb5-user", EVERY_LAB)
    yield _tool("ldapsearch", "ldap-utils", EVERY_LAB)
    yield _engine()
    yield _samba()
    yield _samba_python()
    yield _ports()
    yield _faketime()
    yield _clock()
    yield _writable("state", state_root, STATE_VARIABLE)
    yield _writable("cache", cache_root, CACHE_VARIABLE)
    yield _chromium()


def _apt(packages: str) -> str:
    return f"{'' if os.geteuid() == 0 else 'sudo '}apt-get install -y {packages}"


def _finding(
    name: str, found: str, needed_for: str, *, missing: str, mend: str, optional: bool = False
) -> MachineFinding:
    if found:
        return MachineFinding(name=name, state="found", detail=found, needed_for=needed_for)
    state: State = "optional" if optional else "missing"
    return MachineFinding(name=name, state=state, detail=missing, needed_for=needed_for, mend=mend)


def _python() -> MachineFinding:
    version = ".".join(map(str, sys.version_info[:3]))
    return MachineFinding(name="Python", state="found", detail=version, needed_for=EVERY_JOIN)


def _library(name: str, file: str, package: str) -> MachineFinding:
    try:
        ctypes.CDLL(file)
    except OSError as error:
        return _finding(name, "", EVERY_JOIN, missing=str(error), mend=_apt(package))
    return _finding(name, file, EVERY_JOIN, missing="", mend="")


def _module(name: str, packages: str) -> MachineFinding:
    try:
        module = import_module(name)
    except (ImportError, OSError) as error:
        missing = f"cannot be imported: {error}"
        return _finding(name, "", EVERY_JOIN, missing=missing, mend=f"{_apt(packages)} && {extra_line('lab')}")
    version = getattr(module, "__version__", "")
    return _finding(name, f"imports{f', {version}' if version else ''}", EVERY_JOIN, missing="", mend="")


def _extra(name: str, module: str, needed_for: str) -> MachineFinding:
    found = f"{module} is installed" if find_spec(module) else ""
    mend = extra_line("lab")
    return _finding(name, found, needed_for, missing=f"{module} is not installed", mend=mend)


def _sasl() -> MachineFinding:
    found = next((str(path) for top in SASL_FOLDERS for path in Path(top).glob("**/sasl2/libgssapiv2.so*")), "")
    mend = _apt("libsasl2-modules-gssapi-mit")
    return _finding("SASL GSSAPI", found, EVERY_JOIN, missing="no libgssapiv2.so in a sasl2 folder", mend=mend)


def _which(name: str) -> str:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}") or ""


def _tool(name: str, package: str, needed_for: str) -> MachineFinding:
    found = shutil.which(name) or ""
    return _finding(name, found, needed_for, missing="not on PATH", mend=_apt(package))


def _engine() -> MachineFinding:
    host = os.environ.get("DOCKER_HOST", "/var/run/docker.sock")
    answers = f"an engine answers at {host}" if engine_answers() else ""
    mend = f"{_apt('docker.io')} (or start the engine, or let this user use it)"
    return _finding("Docker engine", answers, DOCKER_LAB, missing=f"no engine answers at {host}", mend=mend)


def _samba() -> MachineFinding:
    tools = {name: _which(name) for name in ("samba", "samba-tool")}
    absent = ", ".join(name for name, path in tools.items() if not path)
    found = "" if absent else ", ".join(tools.values())
    return _finding("Samba", found, PROCESS_LAB, missing=f"not installed: {absent}", mend=_apt(SAMBA_PACKAGES))


def _samba_python() -> MachineFinding:
    bindings = next(iter(sorted(Path("/usr/lib/python3").glob("dist-packages/samba/__init__.py"))), None)
    found = f"for {SYSTEM_PYTHON}" if bindings and SYSTEM_PYTHON.exists() else ""
    return _finding("Samba bindings", found, PROCESS_LAB, missing="no python3-samba", mend=_apt("python3-samba"))


def _ports() -> MachineFinding:
    first_free, lowest = first_free_port(), min(PORTS)
    if first_free <= lowest:
        return _finding("low ports", f"port {lowest} may be bound", PROCESS_LAB, missing="", mend="")
    missing = f"only root may bind ports below {first_free}; a directory has its own on {lowest}"
    alone = f"{missing}: labs run in a network of their own, except `lab up`" if can_have_own_network() else ""
    mend = f"sudo sysctl net.ipv4.ip_unprivileged_port_start={lowest}"
    return _finding("low ports", alone, PROCESS_LAB, missing=missing, mend=mend)


def _faketime() -> MachineFinding:
    found = str(find_faketime() or "")
    wanted = "scenarios with a clock set off"
    return _finding("libfaketime", found, wanted, missing="not installed", mend=_apt("faketime"), optional=True)


def _clock() -> MachineFinding:
    """Ask the kernel whether something keeps its clock: Kerberos tolerates five minutes."""
    timex = ctypes.create_string_buffer(_NTP_TIMEX_SIZE)
    try:
        ctypes.CDLL(None).adjtimex(timex)
    except (OSError, AttributeError):
        kept = False
    else:
        # struct timex: modes (int), then offset, freq, maxerror, esterror (long), then status (int).
        at = 5 * ctypes.sizeof(ctypes.c_long)
        kept = not int.from_bytes(timex.raw[at : at + 4], sys.byteorder) & STA_UNSYNC
    missing = "nothing says that it is kept right (in a container the host may)"
    needed_for = "sites with a directory of their own"
    mend = "compare `date -u` with the domain controller's clock; Kerberos tolerates 5 minutes"
    return _finding("clock", "kept by NTP" if kept else "", needed_for, missing=missing, mend=mend, optional=True)


def _writable(name: str, where: Callable[[], Path], variable: str) -> MachineFinding:
    mend = f"set {variable} to a directory of yours"
    try:
        folder = where()
    except LabError as error:
        return _finding(f"{name} folder", "", EVERY_LAB, missing=error.cause, mend=mend)
    above = next(path for path in (folder, *folder.parents) if path.exists())
    found = str(folder) if os.access(above, os.W_OK | os.X_OK) else ""
    return _finding(f"{name} folder", found, EVERY_LAB, missing=f"{above} is not writable", mend=mend)


def _chromium() -> MachineFinding:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
    wanted = "the tests that look at the report"
    return _finding("Chromium", found, wanted, missing="not on PATH", mend=_apt("chromium"), optional=True)

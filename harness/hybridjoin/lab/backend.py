"""Who runs the domain controller: the two Protocols a backend is made of, and which backend is taken."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol, cast

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.extras import extras_named
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.engine import engine_answers
from hybridjoin.scenario.lab.lab_file import LabFile

if TYPE_CHECKING:
    from hybridjoin.lab.tls import Authority  # its libraries would slow down whoever only asks for a backend's name

BACKENDS: Mapping[str, str] = {
    "docker": "hybridjoin.lab.docker.backend:DockerBackend",
    "process": "hybridjoin.lab.process.backend:ProcessBackend",
}
BACKEND_VARIABLE = "HYBRIDJOIN_LAB"


class Backend(Protocol):
    """A way to run a domain."""

    @property
    def name(self) -> str:
        """The backend's name on the command line."""

    def start(self, lab_file: LabFile, *, clock_offset_s: int = 0) -> AbstractContextManager[Domain]:
        """Run the domain for as long as the context lasts; ready when it is entered, gone when it is left."""

    def prune(self) -> tuple[str, ...]:
        """Remove what labs left whose owner was killed; return the names of what was removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A TCP address to dial."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a running DC is reached; `ldap.host` is one of the launcher's `dialled_hosts`."""

    kdc: Address
    kpasswd: Address
    ldap: Address
    ldaps: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPlan:
    """What a launcher needs: the golden state to copy from, and a directory of its own to run in.

    `authority` issues the DC's certificate once the launcher knows the names it is dialled by.
    """

    lab_file: LabFile
    golden: Path
    state_dir: Path
    authority: Authority
    clock_offset_s: int


class Controller(Protocol):
    """A DC that was launched and may not be ready yet."""

    @property
    def addresses(self) -> Addresses:
        """Where it is, or will be, reached."""

    @property
    def log_file(self) -> Path:
        """Where its log is kept on this machine."""

    def is_alive(self) -> bool:
        """Say whether it still runs."""

    def log_tail(self) -> str:
        """Return the last lines of its log."""


class Launcher(Protocol):
    """All that differs between backends; `hybridjoin.lab.start.start_domain` does the rest."""

    @property
    def name(self) -> str:
        """The backend's name."""

    @property
    def dialled_hosts(self) -> tuple[str, ...]:
        """Every host name or address under which clients may dial LDAP: each gets an ldap/ SPN."""

    @property
    def fingerprint(self) -> str:
        """What a golden state depends on besides lab file and provisioning script, such as Samba's version."""

    def provision(self, spec_file: Path, target: Path) -> None:
        """Run provision.py on `spec_file` and leave its output in `target`; raise LabError where it fails."""

    def launch(self, plan: LaunchPlan) -> AbstractContextManager[Controller]:
        """Run the DC on a copy of the golden state for as long as the context lasts."""


def choose_backend(name: str | None = None) -> Backend:
    """Return the backend of that name, or the one that `backend_name` chooses.

    Raises:
        UsageError: there is no backend of that name.
        LabError: the libraries that it takes are not installed.
    """
    # Resolved by name, so that nobody who runs processes waits for the docker client's import, or needs it.
    wanted = BACKENDS[backend_name(name)]
    with extras_named():
        chosen = resolve_name(wanted)
    return cast("Backend", chosen())


def backend_name(name: str | None = None) -> str:
    """Return the name asked for, here or by HYBRIDJOIN_LAB, else docker where an engine answers, else process.

    Raises:
        UsageError: there is no backend of that name.
    """
    wanted = name or os.environ.get(BACKEND_VARIABLE) or ("docker" if engine_answers() else "process")
    if wanted not in BACKENDS:
        place = "--lab" if name else BACKEND_VARIABLE
        raise UsageError(Mistake(place=place, problem=f"expected one of {', '.join(BACKENDS)}, found {wanted!r}"))
    return wanted

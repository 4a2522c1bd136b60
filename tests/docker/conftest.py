"""One domain controller in a container for all tests of this room, and a state directory that is theirs alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from hybridjoin.lab.docker.client import engine
from hybridjoin.lab.docker.owner import OWNER_LABEL
from hybridjoin.lab.docker.samba_container import SambaDomainController
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file

ROOT = Path(__file__).parents[2]
DEFAULT_LAB = ROOT / "scenarios" / "default.lab.yaml"


@pytest.fixture(scope="session", autouse=True)
def state() -> Iterator[Path]:
    """A state directory with a short path, for this session alone."""
    folder = Path(tempfile.mkdtemp(prefix="hj-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(folder))
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    with engine() as opened:
        yield opened


@pytest.fixture(scope="session")
def lab_file() -> LabFile:
    return load_lab_file(DEFAULT_LAB)


@pytest.fixture(scope="session")
def controller(lab_file: LabFile) -> Iterator[SambaDomainController]:
    with SambaDomainController(lab_file) as running:
        yield running


def run_tool(controller: SambaDomainController, folder: Path, command: Sequence[object]) -> str:
    """Run a Kerberos or LDAP tool against a controller and return what it printed."""
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "KRB5_CONFIG": str(controller.krb5_config),
        "KRB5CCNAME": f"FILE:{folder / 'ccache'}",
        "LDAPTLS_CACERT": str(controller.ca_file),
    }
    done = subprocess.run(
        [str(part) for part in command], env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def log_in(controller: SambaDomainController, folder: Path, account: str = "WS01$") -> None:
    """Get a ticket for an account into the folder's cache."""
    run_tool(controller, folder, ["kinit", "-k", "-t", controller.keytab(account), account])


def containers_of(client: docker.DockerClient, pid: int) -> list[Container]:
    """Return the containers that a process owns or owned."""
    marked = client.containers.list(all=True, filters={"label": OWNER_LABEL}, ignore_removed=True)
    return [item for item in marked if item.labels[OWNER_LABEL].startswith(f"{pid}:")]


def states_of(client: docker.DockerClient, pid: int) -> list[str]:
    """Return the states of the containers that a process owns or owned."""
    return [str(item.status) for item in containers_of(client, pid)]


OWNER = """
import sys
from hybridjoin.errors import LabError
from hybridjoin.lab.docker.samba_container import SambaDomainController
try:
    with SambaDomainController(sys.argv[1]) as controller:
        print(controller.domain.state_dir, flush=True)
        sys.stdin.readline()
except LabError as error:
    print(error, flush=True)
    sys.exit(3)
"""


@contextmanager
def owner(**environment: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Run a process that keeps a domain controller until it reads a line.

    Yield it, once the controller serves, and its state directory.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(DEFAULT_LAB)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()

"""What a command that was killed leaves on disk, once the next start has run: no key, no ticket, no password."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hybridjoin.lab.domain import read_domain
from tests.attacks.test_secrets_table import SCENARIOS, Watched

pytestmark = pytest.mark.lab

COMMAND = str(Path(sys.executable).with_name("hybridjoin"))
AT_WORK_WITHIN_S, GONE_WITHIN_S = 60.0, 30.0
SITE = """\
name: killed
idp: {{issuer: "https://sts.test/adfs/services/trust", signing_certificate: {ca_file}}}
directory:
  domain: {domain}
  domain_controller: {controller}
  krb5_config: {krb5_config}
  ldap_url: {ldap_url}
  ca_file: {ca_file}
devices: [{{name: WS01, password_file: {password}}}]
entra:
  tenant_id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f
  tenant_name: hybridjoin.test
  login_url: https://login.entra.test
  registration_url: https://registration.entra.test
"""


class Ground:
    """Folders of a command's own, and what is started in them."""

    def __init__(self, folder: Path) -> None:
        self.state, self.temporary = folder / "s", folder / "tmp"
        for path in (self.state, self.temporary):
            path.mkdir(mode=0o700)
        self.environment = {**os.environ, "HYBRIDJOIN_STATE": str(self.state), "TMPDIR": str(self.temporary)}

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [COMMAND, *map(str, arguments)],
            env=self.environment,
            cwd=self.temporary,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def run(self, *arguments: str | Path) -> None:
        assert self.start(*arguments).wait(60) == 0

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file that is left, by its path; what goes away meanwhile is passed over."""
        for root in (self.state, self.temporary):
            for path in filter(Path.is_file, root.rglob("*")):
                yield str(path.relative_to(root.parent)), path.read_bytes()

    def secrets_left(self, secrets: set[bytes]) -> list[str]:
        return [name for name, body in self.left() if any(secret in body for secret in secrets)]


@pytest.fixture
def ground() -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="hj-") as folder:
        here = Ground(Path(folder))
        yield here
        here.start("lab", "down").wait(60)
        here.start("lab", "prune").wait(60)


def watched(run: subprocess.Popen[bytes], ground: Ground, pattern: str) -> Watched:
    """Look at a command's files until it is in the middle of its work, and a little longer."""
    seen, deadline = Watched(), time.monotonic() + AT_WORK_WITHIN_S
    until = deadline
    while time.monotonic() < min(until, deadline) and run.poll() is None:
        seen.look(run.pid, (ground.state, ground.temporary))
        if until == deadline and any(ground.state.glob(pattern)):
            until = time.monotonic() + 1.0
        time.sleep(0.05)
    assert run.poll() is None, "it was to be killed in the middle"
    return seen


def killed(run: subprocess.Popen[bytes]) -> None:
    """Kill a command, and wait until whoever it started has gone by itself."""
    family = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGKILL)
    run.wait()
    psutil.wait_procs(family, timeout=GONE_WITHIN_S)


def test_of_a_run_that_was_killed_nothing_secret_is_left_at_the_next_start(ground: Ground) -> None:
    run = ground.start("run", "--lab", "process", "-n", "2", "--report-dir", ground.temporary / "reports", SCENARIOS)
    seen = watched(run, ground, "labs/*/domain.json")
    killed(run)
    assert seen.secrets
    assert ground.secrets_left(seen.secrets), "what is looked for was there"

    ground.run("lab", "prune")

    assert ground.secrets_left(seen.secrets) == []
    assert [name for name, _ in ground.left() if name.endswith((".keytab", ".key", ".ccache"))] == []


def test_nor_of_a_join_at_a_site_of_the_users_own_whose_password_is_in_a_file(ground: Ground) -> None:
    """The keytab that is made of the password, and the lab that serves the directory, which stays."""
    ground.run("lab", "up", "--lab", "process")
    (told,) = ground.state.glob("labs/*/domain.json")
    domain = read_domain(told)
    password = domain.passwords["WS01$"].read_bytes().strip()
    key = domain.keytabs["WS01$"].read_bytes()[-20:-4]  # of the last entry, before its version
    site = ground.state.parent / "killed.site.yaml"
    known = {
        "domain": domain.directory.domain,
        "controller": domain.directory.domain_controller,
        "krb5_config": domain.directory.krb5_config,
        "ldap_url": domain.directory.ldap_url,
        "ca_file": domain.ca_file,
        "password": domain.passwords["WS01$"],
    }
    site.write_text(SITE.format_map(known), "utf-8")
    run = ground.start("run", "--site", site, "--report-dir", ground.temporary / "reports", SCENARIOS)
    deadline = time.monotonic() + AT_WORK_WITHIN_S
    while not any(ground.state.glob("sites/*/owner.json")) and time.monotonic() < deadline and run.poll() is None:
        time.sleep(0.01)
    assert run.poll() is None, "it was to be killed in the middle"
    killed(run)

    ground.run("lab", "prune")

    assert [path for path in ground.state.glob("sites/*") if path.is_dir()] == []
    lab = told.parent
    theirs = [
        name for name in ground.secrets_left({password, key}) if not (ground.state.parent / name).is_relative_to(lab)
    ]
    assert theirs == []
    assert [path for path in ground.temporary.rglob("*") if path.suffix == ".keytab"] == []

"""A lab for somebody who may not bind low ports: a real user without rights, in a network of the command's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hybridjoin.lab.process.own_network import NOTE

pytestmark = pytest.mark.lab
ROOT = Path(__file__).parents[2]
NOBODY = 65534
WITHIN_S = 240
# Interpreter and packages are shown where anybody may read them, in a mount namespace that ends with the command.
STAGE = """
set -e
mount --bind "$1" "$4/python"; mount --bind "$2" "$4/packages"; mount --bind "$3" "$4/ours"
export LD_LIBRARY_PATH="$4/python/lib" PYTHONPATH="$4/ours/harness:$4/packages"
stage=$4; cd "$5"; shift 5
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$stage/python/bin/python3" -m hybridjoin "$@"
"""


@dataclass(frozen=True)
class Nobody:
    """A user without rights: `nobody` where the tests run as root, and else whoever runs them."""

    stage: Path
    home: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "HYBRIDJOIN_STATE": str(self.home / "s"),
            "LC_ALL": "C.UTF-8",
        }
        command: list[str | Path] = [sys.executable, "-m", "hybridjoin", *arguments]
        if os.geteuid() == 0:
            shown: list[str | Path] = [sys.base_prefix, sysconfig.get_paths()["purelib"], ROOT, self.stage, self.home]
            inner: list[str | Path] = ["sh", "-c", STAGE, "sh", *shown, *arguments]
            command = ["unshare", "--mount", "--propagation", "private", *inner]
        return subprocess.run(
            command,
            env=environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=WITHIN_S,
        )


@pytest.fixture(scope="module")
def nobody() -> Iterator[Nobody]:
    """Somebody whose home keeps a golden state from one command to the next, as everybody's does."""
    with tempfile.TemporaryDirectory(prefix="hj-") as made:
        top = Path(made)
        top.chmod(0o755)
        for name in ("python", "packages", "ours", "home"):
            (top / name).mkdir()
        if os.geteuid() == 0:
            os.chown(top / "home", NOBODY, NOBODY)
        yield Nobody(stage=top, home=top / "home")


def test_a_device_joins_in_a_network_of_the_commands_own(nobody: Nobody) -> None:
    done = nobody.run("join", "--lab", "process", "--json")

    assert done.returncode == 0, done.stdout + done.stderr
    assert NOTE in done.stderr
    record = json.loads(done.stdout)
    assert [item["outcome"] for item in record["scenarios"]] == ["passed"]
    assert {path.stat().st_uid for path in nobody.home.rglob("*")} <= {NOBODY, os.geteuid()}


def test_scenarios_run_there_side_by_side(nobody: Nobody) -> None:
    scenarios = nobody.home / "joins.scenario.yaml"
    scenarios.write_text(
        'id: joins\ntitle: It joins by ${matrix.trust}\nmatrix: {trust: ["1.3", "2005"]}\n'
        'idp: {profile: adfs}\ndevice: {trust: "${matrix.trust}"}\n'
        'expect: {join: federated, trust: "${matrix.trust}"}\n',
        "utf-8",
    )

    done = nobody.run("run", scenarios.name, "--lab", "process", "-n", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert NOTE in done.stderr


def test_the_doctor_knows_and_a_lab_to_keep_is_refused_in_words(nobody: Nobody) -> None:
    seen = {item["name"]: item for item in json.loads(nobody.run("doctor", "--json").stdout)["checks"]}
    kept = nobody.run("lab", "up", "--lab", "process")

    assert seen["low ports"]["state"] == "found"
    assert "labs run in a network of their own, except `lab up`" in seen["low ports"]["detail"]
    assert kept.returncode == 3
    assert "unshare --user --map-root-user --net" in kept.stderr

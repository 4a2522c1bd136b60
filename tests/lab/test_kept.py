"""BackgroundLab labs: up, used from a plain shell, down."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from hybridjoin.errors import LabError, UsageError
from hybridjoin.lab.background.exports import render_exports
from hybridjoin.lab.background.labs import (
    HOLDER_FILE,
    STATUS_FILE,
    BackgroundLab,
    Condition,
    background_folder,
    lab_down,
    lab_env,
    lab_prune,
    lab_status,
    lab_up,
)
from hybridjoin.lab.dial.turn import turn
from hybridjoin.lab.domain import read_domain
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.lab.state import CHILD_FILE, read_mark
from hybridjoin.scenario.lab.lab_file import LabFile

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def kept(lab_file: LabFile, state: Path) -> Iterator[BackgroundLab]:
    yield lab_up(lab_file, "process")
    lab_down()


def shell(exports: str, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would after `eval "$(hybridjoin lab env)"`."""
    script = f'eval "$EXPORTS"\n{command}'
    environment = {"PATH": os.environ["PATH"], "EXPORTS": exports, "LC_ALL": "C"}
    return subprocess.run(
        ["/bin/sh", "-c", script], env=environment, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def exports(kept: BackgroundLab) -> str:
    return render_exports(lab_env("process"))


def test_a_lab_that_is_up_says_so(kept: BackgroundLab, lab_file: LabFile) -> None:
    (listed,) = lab_status()

    assert kept == listed
    assert listed.condition is Condition.READY
    assert listed.lab_digest == lab_file.digest
    assert psutil.pid_exists(listed.pid)


def test_going_up_twice_is_one_lab(kept: BackgroundLab, lab_file: LabFile) -> None:
    assert lab_up(lab_file, "process") == kept


def test_another_lab_file_is_told_to_wait(kept: BackgroundLab, lab_file: LabFile) -> None:
    with pytest.raises(LabError, match="lab down"):
        lab_up(replace(lab_file, lookup_account="svc-idp"), "process")


def test_the_exports_are_the_ones_that_were_promised(kept: BackgroundLab, exports: str) -> None:
    promised = {
        "KRB5_CONFIG", "KRB5_CLIENT_KTNAME", "KRB5CCNAME", "LAB_DEVICE", "LAB_REALM", "LAB_LDAP_URL", "LAB_CA_FILE",
        "LAB_MEX_URL", "LAB_STS_URL", "LAB_ENTRA_URL", "LAB_RESOLVE_STS", "LAB_RESOLVE_ENTRA", "HYBRIDJOIN_DOMAIN",
    }  # fmt: skip

    assert promised <= set(re.findall(r"^export (\w+)=", exports, re.MULTILINE))
    assert shell(exports, 'echo "$LAB_DEVICE $LAB_REALM"').stdout.split() == ["WS01", "HYBRIDJOIN.TEST"]


def test_kinit_works_from_any_shell(exports: str) -> None:
    done = shell(exports, 'kinit -k -t "$KRB5_CLIENT_KTNAME" "$LAB_DEVICE\\$" && klist')

    assert "Default principal: WS01$@HYBRIDJOIN.TEST" in done.stdout, done.stderr


def test_ldapsearch_works_with_the_computers_ticket(exports: str) -> None:
    done = shell(exports, 'ldapsearch -Q -Y GSSAPI -H "$LAB_LDAP_URL" -b "$LAB_BASE_DN" "(cn=$LAB_DEVICE)" objectGUID')

    assert "objectGUID:: UZw+DyR9hkuhyV4vi21KEA==" in done.stdout, done.stderr


def test_curl_reads_the_metadata_and_is_authenticated_by_the_sts(exports: str, tmp_path: Path) -> None:
    curl = 'curl -sS --cacert "$LAB_CA_FILE" --resolve "$LAB_RESOLVE_STS"'
    metadata = shell(exports, f'{curl} "$LAB_MEX_URL"')
    plain = shell(exports, f'{curl} -o /dev/null -w "%{{http_code}}" -d x "$LAB_STS_URL"')
    negotiated = shell(exports, f'{curl} --negotiate -u : -o /dev/null -w "%{{http_code}}" -d x "$LAB_STS_URL"')

    assert "definitions" in metadata.stdout, metadata.stderr
    assert plain.stdout == "401", plain.stderr
    # Let in, and told that "x" is no RequestSecurityToken.
    assert negotiated.stdout not in {"", "401", "000"}, negotiated.stderr


def test_curl_reaches_entra_and_is_led_to_the_real_port(exports: str, kept: BackgroundLab) -> None:
    curl = 'curl -sS --cacert "$LAB_CA_FILE" --resolve "$LAB_RESOLVE_ENTRA"'
    done = shell(exports, f'{curl} "$LAB_ENTRA_URL/common/UserRealm?user=x@hybridjoin.test&api-version=1.0"')

    assert kept.variables is not None
    assert kept.variables["LAB_MEX_URL"] in done.stdout.replace("\\/", "/"), done.stdout + done.stderr


def test_a_scenario_that_has_to_be_alone_is_run_while_a_lab_is_up(exports: str, kept: BackgroundLab) -> None:
    """Who keeps a lab up runs scenarios in it for days: it takes no turn of theirs."""
    state_dir = Path(dict(re.findall(r"^export (\w+)='?([^'\n]+)", exports, re.MULTILINE))["HYBRIDJOIN_DOMAIN"]).parent

    with turn(state_dir, alone=True, wait_s=0.0):
        assert lab_status() == (kept,)


def test_a_lab_that_nobody_keeps_has_no_environment(kept: BackgroundLab) -> None:
    with pytest.raises(LabError, match="hybridjoin lab up"):
        lab_env("docker")
    with pytest.raises(UsageError, match="expected one of docker, process"):
        lab_env("vmware")


def test_a_keeper_that_was_killed_is_cleared_away(lab_file: LabFile, kept: BackgroundLab) -> None:
    variables: Mapping[str, str] = kept.variables or {}
    domain = read_domain(Path(variables["HYBRIDJOIN_DOMAIN"]))
    samba = read_mark(domain.state_dir / CHILD_FILE)
    holder = psutil.Process(kept.pid)
    holder.send_signal(signal.SIGKILL)
    holder.wait(5)

    assert lab_status() == ()
    assert {"background lab process", domain.state_dir.name} <= set(lab_prune())
    assert samba is not None
    assert samba.find() is None


def test_down_leaves_nothing(lab_file: LabFile, state: Path) -> None:
    told: list[str] = []
    up = lab_up(lab_file, "process", on_progress=told.append)
    domain = read_domain(Path((up.variables or {})["HYBRIDJOIN_DOMAIN"]))

    samba = read_mark(domain.state_dir / CHILD_FILE)
    assert samba is not None
    assert samba.find() is not None
    assert "starting the domain controller (process)" in told
    assert lab_down() == ("process",)
    assert lab_status() == ()
    assert lab_down() == ()
    assert not domain.state_dir.exists()
    assert samba.find() is None


def test_what_keeps_a_lab_from_coming_up_is_said(lab_file: LabFile, tmp_path: Path) -> None:
    broken = tmp_path / "broken.lab.yaml"
    broken.write_text(
        lab_file.path.read_text("utf-8") + "\nldif: |\n  dn: CN=x,CN=Nowhere,${BASE_DN}\n  objectClass: container\n"
    )

    with pytest.raises(LabError) as caught:
        lab_up(replace(lab_file, path=broken, ldif="other"), "process")

    assert "provisioning the domain failed" in str(caught.value)
    assert "CN=Nowhere" in str(caught.value)
    assert lab_status() == ()


@pytest.fixture
def own_state(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state directory where no lab is kept, with a short path."""
    with tempfile.TemporaryDirectory(prefix="hj-") as folder:
        monkeypatch.setenv(STATE_VARIABLE, folder)
        yield Path(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
@pytest.mark.parametrize("when", ["spawned", "starting"])
def test_whoever_gives_up_before_the_lab_is_up_leaves_none(number: signal.Signals, when: str, own_state: Path) -> None:
    folder = background_folder("process")
    command = [sys.executable, "-m", "hybridjoin", "lab", "up", "--lab", "process"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as up:
        awaited = folder / (HOLDER_FILE if when == "spawned" else STATUS_FILE)
        _until(lambda: awaited.exists() and (when == "spawned" or "controller" in awaited.read_text("utf-8")))
        holder = read_mark(folder / HOLDER_FILE)
        up.send_signal(number)
        assert up.wait(5) == (-number if number is signal.SIGKILL else 128 + number)

    assert holder is not None
    _until(lambda: holder.find() is None)
    assert lab_status() == ()
    assert not list(own_state.glob("labs/*/domain.json"))


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)

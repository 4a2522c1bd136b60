"""A join with nothing but a site file, against a directory and an IdP that another process brought up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from hybridjoin.report.json_report import read_record
from tests.cli.forked import Resident

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parent.parent.parent


@cache
def resident() -> Resident:
    """An interpreter that has loaded what every command here loads, and knows no lab, no Kerberos and no proxy."""
    return Resident(
        "hybridjoin.cli.run.run_work",
        "hybridjoin.cli.run.join_work",
        "hybridjoin.cli.certify.certify_work",
        "hybridjoin.lab.live",
        "hybridjoin.device.adapters.hands",
        python=Path(sys.executable),
        environment=bare(ROOT),
    )


def hybridjoin(*arguments: str, environment: Mapping[str, str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command in a process with an environment of its own."""
    return resident().run(*arguments, cwd=cwd, environment=environment)


def bare(state: Path) -> dict[str, str]:
    """Return an environment that knows no lab, no Kerberos and no proxy, with a state directory of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "HYBRIDJOIN_CACHE") if name in os.environ}
    return {**kept, "HYBRIDJOIN_STATE": str(state), "PYTHONPATH": str(ROOT)}


def exported(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what `lab env` tells a shell about the lab that is up."""
    exports = hybridjoin("lab", "env", "--lab", "process", environment=environment).stdout
    shown = subprocess.run(
        ["/bin/sh", "-c", f"{exports}\nenv"], capture_output=True, text=True, timeout=10, check=True
    ).stdout
    return dict(line.split("=", 1) for line in shown.splitlines() if line.startswith(("LAB_", "KRB5_")))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[dict[str, str]]:
    """A directory and an IdP of somebody else, by the few facts that an administrator would hand over."""
    state = Path(tempfile.mkdtemp(prefix="hj-"))
    environment = bare(state)
    up = hybridjoin("lab", "up", "--lab", "process", environment=environment)
    assert up.returncode == 0, up.stderr
    yield exported(environment)
    hybridjoin("lab", "down", "--lab", "process", environment=environment)
    shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def site(elsewhere: dict[str, str], tmp_path: Path) -> dict[str, object]:
    """The site as plain data; its files are copies beside it, as an administrator would send them."""
    shutil.copy(elsewhere["LAB_CA_FILE"], tmp_path / "ca.pem")
    shutil.copy(elsewhere["LAB_SIGNING_CERTIFICATE"], tmp_path / "signing.pem")
    shutil.copy(elsewhere["KRB5_CLIENT_KTNAME"].removeprefix("FILE:"), tmp_path / "ws01.keytab")
    sts = urlsplit(elsewhere["LAB_MEX_URL"])
    directory = urlsplit(elsewhere["LAB_LDAP_URL"])
    return {
        "name": "somebody-elses",
        "idp": {
            "issuer": elsewhere["LAB_ISSUER"],
            "signing_certificate": "signing.pem",
            "mex_url": elsewhere["LAB_MEX_URL"],
            "ca_file": "ca.pem",
        },
        "directory": {
            "domain": "hybridjoin.test",
            "domain_controller": "dc1.hybridjoin.test",
            "kdc": directory.hostname,
            "ldap_url": elsewhere["LAB_LDAP_URL"],
        },
        "devices": [{"name": "WS01", "keytab": "ws01.keytab"}],
        "entra": {"tenant_id": "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f", "tenant_name": "hybridjoin.test", "double": {}},
        "connect": [{"host": sts.netloc, "to": f"127.0.0.1:{sts.port}"}],
    }


def write(site: dict[str, object], folder: Path) -> Path:
    """Write a site file."""
    path = folder / "somebody.site.yaml"
    path.write_text(yaml.safe_dump(site), "utf-8")
    return path


def test_a_device_joins_with_a_site_file_and_nothing_of_the_lab(site: dict[str, object], tmp_path: Path) -> None:
    state = tmp_path / "state"

    done = hybridjoin("join", "--site", str(write(site, tmp_path)), environment=bare(state), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "DsrCmdJoinHelper::Join: AutoEnrollAsComputer completed successfully" in done.stdout
    assert "             AzureAdJoined : YES" in done.stdout.splitlines()
    assert not (state / "labs").exists(), "a lab was started"


def directory_of(site: dict[str, object], elsewhere: dict[str, str], **told: object) -> dict[str, object]:
    """The site with its directory told otherwise, and by names alone: no DNS knows them, `connect` does."""
    ldap = urlsplit(elsewhere["LAB_LDAP_URL"])
    connect = site["connect"]
    assert isinstance(connect, list)
    ways = [
        {"host": "dc1.hybridjoin.test:3890", "to": f"{ldap.hostname}:{ldap.port}"},
        {"host": "alias.hybridjoin.test:389", "to": f"{ldap.hostname}:{ldap.port}"},
        {"host": "kdc.hybridjoin.test:88", "to": f"{ldap.hostname}:88"},
    ]
    directory = {"domain": "hybridjoin.test", "kdc": "kdc.hybridjoin.test", **told}
    return {**site, "directory": directory, "connect": [*connect, *ways]}


def test_connect_leads_the_names_of_the_directory_and_the_kdc(
    site: dict[str, object], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    named = directory_of(site, elsewhere, ldap_url="ldap://dc1.hybridjoin.test:3890")

    done = hybridjoin("join", "--site", str(write(named, tmp_path)), environment=bare(tmp_path / "s"), cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "             AzureAdJoined : YES" in done.stdout.splitlines()


def test_a_directory_by_an_alias_is_told_as_the_directorys_name_and_not_the_idps(
    site: dict[str, object], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    named = directory_of(site, elsewhere, ldap_url="ldap://alias.hybridjoin.test")

    done = hybridjoin("join", "--site", str(write(named, tmp_path)), environment=bare(tmp_path / "s"), cwd=tmp_path)

    assert done.returncode == 3, done.stdout + done.stderr
    told = " ".join(done.stderr.split())
    assert "no account has the service principal name ldap/alias.hybridjoin.test" in told
    assert "let directory.ldap_url in the site file name the domain controller" in told
    assert "HTTP" not in told


def test_scenarios_run_at_a_site_and_those_that_bend_it_are_skipped_aloud(
    site: dict[str, object], tmp_path: Path
) -> None:
    path = write(site, tmp_path)

    done = hybridjoin(
        "run", "--site", str(path), "--report-dir", str(tmp_path / "reports"), str(ROOT / "scenarios" / "demo"),
        environment=bare(tmp_path / "state"), cwd=tmp_path,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    record = read_record(tmp_path / "reports" / "latest" / "record.json")
    assert (record.site, record.backend) == ("somebody-elses", "external")
    outcomes = {item.id: (item.outcome.value, item.error) for item in record.scenarios}
    assert outcomes["demo-joins"] == ("passed", "")
    assert outcomes["demo-wrong-namespace"][0] == "skipped"
    assert "only a lab's doubles allow" in outcomes["demo-wrong-namespace"][1]


def test_an_unknown_ca_is_a_verdict_on_the_idp(site: dict[str, object], tmp_path: Path) -> None:
    idp = dict(site["idp"]) if isinstance(site["idp"], dict) else {}
    del idp["ca_file"]

    done = hybridjoin(
        "join", "--site", str(write({**site, "idp": idp}, tmp_path)), environment=bare(tmp_path / "state"), cwd=tmp_path
    )

    assert done.returncode == 1
    assert "0xcaa82f8f" in done.stdout
    assert "certificate" in done.stderr
    assert "Traceback" not in done.stderr

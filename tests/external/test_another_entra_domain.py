"""A domain that Entra knows by another name than AD does: in a lab of its own, and at somebody's site."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hybridjoin.model.verdict import Outcome
from hybridjoin.report.json_report import read_record
from tests.external.test_site_file_alone import bare, exported, hybridjoin, write

pytestmark = pytest.mark.lab

TENANT = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
LAB = f"""\
domain: {{name: corp.contoso.example, netbios: CORP}}
tenant: {{name: contoso.onmicrosoft.com, id: {TENANT}}}
service_connection_point: {{azureADName: Contoso.example}}
computers:
  - {{name: PC01, userCertificate: self-signed, mS-DS-ConsistencyGuid: objectGUID}}
users:
  - {{name: carol, mS-DS-ConsistencyGuid: objectGUID}}
hosts: [sts.contoso.example]
"""
JOINS = """\
id: another-name-joins
title: A computer joins
lab: contoso.lab.yaml
device: {name: PC01}
expect: {join: federated}
"""
SIGNS_IN = """\
id: another-name-signs-in
title: A person signs in
lab: contoso.lab.yaml
flow: sign-in-username
user: {name: carol}
expect:
  sign_in: signed-in
  verdicts: {USER-06: passed}
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a short path, for Samba's sockets, that holds the lab file."""
    made = Path(tempfile.mkdtemp(prefix="hj-"))
    (made / "contoso.lab.yaml").write_text(LAB, "utf-8")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def contoso(folder: Path) -> Iterator[dict[str, str]]:
    """Somebody's domain whose name in Entra is another one, by the facts that an administrator would hand over."""
    environment = bare(folder / "state")
    up = hybridjoin(
        "lab", "up", "--lab", "process", "--file", str(folder / "contoso.lab.yaml"), environment=environment
    )
    assert up.returncode == 0, up.stderr
    yield exported(environment)
    hybridjoin("lab", "down", "--lab", "process", environment=environment)


@pytest.fixture
def site(contoso: dict[str, str], tmp_path: Path) -> dict[str, object]:
    shutil.copy(contoso["LAB_CA_FILE"], tmp_path / "ca.pem")
    shutil.copy(contoso["LAB_SIGNING_CERTIFICATE"], tmp_path / "signing.pem")
    shutil.copy(contoso["KRB5_CLIENT_KTNAME"].removeprefix("FILE:"), tmp_path / "pc01.keytab")
    sts, directory = urlsplit(contoso["LAB_MEX_URL"]), urlsplit(contoso["LAB_LDAP_URL"])
    return {
        "name": "contoso",
        "idp": {
            "issuer": contoso["LAB_ISSUER"],
            "signing_certificate": "signing.pem",
            "mex_url": contoso["LAB_MEX_URL"],
            "ca_file": "ca.pem",
        },
        "directory": {
            "domain": "corp.contoso.example",
            "domain_controller": "dc1.corp.contoso.example",
            "kdc": directory.hostname,
            "ldap_url": contoso["LAB_LDAP_URL"],
        },
        "devices": [{"name": "PC01", "keytab": "pc01.keytab"}],
        "entra": {"tenant_id": TENANT, "tenant_name": "contoso.example", "double": {}},
        "connect": [{"host": sts.netloc, "to": f"127.0.0.1:{sts.port}"}],
    }


def entra(**told: object) -> dict[str, object]:
    return {"entra": {"tenant_id": TENANT, "tenant_name": "contoso.example", "double": {}, **told}}


def line_of(path: Path, words: str) -> str:
    """Return `file:line` of the first line that holds some words."""
    lines = path.read_text("utf-8").splitlines()
    return f"{path}:{next(number for number, line in enumerate(lines, 1) if words in line)}:"


def test_a_lab_file_whose_entra_domain_is_not_ads_name_joins_and_signs_in(
    contoso: dict[str, str],
    folder: Path,
) -> None:
    (folder / "joins.scenario.yaml").write_text(JOINS, "utf-8")
    (folder / "signs-in.scenario.yaml").write_text(SIGNS_IN, "utf-8")

    done = hybridjoin(
        "run", str(folder), "--lab", "process", "--report-dir", str(folder / "reports"),
        environment=bare(folder / "state"), cwd=folder,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    scenarios = read_record(folder / "reports" / "latest").scenarios
    assert {item.id: item.outcome for item in scenarios} == {
        "another-name-joins": Outcome.PASSED,
        "another-name-signs-in": Outcome.PASSED,
    }


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"tenant_name": "contoso.onmicrosoft.com", "double": {"domain": "contoso.example"}},
    ],
    ids=["tenant_name", "double.domain"],
)
def test_a_site_whose_entra_domain_is_not_ads_name_joins(
    site: dict[str, object], tmp_path: Path, told: dict[str, object]
) -> None:
    path = write({**site, **entra(**told)}, tmp_path)

    done = hybridjoin("join", "--site", str(path), environment=bare(tmp_path / "state"), cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "             AzureAdJoined : YES" in done.stdout.splitlines()


@pytest.mark.parametrize("command", ["join", "certify", "run", "run -n 2"])
def test_a_name_that_the_double_does_not_know_is_a_mistake_of_the_site_file(
    site: dict[str, object], tmp_path: Path, command: str
) -> None:
    path = write({**site, **entra(tenant_name="fabrikam.example")}, tmp_path)
    for name in ("one", "two"):
        text = f"id: {name}\ntitle: Joins\ndevice: {{name: PC01}}\nexpect: {{join: federated}}\n"
        (tmp_path / f"{name}.scenario.yaml").write_text(text, "utf-8")

    done = hybridjoin(
        *command.split(), "--site", str(path), *([str(tmp_path)] if command.startswith("run") else []),
        environment=bare(tmp_path / "state"), cwd=tmp_path,
    )  # fmt: skip

    assert done.returncode == 2, done.stdout + done.stderr
    assert line_of(path, "tenant_name:") in done.stderr
    assert "'Contoso.example'" in done.stderr
    assert "found fabrikam.example" in done.stderr
    assert "REALM-01" not in done.stdout + done.stderr
    assert "DISC-01" not in done.stdout + done.stderr


def test_a_tenant_id_that_the_forest_does_not_name_is_one_too(site: dict[str, object], tmp_path: Path) -> None:
    path = write({**site, **entra(tenant_id="00000000-3b5a-4c7d-9e0f-1a2b3c4d5e6f")}, tmp_path)

    done = hybridjoin("join", "--site", str(path), environment=bare(tmp_path / "state"), cwd=tmp_path)

    assert done.returncode == 2, done.stdout + done.stderr
    assert line_of(path, "tenant_id:") in done.stderr
    assert f"azureADId of the forest's service connection point, '{TENANT}'" in done.stderr

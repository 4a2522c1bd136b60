"""The external site: a device joins with nothing but a site file, where another process keeps directory and IdP."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.lab.background.labs import lab_down, lab_env, lab_up
from hybridjoin.lab.domain import Domain, read_domain
from hybridjoin.lab.external import External
from hybridjoin.lab.provider import Provider
from hybridjoin.lab.state import sweep_orphans
from hybridjoin.model.record import JoinResult, RunRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.json_report import encode_record
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.site.site_file import load_site_file

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def kept(lab_file: LabFile, state: Path) -> Iterator[Mapping[str, str]]:
    """The variables of a lab that a process of its own keeps."""
    lab_up(lab_file, "process")
    yield lab_env("process")
    lab_down()


@pytest.fixture(scope="module")
def domain(kept: Mapping[str, str]) -> Domain:
    return read_domain(Path(kept["HYBRIDJOIN_DOMAIN"]))


def site_text(kept: Mapping[str, str], domain: Domain, *, device: str, password: Path | None = None) -> str:
    """What a customer would write of the background lab: addresses, certificates, one computer's secret."""
    kdc = re.search(r"(?m)^ +kdc = (\S+)", domain.directory.krb5_config.read_text("utf-8"))
    assert kdc is not None
    host, port, address = kept["LAB_RESOLVE_STS"].split(":")
    (signing,) = domain.state_dir.glob("signing-*/signing.pem")
    application = kept["LAB_MEX_URL"].rsplit("/", 1)[1]
    secret = f"password_file: {password}" if password else f"keytab: {domain.keytabs[f'{device}$']}"
    return f"""\
name: customer
idp:
  issuer: https://{host}/applications/{application}
  signing_certificate: {signing}
  mex_url: {kept["LAB_MEX_URL"]}
  ca_file: {domain.ca_file}
directory:
  domain: hybridjoin.test
  domain_controller: dc1.hybridjoin.test
  kdc: {kdc[1]}
  ldap_url: {kept["LAB_LDAP_URL"]}
devices:
  - {{name: {device}, {secret}}}
entra:
  tenant_id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f
  tenant_name: hybridjoin.test
  double:
    connect:
      url: {domain.ldaps_url}
      bind_dn: {domain.lookup.dn}
      password_file: {domain.lookup.password_file}
      ca_file: {domain.ca_file}
connect:
  - {{host: "{host}:{port}", to: "{address}:{port}"}}
"""


def run(folder: Path, site: str, *scenarios: str) -> RunRecord:
    site_file = folder / "customer.site.yaml"
    site_file.write_text(site, "utf-8")
    for number, text in enumerate(scenarios):
        (folder / f"{number}.scenario.yaml").write_text(text, "utf-8")
    with Provider(site_file=site_file) as provider:
        return run_all(load_scenarios([folder]), provider)


HEALTHY = "id: healthy\ntitle: The customer's computer joins\ndevice: {name: WS02}\nexpect: {join: federated}\n"
BENT = "id: bent\ntitle: A bent IdP\ndevice: {name: WS02}\nidp: {faults: [unsigned]}\nexpect: {join: failed}\n"
LATE = "id: late\ntitle: A bent clock\ndevice: {name: WS02}\nclock: {device: +6m}\nexpect: {join: failed}\n"


def test_a_device_joins_with_nothing_but_a_site_file(kept: Mapping[str, str], domain: Domain, tmp_path: Path) -> None:
    text = HEALTHY.replace("federated", "federated, other_verdicts: any").replace("WS02", "WS01")
    record = run(tmp_path, site_text(kept, domain, device="WS01"), text)
    (scenario,) = record.scenarios
    assert (record.site, record.backend, exit_code(record)) == ("customer", "external", 0), scenario
    assert scenario.join is not None
    assert scenario.join.result is JoinResult.FEDERATED


def test_a_bridge_is_pointed_at_a_sites_application(kept: Mapping[str, str], domain: Domain, tmp_path: Path) -> None:
    (tmp_path / "client.secret").write_text("cust8Q~a-value-of-the-customers-own\n", "utf-8")
    bridge = (
        "bridge: {client_id: 0c7de1f0-3f0b-4a55-8f0d-2a9b7c1e5d42, client_secret_file: client.secret, "
        'redirect_uri: "https://sso.customer.example/cb?code=7"}\n'
        f"people:\n  - {{name: carol@hybridjoin.test, password_file: {domain.passwords['carol']}}}\n"
    )
    text = "id: bridged\ntitle: A customer's bridge\nflow: bridge\nuser: {name: carol}\nexpect: {sign_in: signed-in}\n"
    record = run(tmp_path, site_text(kept, domain, device="WS01") + bridge, text)

    assert [item.outcome for item in record.scenarios] == [Outcome.PASSED], record.scenarios
    assert b"cust8Q~a-value" not in encode_record(record)


def test_a_sites_bridge_may_send_its_people_on_to_the_sites_identity_provider(
    kept: Mapping[str, str], domain: Domain, tmp_path: Path
) -> None:
    (tmp_path / "client.secret").write_text("cust8Q~a-value-of-the-customers-own\n", "utf-8")
    bridge = (
        "bridge: {client_id: 0c7de1f0-3f0b-4a55-8f0d-2a9b7c1e5d42, client_secret_file: client.secret, "
        'redirect_uri: "https://sso.customer.example/cb?code=7", cloud_password_validation: false}\n'
        f"people:\n  - {{name: carol@hybridjoin.test, password_file: {domain.passwords['carol']}}}\n"
    )
    base, application = re.split("/mex[^/]*/", kept["LAB_MEX_URL"])
    site = site_text(kept, domain, device="WS01")
    site = site.replace("  double:\n", f"  double:\n    passive_sign_in_uri: {base}/{application}\n") + bridge
    text = "id: bridged\ntitle: A customer's bridge\nflow: bridge\nuser: {name: carol}\nexpect: {sign_in: signed-in}\n"
    record = run(tmp_path, site, text)

    (scenario,) = record.scenarios
    assert scenario.outcome is Outcome.PASSED, scenario
    assert scenario.join is not None
    assert Step.WRESULT in [item.step for item in scenario.join.exchanges]
    assert domain.passwords["carol"].read_bytes().strip() not in encode_record(record)


def test_a_password_file_does_as_well_as_a_keytab(kept: Mapping[str, str], domain: Domain, tmp_path: Path) -> None:
    password = tmp_path / "ws01.password"
    password.write_text(domain.passwords["WS01$"].read_text("utf-8") + "\n", "utf-8")
    text = HEALTHY.replace("federated", "federated, other_verdicts: any").replace("WS02", "WS01")
    record = run(tmp_path, site_text(kept, domain, device="WS01", password=password), text)
    assert [item.outcome for item in record.scenarios] == [Outcome.PASSED], record.scenarios


def test_what_only_a_lab_can_bend_is_skipped_with_the_reason(
    kept: Mapping[str, str], domain: Domain, tmp_path: Path
) -> None:
    record = run(tmp_path, site_text(kept, domain, device="WS02"), BENT, LATE)
    assert [(item.id, item.outcome) for item in record.scenarios] == [
        ("bent", Outcome.SKIPPED),
        ("late", Outcome.SKIPPED),
    ]
    assert "only a lab's doubles" in record.scenarios[0].error
    assert "bends the clock" in record.scenarios[1].error


def test_a_device_that_the_site_does_not_have_is_refused(
    kept: Mapping[str, str], domain: Domain, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="unknown device 'WS02'"):
        run(tmp_path, site_text(kept, domain, device="WS01"), HEALTHY)


def test_nothing_that_was_made_for_a_site_stays(kept: Mapping[str, str], domain: Domain, tmp_path: Path) -> None:
    password = tmp_path / "ws01.password"
    password.write_text("whatever", "utf-8")
    site_file = tmp_path / "customer.site.yaml"
    site_file.write_text(site_text(kept, domain, device="WS01", password=password), "utf-8")
    with External(load_site_file(site_file)) as site:
        made = (site.directory.krb5_config, site.devices[0].keytab, site.entra.ca_file)
        assert all(path is not None and path.is_file() for path in made)
    assert not any(path is not None and path.exists() for path in made)


KILLED = """
import os, signal, sys
from pathlib import Path
from hybridjoin.lab.external import External
from hybridjoin.scenario.site.site_file import load_site_file
with External(load_site_file(Path(sys.argv[1]))) as site:
    print(site.directory.krb5_config.parent, site.devices[0].keytab, flush=True)
    os.kill(os.getpid(), int(sys.argv[2]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda number: number.name)
def test_no_signal_leaves_a_key_on_the_disk(
    number: signal.Signals, kept: Mapping[str, str], domain: Domain, state: Path, tmp_path: Path
) -> None:
    password = tmp_path / "ws01.password"
    password.write_text("whatever", "utf-8")
    site_file = tmp_path / "customer.site.yaml"
    site_file.write_text(site_text(kept, domain, device="WS01", password=password), "utf-8")
    command = [sys.executable, "-c", KILLED, str(site_file), str(int(number))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    folder, keytab = map(Path, done.stdout.split())

    assert done.returncode == (-number if number is signal.SIGKILL else 128 + number), done.stderr
    assert folder.parent == state / "sites"
    assert keytab.is_relative_to("/proc/self/fd")
    assert not list(folder.glob("*.keytab"))
    assert folder.exists() is (number is signal.SIGKILL)
    sweep_orphans()
    assert not folder.exists()

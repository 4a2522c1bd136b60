"""A certification with nothing but a site file, against a directory and an IdP of somebody else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from hybridjoin.model.record import CertificationRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.json_report import read_record
from hybridjoin.report.reason_text import reason_text
from tests.external.test_site_file_alone import bare, elsewhere, hybridjoin, site, write

pytestmark = pytest.mark.lab
__all__ = ["elsewhere", "site"]  # the fixtures of the other room, under their own names


def certified(folder: Path) -> CertificationRecord:
    certification = read_record(folder / "reports" / "latest").certification
    assert certification is not None
    return certification


def test_a_site_that_offers_13_only_is_certified_with_nothing_of_the_lab(
    site: dict[str, object], tmp_path: Path
) -> None:
    done = hybridjoin(
        "certify", "--site", str(write(site, tmp_path)), environment=bare(tmp_path / "state"), cwd=tmp_path
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "state" / "labs").exists(), "a lab was started"
    record, certification = read_record(tmp_path / "reports" / "latest"), certified(tmp_path)
    assert (record.site, record.backend) == ("somebody-elses", "external")
    assert [item.id for item in record.scenarios] == ["certify-wstrust-1.3"]
    assert {row.outcome for row in certification.requirements} <= {Outcome.PASSED, Outcome.WARNING, Outcome.SKIPPED}
    # What this IdP and this site file do not offer is skipped, and said with its reason.
    notes = {probe.id: probe.note for probe in certification.probes if probe.outcome is Outcome.SKIPPED}
    assert "offers no WS-Trust February 2005 endpoint" in notes["rst-2005"]
    assert "names no user account" in notes["rst-user"]
    assert "nobody allowed hostile probes" in notes["rst-replay"]
    skipped = {
        row.id: reason_text(row.not_tested) for row in certification.requirements if row.outcome is Outcome.SKIPPED
    }
    assert all(skipped.values())
    assert any("offers no WS-Trust February 2005 endpoint" in reason for reason in skipped.values())
    assert "offers no WS-Trust February 2005 endpoint" in " ".join(done.stdout.split())


def test_harm_is_done_to_the_hosts_that_the_site_file_allows(site: dict[str, object], tmp_path: Path) -> None:
    idp = site["idp"]
    assert isinstance(idp, dict)
    host = str(idp["mex_url"]).split("/")[2].split(":")[0]
    elsewhere_only = write({**site, "allow_hostile": ["other.example"]}, tmp_path)
    refused = hybridjoin(
        "certify", "--site", str(elsewhere_only), "--hostile", environment=bare(tmp_path / "state"), cwd=tmp_path
    )
    notes = {probe.note for probe in certified(tmp_path).probes if probe.hostile}

    allowed = write({**site, "allow_hostile": [host]}, tmp_path)
    done = hybridjoin(
        "certify", "--site", str(allowed), "--hostile", environment=bare(tmp_path / "state"), cwd=tmp_path
    )

    assert refused.returncode == 0, refused.stdout + refused.stderr
    assert notes == {f"it is hostile, and the site file does not allow that to {host}"}
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(probe.sent_digest for probe in certified(tmp_path).probes if probe.hostile)


def test_a_mute_idp_fails_once_and_nobody_waits_for_it_again(site: dict[str, object], tmp_path: Path) -> None:
    idp = site["idp"]
    assert isinstance(idp, dict)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        place = str(idp["mex_url"]).split("/")[2]
        path = write({**site, "connect": [{"host": place, "to": f"127.0.0.1:{mute.getsockname()[1]}"}]}, tmp_path)
        done = hybridjoin(
            "certify", "--site", str(path), "--timeout", "2", environment=bare(tmp_path / "state"), cwd=tmp_path
        )

    assert done.returncode == 1, done.stdout + done.stderr
    rows = certified(tmp_path).requirements
    assert {row.id: row.found for row in rows if row.outcome is Outcome.FAILED} == {
        "MEX-32": "no complete answer within 2 s"
    }
    reasons = {probe.note for probe in certified(tmp_path).probes if probe.id.startswith("mex-tr")}
    assert reasons == {"the metadata address let the join wait: no complete answer within 2 s"}


def settings(site: dict[str, object], folder: Path, **changed: str) -> str:
    """What PowerShell prints of the domain, by the facts of the site."""
    idp = site["idp"]
    assert isinstance(idp, dict)
    pem = (folder / "signing.pem").read_text().splitlines()
    values = {
        "IssuerUri": idp["issuer"],
        "MetadataExchangeUri": idp["mex_url"],
        "ActiveSignInUri": str(idp["mex_url"]).replace("/mex13/", "/sts/"),
        "SigningCertificate": "".join(pem[1:-1]),
        "PreferredAuthenticationProtocol": "wsFed",
        "FederatedIdpMfaBehavior": "acceptIfMfaDoneByFederatedIdp",
    }
    return "\n".join(f"{name:<32}: {value}" for name, value in (values | changed).items())


def test_the_domains_settings_are_held_against_what_the_idp_really_sends(
    site: dict[str, object], tmp_path: Path
) -> None:
    entra = site["entra"]
    assert isinstance(entra, dict)
    path = write({**site, "entra": {**entra, "federation": "federation.txt"}}, tmp_path)
    certify = ("certify", "--site", str(path))
    (tmp_path / "federation.txt").write_text(settings(site, tmp_path))

    right = hybridjoin(*certify, environment=bare(tmp_path / "state"), cwd=tmp_path)
    kept = {row.id: row.outcome for row in certified(tmp_path).requirements if row.area == "FED"}
    stranger = "https://sts.hybridjoin.test/applications/another"
    other = str((tmp_path / "other.txt").absolute())
    (tmp_path / "other.txt").write_text(settings(site, tmp_path, IssuerUri=stranger))
    wrong = hybridjoin(*certify, "--federation", other, environment=bare(tmp_path / "state"), cwd=tmp_path)
    broken = {row.id: row.found for row in certified(tmp_path).requirements if row.outcome is Outcome.FAILED}

    assert right.returncode == 0, right.stdout + right.stderr
    not_kept = {name for name, outcome in kept.items() if outcome not in {Outcome.PASSED, Outcome.SKIPPED}}
    assert not_kept == {"FED-19"}, "there is no passive address"
    of_commands = {"FED-12", "FED-20", "FED-21", "FED-22", "FED-23", "FED-24", "FED-25", "FED-27", "FED-28", "FED-29"}
    assert {name for name, outcome in kept.items() if outcome is Outcome.SKIPPED} <= of_commands
    assert wrong.returncode == 1, wrong.stdout + wrong.stderr
    idp = site["idp"]
    assert isinstance(idp, dict)
    application = str(idp["mex_url"]).rpartition("/")[2]
    listed = f"MetadataExchangeUri {application}, ActiveSignInUri {application}"
    assert broken == {"FED-06": listed, "FED-16": idp["issuer"]}


def test_the_lists_beside_the_site_file_are_held_against_it(site: dict[str, object], tmp_path: Path) -> None:
    path = write(site, tmp_path)
    row = "{requirement: SIG-03, owner: identity, reason: rollover, expires: 2099-01-01}"
    path.with_name("somebody.deviations.yaml").write_text(f"known:\n- {row}\n")

    done = hybridjoin("certify", "--site", str(path), environment=bare(tmp_path / "state"), cwd=tmp_path)

    assert done.returncode == 1
    assert "the known deviation did not happen" in " ".join(done.stdout.split())

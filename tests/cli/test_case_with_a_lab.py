"""A customer's evidence becomes a lab that fails in the same way: imported, provisioned, run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from hybridjoin.intake.case.view import FactView
from tests.cli.conftest import Run
from tests.intake.customers import CASES
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import COMPUTER
from tests.scenario.test_case_lab import fact, written

pytestmark = pytest.mark.lab
LAB = ("--lab", "process")
SETTINGS = (
    "IssuerUri           : https://sso.fabrikam.example/4afaa6b9\n"
    "MetadataExchangeUri : https://sso.fabrikam.example/wsf/mex13/4afaa6b9\n"
)


def test_a_transcript_and_settings_become_a_lab_in_which_the_likeliest_suspect_meets_the_symptom(
    run: Run, tmp_path: Path
) -> None:
    sent, case = tmp_path / "evidence", tmp_path / "case"
    sent.mkdir()
    (sent / "join.txt").write_text(t.FALLBACK)
    (sent / "federation.txt").write_text(SETTINGS)
    (sent / "ws.ldf").write_text(COMPUTER)
    imported = json.loads(run("import", sent, "-o", case, "--json").out)
    likeliest = imported["suspects"][0]
    tried = {"id": "tried", "title": "The likeliest suspect.", "extends": "case.scenario.yaml", **likeliest["change"]}
    (case / "tried.scenario.yaml").write_text(yaml.safe_dump(tried))

    bent = run("run", case / "tried.scenario.yaml", *LAB, "--report-dir", tmp_path / "reports")
    sound = run("run", case / "case.scenario.yaml", *LAB, "--report-dir", tmp_path / "reports")

    assert likeliest["kind"] == "namespace"
    assert bent.code == 0, bent.out
    assert sound.code == 1
    assert "federated" in sound.out  # nothing is proven: without a suspect the computer of the evidence joins


@pytest.mark.parametrize("name", ["mex-instead-of-mex13", "scp-missing"])
def test_what_the_evidence_proves_meets_the_symptom_by_itself(run: Run, name: str, tmp_path: Path) -> None:
    run("import", CASES / name / "evidence", "-o", tmp_path / "case")

    done = run("run", tmp_path / "case" / "case.scenario.yaml", *LAB, "--report-dir", tmp_path / "reports")

    assert done.code == 0, done.out


def test_names_that_are_odd_are_provisioned_all_the_same(run: Run, tmp_path: Path) -> None:
    computer, service = "CN=10-PC,DC=1st-corp,DC=example", "CN=svc_x.y,DC=1st-corp,DC=example"
    facts = [
        fact("directory.domain", "1st-corp.example"),
        fact("directory.netbios", "1ST-CORP"),
        fact("directory.domain_controller", "0dc.1st-corp.example"),
        fact("object.sam_account_name", "10-PC$", computer),
        fact("object.object_guid", t.DEVICE, computer),
        fact("object.encryption_types", "24", computer),
        fact("object.sam_account_name", "1ST-CORP$", "CN=1ST-CORP,DC=1st-corp,DC=example"),
        fact("object.sam_account_name", "svc_x.y", service),
        fact("object.spn", "HTTP/sso.1st-corp.example", service),
        fact("object.spn", "HTTP/other-host", service),
        fact("federation.metadata_exchange_uri", "https://sso.1st-corp.example/wsf/mex13/1"),
        fact("device.name", "10-PC"),
    ]
    lab_file, _, _ = written(FactView(facts), tmp_path)

    done = run("run", tmp_path / "case.scenario.yaml", *LAB, "--report-dir", tmp_path / "reports")

    assert done.code == 0, done.out
    assert (lab_file.domain.netbios, lab_file.domain.domain_controller) == ("1ST-CORP", "0dc")
    assert [item.name for item in lab_file.computers] == ["10-PC", "1ST-CORP"]

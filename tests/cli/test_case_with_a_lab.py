"""A customer's evidence becomes a lab that fails in the same way: imported, provisioned, run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run
from tests.intake.customers import CASES
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import COMPUTER

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

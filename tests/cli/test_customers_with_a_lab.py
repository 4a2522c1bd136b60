"""Each customer's failure happens again in a lab of either kind, by its own cause, and not once that is mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.intake.customers import CASES, CUSTOMERS

BACKENDS = [pytest.param("process", marks=pytest.mark.lab), pytest.param("docker", marks=pytest.mark.docker)]
# A case whose cause nothing in the evidence tells is tried with the likeliest ones; all of them come to the same.
MOST = "6"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", CUSTOMERS)
def test_a_customers_failure_is_reproduced_and_mended(run: Run, name: str, backend: str, tmp_path: Path) -> None:
    run("import", CASES / name / "evidence", "-o", tmp_path / "case")

    done = run(
        "reproduce", tmp_path / "case", "--lab", backend, "--most", MOST, "--json", "--report-dir", tmp_path / "reports"
    )

    told = json.loads(done.out)
    cause = told["causes"][0]
    assert (done.code, told["verdict"], cause["id"]) == (0, "reproduced", CUSTOMERS[name].cause), done.err
    assert cause["mended"]
    sick = [item for item in told["trials"] if item["agreement"] == "the same symptom"]
    well = [item for item in told["trials"] if item["result"] == "federated"]
    assert sick
    assert well, "there is a trial of the same lab in which the computer joins"

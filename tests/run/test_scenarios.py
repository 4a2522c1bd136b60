"""Scenarios on a real directory: what comes of them, and what is left when the directory dies in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from hybridjoin.lab.provider import Provider
from hybridjoin.model.events import Event, JobFinished
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.json_report import read_record
from hybridjoin.report.write import write_reports
from hybridjoin.run.session import exit_code, run_all
from hybridjoin.scenario.load import load_scenarios

pytestmark = pytest.mark.lab

HEALTHY = """\
id: {id}
title: A healthy computer joins
expect:
  join: federated
  claims:
    primarysid: {{is: ok, equals: "${{device.objectSid}}"}}
    ImmutableID: {{equals: "${{device.mS-DS-ConsistencyGuid | base64}}"}}
"""
UNMET = """\
id: unmet
title: The wrong thing is expected
idp: {claims: {onpremobjectguid: {value: "#lab.bigEndianBase64(ldap.objectGUID)"}}}
device: {fallback: false}
expect:
  join: federated
  claims: {onpremobjectguid: {is: ok, equals: "${device.objectGUID | base64guid}"}}
"""


@pytest.fixture(autouse=True)
def _state_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A state directory with a short path, which no other lab's clean-up looks into."""
    with TemporaryDirectory(prefix="hj-") as state:
        monkeypatch.setenv("HYBRIDJOIN_STATE", state)
        yield


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.scenario.yaml").write_text(text, "utf-8")


def test_a_wrong_claim_is_named_and_its_line_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, a=HEALTHY.format(id="healthy"), b=UNMET)
    with Provider(backend="process") as provider:
        record = run_all(load_scenarios([tmp_path]), provider)
    healthy, unmet = record.scenarios
    assert (healthy.outcome, exit_code(record)) == (Outcome.PASSED, 1), healthy
    assert unmet.outcome is Outcome.FAILED
    told = {item.name: item for item in unmet.expectations if not item.met}
    claim = told["claims.onpremobjectguid.is"]
    assert (claim.place, claim.found, claim.step) == ("b.scenario.yaml:7:31", "wrong-value", Step.RST)
    assert claim.explanation.startswith("onpremobjectguid: these are the big-endian bytes of objectGUID")
    assert told["join"].explanation.startswith("Entra refused the assertion: AADSTS51004")
    assert unmet.join is not None
    assert unmet.join.result is JoinResult.FAILED
    assert [exchange.step for exchange in unmet.join.exchanges][-1] is Step.TOKEN


def test_a_directory_that_dies_in_the_middle_interrupts_the_run_and_loses_nothing(tmp_path: Path) -> None:
    scenarios, reports = tmp_path / "scenarios", tmp_path / "reports"
    scenarios.mkdir()
    write(scenarios, **{name: HEALTHY.format(id=name) for name in ("a", "b", "c")})

    def kill_the_directory(event: Event) -> None:
        if isinstance(event, JobFinished) and event.name == "a":
            for child in psutil.Process().children(recursive=True):
                if child.name().startswith("samba"):
                    child.kill()
                    child.wait(10)

    with Provider(backend="process") as provider:
        record = run_all(load_scenarios([scenarios]), provider, kill_the_directory)

    assert [(item.id, item.outcome) for item in record.scenarios] == [
        ("a", Outcome.PASSED),
        ("b", Outcome.INTERRUPTED),
        ("c", Outcome.SKIPPED),
    ]
    assert exit_code(record) == 3
    assert "domain controller" in record.interrupted
    assert "the last lines of its log" in record.interrupted
    assert read_record(write_reports(record, reports)).scenarios == record.scenarios

"""Every fault of the passive door, and of what stands beside it, is met by a scenario: no join opens that door."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.model.flows import SIGN_IN_BROWSER, WORK_ACCOUNT
from hybridjoin.scenario.load import load_scenarios

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FOLDERS = [SCENARIOS / "browser", SCENARIOS / "work-account"]


def test_every_fault_of_the_passive_door_stands_in_a_scenario() -> None:
    met = {
        fault["name"]
        for scenario in load_scenarios(FOLDERS)
        if scenario.flow in {SIGN_IN_BROWSER.name, WORK_ACCOUNT.name}
        for fault in scenario.idp.get("faults", ())  # type: ignore[attr-defined]
    }

    assert {item.name for item in FAULTS.values() if item.area in {"passive", "fedmeta"}} - met == set()

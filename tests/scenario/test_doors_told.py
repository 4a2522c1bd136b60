"""The README's table of doors is the table of flows: what certifications call them, and where their scenarios are."""

from __future__ import annotations

import re
from pathlib import Path

from hybridjoin.model.flows import FLOWS
from hybridjoin.run.certification.doors import DOORS
from hybridjoin.scenario.load import load_scenarios

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| `([a-z-]+)` \| .+ \| (?:`([a-z-]+)`|-) \| (.+) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
)


def test_the_readme_tells_every_flow_and_what_a_certification_calls_it() -> None:
    certified = {door.flow.name: door.name for door in DOORS}

    assert {flow: door for flow, door, _ in ROWS} == {flow.name: certified.get(flow.name, "") for flow in FLOWS}


def test_each_flow_has_scenarios_where_the_readme_says() -> None:
    for flow, _, told in ROWS:
        folders = [ROOT / "scenarios" / name.removeprefix("scenarios/") for name in re.findall(r"`([^`]+)`", told)]
        assert folders
        for folder in folders:
            assert flow in {scenario.flow for scenario in load_scenarios([folder])}, folder

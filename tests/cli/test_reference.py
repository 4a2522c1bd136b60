"""The reference pages are what the schemas say, whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hybridjoin.cli.files.schema import FORMATS
from tests.cli.conftest import Run

PAGES = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_is_what_the_command_prints(run: Run, name: str) -> None:
    page = (PAGES / f"{name}.md").read_text("utf-8")

    assert run("schema", name, "--markdown").out == page, "make reference writes the pages again"


def test_there_is_a_page_for_each_format_and_no_other() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_leaves_out_no_key(run: Run, name: str) -> None:
    page = run("schema", name, "--markdown").out
    nodes = _objects(json.loads(run("schema", name).out))
    faults = [
        node["properties"] for node in nodes if node.get("maxProperties") == 1
    ]  # `hybridjoin list faults` has them
    options = (option for table in faults for fault in table.values() for option in fault["properties"])
    left_out = {*(fault for table in faults for fault in table), *options}
    keys = {key for node in nodes for key in node.get("properties", {})}

    assert len(keys) >= 4
    assert [key for key in keys - left_out if f"| `{key}`" not in page] == []


@pytest.mark.parametrize("name", FORMATS)
def test_every_link_of_a_page_leads_to_a_section(run: Run, name: str) -> None:
    page = run("schema", name, "--markdown").out
    anchors = {
        title.lower().replace(".", "").replace(" ", "-") for title in re.findall(r"^## (.*)$", page, re.MULTILINE)
    }

    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= anchors


def _objects(node: object) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [each for item in node for each in _objects(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(each for value in node.values() for each in _objects(value))]

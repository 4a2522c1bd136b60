"""Whatever a peer sends: a verdict within two seconds of CPU, in 200 MB, and no error but the peer's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.costly import ALL

SECONDS, MEGABYTES = 2.0, 200
WITHIN = {
    "reply: 100 attributes each", "reply: 190 namespaces and 9,800 types", "reply: 9,900 namespaces",
    "reply: 4,900 Attributes", "reply: 9,900 values", "reply: 3,000 subjects", "reply: an RSA key of 3 KB",
    "reply: a DSA key of 3 KB", "reply: 49,000 instructions", "reply: 49,000 comments", "reply: 5,000 transforms",
    "reply: 900 certificates", "reply: a value of 1 MB", "reply: 4 MB beside the assertion",
    "reply: 19,000 elements beside it", "reply: 60 levels", "reply: twenty assertions of 190 KB",
    "metadata: 100 ways", "metadata: 199 ports by bindings", "metadata: 31 policies that name each other",
    "metadata: 190 references to a large policy", "metadata: 9,000 tokens in a policy", "metadata: 9,000 schemas",
    "metadata: attributeGroups of attributeGroups", "metadata: a few attributeGroups",
    "metadata: 2,000 imports by parts", "metadata: 99 imports by parts",
    "metadata: 6,000 elements of a schema", "metadata: 4 MB of text",
    "JSON: 1 MB of text",
}  # fmt: skip


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """Read them all in a process of its own, whose peak of memory is theirs."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.protocol.costly"], cwd=root, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.thorough
def test_what_is_made_to_cost_costs_nothing(measured: dict[str, Any]) -> None:
    slow = {name: seconds for name, (seconds, _) in measured["rows"].items() if seconds > SECONDS}

    assert set(measured["rows"]) == set(ALL)
    assert slow == {}
    assert measured["peak_mb"] < MEGABYTES


@pytest.mark.thorough
def test_what_is_beyond_a_limit_is_told_with_the_limit_and_what_was_found(measured: dict[str, Any]) -> None:
    refused = {name: outcome for name, (_, outcome) in measured["rows"].items() if outcome != "read"}

    assert set(ALL) - set(refused) == WITHIN
    for name, problem in refused.items():
        assert problem.startswith("expected "), name
        assert "found" in problem, name
        assert len(problem) < 1_000, name

"""What a person types: every target is listed by `make help`, and none is mistaken for a file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE)
LANES = {"bench", "check", "chaos", "coverage", "demo", "fuzz", "interop", "lint", "quick", "scenarios", "test"}


def test_help_lists_every_target_with_what_it_does() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    ).stdout

    listed = {line.split()[1]: line.split(maxsplit=2)[2] for line in told.splitlines()}
    assert list(listed) == TARGETS
    assert set(TARGETS) >= LANES
    assert [name for name, words in listed.items() if len(words.split()) < 2] == []


def test_every_target_is_phony() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)

    assert sorted(phony.split()) == sorted(TARGETS)


def test_what_brings_foreign_software_is_no_part_of_the_lane_for_every_edit() -> None:
    lanes = dict(re.findall(r"^(check|quick|test|coverage):(.*(?:\n\t.*)*)", MAKEFILE, re.MULTILINE))

    assert len(lanes) == 4
    assert [name for name, lines in lanes.items() if "interop" in lines] == []

"""The command line door."""

from __future__ import annotations

import sys
from typing import NoReturn

from harness.cli.exits import run_guarded
from harness.cli.group import hybridjoin


def main() -> NoReturn:
    """Carry out the command line and leave with its exit code."""
    sys.exit(run_guarded(hybridjoin, sys.argv[1:]))

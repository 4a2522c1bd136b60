"""The command line door."""

from __future__ import annotations

import sys
from typing import NoReturn

from hybridjoin.cli.encoding import use_what_the_terminal_can
from hybridjoin.cli.exits import run_guarded
from hybridjoin.cli.group import root


def main() -> NoReturn:
    """Carry out the command line and leave with its exit code."""
    use_what_the_terminal_can()
    sys.exit(run_guarded(root, sys.argv[1:]))

"""The command line door."""

from __future__ import annotations

import sys
from typing import NoReturn

from hybridjoin.cli.encoding import use_what_the_terminal_can
from hybridjoin.cli.exits import run_guarded
from hybridjoin.cli.group import root
from hybridjoin.signals import LEAVES_WITHIN_S, orderly_exit


def main() -> NoReturn:
    """Carry out the command line and leave with its exit code."""
    use_what_the_terminal_can()
    with orderly_exit(within_s=LEAVES_WITHIN_S):
        code = run_guarded(root, sys.argv[1:])
    sys.exit(code)

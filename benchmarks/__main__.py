"""`python -m benchmarks`: measure and print; the exit code is 0 whatever the figures say."""

from __future__ import annotations

import os
import platform
import sys

from benchmarks import (
    first_ticket,
    join_cpu,
    leaving,
    report,
    reproduce,
    rst_exchange,
    scenarios,
    sign_in,
    start_up,
    ticket_sign_in,
)
from benchmarks.figures import Figure, table
from hybridjoin.errors import HarnessError
from hybridjoin.lab.lab import open_lab
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file


def main() -> int:
    """Measure everything, one thing after the other."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores", flush=True)
    figures: list[Figure] = [*start_up.measure(), *first_ticket.measure(), *report.measure(), *leaving.measure()]
    with open_lab(load_lab_file(default_lab_path())) as lab:
        figures += [*join_cpu.measure(lab), *rst_exchange.measure(lab), *sign_in.measure(lab)]
        figures += ticket_sign_in.measure(lab)
    figures += [*scenarios.measure(), *reproduce.measure()]
    print(table(figures))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except HarnessError as error:
        print(error, file=sys.stderr)
        sys.exit(3)

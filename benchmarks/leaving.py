"""What is about to be written, searched for the secrets of a long run: as many as are kept, and none of them in it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Final

from benchmarks.figures import Figure
from hybridjoin.model.leaving import demand_no_secret
from hybridjoin.model.vault import VAULT
from hybridjoin.report.json_report import encode_record
from hybridjoin.report.page.html import render_html
from tests.report.sample import large_record

RUNS: Final = 5
SECRETS: Final = (50, 12_000)
TICKET_OCTETS: Final = 1_900


def measure() -> Iterator[Figure]:
    """Search a record and its page, first with few secrets known and then with many."""
    record = large_record(scenarios=100, requirements=100)
    files = {"record": encode_record(record), "page": render_html(record).encode("utf-8")}
    VAULT.forget()
    known = 0
    for number in SECRETS:
        for _ in range(number - known):
            VAULT.learn(os.urandom(TICKET_OCTETS), "a Kerberos AP-REQ")
        known = number
        for name, body in files.items():
            yield Figure(
                name=f"search of a {name} for {number:,} secrets, CPU for each MB",
                unit="ms",
                samples=tuple(_searched(name, body) for _ in range(RUNS)),
                note=f"{len(body) / 1e6:.1f} MB",
            )
    VAULT.forget()


def _searched(name: str, body: bytes) -> float:
    began = time.process_time()
    demand_no_secret(name, body)
    return (time.process_time() - began) * 1000 / (len(body) / 1e6)

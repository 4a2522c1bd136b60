"""A process that lets many computers join, one after the other: what it grows by."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from hybridjoin.device.join.run import join_site
from hybridjoin.lab.lab import open_lab
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.load import load_lab_file

SAMPLES = 5
WARM_UP = 0.1
"""The share of the joins after which everything that is kept once has been kept: growth is counted from there."""
GROWS_AT_MOST_MB = 32.0
"""For a thousand joins: digests of the secrets that were met, of which the vault keeps so many and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a process holds after so many joins."""

    joins: int
    resident_mb: float
    descriptors: int
    threads: int

    @classmethod
    def now(cls, joins: int) -> Sample:
        """Look at this process."""
        me = psutil.Process()
        return cls(
            joins=joins,
            resident_mb=me.memory_info().rss / 1e6,
            descriptors=me.num_fds(),
            threads=threading.active_count(),
        )

    def __str__(self) -> str:
        held = f"{self.resident_mb:8.1f} MB {self.descriptors:5} descriptors {self.threads:4} threads"
        return f"after {self.joins:5} joins {held}"


def measure(joins: int) -> Iterator[Sample]:
    """Join so often at one site of a process lab, and look from time to time; the first look is after the warm-up."""
    warm = max(1, round(joins * WARM_UP))
    looks = {warm, *(round(joins * at / SAMPLES) for at in range(1, SAMPLES + 1))}
    with open_lab(load_lab_file(default_lab_path()), "process") as lab, lab.site() as site:
        for number in range(1, joins + 1):
            join_site(site, "WS01")
            if number in looks and number >= warm:
                yield Sample.now(number)


def faults(samples: list[Sample], joins: int) -> Iterator[str]:
    """Say what grows without end."""
    first, last = samples[0], samples[-1]
    grown_mb = last.resident_mb - first.resident_mb
    allowed_mb = GROWS_AT_MOST_MB * max(1.0, joins / 1000)
    if grown_mb > allowed_mb:
        yield f"{grown_mb:.1f} MB grown by, and {allowed_mb:.0f} allowed"
    if last.descriptors > first.descriptors:
        yield f"{last.descriptors - first.descriptors} descriptors left open"
    if last.threads > first.threads:
        yield f"{last.threads - first.threads} threads left running"

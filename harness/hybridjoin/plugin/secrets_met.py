"""The secrets that a worker of pytest-xdist has met, so that the controller looks for them in what it writes.

A worker is no child of ours that would have the vault's key, so it gets it as it begins, over the line between the two.
Back come keyed digests of windows: who writes the line down, as a plugin may, has no secret and cannot try a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from hybridjoin.model.vault import VAULT, Trace
from hybridjoin.plugin.options import is_worker

TRACES: Final = "hybridjoin_traces"
_KEY: Final = "hybridjoin_vault"


def hand_out_the_key(workerinput: dict[str, object]) -> None:
    """Let a worker that is about to start belong to this run."""
    workerinput[_KEY] = VAULT.key.hex()


def take_the_key(config: pytest.Config) -> None:
    """Belong to the controller's run, in a worker; nothing is known there yet."""
    if is_worker(config) and (key := config.workerinput.get(_KEY)):  # type: ignore[attr-defined] # pytest-xdist's
        VAULT.belong_to(bytes.fromhex(key))


class Told:
    """What the controller knows of by now."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def news(self) -> dict[str, str]:
        """Return the traces that were not handed over yet, as text."""
        fresh = {piece: trace for piece, trace in VAULT.traces.items() if piece not in self._known}
        self._known.update(fresh)
        return {f"{piece:x}": f"{digest.hex()} {kind}" for piece, (digest, kind) in fresh.items()}


def take_over(told: Mapping[str, str]) -> None:
    """Look for what a worker has met."""
    traces: dict[int, Trace] = {}
    for piece, trace in told.items():
        digest, _, kind = trace.partition(" ")
        traces[int(piece, 16)] = (bytes.fromhex(digest), kind)
    VAULT.take_over(traces)

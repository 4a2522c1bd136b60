"""The secrets that a worker of pytest-xdist has met, so that the controller looks for them in what it writes.

A worker is no child of ours that would have the vault's key, so it gets it as it begins, over the line between the two.
Back come keyed digests of windows, and what is too short for one, such as a password, sealed under that key: reports go
to every plugin, and one that writes them down has no secret and cannot try a guess.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

import pytest
from cryptography.fernet import Fernet, InvalidToken

from hybridjoin.model.earlier import Trace
from hybridjoin.model.vault import VAULT
from hybridjoin.plugin.options import is_worker

TRACES: Final = "hybridjoin_traces"
_KEY: Final = "hybridjoin_vault"
_SEALED: Final = "sealed "


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
        self._known: set[int | bytes] = set()

    def news(self) -> dict[str, str]:
        """Return what was not handed over yet, as text: traces by their pieces, and what is sealed by its number."""
        fresh = {piece: trace for piece, trace in VAULT.traces.items() if piece not in self._known}
        brief = [(kind, value) for kind, value in VAULT.without_traces if value not in self._known]
        self._known.update(fresh, (value for _, value in brief))
        seal = _seal()
        return {
            **{f"{piece:x}": f"{digest.hex()} {sort} {kind}" for piece, (digest, kind, sort) in fresh.items()},
            **{
                f"{_SEALED}{number}": seal.encrypt(value).decode("ascii") + f" {kind}"
                for number, (kind, value) in enumerate(brief)
            },
        }


def take_over(told: Mapping[str, str]) -> None:
    """Look for what a worker has met."""
    traces: dict[int, Trace] = {}
    for piece, trace in told.items():
        if not piece.startswith(_SEALED):
            digest, sort, kind = trace.split(" ", 2)
            traces[int(piece, 16)] = (bytes.fromhex(digest), kind, int(sort))
    VAULT.take_over(traces, _opened(told))


def _opened(told: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for name, text in told.items():
        sealed, _, kind = text.partition(" ")
        if name.startswith(_SEALED):
            with suppress(InvalidToken):  # of a worker that belongs to another run
                yield kind, _seal().decrypt(sealed.encode("ascii"))


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(VAULT.key, b"what is too short for a trace", "sha256")))

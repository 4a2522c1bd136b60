"""roadlib: a client of the tenant, written by others against the real one; unchanged, in an environment of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live.namespace import inside, unshared
from tests.peers import python
from tests.peers.catalogue import PeerMissing

HERE = Path(__file__).parent
TENANT = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
DRS, GRAPH = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", "https://graph.microsoft.com"
TOKENS: Mapping[str, frozenset[str]] = {
    "token v1": frozenset({DRS, "urn:ms-drs:enterpriseregistration.windows.net"}),
    "token v2.0": frozenset({DRS, "urn:ms-drs:enterpriseregistration.windows.net"}),
    "person's token": frozenset({GRAPH, "00000003-0000-0000-c000-000000000000"}),
    "person's registration token": frozenset({DRS, "urn:ms-drs:enterpriseregistration.windows.net"}),
}
DONE = (
    "synchronized join", "join type 6", "removal", "join type 0", "join type 4", "join type 6 of a person",
    "primary refresh token", "both removed",
)  # fmt: skip
ASKED = (
    *("token", "token", "realm", "token", "sync-join", "join", "leave"),
    *("realm", "token", "join", "join", "join", "realm", "token", "token", "leave", "leave"),
)
REFUSED = ("join", 400, "person-hybrid-join")
"""A person's token is good for no hybrid join: the one request that the double has to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """What is brought: the lock lies beside this file, and names every package with its digests."""

    name: str = "roadlib"
    title: str = "roadlib 1.7.0"
    lock: str = "roadlib.txt"
    folder: Path = HERE

    def fetch(self, folder: Path) -> None:
        """Make an environment of its own and install what the lock names, and nothing that differs from it."""
        python.fetch(folder, HERE / self.lock)


ROADLIB = Stranger()


def visit(brought: Path, folder: Path) -> Mapping[str, Any]:
    """Let it do all that it can in a network of its own; return what it answered, and what the double saw.

    Raises:
        PeerMissing: this machine lets its users have no such network.
        RuntimeError: the stage did not come to its end.
    """
    if not unshared():
        raise PeerMissing("this machine lets its users have no network and mounts of their own (unshare --net --mount)")
    done = inside("tests.peers.roadlib.stage", folder, str(python.interpreter(brought)))
    if done.returncode != 0:
        raise RuntimeError(f"the stage ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def faults(came: Mapping[str, Any]) -> Iterator[str]:
    """Name whatever is not as it has to be: an answer of its own, or what the double saw and was left with."""
    answers = {item["step"]: item for item in came["answers"]}
    for step in (*TOKENS, *DONE):
        answer = answers.get(step, {"failed": f"nothing was said: {came['words'][-200:]}"})
        if "failed" in answer:
            yield f"{step}: {answer['failed']}"
        elif step in DONE and not answer["done"]:
            yield f"{step}: it said that this was not done"
        elif step in TOKENS and (answer["tid"] != TENANT or answer["aud"] not in TOKENS[step]):
            yield f"{step}: a token of {answer['tid']} for {answer['aud']}"
    refused = [tuple(item) for item in came["asked"] if item[1] != 200]
    odd = [f"{endpoint} {status} {rule}".rstrip() for endpoint, status, rule in refused if refused != [REFUSED]]
    if odd or refused != [REFUSED] or tuple(item[0] for item in came["asked"]) != ASKED:
        yield f"the double saw {', '.join(item[0] for item in came['asked'])}{'; refused: ' if odd else ''}{odd or ''}"
    if came["left"]:
        yield f"still registered: {', '.join(came['left'])}"

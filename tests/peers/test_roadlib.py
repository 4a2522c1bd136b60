"""A client that others wrote against the real tenant does against the double what it does there."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.peers.catalogue import PeerMissing
from tests.peers.fetched import brought
from tests.peers.roadlib.guest import ASKED, DONE, HERE, REFUSED, ROADLIB, TENANT, TOKENS, faults, visit

HYBRID = 11  # where the person asks for a hybrid join
GOOD: dict[str, Any] = {
    "answers": [
        *({"step": name, "tid": TENANT, "aud": min(audiences)} for name, audiences in TOKENS.items()),
        *({"step": name, "done": True} for name in DONE),
    ],
    "asked": [list(REFUSED) if at == HYBRID else [endpoint, 200, ""] for at, endpoint in enumerate(ASKED)],
    "left": [],
    "words": "",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="hj-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_every_package_is_pinned_with_digests() -> None:
    lock = (HERE / ROADLIB.lock).read_text("utf-8")
    pinned = re.findall(r"^(\S+)==\S+", lock, re.MULTILINE)
    assert "roadlib" in pinned
    assert len(pinned) == len(re.findall(r"^\S+==.*\\\n +--hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE))


@pytest.mark.lab
@pytest.mark.install
def test_roadlib_gets_its_tokens_joins_each_way_logs_a_person_on_and_is_removed(folder: Path) -> None:
    try:
        found = visit(brought(ROADLIB), folder)
    except PeerMissing as missing:
        pytest.skip(str(missing))
    assert list(faults(found)) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("answers", 0, "tid"), "another", "token v1: a token of another"),
        (("answers", 2, "aud"), "another", "person's token: a token of"),
        (("answers", 5, "done"), False, "join type 6: it said that this was not done"),
        (("answers", 6), {"step": "removal", "failed": "SSLError"}, "removal: SSLError"),
        (("answers", 6, "step"), "x", "removal: nothing was said"),
        (("answers", 10, "done"), False, "primary refresh token: it said that this was not done"),
        (("asked", 6, 1), 401, f"the double saw {', '.join(ASKED)}; refused: ['leave 401', 'join 400 person-hybrid-"),
        (("asked", 6, 0), "join", "the double saw token, token, realm, token, sync-join, join, join, realm"),
        (("asked", HYBRID, 1), 200, f"the double saw {', '.join(ASKED)}"),
        (("left",), ["WS01"], "still registered: WS01"),
    ],
)
def test_what_is_not_as_it_has_to_be_is_named(path: tuple[str | int, ...], value: object, words: str) -> None:
    assert list(faults(GOOD)) == []
    bent: Any = deepcopy(GOOD)
    inner = bent
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    (found,) = faults(bent)
    assert found.startswith(words)

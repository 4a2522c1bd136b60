"""A command line that runs in this process, in a state of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hybridjoin.cli.exits import run_guarded
from hybridjoin.cli.group import root


@dataclass(frozen=True)
class Done:
    """What a command printed and left with."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the user's own labs and joins is seen or touched."""
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(state))
    for name in ("HYBRIDJOIN_LAB", "HYBRIDJOIN_DOMAIN", "LAB_CA_FILE", "LAB_RESOLVE_STS"):
        monkeypatch.delenv(name, raising=False)
    return state


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Carry out a command line as `main` does, without leaving."""

    def carry_out(*arguments: str | Path) -> Done:
        capfd.readouterr()
        code = run_guarded(root, [str(item) for item in arguments])
        out, err = capfd.readouterr()
        return Done(code=int(code), out=out, err=err)

    return carry_out

"""The wheel, in virtual environments of its own: what a stranger gets, from the very registry that he gets it from."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.cli.forked import Resident

ROOT = Path(__file__).parents[2]
WITHIN_S = 280


@dataclass(frozen=True)
class Installed:
    """A virtual environment that holds our wheel, and nothing of this checkout."""

    python: Path

    def run(
        self, *arguments: str | Path, cwd: Path, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Start `python …` with no setting of whoever runs the tests, and a state of its own."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [self.python, *arguments],
            cwd=cwd,
            env={**kept, "HYBRIDJOIN_STATE": str(cwd / "state"), **(environment or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=WITHIN_S,
        )

    def carry_out(self, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Carry a command out in a process of its own, of an interpreter that has most rooms loaded."""
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        told = {**environment, "HYBRIDJOIN_STATE": str(cwd / "state")}
        return _resident(self.python).run(*arguments, cwd=cwd, environment=told)

    def command(self, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Start the command as it was installed."""
        return self.run(self.python.parent / "hybridjoin", *arguments, cwd=cwd)


@cache
def _resident(python: Path) -> Resident:
    """Rooms that most commands load; one that lacked a library would end here, as it would in each of them."""
    rooms = ("checks", "knowledge.lookup", "report.json_report", "run.replay.runs", "scenario.load")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return Resident(*(f"hybridjoin.{room}" for room in rooms), python=python, environment=kept)


def install(python: Path, *requirements: str | Path, locked: bool = True) -> None:
    """Install wheels, of the versions that the lock pins: nothing is compiled, whatever this machine could compile.

    What the machine has fetched already is not fetched again; where that is not all of it, the registry is asked.
    """
    uv: list[str | Path] = [
        ROOT / ".venv" / "bin" / "uv",
        "pip",
        "install",
        "--quiet",
        "--only-binary",
        ":all:",
        "--python",
        python,
    ]
    pins: list[str | Path] = ["--constraints", ROOT / "requirements" / "runtime.txt"] if locked else []
    wanted = [*pins, *requirements]
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1"}
    at_hand = subprocess.run([*uv, "--offline", *wanted], env=environment, capture_output=True, check=False, timeout=60)
    if at_hand.returncode:
        subprocess.run([*uv, *wanted], env=environment, check=True, timeout=WITHIN_S)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = folder.glob("*.whl")
    return made


def empty_environment(folder: Path) -> Installed:
    """A virtual environment of the Python that runs the tests, with nothing in it but pip."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    return Installed(python=folder / "bin" / "python")


@pytest.fixture(scope="session")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel without any extra."""
    made = empty_environment(tmp_path_factory.mktemp("core") / "venv")
    install(made.python, wheel)
    return made

"""What every client in Python needs: an environment of its own, with nothing in it that its lock does not name."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.peers.fetched import carried_out


def fetch(folder: Path, lock: Path) -> None:
    """Make an environment of its own and install what the lock names, and nothing that differs from it."""
    environment = folder / "venv"
    if (environment / "ready").exists():
        return
    carried_out(sys.executable, "-m", "venv", "--clear", environment, cwd=folder)
    pip = (interpreter(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    carried_out(*pip, "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", lock, cwd=folder)
    (environment / "ready").touch()


def interpreter(folder: Path) -> Path:
    """Return the interpreter of the environment that was brought into a folder."""
    return folder / "venv" / "bin" / "python"

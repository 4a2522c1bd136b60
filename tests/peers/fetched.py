"""What is brought from a registry by its ordinary client, and held against a lock before anything of it is run."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.peers.catalogue import PeerMissing

FETCH_WITHIN_S = 600


class Fetchable(Protocol):
    """What lies in a folder of its own, and is brought by what its lock names."""

    @property
    def name(self) -> str:
        """What its folder is called."""

    @property
    def lock(self) -> str:
        """The file of digests in it; empty for what the machine has, and nobody brings."""

    @property
    def folder(self) -> Path:
        """The folder."""

    def fetch(self, folder: Path, /) -> None:
        """Bring it; raise PeerMissing where it cannot be had."""


def brought(peer: Fetchable) -> Path:
    """Return the folder that holds a peer, brought and verified, once for each content of its lock.

    Raises:
        PeerMissing: it cannot be had, or is not what the lock says.
    """
    if not peer.lock:  # the machine's own program
        peer.fetch(peer.folder)
        return peer.folder
    folder = folder_of(peer.name, peer.folder / peer.lock)
    peer.fetch(folder)
    return folder


def folder_of(name: str, lock: Path) -> Path:
    """Return the folder that keeps what one lock names: another lock has another."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    chosen = os.environ.get("HYBRIDJOIN_CACHE")
    cache = Path(chosen) if chosen else Path("~/.cache/hybridjoin").expanduser()
    folder = cache / "peers" / f"{name}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def locked(lock: Path) -> dict[str, str]:
    """Read a lock as `sha256sum` writes it: file name to digest."""
    rows = (line.split() for line in lock.read_text("utf-8").splitlines() if line)
    return {name: digest for digest, name in rows}


def digests(lock: Path) -> dict[str, str]:
    """Read any lock, by its name: what is brought, its version told, to the digest that its client holds it against."""
    if lock.name == "go.sum":  # the whole of a module; go asks for its go.mod alone besides, on a row of its own
        rows = (line.split() for line in lock.read_text("utf-8").splitlines())
        return {f"{module}@{version}": digest for module, version, digest in rows}
    if lock.name == "package-lock.json":
        packages = json.loads(lock.read_text("utf-8"))["packages"]
        named = {path.rpartition("node_modules/")[2]: row for path, row in packages.items() if path}
        return {f"{name}@{row['version']}": row.get("integrity", "") for name, row in named.items()}
    if lock.suffix == ".txt":  # pip's: one of several digests for each of a version's files
        return dict(
            re.findall(r"^(\S+==\S+) \\\n +--hash=sha256:([0-9a-f]{64})", lock.read_text("utf-8"), re.MULTILINE)
        )
    return locked(lock)


def unlike(lock: Mapping[str, str], folder: Path) -> list[str]:
    """Say what a folder lacks of a lock, holds otherwise, or holds besides."""
    there = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    wrong = [f"{name} is not there" for name in lock if name not in there]
    for name, path in sorted(there.items()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if lock.get(name) != digest:
            wrong.append(f"{name} has the sha256 {digest}, expected {lock.get(name, 'no such file')}")
    return wrong


def held(lock: Path, folder: Path) -> None:
    """Let nothing be run that is not what the lock says; what came otherwise is thrown away.

    Raises:
        PeerMissing: something differs.
    """
    wrong = unlike(locked(lock), folder)
    if wrong:
        shutil.rmtree(folder, ignore_errors=True)
        raise PeerMissing(f"what came is not what {lock.name} says: {'; '.join(wrong)}")


def program(name: str, *, package: str) -> str:
    """Return the path of a program.

    Raises:
        PeerMissing: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise PeerMissing(f"there is no {name} on PATH; apt-get install {package}")
    return found


# What npm holds each package against is its integrity in the lock; scripts of packages are not run.
_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def node_modules(folder: Path, told: Path) -> None:
    """Bring into a folder's `modules` what package.json and package-lock.json of another one name.

    Raises:
        PeerMissing: npm is not here, or could not bring it.
    """
    modules = folder / "modules"
    if not modules.is_dir():
        draft = folder / "modules.draft"
        draft.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(told / name, draft)
        carried_out(program("npm", package="npm"), "ci", *_QUIETLY, cwd=draft)
        draft.rename(modules)


def carried_out(*command: str | Path, cwd: Path, within_s: int = FETCH_WITHIN_S) -> str:
    """Run a command to its end and return what it printed.

    Raises:
        PeerMissing: it failed; its last words are told.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=within_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissing(f"{words[0]} could not be carried out: {error}") from error
    if done.returncode != 0:
        told = (done.stdout + done.stderr).strip().splitlines()[-3:]
        raise PeerMissing(f"{Path(words[0]).name} ended with {done.returncode}: {' / '.join(told)}")
    return done.stdout

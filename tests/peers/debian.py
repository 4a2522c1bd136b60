"""Debian's packages, brought by apt and unpacked into a root of their own: nothing of them is installed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.peers.catalogue import PeerMissing
from tests.peers.fetched import carried_out, held, locked, program, unlike


def unpacked(folder: Path, lock: Path) -> Path:
    """Bring the packages of exactly the versions that a lock names; return the root that they were unpacked into."""
    packages, root = folder / "packages", folder / "root"
    if unlike(locked(lock), packages):
        packages.mkdir(exist_ok=True)
        _download(packages, [_wanted(name) for name in locked(lock)])
        held(lock, packages)
    if not root.is_dir():
        draft = folder / "root.draft"
        for name in locked(lock):
            carried_out(program("dpkg-deb", package="dpkg"), "--extract", packages / name, draft, cwd=folder)
        draft.rename(root)
    return root


def _download(folder: Path, wanted: list[str]) -> None:
    """Download packages; a machine that has never looked for any has no list of them yet."""
    apt = program("apt-get", package="apt")
    try:
        carried_out(apt, "download", "--quiet", *wanted, cwd=folder)
    except PeerMissing:
        carried_out(apt, "update", "--quiet", cwd=folder)
        carried_out(apt, "download", "--quiet", *wanted, cwd=folder)


def _wanted(file_name: str) -> str:
    """Read a package's name and version out of its file's name."""
    name, version, _ = file_name.split("_")
    return f"{name}={version.replace('%3a', ':')}"


def complete(root: Path, looked_at: Iterable[Path], *, beside: Path | None = None) -> None:
    """See that every library is here that programs of a root were built for; another root may lie beside it.

    Raises:
        PeerMissing: one is not.
    """
    path = ":".join(libraries(one) for one in (root, beside) if one is not None)
    told = carried_out("env", f"LD_LIBRARY_PATH={path}", "ldd", *looked_at, cwd=root)
    missing = sorted({line.split()[0] for line in told.splitlines() if line.endswith("not found")})
    if missing:
        raise PeerMissing(f"this machine has no {', '.join(missing)}; apt-file names the packages that bring them")


def libraries(root: Path) -> str:
    """Return the search path of a root's own libraries; empty where it brings none."""
    return ":".join(map(str, (root / "usr/lib").glob("*-linux-gnu")))

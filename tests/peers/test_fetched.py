"""Nothing that differs from its lock is run."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.peers.catalogue import PeerMissing, peers
from tests.peers.debian import unpacked
from tests.peers.fetched import brought, carried_out, held, locked, program, unlike

GOOD = b"a jar"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "one-1.0.jar").write_bytes(GOOD)
    return tmp_path / "files"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "jars.sha256"
    path.write_text(f"{hashlib.sha256(GOOD).hexdigest()}  one-1.0.jar\n", "utf-8")
    return path


def test_what_the_lock_says_is_taken(folder: Path, lock: Path) -> None:
    held(lock, folder)

    assert (folder / "one-1.0.jar").read_bytes() == GOOD


@pytest.mark.parametrize(
    ("name", "octets", "words"),
    [
        ("one-1.0.jar", b"another jar", "one-1.0.jar has the sha256"),
        ("two-1.0.jar", GOOD, "expected no such file"),
    ],
)
def test_what_differs_is_thrown_away_and_told(folder: Path, lock: Path, name: str, octets: bytes, words: str) -> None:
    (folder / name).write_bytes(octets)

    with pytest.raises(PeerMissing, match=words):
        held(lock, folder)

    assert not folder.exists()


def test_what_is_not_there_is_told(tmp_path: Path, lock: Path) -> None:
    assert unlike(locked(lock), tmp_path / "nowhere") == ["one-1.0.jar is not there"]


def test_a_program_that_is_not_installed_is_told_with_what_brings_it() -> None:
    with pytest.raises(PeerMissing, match="no no-such-program on PATH; apt-get install something"):
        program("no-such-program", package="something")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("sh", "-c", "echo no such version >&2; exit 4"), "sh ended with 4: no such version"),
        (("./nothing-here",), "could not be carried out"),
    ],
)
def test_a_client_that_fails_is_a_peer_that_cannot_be_had(command: tuple[str, ...], words: str, tmp_path: Path) -> None:
    with pytest.raises(PeerMissing, match=words):
        carried_out(*command, cwd=tmp_path)


APT = """#!/bin/sh
echo "$1" >> {asked}
[ "$1" = update ] && touch {listed} && exit
[ -e {listed} ] && printf %s 'a package' > one_1.0_all.deb
"""


def test_where_debians_lists_are_missing_they_are_fetched_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, listed, lock = tmp_path / "asked", tmp_path / "listed", tmp_path / "packages.sha256"
    (tmp_path / "apt-get").write_text(APT.format(asked=asked, listed=listed), "utf-8")
    (tmp_path / "dpkg-deb").write_text('#!/bin/sh\nmkdir -p "$3" && cp "$2" "$3"\n', "utf-8")
    for name in ("apt-get", "dpkg-deb"):
        (tmp_path / name).chmod(0o755)
    lock.write_text(f"{hashlib.sha256(b'a package').hexdigest()}  one_1.0_all.deb\n", "utf-8")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    (tmp_path / "brought").mkdir()

    root = unpacked(tmp_path / "brought", lock)

    assert asked.read_text("utf-8").split() == ["download", "update", "download"]
    assert (root / "one_1.0_all.deb").read_bytes() == b"a package"


def test_another_lock_is_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYBRIDJOIN_CACHE", str(tmp_path / "cache"))
    asked: list[Path] = []
    metro, other = peers()["metro"], tmp_path / "other.sha256"
    other.write_text("0  one-1.0.jar\n", "utf-8")

    folders = [
        brought(replace(metro, fetch=asked.append)),
        brought(replace(metro, fetch=asked.append, lock=str(other))),
    ]

    assert asked == folders
    assert folders[0] != folders[1]
    assert all(path.parent == tmp_path / "cache" / "peers" for path in folders)

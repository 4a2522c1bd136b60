"""cargo takes the crates of our list, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.catalogue import PeerMissing
from tests.peers.fetched import locked
from tests.peers.himmelblau.caller import HERE, LOCK, crate_of, hold

LEARNT = (
    'version = 4\n\n[[package]]\nname = "one"\nversion = "9.0.0"\nsource = "registry+where"\nchecksum = "{digest}"\n'
)
BESIDES = '\n[[package]]\nname = "stray"\nversion = "1.0.0"\nsource = "registry+where"\nchecksum = "{digest}"\n'


@pytest.mark.parametrize(
    ("file_name", "name", "version"),
    [
        ("libhimmelblau-0.8.45.crate", "libhimmelblau", "0.8.45"),
        ("hmac-0.13.0-rc.5.crate", "hmac", "0.13.0-rc.5"),
        ("wasi-0.11.1+wasi-snapshot-preview1.crate", "wasi", "0.11.1+wasi-snapshot-preview1"),
        ("foreign-types-0.3.2.crate", "foreign-types", "0.3.2"),
    ],
)
def test_a_file_tells_its_crate_and_the_version(file_name: str, name: str, version: str) -> None:
    assert crate_of(file_name) == (name, version)


def test_the_list_names_what_is_used_and_nothing_of_where_it_comes_from() -> None:
    assert "libhimmelblau-0.8.45.crate" in locked(HERE / LOCK)
    assert [path.name for path in HERE.iterdir() if path.is_file() and "registry+" in path.read_text("utf-8")] == [], (
        "the address of a registry is none of ours to write down"
    )


def cargo(folder: Path, *, besides: str) -> str:
    """A cargo that learns of a registry, and then completes the lock that it finds with some crate more."""
    learnt, more = folder / "learnt", folder / "more"
    learnt.write_text(LEARNT.format(digest="0" * 64), "utf-8")
    more.write_text(besides.format(digest="1" * 64), "utf-8")
    program = folder / "cargo"
    program.write_text(
        "#!/bin/sh\n"
        f"[ $1 = generate-lockfile ] && cp {learnt} Cargo.lock\n"
        f"[ $1 = fetch ] && cat {more} >> Cargo.lock\n:\n",
        "utf-8",
    )
    program.chmod(0o755)
    return str(program)


def test_cargo_is_given_the_whole_list_with_its_digests(tmp_path: Path) -> None:
    hold(tmp_path, cargo(tmp_path, besides=""))

    written = (tmp_path / "Cargo.lock").read_text("utf-8")
    assert written.count("[[package]]") == len(locked(HERE / LOCK))
    assert 'name = "libhimmelblau"\nversion = "0.8.45"\nsource = "registry+where"\n' in written


def test_a_crate_that_our_list_does_not_name_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(PeerMissing, match=r"cargo takes other crates than crates.sha256 names: stray 1.0.0"):
        hold(tmp_path, cargo(tmp_path, besides=BESIDES))

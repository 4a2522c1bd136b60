"""Golden states: used only as they were made, made anew where they are damaged, and none half-made that stays."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock
import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hybridjoin.lab.digests import damage
from hybridjoin.lab.golden import FACTS_FILE, ensure_golden, sweep_drafts
from hybridjoin.lab.places import CACHE_VARIABLE
from hybridjoin.lab.process.backend import ProcessLauncher
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file


class Quick(ProcessLauncher):
    """Provisions in no time: a few files in the places of a real state's."""

    def __init__(self) -> None:
        self.made = 0

    @property
    def fingerprint(self) -> str:
        return "quick"

    def provision(self, spec_file: Path, target: Path) -> None:
        self.made += 1
        for name in ("keytabs/svc-idp.keytab", "secrets/svc-idp.password", "private/sam.ldb.d/all.ldb", FACTS_FILE):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name} made for the {self.made}. time from {spec_file.name}")
        (target / "lock").mkdir()


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    return tmp_path / "labs"


@pytest.fixture(scope="module", autouse=True)
def one_key() -> Iterator[None]:
    """Give every state the same key: what is tried here is what becomes of its files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rsa, "generate_private_key", functools.cache(rsa.generate_private_key))
        yield


@pytest.fixture(scope="module")
def lab_file() -> LabFile:
    return load_lab_file(default_lab_path())


def flip(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    octets[len(octets) // 2] ^= 1
    path.write_bytes(octets)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "facts flipped": (lambda golden: flip(golden / FACTS_FILE), f"{FACTS_FILE} is not what was written"),
    "facts lost": (lambda golden: (golden / FACTS_FILE).unlink(), f"{FACTS_FILE} is missing"),
    "password flipped": (lambda golden: flip(golden / "secrets" / "svc-idp.password"), "svc-idp.password is not"),
    "the IdP's keytab flipped": (lambda golden: flip(golden / "keytabs" / "svc-idp.keytab"), "svc-idp.keytab is not"),
    "keytab cut": (lambda golden: os.truncate(golden / "keytabs" / "svc-idp.keytab", 3), "svc-idp.keytab is not"),
    "database lost": (lambda golden: shutil.rmtree(golden / "private"), "private is missing, and 2 more"),
    "empty folder lost": (lambda golden: (golden / "lock").rmdir(), "lock is missing"),
    "a file too many": (lambda golden: (golden / "private" / "more").touch(), "private/more was not there"),
    "digests lost": (lambda golden: (golden / "digests.json").unlink(), "it cannot be read"),
    "digests of another kind": (lambda golden: (golden / "digests.json").write_text("[]"), "digests.json is not"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_state_is_made_anew_and_that_is_said(
    name: str, lab_file: LabFile, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoil, words = DAMAGES[name]
    launcher = Quick()
    golden = ensure_golden(launcher, lab_file)
    spoil(golden)

    with caplog.at_level(logging.WARNING):
        assert ensure_golden(launcher, lab_file) == golden

    assert launcher.made == 2
    assert damage(golden) == ""
    assert words in caplog.text
    assert not list(cache.glob(".draft-*"))


def test_a_sound_state_is_made_once(lab_file: LabFile, caplog: pytest.LogCaptureFixture) -> None:
    launcher = Quick()

    assert ensure_golden(launcher, lab_file) == ensure_golden(launcher, lab_file)
    assert launcher.made == 1
    assert not caplog.records


def test_what_a_killed_provisioning_left_is_swept_with_whoever_works_at_it(lab_file: LabFile, cache: Path) -> None:
    golden = ensure_golden(Quick(), lab_file)
    for name in (f".draft-{golden.name}-x1", f".draft-{'0' * 32}-x2", ".draft-mine", "holiday"):
        (cache / name).mkdir()
    working = [sys.executable, "-c", "import time; print('at it', flush=True); time.sleep(60)"]
    with subprocess.Popen(working, cwd=cache / f".draft-{golden.name}-x1", stdout=subprocess.PIPE) as left:
        assert left.stdout is not None
        left.stdout.readline()
        with filelock.FileLock(cache / f"{'0' * 32}.lock"):  # somebody is provisioning that one now
            assert sweep_drafts() == (f".draft-{golden.name}-x1",)
        assert not psutil.pid_exists(left.pid)

    assert {path.name for path in cache.iterdir() if path.is_dir()} == {
        golden.name,
        f".draft-{'0' * 32}-x2",
        ".draft-mine",
        "holiday",
    }

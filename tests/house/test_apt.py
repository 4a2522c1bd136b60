"""Debian packages are installed beside whoever else installs some: the real apt, with a state and locks of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "requirements" / "apt-install"


@pytest.fixture
def apt(tmp_path: Path) -> Mapping[str, str]:
    """An environment in which apt knows what is installed here, has locks and lists of its own, and no source."""
    for folder in ("lists/partial", "archives/partial", "dpkg"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy("/var/lib/dpkg/status", tmp_path / "dpkg" / "status")
    settings = {
        "Dir::State::Lists": tmp_path / "lists",
        "Dir::State::status": tmp_path / "dpkg" / "status",
        "Dir::Cache::archives": tmp_path / "archives",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": "/dev/null",
    }
    config = tmp_path / "apt.conf"
    config.write_text("".join(f'{name} "{value}";\n' for name, value in settings.items()), "utf-8")
    return {**os.environ, "APT_CONFIG": str(config)}


@pytest.mark.parametrize("held", ["lists/lock", "dpkg/lock-frontend"])
def test_a_lock_is_waited_for(apt: Mapping[str, str], tmp_path: Path, held: str) -> None:
    with (tmp_path / held).open("w", encoding="ascii") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            [SCRIPT, "bash"], env=apt, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as waiting:
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(3)
            fcntl.lockf(lock, fcntl.LOCK_UN)
            told = waiting.communicate(timeout=60)[1]

    assert waiting.returncode == 0, told
    assert ("waiting for it" in told) is held.startswith("lists"), "apt itself waits for dpkg's lock, and is silent"


def test_another_refusal_is_told_at_once_in_the_words_of_apt(apt: Mapping[str, str]) -> None:
    began = time.monotonic()

    done = subprocess.run(
        [SCRIPT, "no-such-package"], env=apt, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60
    )

    assert done.returncode == 1
    assert "Unable to locate package no-such-package" in done.stderr
    assert time.monotonic() - began < 30

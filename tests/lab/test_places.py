"""Where state lies: the user's own place, as the XDG specification says it, and no place that others prepared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hybridjoin.errors import LabError
from hybridjoin.lab.places import cache_root, memory_root, state_root


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HYBRIDJOIN_STATE", "HYBRIDJOIN_CACHE", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def folder(path: Path, mode: int) -> Path:
    path.mkdir()
    path.chmod(mode)
    return path


def test_what_runs_lies_in_the_runtime_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    session = folder(tmp_path / "session", 0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(session))

    assert state_root() == session / "hybridjoin"
    assert state_root().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kind", ["relative", "readable", "missing"])
def test_a_runtime_directory_that_is_none_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder(tmp_path / "relative", 0o700)
    folder(tmp_path / "readable", 0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", kind if kind == "relative" else str(tmp_path / kind))

    assert tmp_path not in state_root().parents


def test_a_runtime_directory_of_another_user_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    others = next((path for path in Path("/").iterdir() if path.stat().st_uid != os.geteuid()), None)
    if others is None:
        others = folder(tmp_path / "others", 0o700)
        os.chown(others, 12345, -1)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(others))

    assert others not in state_root().parents


def test_what_is_remembered_lies_in_the_state_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert memory_root() == tmp_path / "home/.local/state/hybridjoin"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert memory_root() == tmp_path / "home/.local/state/hybridjoin"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "states"))
    assert memory_root() == tmp_path / "states/hybridjoin"
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(tmp_path / "all"))
    assert memory_root() == state_root() == tmp_path / "all"


def test_a_user_without_a_home_is_remembered_beside_what_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder(tmp_path / "session", 0o700)))

    assert memory_root() == state_root()


@pytest.mark.parametrize("variable", ["HYBRIDJOIN_STATE", "HYBRIDJOIN_CACHE"])
def test_a_place_into_which_others_may_write_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    monkeypatch.setenv(variable, str(folder(tmp_path / "open", 0o777)))
    root = state_root if variable == "HYBRIDJOIN_STATE" else cache_root

    with pytest.raises(LabError, match=r"others may write into the directory .*open \(mode 0777\)") as refusal:
        root()

    assert f"chmod 700 {tmp_path / 'open'}, or set {variable} elsewhere" in str(refusal.value)
    (tmp_path / "open").chmod(0o755)
    assert root().is_relative_to(tmp_path / "open")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder away")
def test_a_place_of_another_user_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.chown(folder(tmp_path / "theirs", 0o700), 12345, -1)
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(tmp_path / "theirs"))

    with pytest.raises(LabError, match="belongs to user 12345, not to you"):
        state_root()

"""Whatever a user names as a file: its octets, or a mistake in words, in bounded time and memory."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from hybridjoin import given
from hybridjoin.errors import UsageError
from hybridjoin.given import exists, is_file, open_given, read_given


def mistake_of(path: Path, *, limit_bytes: int = 1000) -> str:
    with pytest.raises(UsageError) as refusal:
        read_given(path, limit_bytes=limit_bytes)
    (only,) = refusal.value.mistakes
    assert only.place == str(path)
    return only.problem


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 1000)

    assert read_given(file, limit_bytes=1000) == b"x" * 1000
    assert mistake_of(file, limit_bytes=999) == "expected at most 999 bytes, found 1000"


def test_what_is_no_file_is_a_mistake(tmp_path: Path) -> None:
    assert mistake_of(tmp_path / "none") == "cannot be read: No such file or directory"
    assert mistake_of(tmp_path) == "cannot be read: Is a directory"
    assert mistake_of(Path("/dev/zero")) == "expected at most 1000 bytes, found more"
    assert mistake_of(tmp_path / ("x" * 300)) == "cannot be read: File name too long"
    assert mistake_of(Path("a\0b")) == "cannot be read: a NUL in its name"
    assert mistake_of(Path("a\ud800b")) == "cannot be read: no file can have this name"


def test_names_that_the_system_refuses_are_not_there() -> None:
    for name in ("x" * 300, "x/" * 5000, "a\0b"):
        assert not is_file(Path(name))
        assert not exists(Path(name))


def test_a_pipe_into_which_nobody_writes_is_waited_for_with_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "PATIENCE_S", 0.1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    began = time.perf_counter()

    assert "nothing came within 0.1 s" in mistake_of(pipe)
    assert time.perf_counter() - began < 5


def test_what_is_read_in_passing_is_a_file_or_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "PATIENCE_S", 0.1)
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.write_bytes(b"x" * 1000)
    os.mkfifo(pipe)

    with open_given(file, limit_bytes=10) as opened:
        assert opened.read() == b"x" * 1000
    for path, words in ((Path("/dev/zero"), "at most 10 bytes"), (pipe, "nothing came within")):
        with pytest.raises(UsageError, match=words):
            open_given(path, limit_bytes=10)
    with pytest.raises(FileNotFoundError):
        open_given(tmp_path / "none", limit_bytes=10)


def test_what_the_shell_pipes_in_is_read_to_its_end(tmp_path: Path) -> None:
    ours, theirs = os.pipe()

    def write() -> None:
        for _ in range(3):
            os.write(theirs, b"x" * 100)
            time.sleep(0.01)
        os.close(theirs)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert read_given(Path(f"/dev/fd/{ours}"), limit_bytes=1000) == b"x" * 300
    finally:
        writer.join()
        os.close(ours)

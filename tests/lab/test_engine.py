"""Whether an engine answers, asked of sockets that are not there, dead, or silent."""

from __future__ import annotations

import gc
import socket
from pathlib import Path

import pytest

from hybridjoin.lab.engine import engine_answers


def test_a_socket_that_is_not_there_is_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")

    assert not engine_answers()


def test_a_socket_that_an_engine_left_behind_is_none_and_nothing_leaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as engine:
        engine.bind(str(path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")

    assert not engine_answers()
    gc.collect()  # a leaked socket would be told here, and warnings are errors


def test_an_address_where_nobody_listens_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")

    assert not engine_answers()

"""What goes wrong with an engine or a container is a LabError that says what, with the log's end, and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docker
import pytest
from docker.errors import ImageNotFound

from hybridjoin.errors import LabError
from hybridjoin.lab.digests import write_digests
from hybridjoin.lab.docker.backend import DockerBackend
from hybridjoin.lab.docker.images import GOLDEN_LABEL
from hybridjoin.lab.docker.owner import reap
from hybridjoin.lab.docker.samba_container import SambaDomainController
from hybridjoin.lab.places import CACHE_VARIABLE, cache_root
from hybridjoin.scenario.lab.lab_file import LabFile
from tests.docker.conftest import DEFAULT_LAB, OWNER, ROOT, containers_of, owner

ENGINE = Path("/var/run/docker.sock")


class Relay(socketserver.ThreadingUnixStreamServer):
    """A way to the engine that can be cut in the middle of a run."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), RelayHandler)
        self.url = f"unix://{path}"
        self.ends: list[socket.socket] = []

    def cut(self) -> None:
        """Stop answering, and break what is open."""
        self.shutdown()
        self.server_close()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class RelayHandler(socketserver.BaseRequestHandler):
    """One connection carried both ways."""

    def handle(self) -> None:
        assert isinstance(self.server, Relay)
        with socket.socket(socket.AF_UNIX) as far:
            far.connect(str(ENGINE))
            self.server.ends += (self.request, far)
            back = threading.Thread(target=carry, args=(far, self.request), daemon=True)
            back.start()
            carry(self.request, far)
            back.join()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Copy one direction of a connection until it ends."""
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with tempfile.TemporaryDirectory(prefix="hj-") as folder:
        path = Path(folder) / "engine.sock"
        server = Relay(path)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.cut()
        thread.join()


@pytest.fixture(scope="module")
def spare_cache() -> Iterator[Path]:
    """A folder that the tests of this module share, so that they provision once."""
    folder = Path(tempfile.mkdtemp(prefix="hj-"))
    yield folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(folder))
        shutil.rmtree(folder)
        DockerBackend().prune()


@pytest.fixture
def own_cache(spare_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of golden states that a test may spoil; tests/conftest.py names the usual one before each test."""
    monkeypatch.setenv(CACHE_VARIABLE, str(spare_cache))
    assert spare_cache in cache_root().parents
    return spare_cache


@pytest.mark.docker
def test_an_engine_that_goes_away_in_the_middle_is_a_lab_error(relay: Relay, client: docker.DockerClient) -> None:
    with owner(DOCKER_HOST=relay.url) as (process, _):
        relay.cut()
        said, _ = process.communicate("go on\n", timeout=20)

    assert process.returncode == 3
    assert "the Docker engine went away, asked to remove a container" in said
    assert "what to do: start the engine" in said
    # The line was cut with the way to the engine, so samba stopped by itself.
    (left,) = containers_of(client, process.pid)
    assert left.wait(timeout=10)["StatusCode"] == 0
    assert left.short_id in reap(client)


def test_an_engine_that_does_not_answer_is_a_lab_error(tmp_path: Path) -> None:
    # In a process of its own: docker-py drops the sockets that it cannot connect, and Python complains of that.
    done = subprocess.run(
        [sys.executable, "-c", OWNER, str(DEFAULT_LAB)],
        cwd=ROOT,
        env={**os.environ, "DOCKER_HOST": f"unix://{tmp_path / 'nobody.sock'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.returncode == 3
    assert done.stdout.startswith("the Docker engine could not answer: ")
    assert "--lab process" in done.stdout


@pytest.mark.docker
def test_a_mistake_in_the_ldif_is_told_with_the_log_of_provisioning(own_cache: Path, lab_file: LabFile) -> None:
    there = set(cache_root().glob("*/facts.json"))
    spoilt = replace(lab_file, ldif="dn: CN=Nowhere,CN=Nothing,${BASE_DN}\nobjectClass: container\n")

    with pytest.raises(LabError, match="provisioning the domain failed with exit code 1") as raised:
        SambaDomainController(spoilt).__enter__()

    assert "CN=Nowhere,CN=Nothing" in raised.value.log_tail
    assert set(cache_root().glob("*/facts.json")) == there


@pytest.mark.docker
def test_pruning_removes_the_images_of_golden_states_that_are_gone(
    own_cache: Path, lab_file: LabFile, client: docker.DockerClient
) -> None:
    with SambaDomainController(lab_file) as controller:
        golden = cache_root() / controller.domain.digest
    assert client.images.get(controller.image).labels[GOLDEN_LABEL] == str(golden)
    assert controller.image not in DockerBackend().prune()

    golden.rename(golden.with_name("elsewhere"))
    try:
        DockerBackend().prune()  # or somebody else's, at the same moment
        with pytest.raises(ImageNotFound):
            client.images.get(controller.image)
    finally:
        golden.with_name("elsewhere").rename(golden)


@pytest.mark.docker
def test_another_golden_state_of_the_same_digest_is_another_image_and_its_failure_is_told_with_the_log(
    own_cache: Path, lab_file: LabFile
) -> None:
    with SambaDomainController(lab_file) as healthy:
        golden = cache_root() / healthy.domain.digest
    (golden / "private" / "sam.ldb").write_bytes(b"not a database")
    facts = golden / "facts.json"
    facts.write_text(facts.read_text("utf-8") + "\n", "utf-8")
    write_digests(golden)  # as if it had been made so: a damaged one would be made anew

    with pytest.raises(LabError, match=r"domain controller (died|ended)") as raised:
        SambaDomainController(lab_file).__enter__()

    assert "failed to prime database" in raised.value.log_tail

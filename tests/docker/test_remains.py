"""What is left of a lab whose owner ends, however it ends: nothing, or nothing for longer than until the next start."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

import docker
import pytest
from docker.errors import NotFound

from hybridjoin.errors import LabError
from hybridjoin.lab.alive import need_answer
from hybridjoin.lab.dial.controllers import kill_controller
from hybridjoin.lab.docker.images import controller_recipe, ensure_image
from hybridjoin.lab.docker.owner import BOOT_LABEL, LAB_LABEL, NAMESPACE_LABEL, OWNER_LABEL, owner_labels, reap
from hybridjoin.lab.docker.samba_container import SambaDomainController
from hybridjoin.scenario.lab.lab_file import LabFile
from tests.docker.conftest import DEFAULT_LAB, owner, states_of

pytestmark = pytest.mark.docker


def await_state(client: docker.DockerClient, pid: int, wanted: str) -> None:
    """Wait until the one container of a process is in a state."""
    deadline = time.monotonic() + 10
    while states_of(client, pid) != [wanted] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert states_of(client, pid) == [wanted]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_takes_the_lab_down(number: signal.Signals, client: docker.DockerClient) -> None:
    with owner() as (process, state_dir):
        assert states_of(client, process.pid) == ["running"]
        assert state_dir.is_dir()
        process.send_signal(number)
        process.wait(timeout=20)

        assert states_of(client, process.pid) == []
        assert not state_dir.exists()


def test_a_killed_owner_leaves_no_running_samba_and_the_rest_goes_at_the_next_start(
    client: docker.DockerClient, controller: SambaDomainController
) -> None:
    with owner() as (process, state_dir):
        process.kill()
        process.wait(timeout=20)
    await_state(client, process.pid, "exited")
    assert state_dir.is_dir()

    with SambaDomainController(DEFAULT_LAB):
        assert states_of(client, process.pid) == []
        assert not state_dir.exists()

    controller.reload()
    assert controller.status == "running"


def test_a_controller_that_is_killed_is_dead_and_leaves_nothing(lab_file: LabFile, client: docker.DockerClient) -> None:
    with SambaDomainController(lab_file) as doomed:
        name = f"hybridjoin-{doomed.domain.state_dir.name}"
        kill_controller(doomed.domain)
        kill_controller(doomed.domain)
        assert client.containers.get(name).status == "exited"
        with pytest.raises(LabError):
            need_answer(doomed.domain)

    with pytest.raises(NotFound):
        client.containers.get(name)


def test_the_containers_of_others_are_left_alone(client: docker.DockerClient) -> None:
    image = ensure_image(client, controller_recipe())
    dead = {**owner_labels(), OWNER_LABEL: "999999999:1.00"}
    made = {
        "unmarked": {"somebody": "else"},
        "ours": owner_labels(),
        "another namespace's": {**dead, NAMESPACE_LABEL: "pid:[1]"},
        "waiting since before the boot": {**dead, BOOT_LABEL: "another"},
        "unreadable": {**dead, OWNER_LABEL: "nobody"},
        "an orphan": dead,
    }
    containers = {
        name: client.containers.create(image, command=["true"], labels=labels) for name, labels in made.items()
    }
    try:
        reaped = reap(client)
        left = {item.id for item in client.containers.list(all=True, ignore_removed=True)}

        assert containers["an orphan"].short_id in reaped
        assert {name for name, item in containers.items() if item.id not in left} == {"an orphan"}
    finally:
        for container in containers.values():
            with suppress(NotFound):
                container.remove(force=True)


def test_this_process_is_the_owner_of_what_it_starts(
    client: docker.DockerClient, controller: SambaDomainController
) -> None:
    labels = client.containers.get(controller.get_container_id()).labels

    assert labels[OWNER_LABEL].split(":")[0] == str(os.getpid())
    assert labels[LAB_LABEL] == controller.domain.digest

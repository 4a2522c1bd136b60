"""A domain controller's container: a command in it, and its end."""

from __future__ import annotations

from hybridjoin.lab.docker.client import asking_engine, engine

KILLED_WITHIN_S = 10


def run_inside(lab: str, command: list[str]) -> tuple[int, str]:
    """Run a command in the container of the lab of that name; return its exit code and what it said.

    Raises:
        LabError: there is no such container, or the engine does not do it.
    """
    with engine() as client, asking_engine("run a command in the domain controller"):
        done = client.containers.get(f"hybridjoin-{lab}").exec_run(command)
    told = done.output if isinstance(done.output, bytes) else b"".join(done.output)
    return done.exit_code or 0, told.decode("utf-8", "replace")


def kill_container(lab: str) -> None:
    """Kill the container of the lab of that name; one that does not run any more is left as it is.

    Raises:
        LabError: there is no such container, or the engine does not do it.
    """
    with engine() as client, asking_engine("kill the domain controller"):
        container = client.containers.get(f"hybridjoin-{lab}")
        if container.status == "running":
            container.kill()
            container.wait(timeout=KILLED_WITHIN_S)

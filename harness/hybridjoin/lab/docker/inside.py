"""A command in a running domain controller's container."""

from __future__ import annotations

from hybridjoin.lab.docker.client import asking_engine, engine


def run_inside(lab: str, command: list[str]) -> tuple[int, str]:
    """Run a command in the container of the lab of that name; return its exit code and what it said.

    Raises:
        LabError: there is no such container, or the engine does not do it.
    """
    with engine() as client, asking_engine("run a command in the domain controller"):
        done = client.containers.get(f"hybridjoin-{lab}").exec_run(command)
    told = done.output if isinstance(done.output, bytes) else b"".join(done.output)
    return done.exit_code or 0, told.decode("utf-8", "replace")

"""Bends of the domain controller itself: one of the scenario's own, which may come to harm without harm to others."""

from __future__ import annotations

from functools import partial
from pkgutil import resolve_name
from typing import Final

from hybridjoin.errors import LabError
from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import Options
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.state import CHILD_FILE, kill_session, read_mark

_KILL_A_CONTAINER: Final = "hybridjoin.lab.docker.inside:kill_container"


def lost_after_metadata(bench: Bench, _: Options) -> None:
    """Killed, not asked to stop, while the metadata's last octet is on its way."""
    own = bench.stack.enter_context(choose_backend(bench.domain.backend).start(bench.lab_file))
    bench.domain = own
    bench.may_be_away()
    bench.after_metadata.append(partial(kill_controller, own))


def kill_controller(domain: Domain) -> None:
    """Kill a domain controller as a power cut does; that it is dead already is good.

    Raises:
        LabError: nothing says which process it is, or the engine does not do it.
    """
    if domain.backend != "process":
        resolve_name(_KILL_A_CONTAINER)(domain.state_dir.name)
        return
    mark = read_mark(domain.state_dir / CHILD_FILE)
    if mark is None:
        raise LabError(f"{domain.state_dir / CHILD_FILE} does not name the controller's process", remedy="try again")
    kill_session(mark)

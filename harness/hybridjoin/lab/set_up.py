"""What is done with a lab's doubles for one site: set up, told that a cycle of Entra Connect is due, listened to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from hybridjoin.device.adapters.apart import Late, call_apart
from hybridjoin.errors import LabError
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.standins.servers import Doubles, Settings
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.site import Site

SET_UP_WITHIN_S: Final = 20.0
TENANT: Final = "Entra"
"""Who notes what becomes of device objects."""


def overhearing(site: Site, doubles: Doubles) -> Site:
    """Return the site with what the tenant notes of its devices, and a cycle of Entra Connect to be run."""

    def overheard() -> tuple[HeardLine, ...]:
        return (*site.overheard(), *(HeardLine(who=TENANT, line=line) for line in doubles.noted()))

    def synchronize() -> None:
        _apart(doubles.synchronize, "a cycle of Entra Connect")

    return replace(site, overheard=overheard, synchronize=synchronize)


def install(doubles: Doubles, idp: Settings, entra: Settings, bench: Bench | None = None) -> None:
    """Set the doubles up, and do what a bend does when Entra Connect has seen the directory once.

    Entra's double reads the whole directory, by a library that no signal may cut short.
    """
    when_metadata = bench.when_metadata if bench is not None else None
    _apart(partial(doubles.install, idp=idp, entra=entra, when_metadata=when_metadata), "the doubles' set-up")
    for action in bench.after_first_cycle if bench is not None else ():
        action()


def _apart(action: Callable[[], None], name: str) -> None:
    """Have something done that reads the whole directory."""
    try:
        call_apart(action, limit_s=SET_UP_WITHIN_S, name=name)
    except Late as error:
        raise LabError(
            f"{name} was not done within {SET_UP_WITHIN_S:g} s",
            remedy="look whether the domain controller runs and is not held up (lab status)",
        ) from error

"""What the engine needs from above: a place to run each scenario in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from hybridjoin.errors import Mistake
from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.site import Site
from hybridjoin.scenario.scenario import Scenario


class NamedSite(Protocol):
    """What a record says of where a run took place."""

    @property
    def name(self) -> str:
        """The site's name, the same on every machine."""

    @property
    def backend(self) -> str:
        """What runs the directory: docker, process or external."""

    @property
    def place(self) -> PlaceFile | None:
        """The file that describes the place, where it is known."""


class SiteProvider(NamedSite, Protocol):
    """Whoever has a site: a lab with doubles, or the user's own place."""

    def mistakes(self, scenarios: Sequence[Scenario]) -> tuple[Mistake, ...]:
        """Name what the scenarios ask for and this place does not have; nothing is started for it."""

    def refuses(self, scenario: Scenario) -> str:
        """Say why the scenario cannot be run here, or nothing where it can."""

    def site(self, scenario: Scenario) -> AbstractContextManager[Site]:
        """Set the site up as the scenario wants it, for as long as the context lasts; may raise LabError."""


class WatchedProvider(SiteProvider, Protocol):
    """A provider that can be asked in between whether its directory is still there."""

    def need_answer(self) -> None:
        """Make sure that what was brought up still answers; may raise LabError. Of a place of the user's, nothing."""


class SharedProvider(SiteProvider, Protocol):
    """A provider whose directory other processes may use too."""

    def shared(self) -> AbstractContextManager[None]:
        """Bring the directory up and let processes that are started meanwhile use it; may raise LabError."""


class Place(Protocol):
    """Where a run takes place: small enough to be handed to another process, which opens it there."""

    def open(self) -> AbstractContextManager[SharedProvider]:
        """Return the provider; what it brought up is taken down at the end."""

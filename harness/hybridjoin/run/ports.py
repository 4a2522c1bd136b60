"""What the engine needs from above: a place to run each scenario in, and somebody to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from hybridjoin.errors import Mistake
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.site import Site
from hybridjoin.scenario.scenario import Scenario


class SiteProvider(Protocol):
    """Whoever has a site: a lab with doubles, or the user's own place."""

    @property
    def name(self) -> str:
        """The site's name, the same on every machine."""

    @property
    def backend(self) -> str:
        """What runs the directory: docker, process or external."""

    def mistakes(self, scenarios: Sequence[Scenario]) -> tuple[Mistake, ...]:
        """Name what the scenarios ask for and this place does not have; nothing is started for it."""

    def refuses(self, scenario: Scenario) -> str:
        """Say why the scenario cannot be run here, or nothing where it can."""

    def site(self, scenario: Scenario) -> AbstractContextManager[Site]:
        """Set the site up as the scenario wants it, for as long as the context lasts; may raise LabError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioStarted:
    """A scenario begins; `number` of `total`."""

    scenario: Scenario
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFinished:
    """A scenario is done."""

    scenario: Scenario
    record: ScenarioRecord
    number: int
    total: int


Event = ScenarioStarted | ScenarioFinished
OnEvent = Callable[[Event], None]


def silent(event: Event) -> None:
    """Listen to nothing."""
    del event

"""What a certification asks: which requirements, how loud each is, as which device, and what may be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hybridjoin.checks.registry import Book
from hybridjoin.checks.requirement import Requirement
from hybridjoin.checks.rules import BOOK
from hybridjoin.device.habits import Habits
from hybridjoin.device.prober import NOT_ALLOWED
from hybridjoin.device.probes.catalogue import PROBES
from hybridjoin.device.probes.probe import Probe
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.probe import Probes
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.run.certification.doors import Door, door_of
from hybridjoin.run.flows import JOIN, Flow
from hybridjoin.scenario.scenario import DeviceSettings, Scenario, Settings
from hybridjoin.scenario.site.adapter import Adapter
from hybridjoin.scenario.site.deviation_file import Deviation
from hybridjoin.scenario.site.profile_file import Profile
from hybridjoin.scenario.yaml.validate import nearest

COMMAND: Final = "hybridjoin certify"
EVERY_ID: Final = tuple(item.id for item in BOOK)
_AGAIN: Final = frozenset({Outcome.FAILED, Outcome.WARNING, Outcome.INTERRUPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A certification before it begins.

    `requirements` carry the levels of the profile, and of the vendor's `adapter` where one is known beforehand.
    `hostile` allows the probes that a site may not survive, at `hostile_hosts` only, or anywhere where that is None (a
    lab). `timeout_s` is how long each exchange may take. `federation` are the domain's settings in Entra, to be held
    against what the IdP really sends.

    `doors` are those to be tried; where they are `demanded`, one that the IdP does not offer is judged all the same.
    `person` is who signs in, the first of the site's where nobody is named, and `wrong_passwords` how many wrong ones
    may be sent in that name.
    """

    scenario: Scenario
    profile: Profile
    requirements: tuple[Requirement, ...]
    adapter: Adapter | None = None
    whole: bool = True
    deviations: tuple[Deviation, ...] = ()
    hostile: bool = False
    hostile_hosts: frozenset[str] | None = frozenset()
    probes: tuple[Probe, ...] = PROBES
    timeout_s: float = Habits().timeout_s
    federation: FederationSettings | None = None
    doors: tuple[Door, ...] = (door_of(JOIN.name),)
    demanded: bool = False
    person: str = ""
    wrong_passwords: int = 0

    def tries(self, flow: Flow) -> bool:
        """Tell whether a flow's door is to be tried."""
        return any(door.flow is flow for door in self.doors)

    def forbids_harm_to(self, hosts: Iterable[str]) -> str:
        """Say why hostile probes may not be sent to these hosts; empty where they may."""
        if not self.hostile:
            return NOT_ALLOWED
        if self.hostile_hosts is None:
            return ""
        refused = sorted(host for host in hosts if host.lower() not in self.hostile_hosts)
        return f"it is hostile, and the site file does not allow that to {', '.join(refused)}" if refused else ""


def plain_scenario(device: str, idp: Settings | None = None) -> Scenario:
    """Return the scenario that a certification's site is set up by: nothing is bent but what `idp` says."""
    return Scenario(
        id="certify",
        title=f"certification as {device}",
        file=COMMAND,
        line=1,
        expectations=(),
        device=DeviceSettings(name=device),
        idp=idp or {},
    )


def probes_for(requirements: Iterable[Requirement]) -> tuple[Probe, ...]:
    """Return the probes to ask: none where every requirement that was selected has its answer without one."""
    needed = (part for item in requirements for part in item.reads if part.kind is Probes and not part.optional)
    return PROBES if any(needed) else ()


def levelled(
    requirements: Iterable[Requirement], profile: Profile, adapter: Adapter | None = None
) -> tuple[Requirement, ...]:
    """Return the requirements at the levels that the vendor's product gives them, and then the profile."""
    return tuple(replace(item, level=profile.level(item.id, _of_product(item, adapter))) for item in requirements)


def _of_product(item: Requirement, adapter: Adapter | None) -> Level:
    told = adapter.level_of(item.id) if adapter is not None else None
    return told.level if told is not None else item.level


def select(patterns: Sequence[str], *, place: str = "--only", book: Book = BOOK) -> tuple[Requirement, ...]:
    """Return the requirements of a book that some pattern names, in the book's order.

    Raises:
        UsageError: a pattern names none; each is told.
    """
    mistakes = [
        Mistake(place=place, problem=f"unknown requirement '{pattern}'", hint=_near(pattern))
        for pattern in patterns
        if not book.select(pattern)
    ]
    if mistakes:
        raise UsageError(*mistakes)
    chosen = {item.id for pattern in patterns for item in book.select(pattern)}
    return tuple(item for item in book if item.id in chosen)


def _near(pattern: str) -> str:
    areas = {item.area for item in BOOK}
    if pattern.upper() in areas:
        return f"did you mean '{pattern.upper()}-*'?"
    return nearest(pattern, EVERY_ID) or "`hybridjoin certify --list` prints them all"


def failed_before(record: RunRecord, place: str) -> tuple[str, ...]:
    """Return the ids that an earlier certification could not pass.

    Raises:
        UsageError: it is the record of another run.
    """
    if record.certification is None:
        problem = "expected the record of a certification, found one of another run"
        raise UsageError(Mistake(place=place, problem=problem, hint="`hybridjoin certify` writes one"))
    ids = [item.id for item in record.certification.requirements if item.outcome in _AGAIN]
    gone = [item for item in ids if item not in EVERY_ID]
    if gone:
        raise UsageError(*(Mistake(place=place, problem=f"unknown requirement '{item}'") for item in gone))
    return tuple(ids)

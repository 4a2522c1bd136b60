"""Where scenarios are run: labs that are brought up when first asked for, or the user's own site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.extras import extras_named
from hybridjoin.lab.backend import backend_name, choose_backend
from hybridjoin.lab.live import NOT_LIVE, Live
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.site import Site
from hybridjoin.scenario.lab.default_lab import default_lab_path
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.place_names import PlaceNames, names_of_lab, names_of_site, unknown_names
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.site.adapter import Adapter
from hybridjoin.scenario.site.site_file import SiteFile, load_site_file
from hybridjoin.shipped import portable

if TYPE_CHECKING:  # its libraries come with an extra, and whoever only lists what there is has no use for them
    from hybridjoin.lab.dial.bench import Order
    from hybridjoin.lab.lab import Lab

EXTERNAL = "external"


def need_libraries(*, site: bool, backend: str | None) -> None:
    """Load what a join takes, before anything is begun: at a site of the user's own, or in a lab of that backend.

    Raises:
        LabError: it comes with an extra that is not installed.
        UsageError: there is no backend of that name.
    """
    with extras_named():
        import_module("hybridjoin.device.adapters.hands")
        import_module("hybridjoin.lab.external" if site else "hybridjoin.lab.lab")
    if not site:
        choose_backend(backend)


class Provider:
    """Finds each scenario its place: the site the run was started with, or the lab or site that it names."""

    def __init__(
        self,
        *,
        site_file: Path | None = None,
        lab_file: Path | None = None,
        backend: str | None = None,
        live: Live = NOT_LIVE,
    ) -> None:
        self._run_site = load_site_file(site_file) if site_file else None
        self._live = live
        self._lab_path = lab_file or default_lab_path()
        self._backend = backend
        self._lab_files: dict[Path, LabFile] = {}
        self._labs: dict[Path, Lab] = {}
        self._site_files: dict[Path, SiteFile] = {}
        self._sites: dict[Path, Site] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, value, traceback)

    @property
    def adapter(self) -> Adapter | None:
        """What is known of the vendor of a site's IdP; a lab is held against every level as it stands."""
        return self._run_site.adapter if self._run_site is not None else None

    @property
    def name(self) -> str:
        """The place's name, the same on every machine."""
        return self._run_site.site.name if self._run_site else self._lab_file(self._lab_path).domain.name

    @property
    def backend(self) -> str:
        """What runs the directory."""
        return EXTERNAL if self._run_site else backend_name(self._backend)

    @property
    def place(self) -> PlaceFile:
        """The file that describes the place of the run."""
        if self._run_site is None:
            return PlaceFile(file=portable(self._lab_path))
        return PlaceFile(file=portable(self._run_site.path), lines=self._run_site.lines)

    @property
    def device_names(self) -> tuple[str, ...]:
        """The computers that may join at the everyday place, the everyday one first."""
        if self._run_site:
            return tuple(item.name for item in self._run_site.site.devices)
        lab_file = self._lab_file(self._lab_path)
        everyday = lab_file.everyday_device.name
        return (everyday, *(item.name for item in lab_file.computers if item.name != everyday))

    def mistakes(self, scenarios: Sequence[Scenario]) -> tuple[Mistake, ...]:
        """Name the devices and hosts that the scenarios ask for and their places do not have."""
        found: dict[Mistake, None] = {}
        for scenario in scenarios:
            try:
                found.update(dict.fromkeys(self._mistakes_of(scenario)))
            except UsageError as refusal:
                found.update(dict.fromkeys(refusal.mistakes))
        return tuple(found)

    def refuses(self, scenario: Scenario) -> str:
        """Say why a scenario cannot be run at the user's own site."""
        if not self._is_external(scenario):
            return ""
        if self._run_site and scenario.lab:
            return "it stands in a lab of its own, and the run was started with a site"
        if scenario.dial:
            return "it bends the directory, KDC, network or certificate, which only a lab allows"
        if scenario.retries is not None:
            return "it waits for Entra Connect on a clock that jumps, which only a lab's double allows"
        if scenario.bends_the_site:
            return "it changes the identity provider or the tenant, which only a lab's doubles allow"
        if scenario.flow == MANAGED_JOIN.name and not self._vouched_for(scenario):
            return (
                "it would write a certificate to the computer's object, which only a lab's directory is free for; "
                "name user_certificate_key of the device, whose certificate stands there already"
            )
        if scenario.device.clock_offset_s:
            return "it bends the clock, which only a lab's directory and doubles allow"
        return ""

    def _vouched_for(self, scenario: Scenario) -> bool:
        """Whether the site holds the key of a certificate that the scenario's computer has written before."""
        site = (self._run_site or self._site_file(scenario.site or Path())).site
        account = site.device(scenario.device.name)
        return account is not None and account.user_certificate_key is not None

    @contextmanager
    def site(self, scenario: Scenario) -> Iterator[Site]:
        """Set the scenario's place up as it wants it.

        Raises:
            UsageError: the settings that the scenario asks for are wrong.
        """
        if self._is_external(scenario):
            yield self._external_site(scenario)
            return
        lab = self._lab(scenario)
        offset_s, dial = -scenario.device.clock_offset_s, _order(scenario)
        with ExitStack() as stack:
            try:
                opened = lab.site(idp=scenario.idp, entra=scenario.entra, clock_offset_s=offset_s, dial=dial)
                site = stack.enter_context(opened)
            except UsageError as refusal:
                raise UsageError(*(_at(scenario, mistake) for mistake in refusal.mistakes)) from refusal
            yield site

    def need_answer(self) -> None:
        """Make sure that the directories of the labs still answer; raise LabError where one does not."""
        for lab in self._labs.values():
            lab.need_answer()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Start the everyday lab's domain, and let processes that are started meanwhile use it.

        A run at a site of its own has nothing to share.
        """
        if self._run_site:
            yield
            return
        lab = self._lab_at(self._lab_path)
        from hybridjoin.lab.lab import offered  # noqa: PLC0415 - see above

        with offered(lab.domain):
            yield

    def bring_up(self) -> None:
        """Start the everyday lab's domain now, before the first scenario asks for it."""
        if self._run_site is None:
            self._lab_at(self._lab_path)

    def _is_external(self, scenario: Scenario) -> bool:
        return self._run_site is not None or scenario.site is not None

    def _external_site(self, scenario: Scenario) -> Site:
        site_file = self._run_site or self._site_file(scenario.site or Path())
        if site_file.path not in self._sites:
            with extras_named():
                from hybridjoin.lab.external import External  # noqa: PLC0415 - see above
            self._sites[site_file.path] = self._stack.enter_context(External(self._live.admitted(site_file)))
        return self._sites[site_file.path]

    def _lab(self, scenario: Scenario) -> Lab:
        return self._lab_at(scenario.lab or self._lab_path)

    def _lab_at(self, path: Path) -> Lab:
        if path not in self._labs:
            with extras_named():
                from hybridjoin.lab.lab import open_lab  # noqa: PLC0415 - see above
            self._labs[path] = self._stack.enter_context(open_lab(self._lab_file(path), self._backend))
        return self._labs[path]

    def _lab_file(self, path: Path) -> LabFile:
        if path not in self._lab_files:
            self._lab_files[path] = load_lab_file(path)
        return self._lab_files[path]

    def _site_file(self, path: Path) -> SiteFile:
        if path not in self._site_files:
            self._site_files[path] = load_site_file(path)
        return self._site_files[path]

    def _mistakes_of(self, scenario: Scenario) -> Iterator[Mistake]:
        if self.refuses(scenario):
            return
        yield from unknown_names(scenario, self._names_at(scenario))

    def _names_at(self, scenario: Scenario) -> PlaceNames:
        if not self._is_external(scenario):
            return names_of_lab(self._lab_file(scenario.lab or self._lab_path))
        site_file = self._run_site or self._site_file(scenario.site or Path())
        return names_of_site(site_file.site, double=site_file.double is not None)


def _order(scenario: Scenario) -> Order | None:
    """Return what the scenario wants bent, or None."""
    if not scenario.dial:
        return None
    from hybridjoin.lab.dial.bench import Order  # noqa: PLC0415 - see above

    person = scenario.user.name if scenario.user is not None else ""
    return Order(name=scenario.id, bends=scenario.dial, device=scenario.device.name, person=person)


def _at(scenario: Scenario, mistake: Mistake) -> Mistake:
    """Lead a mistake in the doubles' settings back to the scenario that asked for them."""
    return Mistake(place=f"{scenario.file}:{scenario.line}:1", problem=str(mistake))

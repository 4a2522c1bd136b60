"""One scenario read: what is left of it without its mistakes, and every mistake at its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.errors import Mistake
from hybridjoin.given import is_file
from hybridjoin.model.dial.table import DIAL
from hybridjoin.scenario.bridge_schema import BridgeModel
from hybridjoin.scenario.caller_schema import DeviceModel, UserModel
from hybridjoin.scenario.compose import Document, Variant
from hybridjoin.scenario.contradictions import contradictions
from hybridjoin.scenario.expectations import asserts_nothing, read_expectations
from hybridjoin.scenario.registration_schema import RegistrationModel
from hybridjoin.scenario.scenario import (
    Bend,
    BridgeSettings,
    DeviceSettings,
    Expectation,
    RegistrationSettings,
    Retries,
    Scenario,
    UserSettings,
)
from hybridjoin.scenario.scenario_schema import FaultModel, ScenarioModel
from hybridjoin.scenario.time_schema import RetriesModel
from hybridjoin.scenario.variables import stray_variables
from hybridjoin.scenario.vocabulary import mistakes_of_names
from hybridjoin.scenario.yaml.source import DataPath, Positions
from hybridjoin.scenario.yaml.validate import PLACEHOLDER, salvage


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenariosRead:
    """Scenarios as far as they could be read: sound ones, what is left of mistaken ones, and every mistake.

    What is left is good for one thing: to look at the names in it in the same breath. It is never run.
    """

    scenarios: tuple[Scenario, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def read_variant(variant: Variant, path: Path, *, file: str) -> ScenariosRead:
    """Read one scenario of a file; `file` is what reports call the file."""
    document = variant.document
    model, mistakes = salvage(ScenarioModel, document.data, document.positions)
    mistakes = (*variant.mistakes, *mistakes, *stray_variables(document.data, document.positions))
    if model is None:
        return ScenariosRead(mistakes=_first_of_each_place(mistakes, variant.mistakes))
    expectations, unreadable = read_expectations(model, document.positions)
    if not expectations and not mistakes:
        mistakes = (asserts_nothing(document.positions),)
    mistakes += (
        *unreadable,
        *contradictions(model, document.positions),
        *mistakes_of_names(model, document.positions),
        *_missing_files(model, document, path),
    )
    scenario = _scenario(model, variant, path, file=file, expectations=expectations)
    return ScenariosRead(scenarios=(scenario,), mistakes=_first_of_each_place(mistakes, variant.mistakes))


def _first_of_each_place(mistakes: tuple[Mistake, ...], loudest: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Leave out what only follows from a reference that the matrix does not know: it is told by its cause alone."""
    taken = {mistake.place for mistake in loudest}
    return tuple(item for item in dict.fromkeys(mistakes) if item in loudest or item.place not in taken)


def _scenario(
    model: ScenarioModel, variant: Variant, path: Path, *, file: str, expectations: tuple[Expectation, ...]
) -> Scenario:
    positions = variant.document.positions
    return Scenario(
        id=model.id + variant.suffix,
        title=model.title,
        file=file,
        line=positions.line(("id",)),
        expectations=expectations,
        tags=tuple(model.tags),
        lab=path.parent / model.lab if model.lab else None,
        site=path.parent / model.site if model.site else None,
        flow=model.flow,
        user=_user(model.user) if model.user else None,
        bridge=_bridge(model.bridge),
        registration=_registration(model.registration),
        device=_device(model.device, round(model.clock.device) if model.clock else 0),
        idp=model.idp.settings(),
        entra=model.entra.settings(),
        dial=tuple(_bend(item) for item in model.dial),
        retries=_retries(model.retries) if model.retries else None,
        places=dict(_places(positions)),
    )


def _places(positions: Positions) -> Iterator[tuple[str, str]]:
    """Yield where the names stand that are held against other files and the place, of those that are written."""
    paths: tuple[tuple[str, DataPath], ...] = (
        ("id", ("id",)),
        ("device", ("device", "name")),
        ("user", ("user", "name")),
        ("host", ("idp", "host")),
        ("dial", ("dial", 0)),
    )
    return ((name, positions.value(path)) for name, path in paths if path in positions.values)


def _bend(model: FaultModel) -> Bend:
    """Return a row of the dial with every option settled; one that nobody knows is told elsewhere."""
    row = DIAL.get(model.name)
    settled = {option.name: option.default for option in row.options} if row else {}
    return Bend(name=model.name, options={**settled, **model.options})


def _retries(model: RetriesModel) -> Retries:
    return Retries(every_s=model.every, synced_after_s=model.synced_after, most=model.most)


def named(scenario: Scenario) -> bool:
    """Whether the scenario has an id of its own, and not the one that stands for a missing one."""
    return scenario.id.partition("[")[0] != PLACEHOLDER


def _missing_files(model: ScenarioModel, document: Document, path: Path) -> Iterator[Mistake]:
    for key, target in (("lab", model.lab), ("site", model.site)):
        if target and not is_file(path.parent / target):
            place = document.positions.value((key,))
            yield Mistake(place=place, problem=f"expected the path of a {key} file, found none at '{target}'")
    if model.lab and model.site:
        place = document.positions.key(("site",))
        yield Mistake(place=place, problem="expected either a lab or a site, found both")


def _user(model: UserModel) -> UserSettings:
    return UserSettings(
        name=model.name, wrong=model.password == "wrong", by_ticket=model.by == "ticket", prompt=model.prompt or ""
    )


def _registration(model: RegistrationModel) -> RegistrationSettings:
    return RegistrationSettings(join_type=model.join_type, computer=model.computer, first_logon=model.first_logon)


def _bridge(model: BridgeModel) -> BridgeSettings:
    return BridgeSettings(
        client_id=model.client_id,
        secret=model.client_secret,
        discovery=model.discovery,
        redirect_uri=model.redirect_uri,
        scopes=tuple(model.scopes),
        response_mode=model.response_mode,
        secret_by=model.secret_by,
        pkce=model.pkce,
        groups_from=model.groups_from,
    )


def _device(model: DeviceModel, clock_offset_s: int) -> DeviceSettings:
    scp = model.client_side_scp
    return DeviceSettings(
        name=model.name,
        fallback=model.fallback,
        trust=model.trust,
        rst_shape=model.rst_shape,
        client_side_scp=(scp.tenant_name, scp.tenant_id) if scp else None,
        kerberos_time_sync=model.kerberos_time_sync,
        mutual_authentication=model.mutual_authentication,
        timeout_s=model.timeout,
        windows=model.windows,
        user_agent=model.user_agent,
        client_sku=model.client_sku,
        shape=model.shape,
        clock_offset_s=clock_offset_s,
    )

"""What scenarios may name at a place: its computers, people and hosts, and the codes that its Entra can answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hybridjoin.errors import Mistake
from hybridjoin.model.site import Site
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.scenario import Expectation, Expected, Scenario
from hybridjoin.scenario.vocabulary import AADSTS, BROWSER_AADSTS
from hybridjoin.scenario.yaml.validate import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNames:
    """The names of one place. `hosts` is None where nobody but the user gives the identity provider a host.

    `double` says that Entra is our double, whose codes are known; the real one may answer any.
    """

    devices: tuple[str, ...]
    people: tuple[str, ...]
    hosts: tuple[str, ...] | None
    double: bool


def names_of_lab(lab_file: LabFile) -> PlaceNames:
    """Return what scenarios may name in a lab."""
    people = (name for item in lab_file.users for name in (item.name, lab_file.user_principal_name(item)))
    devices = tuple(item.name for item in lab_file.computers)
    return PlaceNames(devices=devices, people=tuple(people), hosts=lab_file.hosts, double=True)


def names_of_site(site: Site, *, double: bool) -> PlaceNames:
    """Return what scenarios may name at a site; `double` says whether an Entra double stands beside it."""
    people = (name for item in site.people for name in (item.name, item.user_principal_name))
    devices = tuple(item.name for item in site.devices)
    return PlaceNames(devices=devices, people=tuple(people), hosts=None, double=double)


def unknown_names(scenario: Scenario, names: PlaceNames) -> Iterator[Mistake]:
    """Name what a scenario asks for and the place does not have, each at its line."""
    host = scenario.idp.get("service_host")
    if isinstance(host, str) and names.hosts is not None and host not in names.hosts:
        hint = nearest(host, names.hosts)
        yield Mistake(place=scenario.place_of("host"), problem=f"unknown host '{host}'", hint=hint)
    if scenario.user is None:
        yield from _unknown("device", scenario.device.name.removesuffix("$"), names.devices, scenario)
    elif scenario.user.password is None:
        yield from _unknown("user", scenario.user.name, names.people, scenario)
    if names.double:
        for expectation in scenario.expectations:
            yield from _unknown_codes(expectation)


def _unknown(kind: str, name: str, known: Iterable[str], scenario: Scenario) -> Iterator[Mistake]:
    names = tuple(known)
    if name.lower() not in {each.lower() for each in names}:
        hint = nearest(name, names) or f"the place has {', '.join(names)}"
        yield Mistake(place=scenario.place_of(kind), problem=f"unknown {kind} '{name}'", hint=hint)


def _unknown_codes(expectation: Expectation) -> Iterator[Mistake]:
    if expectation.about is not Expected.AADSTS:
        return
    for code in expectation.wanted:
        if code not in {*AADSTS, *BROWSER_AADSTS}:
            hint = nearest(code, AADSTS) or "hybridjoin list aadsts names them"
            yield Mistake(place=expectation.place, problem=f"the Entra double never answers AADSTS{code}", hint=hint)

"""The one place that asks before anything goes to a real tenant: what would be created there, and whether it may be."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click

from hybridjoin.cli.exits import mistake
from hybridjoin.cli.output import say
from hybridjoin.cli.run.place import RunPlace
from hybridjoin.errors import UsageError
from hybridjoin.given import is_file
from hybridjoin.lab.live import not_allowed
from hybridjoin.model.flows import FLOWS, PRIMARY_REFRESH_TOKEN, WORK_ACCOUNT
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.site.site_file import SiteFile, load_site_file

_JOINING: Final = frozenset({*(table.name for table in FLOWS if "join" in table.expects), PRIMARY_REFRESH_TOKEN.name})
"""Flows in which a computer joins; for a logon one joins first."""
_REGISTERING: Final = _JOINING | {WORK_ACCOUNT.name}


def demand_leave(place: RunPlace, scenarios: Sequence[Scenario]) -> None:
    """Refuse, warn or ask, before anything is started.

    Raises:
        UsageError: a real tenant would be asked that nobody allowed, or `--live` was said of none.
        click.Abort: somebody was asked, and said no.
    """
    files = tuple(_site_files(place, scenarios))
    real = [item for item in files if item.live_hosts]
    live = place.live
    if live.ca_file is not None and not is_file(live.ca_file):
        raise mistake("--ca-file", f"expected a PEM file, found nothing at {live.ca_file}")
    if not real:
        _demand_no_word_of_it(place)
        return
    if not live.allowed:
        raise UsageError(*(not_allowed(item, _told(item, place, scenarios)) for item in real))
    for item in real:
        _warn(item, place, scenarios)
    _ask(place)


def _demand_no_word_of_it(place: RunPlace) -> None:
    """Let nobody believe that a real tenant was asked."""
    for option, said in (("--live", place.live.allowed), ("--ca-file", place.live.ca_file is not None)):
        if said:
            problem = "is about a site whose tenant is a real one, and this place has a double of Entra"
            raise mistake(option, problem, "leave `double` out of the site file's `entra`")


def _site_files(place: RunPlace, scenarios: Iterable[Scenario]) -> Iterator[SiteFile]:
    if place.site_file is not None:
        yield load_site_file(place.site_file)
        return
    for path in dict.fromkeys(item.site for item in scenarios if item.site is not None):
        yield load_site_file(path)


def _told(site_file: SiteFile, place: RunPlace, scenarios: Sequence[Scenario]) -> str:
    return "; ".join(_consequences(site_file, place, scenarios))


def _consequences(site_file: SiteFile, place: RunPlace, scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Yield what the scenarios would leave in the tenant, in words."""
    here = [item for item in scenarios if place.site_file is not None or item.site == site_file.path]
    joining = dict.fromkeys(item.device.name for item in here if item.flow in _JOINING)
    if joining:
        yield (
            f"it would register {', '.join(joining)} there: a device object whose id is the computer's objectGUID, "
            "with a certificate for ten years, in the place of a registration that this computer may have"
        )
    registered = ((item.registration.computer, _who(item)) for item in here if item.flow == WORK_ACCOUNT.name)
    for computer, person in dict.fromkeys(registered):
        yield (
            f"it would register {computer} there in the name of {person}: a new device object with a certificate for "
            "ten years, one of as many as this person may have"
        )
    for table in FLOWS:
        names = dict.fromkeys(_who(item) for item in here if item.flow == table.name)
        if names and "join" not in table.expects and table is not WORK_ACCOUNT:
            yield f"it would {table.title} there ({', '.join(names)})"
    yield "each attempt stands in the tenant's sign-in and audit logs, and failed ones count as such"


def _who(scenario: Scenario) -> str:
    return scenario.user.name if scenario.user is not None else scenario.device.name


def _warn(site_file: SiteFile, place: RunPlace, scenarios: Sequence[Scenario]) -> None:
    entra = site_file.site.entra
    say(f"hybridjoin: WARNING: {entra.tenant_name} ({entra.tenant_id}) is a real tenant", err=True)
    say(f"  asked: {', '.join(site_file.live_hosts)}", err=True)
    for words in _consequences(site_file, place, scenarios):
        say(f"  {words}", err=True)
    if not any(item.flow in _REGISTERING for item in scenarios):
        return
    keep = place.live.keep
    kept = f"kept in {keep}, with which `hybridjoin leave` removes the device again"
    lost = "not kept, so that only an administrator can remove the device"
    say(f"  the key and certificate of a registration are {kept if keep else lost}; tokens are kept nowhere", err=True)


def _ask(place: RunPlace) -> None:
    if place.live.answered:
        return
    if not sys.stdin.isatty():
        raise mistake("--live", "nobody can be asked here whether this may be done", "--yes says that it may")
    click.confirm("Send this to the real tenant?", abort=True, err=True)

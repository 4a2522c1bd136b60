"""The doors of people in a certification: who signs in, by which versions, with how many wrong passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun
from hybridjoin.device.signin.logon import JoinedDevice
from hybridjoin.device.signin.logon_run import log_on_with
from hybridjoin.device.signin.run import find_credentials
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import PersonAccount, Site
from hybridjoin.protocol.mex import Trust
from hybridjoin.run.certification.doors import Door, door_of
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.certification.tried import Gathered, TriedVersion, VersionJob
from hybridjoin.run.flows import MANAGED
from hybridjoin.run.flows.signing_in import the_person
from hybridjoin.run.habits import habits_of
from hybridjoin.scenario.scenario import RegistrationSettings, Scenario, UserSettings

Away = Callable[[], str]
Perform = Callable[[Site, Scenario], FlowRun[Any]]


def person_of(plan: Plan, site: Site) -> PersonAccount | None:
    """Return who signs in: whom the plan names, or the site's first; None where the site has nobody.

    Raises:
        UsageError: the plan names somebody whom the site does not have.
    """
    if not plan.person:
        return site.people[0] if site.people else None
    found = site.person(plan.person)
    if found is None:
        known = ", ".join(item.user_principal_name for item in site.people) or "nobody"
        problem = f"the site {site.name} has nobody called {plan.person!r} who signs in"
        raise UsageError(Mistake(place="--user", problem=problem, hint=f"it has {known}"))
    return found


def sign_in_jobs(found: Gathered, hands: Hands, site: Site, away: Away) -> Iterator[VersionJob]:
    """Sign a person in at each door as a library would, and by each other version; then with wrong passwords.

    Where a device has joined, `hands` are its own, and people log on at it. A wrong password follows only where the
    right one was taken: an account that is locked already is not knocked at.
    """
    plan = found.plan
    of_people = (door for door in plan.doors if door.flow.table.persons)
    doors = tuple(door for door in of_people if found.device is not None or not door.on_device)
    person = person_of(plan, site) if doors else None
    if person is None:
        return
    left = plan.wrong_passwords
    found.sign_ins = len(doors)
    for door in doors:
        perform = _log_on(hands, found.device) if door.on_device and found.device else door.flow.perform
        job = partial(_job, found, door, site, person, partial(_for_sure, perform, away))
        yield job()
        first = found.tried[-1]
        evidence = first.evidence
        if evidence is None or not first.offered:
            continue
        versions = door.versions(evidence)
        others = [trust for trust in versions if trust.value != first.version]
        found.sign_ins += len(others)
        for trust in others:
            yield job(trust=trust)
        if door.typed and evidence.result is SignInResult.SIGNED_IN:
            wrong = versions[:left]
            left -= len(wrong)
            found.sign_ins += len(wrong)
            for trust in wrong:
                yield job(trust=trust, wrong=True)


def managed_job(found: Gathered, site: Site, away: Away) -> Iterator[VersionJob]:
    """Join a computer as one of a managed domain, where that was asked for."""
    if not found.plan.tries(MANAGED):
        return
    scenario = replace(found.plan.scenario, flow=MANAGED.name)
    name = scenario.device.name
    yield VersionJob(
        name=f"{name}: {MANAGED.table.title}",
        tried=partial(
            TriedVersion,
            trust=None,
            wanted=door_of(MANAGED.name).wanted,
            flow=MANAGED,
            called=name,
            unwanted=not found.plan.demanded,
        ),
        perform=partial(_for_sure, MANAGED.perform, away, site, scenario),
        keep=found.tried.append,
    )


def _job(
    found: Gathered,
    door: Door,
    site: Site,
    person: PersonAccount,
    perform: Perform,
    *,
    trust: Trust | None = None,
    wrong: bool = False,
) -> VersionJob:
    user = UserSettings(name=person.user_principal_name, wrong=wrong)
    base = found.plan.scenario
    device = replace(base.device, trust=trust.value if trust else None, timeout_s=found.plan.timeout_s)
    logged_on = RegistrationSettings(first_logon=True)  # a computer that nobody can log on to is not set up
    scenario = replace(base, flow=door.flow.name, user=user, device=device, registration=logged_on)
    words = " with a wrong password" if wrong else ""
    return VersionJob(
        name=f"{person.name}: {door.flow.table.title}{f', WS-Trust {trust}' if trust else ''}{words}",
        tried=partial(
            TriedVersion,
            trust=trust,
            wanted=SignInResult.NOT_SIGNED_IN if wrong else door.wanted,
            flow=door.flow,
            called=person.user_principal_name,
            unwanted=not found.plan.demanded,
        ),
        perform=partial(perform, site, scenario),
        keep=found.tried.append,
    )


def _log_on(hands: Hands, device: JoinedDevice) -> Perform:
    """Return the logon at the device that has joined a moment before, in place of one that joins another."""

    def perform(site: Site, scenario: Scenario) -> FlowRun[Any]:
        person = the_person(scenario)
        credentials = find_credentials(site, person.name, wrong=person.wrong)
        return log_on_with(hands, site, credentials, habits_of(scenario.device), device)

    return perform


def _for_sure(perform: Perform, away: Away, site: Site, scenario: Scenario) -> FlowRun[Any]:
    """Go, and make sure that the surroundings were still there at its end.

    Raises:
        FlowInterrupted: they were not; what was done is in it, and what came of it is nobody's failure.
    """
    run = perform(site, scenario)
    gone = away()
    if gone:
        raise FlowInterrupted(LabError(gone), run)
    return run

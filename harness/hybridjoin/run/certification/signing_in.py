"""The doors of people in a certification: who signs in, by which versions, with how many wrong passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from hybridjoin.device.flow_run import FlowInterrupted, FlowRun
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import PersonAccount, Site
from hybridjoin.protocol.mex import Trust
from hybridjoin.run.certification.doors import Door
from hybridjoin.run.certification.plan import Plan
from hybridjoin.run.certification.tried import Gathered, TriedVersion, VersionJob
from hybridjoin.scenario.scenario import Scenario, UserSettings

Away = Callable[[], str]


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


def sign_in_jobs(found: Gathered, site: Site, away: Away) -> Iterator[VersionJob]:
    """Sign a person in at each door as a library would, and by each other version; then with wrong passwords.

    A wrong password follows only where the right one was taken: an account that is locked already is not knocked at.
    """
    plan = found.plan
    doors = tuple(door for door in plan.doors if door.flow.table.persons)
    person = person_of(plan, site) if doors else None
    if person is None:
        return
    left = plan.wrong_passwords
    found.sign_ins = len(doors)
    for door in doors:
        yield _job(found, door, site, person, away)
        first = found.tried[-1]
        evidence = first.evidence
        if evidence is None or not first.offered:
            continue
        versions = door.versions(evidence)
        others = [trust for trust in versions if trust.value != first.version]
        found.sign_ins += len(others)
        for trust in others:
            yield _job(found, door, site, person, away, trust=trust)
        if door.typed and evidence.result is SignInResult.SIGNED_IN:
            wrong = versions[:left]
            left -= len(wrong)
            found.sign_ins += len(wrong)
            for trust in wrong:
                yield _job(found, door, site, person, away, trust=trust, wrong=True)


def _job(
    found: Gathered,
    door: Door,
    site: Site,
    person: PersonAccount,
    away: Away,
    *,
    trust: Trust | None = None,
    wrong: bool = False,
) -> VersionJob:
    user = UserSettings(name=person.user_principal_name, wrong=wrong)
    base = found.plan.scenario
    device = replace(base.device, trust=trust.value if trust else None, timeout_s=found.plan.timeout_s)
    scenario = replace(base, flow=door.flow.name, user=user, device=device)
    words = " with a wrong password" if wrong else ""
    return VersionJob(
        name=f"{person.name}: {door.flow.table.title}{f', WS-Trust {trust}' if trust else ''}{words}",
        tried=partial(
            TriedVersion,
            trust=trust,
            wanted=SignInResult.NOT_SIGNED_IN if wrong else SignInResult.SIGNED_IN,
            flow=door.flow,
            called=person.user_principal_name,
            unwanted=not found.plan.demanded,
        ),
        perform=partial(_for_sure, door, site, scenario, away),
        keep=found.tried.append,
    )


def _for_sure(door: Door, site: Site, scenario: Scenario, away: Away) -> FlowRun[Any]:
    """Go, and make sure that the surroundings were still there at its end.

    Raises:
        FlowInterrupted: they were not; what was done is in it, and what came of it is nobody's failure.
    """
    run = door.flow.perform(site, scenario)
    gone = away()
    if gone:
        raise FlowInterrupted(LabError(gone), run)
    return run

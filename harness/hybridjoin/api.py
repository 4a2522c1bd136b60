"""The public face: what a program of yours may build on.

    from hybridjoin import api

    with api.open_lab() as lab, lab.site(idp={"claims": {"accounttype": "drop"}}) as site:
        joined = api.join(site, "WS01", fallback=False)
    assert joined.result is api.JoinResult.FAILED
    assert [claim.name for claim in joined.claims if claim.outcome is api.Outcome.FAILED] == ["accounttype"]

Everything that is named in `__all__` keeps its name and meaning within a major version; what it returns are the
model's own frozen types, the same that a record is made of. Whatever goes wrong is one of the errors named here:
UsageError is yours, LabError is the lab's or the machine's, and what the peer did wrong is no error but a verdict.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from hybridjoin.errors import HarnessError, LabError, Mistake, UsageError
from hybridjoin.lab.live import Live
from hybridjoin.lab.provider import Provider
from hybridjoin.model.flows import SIGN_IN_INTEGRATED, SIGN_IN_USERNAME
from hybridjoin.model.hiding import hide
from hybridjoin.model.record import CertificationRecord, JoinRecord, JoinResult, RunRecord, ScenarioRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Phase
from hybridjoin.model.verdict import ClaimRow, Level, Outcome, Verdict
from hybridjoin.report.json_report import read_record
from hybridjoin.report.write import write_reports
from hybridjoin.run.attempt import attempt, judged
from hybridjoin.run.certification.certify import certify as _certify
from hybridjoin.run.certification.doors import chosen_doors
from hybridjoin.run.certification.plan import EVERY_ID, Plan, levelled, plain_scenario, probes_for, select
from hybridjoin.run.flows import find_flow
from hybridjoin.run.replay.flows import NotJudged
from hybridjoin.run.replay.runs import replay
from hybridjoin.run.session import run_all
from hybridjoin.scenario.load import load_scenarios, scenario_of
from hybridjoin.scenario.scenario import Scenario
from hybridjoin.scenario.site.profile_file import load_profile

__all__ = [
    "CertificationRecord",
    "ClaimRow",
    "HarnessError",
    "JoinRecord",
    "JoinResult",
    "JudgedAgain",
    "LabError",
    "Level",
    "NotJudged",
    "OpenPlace",
    "Outcome",
    "Phase",
    "RequirementRow",
    "RunRecord",
    "ScenarioRecord",
    "Site",
    "UsageError",
    "Verdict",
    "certify",
    "join",
    "judge_again",
    "open_lab",
    "open_site",
    "read_record",
    "run",
    "sign_in",
    "write_reports",
]
Words = Mapping[str, object]
_PROFILE: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPlace:
    """A lab or a site of yours, open; a lab is brought up when a site of it is first asked for."""

    provider: Provider

    @property
    def name(self) -> str:
        """The place's name, the same on every machine."""
        return self.provider.name

    @property
    def backend(self) -> str:
        """What runs the directory: `docker`, `process`, or `external` at a site of yours."""
        return self.provider.backend

    @property
    def devices(self) -> tuple[str, ...]:
        """The computers that may join here; the first one is the everyday one."""
        return self.provider.device_names

    @contextmanager
    def site(
        self, *, idp: Words | None = None, entra: Words | None = None, dial: Iterable[str | Words] = ()
    ) -> Iterator[Site]:
        """Set the place up, and yield what a client of it has to know; it stands for as long as the context lasts.

        One at a time: a second one takes the doubles over from the first.

        Args:
            idp: what bends the reference IdP, in the words of a scenario's `idp:`.
            entra: what bends the Entra double, in the words of a scenario's `entra:`.
            dial: what bends the lab's directory, KDC, network or certificate, in the words of a scenario's `dial:`; a
                computer that is bent is the everyday one.

        Raises:
            UsageError: a word is not known, or the place is yours and cannot be bent.
            LabError: the lab does not come up.
        """
        told = {"idp": dict(idp or {}), "entra": dict(entra or {}), "dial": list(dial)}
        everyday = {"device": {"name": self.devices[0]}} if self.devices else {}
        scenario = scenario_of({**told, **everyday}, name=f"{self.name}.site()")
        # What a scenario adds to the lab is called after it, and several processes may share one.
        scenario = replace(scenario, id=f"{scenario.id}-{os.getpid()}")
        refused = self.provider.refuses(scenario)
        if refused:
            raise UsageError(Mistake(place=f"{self.name}.site()", problem=refused))
        with self.provider.site(scenario) as site:
            yield site


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAgain:
    """A record judged again: the same run with today's verdicts, and what was left as it stood, with the reason."""

    record: RunRecord
    not_judged: tuple[NotJudged, ...]


@contextmanager
def open_lab(*, backend: str | None = None, lab_file: Path | None = None) -> Iterator[OpenPlace]:
    """Open a lab: a real Samba domain, the reference IdP and the Entra double; nothing of it is left at the end.

    Args:
        backend: `docker` or `process`; where none is named, docker if an engine answers, and else process.
        lab_file: the `*.lab.yaml` to stand in; the one that comes with hybridjoin where none is named.

    Raises:
        UsageError: the backend or the file is none.
    """
    with Provider(backend=backend, lab_file=lab_file) as provider:
        yield OpenPlace(provider=provider)


@contextmanager
def open_site(site_file: Path, *, live: bool = False) -> Iterator[OpenPlace]:
    """Open a site of yours, as a `*.site.yaml` file describes it.

    Args:
        site_file: the file.
        live: whether a site's real tenant may be asked, and changed; without it only a double of Entra is.

    Raises:
        UsageError: the file has mistakes, all of which are told, or its tenant is a real one that nobody allowed.
    """
    with Provider(site_file=site_file, live=Live(allowed=live)) as provider:
        yield OpenPlace(provider=provider)


def join(site: Site, device: str, **habits: Any) -> JoinRecord:  # noqa: ANN401 - the words' own
    """Let a computer join and judge what came of it; a join that fails is an answer and no error.

    Args:
        site: what `OpenPlace.site` yields.
        device: the computer's name, one of `OpenPlace.devices`.
        habits: how the device behaves, in the words of a scenario's `device:`, such as `fallback=False`.

    Raises:
        UsageError: the site does not have that computer, or a word is not known.
        LabError: the lab or this machine could not do it.
    """
    return _performed(scenario_of({"device": {"name": device, **habits}}, name="join()"), site)


def sign_in(
    site: Site,
    user: str,
    *,
    integrated: bool = False,
    **ways: Any,  # noqa: ANN401 - the words' own
) -> JoinRecord:
    """Sign a person in by password, or by the ticket of a logon, and judge what came of it; a refusal is an answer.

    Args:
        site: what `OpenPlace.site` yields.
        user: one of the site's people.
        integrated: by the Kerberos ticket that the password gets, instead of the password itself.
        ways: in the words of a scenario's `user:`.

    Raises:
        UsageError: the site does not have that person, or a word is not known.
        LabError: the lab or this machine could not do it.
    """
    flow = SIGN_IN_INTEGRATED if integrated else SIGN_IN_USERNAME
    told = {"flow": flow.name, "user": {"name": user, **ways}}
    return _performed(scenario_of(told, name="sign_in()"), site)


def _performed(scenario: Scenario, site: Site) -> JoinRecord:
    flow = find_flow(scenario.flow)
    tried = attempt(partial(flow.perform, site, scenario))
    record = judged(flow, flow.called(scenario), tried.run)
    if tried.cut_off or record is None:
        raise LabError(tried.cut_off or "the flow brought nothing to light")
    return hide(record)


def certify(
    place: OpenPlace, device: str | None = None, *, only: tuple[str, ...] = (), idp: Words | None = None
) -> RunRecord:
    """Hold an IdP against every requirement, or some; the record's `certification` says what each came to.

    Args:
        place: where the IdP is.
        device: the computer that joins; the everyday one where none is named.
        only: ids or patterns of requirements, such as `("MEX-*", "CLAIM-02")`.
        idp: what bends the reference IdP of a lab.

    Raises:
        UsageError: a requirement or the computer is not known.
    """
    profile = load_profile(_PROFILE, EVERY_ID)
    adapter = place.provider.adapter
    requirements = levelled(select(only or ("*",)), profile, adapter)
    bent = scenario_of({"idp": dict(idp or {})}, name="certify()")
    plan = Plan(
        scenario=replace(plain_scenario(device or place.devices[0]), idp=bent.idp),
        profile=profile,
        requirements=requirements,
        doors=chosen_doors(None),
        wrong_passwords=1,
        adapter=adapter,
        whole=not only,
        probes=probes_for(requirements),
    )
    return _certify(plan, place.provider)


def run(place: OpenPlace, *paths: Path) -> RunRecord:
    """Run scenario files, and folders of them, at a place.

    Raises:
        UsageError: files have mistakes; all of them are told, and nothing has been started.
    """
    return run_all(load_scenarios(paths), place.provider)


def judge_again(record: RunRecord) -> JudgedAgain:
    """Judge a run again with nothing but what its record holds: no lab, no network, today's checks."""
    again = replay(record)
    return JudgedAgain(record=again.after, not_judged=tuple(again.not_judged))

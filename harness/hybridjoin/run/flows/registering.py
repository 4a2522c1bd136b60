"""The flow of a person who has a device registered."""

from __future__ import annotations

from typing import Final

from hybridjoin import checks
from hybridjoin.device.account.run import register_at, register_with
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.username import NOT_KEPT
from hybridjoin.evidence.work_account import RegistrationRequest, WorkAccountEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import WORK_ACCOUNT
from hybridjoin.model.site import Site
from hybridjoin.protocol.enrolment import JoinType
from hybridjoin.run.collect import collect_registration
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.flows.signing_in import credentials_of, the_person
from hybridjoin.run.habits import habits_of
from hybridjoin.scenario.scenario import Scenario


def _register(site: Site, scenario: Scenario) -> FlowRun[WorkAccountEvidence]:
    told = scenario.registration
    asked = RegistrationRequest(
        join_type=JoinType[told.join_type.upper()], computer=told.computer, first_logon=told.first_logon
    )
    by_ticket, habits = the_person(scenario).by_ticket, habits_of(scenario.device)
    return register_at(site, credentials_of(site, scenario), asked, by_ticket=by_ticket, habits=habits)


def _again(hands: Hands, told: Circumstances) -> FlowRun[WorkAccountEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know.

    Neither the password nor the device's keys are in any record, and any do.
    """
    facts = told.account
    if facts is None:
        raise ValueError("the record does not say what the device was registered as")
    asked = RegistrationRequest(
        join_type=JoinType(facts.join_type), computer=facts.computer, first_logon=facts.first_logon
    )
    return register_with(
        hands,
        site_of(told.site, told.device),
        told.device,
        asked,
        password=None if facts.by_ticket else NOT_KEPT,
        habits=Habits.of(told.habits),
        mistyped=told.mistyped,
    )


REGISTER: Final = Flow(
    table=WORK_ACCOUNT,
    called=lambda scenario: the_person(scenario).name,
    perform=_register,
    judge=checks.judge_flow,
    claims=lambda _: (),  # a person has no claims that a directory is asked for
    collect=collect_registration,
    again=_again,
)

"""One registration by a person at a site, over the network."""

from __future__ import annotations

from hybridjoin.device.account.context import WEB_VIEW, AccountBuilder, AccountContext
from hybridjoin.device.account.flow import register
from hybridjoin.device.browser.run import open_browser_hands
from hybridjoin.device.driver import Hands, Logbook
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.screens.work_account import account_lines
from hybridjoin.device.signin.username import Credentials
from hybridjoin.evidence.work_account import RegistrationRequest, WorkAccountEvidence
from hybridjoin.model.circumstances import AccountFacts, Circumstances, facts_of
from hybridjoin.model.flows import WORK_ACCOUNT
from hybridjoin.model.site import Site
from hybridjoin.model.vault import VAULT

AccountRun = FlowRun[WorkAccountEvidence]
"""What one registration by a person brought to light, and the screen of `dsregcmd /status` after it."""


class AccountInterrupted(FlowInterrupted):
    """The surroundings failed in the middle of a registration; `run` is what had been done until then."""

    run: AccountRun


def register_at(
    site: Site,
    credentials: Credentials,
    asked: RegistrationRequest,
    *,
    by_ticket: bool = False,
    habits: Habits | None = None,
) -> AccountRun:
    """Have a device registered at a site; by ticket the password goes to the KDC's library alone.

    Raises:
        AccountInterrupted: the surroundings failed mid-way.
    """
    habits = habits or Habits()
    VAULT.learn(credentials.password, "a password", lasting=True)
    with open_browser_hands(site, credentials if by_ticket else None, habits) as hands:
        password = None if by_ticket else credentials.password
        return register_with(
            hands, site, credentials.name, asked, password=password, mistyped=credentials.mistyped, habits=habits
        )


def register_with(
    hands: Hands,
    site: Site,
    name: str,
    asked: RegistrationRequest,
    *,
    password: str | None,
    habits: Habits,
    mistyped: bool = False,
) -> AccountRun:
    """Have a device registered with hands that are open already; of the credentials only the name is kept.

    Raises:
        AccountInterrupted: the surroundings failed; what was done is in it.
    """
    habits = habits.called(WEB_VIEW)
    told = Circumstances(
        flow=WORK_ACCOUNT.name,
        device=name,
        site=facts_of(site),
        habits=habits.facts,
        mistyped=mistyped,
        account=AccountFacts(
            join_type=asked.join_type.value,
            computer=asked.computer,
            first_logon=asked.first_logon,
            by_ticket=password is None,
        ),
    )
    logbook, builder = Logbook(circumstances=told), AccountBuilder()
    context = AccountContext(name=name, asked=asked, site=site, habits=habits, password=password, mistyped=mistyped)
    evidence = driven(register(context, builder), hands, logbook, builder, AccountInterrupted)
    screen = account_lines(evidence, logbook.transcript, site=site, at=logbook.now(hands))
    return FlowRun(evidence=evidence, transcript=logbook.transcript, status_screen=screen)

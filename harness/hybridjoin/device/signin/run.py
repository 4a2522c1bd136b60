"""One sign-in of a user at a site, over the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.apart import Apart
from hybridjoin.device.adapters.clock import KEY_RING, Clock
from hybridjoin.device.adapters.dialing import ClientCertificate
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.wire_hands import WireHands
from hybridjoin.device.driver import Changed, Hands, Logbook
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.opening import open_hands
from hybridjoin.device.password_file import read_password
from hybridjoin.device.signin.active import SignInBuilder, SignInContext, Way, sign_in
from hybridjoin.device.signin.integrated import BY_TICKET
from hybridjoin.device.signin.username import NOT_KEPT, Credentials, by_password
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.exchange import (
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.site import USER_ROLE, DeviceAccount, Site
from hybridjoin.model.vault import VAULT

SignInRun = FlowRun[SignInEvidence]
"""What one sign-in brought to light; Windows shows no screen of its own for it."""


class SignInInterrupted(FlowInterrupted):
    """The surroundings failed in the middle of a sign-in; `run` is what had been done until then."""

    run: SignInRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramHands(WireHands):
    """The hands of a program on a computer that is joined to nothing: no ticket, and no directory."""

    def new_key(self) -> RSAPrivateKey:
        """Make an RSA-2048 key."""
        return KEY_RING.take()

    def machine_key(self) -> RSAPrivateKey:
        """Refuse: there is no machine that would keep one.

        Raises:
            LabError: always.
        """
        raise LabError("no key of a computer: a program has none", remedy="join as a computer")

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Refuse: there is no account that a ticket could be for.

        Raises:
            LabError: always.
        """
        raise LabError(f"no ticket for {request.spn}: a program has no account", remedy="sign in as a computer's user")

    def search(self, request: SearchRequest) -> SearchReply:
        """Refuse: there is no account that could bind to the directory.

        Raises:
            LabError: always.
        """
        raise LabError(f"no search below {request.base}: a program has no account", remedy="search as a computer")

    def modify(self, request: ModifyRequest) -> Changed:
        """Refuse: there is no account that could bind to the directory.

        Raises:
            LabError: always.
        """
        raise LabError(f"no change of {request.dn}: a program has no account", remedy="change it as a computer")


@contextmanager
def open_program_hands(site: Site, habits: Habits, *, certificate: ClientCertificate | None = None) -> Iterator[Hands]:
    """Open the hands of a program, which shows a certificate or none; its connections are gone when the block ends."""
    http = Http(site, None, limit_s=habits.timeout_s, certificate=certificate)
    apart = Apart("hands of a program")
    try:
        yield ProgramHands(clock=Clock(offset_s=habits.clock_offset_s), http=http, apart=apart)
    finally:
        apart.close(lambda: http.__exit__(None, None, None))


def sign_in_at(site: Site, credentials: Credentials, habits: Habits | None = None) -> SignInRun:
    """Sign a user in at a site by name and password; `habits.trust` restricts the version of WS-Trust.

    Raises:
        SignInInterrupted: the surroundings failed mid-way.
    """
    habits = habits or Habits()
    with open_program_hands(site, habits) as hands:
        return sign_in_with(hands, site, credentials, habits)


def sign_in_with(hands: Hands, site: Site, credentials: Credentials, habits: Habits) -> SignInRun:
    """Sign in by name and password, with hands that are open already; of the credentials only the name is kept.

    Raises:
        SignInInterrupted: the surroundings failed; what was done is in it.
    """
    _learn(credentials)
    way = by_password(credentials.password)
    return _go(hands, site, credentials.name, habits, way, mistyped=credentials.mistyped)


def sign_in_integrated_at(site: Site, credentials: Credentials, habits: Habits | None = None) -> SignInRun:
    """Log a user on at the site's domain, and sign in by the ticket; the password goes to the KDC's library alone.

    Raises:
        SignInInterrupted: the surroundings failed mid-way.
    """
    habits = habits or Habits()
    _learn(credentials)
    account = DeviceAccount(name=credentials.name, role=USER_ROLE, logs_on_as=credentials.name)
    with open_hands(site, account, habits, password=credentials.password) as hands:
        return sign_in_integrated_with(hands, site, credentials.name, habits)


def sign_in_integrated_with(hands: Hands, site: Site, name: str, habits: Habits) -> SignInRun:
    """Sign in by the ticket of whoever the hands have logged on.

    Raises:
        SignInInterrupted: the surroundings failed; what was done is in it.
    """
    return _go(hands, site, name, habits, BY_TICKET)


def _go(hands: Hands, site: Site, name: str, habits: Habits, way: Way, *, mistyped: bool = False) -> SignInRun:
    """Drive the flow.

    Raises:
        SignInInterrupted: the surroundings failed; what was done is in it.
    """
    told = Circumstances(flow=way.table.name, device=name, site=facts_of(site), habits=habits.facts, mistyped=mistyped)
    logbook, builder = Logbook(circumstances=told), SignInBuilder()
    context = SignInContext(name=name, site=site, habits=habits, mistyped=mistyped)
    evidence = driven(sign_in(context, builder, way), hands, logbook, builder, SignInInterrupted)
    return FlowRun(evidence=evidence, transcript=logbook.transcript)


def _learn(credentials: Credentials) -> None:
    """Let the password be hidden by its value from here on."""
    if credentials.password != NOT_KEPT:
        VAULT.learn(credentials.password, "a password", lasting=True)


def find_credentials(site: Site, name: str, *, wrong: bool = False) -> Credentials:
    """Return a person of the site with the password from its file, or on purpose with a wrong one.

    Raises:
        UsageError: the site knows no such person, or the file holds no password that could be typed.
        LabError: the file cannot be read.
    """
    person = site.person(name)
    if person is None:
        known = ", ".join(item.user_principal_name for item in site.people) or "nobody"
        problem = f"the site {site.name} has nobody called {name!r} who signs in by password"
        raise UsageError(Mistake(place="user", problem=problem, hint=f"it has {known}"))
    password = read_password(person.password_file)
    typed = f"{password}-wrong" if wrong else password
    return Credentials(name=person.user_principal_name, password=typed, mistyped=wrong)

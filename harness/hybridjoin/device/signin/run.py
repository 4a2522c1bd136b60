"""One sign-in of a user at a site, over the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.apart import Apart
from hybridjoin.device.adapters.clock import KEY_RING, Clock
from hybridjoin.device.adapters.http import Http
from hybridjoin.device.adapters.wire_hands import WireHands
from hybridjoin.device.driver import Hands, Logbook, drive
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.username import NOT_KEPT, Credentials, SignInBuilder, SignInContext, sign_in
from hybridjoin.errors import LabError, Mistake, UsageError
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.exchange import (
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.flows import SIGN_IN_USERNAME
from hybridjoin.model.site import Site
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


@contextmanager
def open_program_hands(site: Site, habits: Habits) -> Iterator[Hands]:
    """Open the hands of a program; its connections are gone when the block ends."""
    http, apart = Http(site, None, limit_s=habits.timeout_s), Apart("hands of a program")
    try:
        yield ProgramHands(clock=Clock(offset_s=habits.clock_offset_s), http=http, apart=apart)
    finally:
        apart.close(lambda: http.__exit__(None, None, None))


def sign_in_at(site: Site, credentials: Credentials, habits: Habits | None = None) -> SignInRun:
    """Sign a user in at a site; `habits.trust` restricts the version of WS-Trust.

    Raises:
        SignInInterrupted: the surroundings failed mid-way.
    """
    habits = habits or Habits()
    with open_program_hands(site, habits) as hands:
        return sign_in_with(hands, site, credentials, habits)


def sign_in_with(hands: Hands, site: Site, credentials: Credentials, habits: Habits) -> SignInRun:
    """Sign in with hands that are open already; of the credentials only the name is kept.

    Raises:
        SignInInterrupted: the surroundings failed; what was done is in it.
    """
    if credentials.password != NOT_KEPT:
        VAULT.learn(credentials.password, "a password", lasting=True)
    told = Circumstances(flow=SIGN_IN_USERNAME.name, device=credentials.name, site=facts_of(site), habits=habits.facts)
    logbook, builder = Logbook(circumstances=told), SignInBuilder()
    context = SignInContext(credentials=credentials, site=site, trust=habits.trust)
    try:
        evidence, _ = drive(sign_in(context, builder), hands, logbook=logbook)
    except LabError as error:
        run = FlowRun(evidence=builder.so_far, transcript=logbook.transcript)
        raise SignInInterrupted(error, run) from error
    return FlowRun(evidence=evidence, transcript=logbook.transcript)


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
    return Credentials(name=person.user_principal_name, password=f"{password}-wrong" if wrong else password)


def read_password(path: Path) -> str:
    """Read the one line of a password file.

    Raises:
        LabError: it cannot be read.
    """
    try:
        return path.read_text("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(
            f"the password file {path.name} cannot be read: {type(error).__name__}",
            remedy="name a file with the password on its one line, in UTF-8",
        ) from error

"""The doors that a certification tries: a row for each flow, with what users lose where an IdP does not offer it.

A new door is a row here: its flow, how its own evidence says that it is not offered, and who misses it. One whose
persons need a joined device, or that is tried only where it is asked for by name, says so in its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from hybridjoin.checks.registry import Book
from hybridjoin.checks.rules import BOOK
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.sign_in import SignInEvidence
from hybridjoin.model.door_row import DoorRow, DoorState
from hybridjoin.model.record import FlowResult, JoinResult, RegistrationResult, SignInResult
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol.mex import Trust, choose
from hybridjoin.run.flows import (
    BRIDGING,
    BROWSE,
    JOIN,
    LOGON,
    MANAGED,
    REGISTER,
    SIGN_IN,
    SIGN_IN_INTEGRATED_FLOW,
    Flow,
)
from hybridjoin.scenario.yaml.validate import nearest

_PRT = "https://learn.microsoft.com/entra/identity/devices/concept-primary-refresh-token"
_MICROSOFT_365 = "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-compatibility"
_BRIDGE = "https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc"
_REGISTRATION = "https://learn.microsoft.com/entra/identity/devices/device-registration-how-it-works"
_HYBRID = "https://learn.microsoft.com/entra/identity/devices/how-to-hybrid-join"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One door of a federated domain.

    `offered` tells from the evidence of one way through it whether the IdP has it at all, `versions` which versions of
    WS-Trust it can be opened by. `typed` says that a password goes in there, so that a wrong one can be tried, `wanted`
    what is meant to come of it. `on_device` says that people go through it at a device that has joined. `loses` is what
    users lose without it. `by_name` says why it is tried only where it is asked for by name; empty where it always is.
    """

    name: str
    flow: Flow
    loses: str
    source: str
    certainty: Certainty = Certainty.DOCUMENTED
    offered: Callable[[Any], bool] = lambda _: True
    versions: Callable[[Any], tuple[Trust, ...]] = lambda _: ()
    typed: bool = False
    wanted: FlowResult = SignInResult.SIGNED_IN
    on_device: bool = False
    by_name: str = ""

    def row(self, state: DoorState, why: str = "") -> DoorRow:
        """Return the door as a record keeps it."""
        return DoorRow(
            door=self.name,
            flow=self.flow.name,
            state=state,
            why=why,
            loses=self.loses,
            source=self.source,
            certainty=self.certainty,
        )


def _offered(evidence: SignInEvidence) -> bool:
    """Metadata that was read and has no endpoint for what is shown does not offer the door."""
    return evidence.mex is None or choose(evidence.mex, evidence.credential) is not None


def _versions(evidence: SignInEvidence) -> tuple[Trust, ...]:
    document = evidence.mex
    if document is None:
        return ()
    newest_first = (Trust.V13, Trust.FEB2005)
    return tuple(trust for trust in newest_first if choose(document, evidence.credential, trust) is not None)


def _managed(evidence: JoinEvidence) -> bool:
    """A domain that Entra calls federated is joined through its identity provider."""
    return evidence.realm is None or not evidence.realm.federated


DOORS: Final[tuple[Door, ...]] = (
    Door(
        name="join",
        flow=JOIN,
        wanted=JoinResult.FEDERATED,
        loses="computers are not joined through the identity provider: they wait for Entra Connect instead",
        source=_HYBRID,
    ),
    Door(
        name="username",
        flow=SIGN_IN,
        loses="whoever logs on to a joined computer gets no primary refresh token, and programs that sign in by name "
        "and password fail",
        source=_PRT,
        offered=_offered,
        versions=_versions,
        typed=True,
    ),
    Door(
        name="integrated",
        flow=SIGN_IN_INTEGRATED_FLOW,
        loses="no primary refresh token directly after a password change, and programs on domain machines ask for a "
        "password",
        source=_PRT,
        offered=_offered,
        versions=_versions,
    ),
    Door(
        name="browser",
        flow=BROWSE,
        loses="nobody signs in to web applications, to modern Office, or at the first start of a new computer",
        source=_MICROSOFT_365,
        offered=lambda evidence: evidence.request is not None,
    ),
    Door(
        name="prt",
        flow=LOGON,
        loses="whoever logs on to a joined computer gets no primary refresh token: each program asks them to sign in, "
        "and Conditional Access does not see the device",
        source=_PRT,
        offered=_offered,
        versions=_versions,
        on_device=True,
    ),
    Door(
        name="work-account",
        flow=REGISTER,
        wanted=RegistrationResult.REGISTERED,
        loses="nobody sets up a new computer by the out-of-box experience or adds a work account, or whoever does "
        "cannot log on with it",
        source=_REGISTRATION,
        offered=lambda evidence: evidence.browser is None or evidence.browser.request is not None,
        by_name="it registers one more device in the person's name, which stays: --doors work-account",
    ),
    Door(
        name="managed",
        flow=MANAGED,
        wanted=JoinResult.SYNCHRONIZED,
        loses="computers of a domain that is not federated do not join; a federated domain's go through its identity "
        "provider",
        source=_HYBRID,
        offered=_managed,
        by_name="no identity provider takes part in it, and it writes userCertificate into the directory: --doors "
        "managed",
    ),
    Door(
        name="bridge",
        flow=BRIDGING,
        loses="nobody signs in through the bridge whose OpenID provider Entra is",
        source=_BRIDGE,
        by_name="Entra is the provider there, whose own page is a program, and the site file has to name an "
        "application (bridge): --doors bridge",
    ),
)
NOT_CERTIFIED: Final = ("LEAVE", "GATEWAY")
"""Areas of requirements that no certification asks: of a device that goes, and of a console's settings that no exchange
shows."""

NAMES: Final = tuple(door.name for door in DOORS)


def chosen_doors(told: str | None, *, place: str = "--doors") -> tuple[Door, ...]:
    """Return the doors that a list of names, parted by commas, speaks of; where there is none, those of every IdP.

    Raises:
        UsageError: a name is none of a door; each is told.
    """
    if told is None:
        return tuple(door for door in DOORS if not door.by_name)
    named = [name.strip() for name in told.split(",") if name.strip()]
    mistakes = [
        Mistake(place=place, problem=f"no door is called '{name}'", hint=nearest(name, NAMES) or ", ".join(NAMES))
        for name in named
        if name not in NAMES
    ]
    if not named:
        mistakes.append(Mistake(place=place, problem="expected the name of a door, found none", hint=", ".join(NAMES)))
    if mistakes:
        raise UsageError(*mistakes)
    return tuple(door for door in DOORS if door.name in named)


def book_of(doors: Iterable[Door]) -> Book:
    """Return the requirements that some of these doors' flows can answer, in the book's order."""
    asked = {item.id for door in doors for item in BOOK.of_flow(door.flow.table)}
    return Book(tuple(item for item in BOOK if item.id in asked and item.area not in NOT_CERTIFIED))


def door_of(flow: str) -> Door:
    """Return the door that a flow goes through.

    Raises:
        LookupError: no door is certified by that flow.
    """
    found = next((door for door in DOORS if door.flow.name == flow), None)
    if found is None:
        raise LookupError(f"no door is certified by the flow {flow}")
    return found

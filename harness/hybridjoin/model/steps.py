"""The steps of each flow, told once: who is asked, in what words, what comes of it, and what a failure there means.

A flow is a way through a federated domain's doors: the join of a computer is one. Its table has one row for each
exchange, in the order in which they are made, in a module of `model.flows`; titles, ladders, anchors, the names in
scenario files, the phase of a failure and the reason for a silence are read from the row. A new step is a member of
`Step`, a row, and its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Party(StrEnum):
    """Who takes part in a flow; the device asks, the others answer."""

    DEVICE = "device"
    DIRECTORY = "directory"
    IDP = "idp"
    ENTRA = "entra"


class Phase(StrEnum):
    """The Error Phase of `dsregcmd /status` (Microsoft: troubleshoot-device-dsregcmd)."""

    PRE_CHECK = "pre-check"
    DISCOVER = "discover"
    AUTH = "auth"
    JOIN = "join"


class Step(StrEnum):
    """What an exchange is for; flows share these names where they make the same exchange."""

    COMPUTER = "computer"
    SCP = "scp"
    DISCOVER = "discover"
    REALM = "realm"
    MEX = "mex"
    TICKET = "ticket"
    RST = "rst"
    SID_OWNER = "sid-owner"
    TOKEN = "token"
    JOIN = "join"
    SYNC_JOIN = "sync-join"
    USER_CERTIFICATE = "user-certificate"
    LEAVE = "leave"
    AUTHORIZE = "authorize"
    FEDERATION_METADATA = "federation-metadata"
    PASSIVE = "passive"
    CREDENTIALS = "credentials"
    WRESULT = "wresult"
    OPENID = "openid"
    KEYS = "keys"
    SIGN_IN_PAGE = "sign-in-page"
    SIGN_IN = "sign-in"
    USERINFO = "userinfo"
    GROUPS = "groups"
    NONCE = "nonce"
    PRT = "prt"
    LOGON_REALM = "logon-realm"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a flow.

    `title` says what is done, as the end of "the device had to …"; `reply` is what people call the message that comes
    back, `request` the one that is sent, where it has a name of its own; flows say the same of the same step.
    `probe_title` is what a probe does that asks the same address for another reason. `yields` names the types of the
    evidence parts that the reply brings, the one that the step is made for first; `refused_with` is the part that
    comes instead where the peer refuses. `phase` is Windows' phase for a failure of the step. `may_fall_back` says
    that Windows goes on with the synchronized join where it fails. `instead_of` names the step that this one replaces
    in a fallback. `aside` marks a question that only explains: no flow needs its answer. `only_where` says when a
    step is made that a flow goes well without. `outer_code` is the HRESULT that Windows' search for the tenant ends
    with round the error of its own, where the step is part of that search. `status_tests` are the lines of
    `dsregcmd /status` that test it.
    """

    step: Step
    party: Party
    title: str
    reply: str
    phase: Phase
    yields: tuple[str, ...]
    refused_with: str = ""
    request: str = ""
    probe_title: str = ""
    may_fall_back: bool = False
    instead_of: Step | None = None
    aside: bool = False
    only_where: str = ""
    outer_code: int | None = None
    status_tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTable:
    """The steps of one flow in their order; `name` is what a scenario file calls it, `title` what people do.

    `called` is the noun for what ends where a step fails, whatever fallback comes after.
    `results` are what the flow may come to, each as records say it and in words, the wanted one first and the worst
    last. `expects` are the keys of a scenario's `expect:` that only this flow can answer, the one for its result first.
    `facts` names the types of the evidence parts that this flow alone has without asking anybody. `persons` says that
    a person goes through it, whom a scenario names as `user:`; elsewhere it is a computer.
    """

    name: str
    title: str
    called: str
    rows: tuple[StepRow, ...]
    results: tuple[tuple[str, str], ...] = ()
    expects: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    persons: bool = False

    def __iter__(self) -> Iterator[StepRow]:
        """Yield the rows in the order of the flow."""
        return iter(self.rows)

    def row(self, step: Step) -> StepRow:
        """Return the row of a step.

        Raises:
            KeyError: the flow makes no such step.
        """
        found = next((row for row in self.rows if row.step is step), None)
        if found is None:
            raise KeyError(f"the flow {self.name} has no step '{step}'; it has {', '.join(self.steps)}")
        return found

    @property
    def steps(self) -> tuple[Step, ...]:
        """The names of the steps."""
        return tuple(row.step for row in self.rows)

    @property
    def parts(self) -> frozenset[str]:
        """The names of the types of all the evidence parts that belong to the flow."""
        brought = {part for row in self.rows for part in (*row.yields, row.refused_with) if part}
        return frozenset(brought | set(self.facts))

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who is asked in the flow, in the order of `Party`, the device first."""
        return self.parties_of(self.steps)

    def parties_of(self, made: Iterable[Step]) -> tuple[Party, ...]:
        """Who is asked by whom goes through the flow and makes these steps, in the order of `Party`, the device first.

        Whoever is asked by every flow of the kind belongs to it, however early it ended.
        """
        steps = frozenset(made)
        asked = {row.party for row in self.rows if not row.only_where or row.step in steps}
        return (Party.DEVICE, *(party for party in Party if party in asked))

    @property
    def sometimes(self) -> Mapping[str, StepRow]:
        """The steps that not every way through the flow makes, by the names of the parts that they alone bring."""
        always = {part for row in self.rows if not row.only_where for part in row.yields}
        seldom = ((part, row) for row in reversed(self.rows) if row.only_where for part in row.yields)
        return MappingProxyType({part: row for part, row in seldom if part not in always})

    def yielding(self, part: str) -> StepRow:
        """Return the row of the first step that brings an evidence part, by the name of the part's type.

        Raises:
            KeyError: no step of the flow brings it.
        """
        found = next((row for row in self.rows if part in row.yields), None)
        if found is None:
            raise KeyError(f"no step of the flow {self.name} yields {part}")
        return found

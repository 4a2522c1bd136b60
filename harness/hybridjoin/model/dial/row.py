"""What a row of the dial says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.model.steps import Phase
from hybridjoin.model.verdict import Certainty


class BendPlace(StrEnum):
    """Where a bend is carried out, and so what undoes it and who else notices."""

    OWN_ACCOUNT = "an account of the scenario's own in the lab's directory"
    OWN_KEYTAB = "a keytab of the scenario's own, beside the real account"
    DEVICE = "the device's own Kerberos, with the real directory"
    FOREST = "an object that the whole forest has once, under the lab's lock"
    CONTROLLER = "a domain controller of the scenario's own, started from the lab's golden state"
    PROXY = "a port of ours in the real server's place, with a proxy behind it or nothing at all"
    KRB5_CONF = "the device's own Kerberos configuration"
    CERTIFICATE = "the certificate that the identity provider shows"
    DOUBLES = "the settings of the identity provider and of Entra"


UNDONE = {
    BendPlace.OWN_ACCOUNT: "the account is deleted when the scenario ends",
    BendPlace.OWN_KEYTAB: "the file is deleted when the scenario ends",
    BendPlace.DEVICE: "nothing to undo: the ticket cache is in memory and goes with the device",
    BendPlace.FOREST: "the values of before are written back when the scenario ends, after a failure, and by the next "
    "scenario where the process was killed",
    BendPlace.CONTROLLER: "it is thrown away with its state when the scenario ends; the lab's own never noticed",
    BendPlace.PROXY: "the port is closed when the scenario ends; the server itself never noticed",
    BendPlace.KRB5_CONF: "the file is deleted when the scenario ends",
    BendPlace.CERTIFICATE: "the everyday certificate is shown again when the scenario ends",
    BendPlace.DOUBLES: "nothing to undo: every scenario sets them up anew",
}
"""What undoes a bend, by where it is carried out."""


_THE_ACCOUNT = "the identity provider's account"
_THE_COMPUTER = "the computer"
_THE_POINT = "the service connection point"
_TAKES = {
    **dict.fromkeys(("service account", "device", "service principal name", "keytab"), (_THE_ACCOUNT,)),
    **dict.fromkeys(("computer", "ticket"), (_THE_COMPUTER,)),
    "kept ticket": (_THE_ACCOUNT, _THE_COMPUTER),
    "person": ("the person",),
    "service connection point": (_THE_POINT,),
    "controller": (_THE_ACCOUNT, _THE_COMPUTER, _THE_POINT),
    "TLS": ("the certificate",),
    "domains": ("the tenant's domains",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What Windows shows of it.

    `phase` is the Error Phase of `dsregcmd /status`, None where the join goes on; `code` the HRESULT, `event` the id in
    User Device Registration/Admin, both empty where there is none. `words` says the rest.
    """

    phase: Phase | None
    code: str
    event: str
    words: str
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOption:
    """One choice about a bend: `type` is text or integer, `choices` closes the set, the rest bounds a number."""

    name: str
    type: str
    default: str | int | float
    sentence: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRow:
    """One thing that can be bent.

    `error` is the Kerberos error that comes up, whoever sees it: the device, or the identity provider's acceptor, which
    tells it to nobody but its own log.
    """

    name: str
    area: str
    sentence: str
    place: BendPlace
    shown: Shown
    error: str = ""
    options: tuple[DialOption, ...] = ()

    @property
    def takes(self) -> tuple[str, ...]:
        """What it puts others in the place of; two rows of a scenario cannot both. Empty where any number goes."""
        return _TAKES.get(self.area, ())

    @property
    def undone(self) -> str:
        """What undoes it."""
        return UNDONE[self.place]

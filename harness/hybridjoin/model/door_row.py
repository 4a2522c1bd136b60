"""The doors of a federated domain in a certification: which were tried, and what people lose without one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.model.verdict import Certainty


class DoorState(StrEnum):
    """What became of a door."""

    TRIED = "tried"
    NOT_OFFERED = "not-offered"  # the identity provider has none
    NOBODY = "nobody-to-try"  # the site file names nobody who could go through it
    NO_DEVICE = "no-joined-device"  # no device has joined that somebody could log on at
    LEFT_OUT = "left-out"  # whoever certifies did not ask for it to be tried
    NOT_REACHED = "not-reached"  # the certification ended before it


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRow:
    """One door: its name, the flow that goes through it, and what became of it.

    `why` says in words why it was not tried, `loses` what its users lose where it is not there; `source` and
    `certainty` are those of that loss.
    """

    door: str
    flow: str
    state: DoorState
    loses: str
    source: str
    certainty: Certainty
    why: str = ""

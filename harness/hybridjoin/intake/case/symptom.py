"""What the customer saw, in the words in which a run of ours is judged: how an attempt ended, and its screen."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.files.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """How one attempt ended; what no line of the evidence tells is empty or None.

    `phase` is dsregcmd's (`pre-check`, `discover`, `auth`, `join`), `code` the HRESULT nearest to the fault as
    `0xcaa20003`, `aadsts` Entra's number without its letters, `http_status` what the refusing server answered.
    `transcript` holds the lines of `dsregcmd /join /debug` in their order, secrets masked; `because` the facts behind
    all this.
    """

    road: Road
    phase: str = ""
    code: str = ""
    aadsts: int | None = None
    http_status: int | None = None
    transcript: tuple[str, ...] = ()
    because: tuple[Fact, ...] = ()

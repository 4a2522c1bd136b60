"""What a record says of a scenario that bent its surroundings: what was bent, what Windows shows, who noted what."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.model.verdict import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLine:
    """A line of a server's own log about this scenario, masked; `who` is `KDC` or `identity provider`."""

    who: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MendingRecord:
    """A cause, how to prove it, and what mends it; a vendor's own words begin with the vendor's name."""

    cause: str
    proof: str
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BendRecord:
    """One thing that was bent.

    `error` is the Kerberos error that comes up, with its `meaning`, both empty where there is none. What Windows shows
    of it is `phase`, `code` and `event`, empty where it shows nothing, and `shows` in words, with how sure that is and
    why.
    """

    name: str
    sentence: str
    place: str
    undone: str
    error: str
    meaning: str
    mending: MendingRecord
    phase: str
    code: str
    event: str
    shows: str
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt of several, `after_s` seconds after the first on the scheduled task's clock."""

    after_s: float
    result: str
    step: str = ""
    reason: str = ""
    codes: tuple[str, ...] = ()

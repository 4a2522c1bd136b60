"""Reads a verdict's `where` back: which exchange it speaks of, and which element, member or header in it.

Checks write it for people, as `RSTR, saml:Attribute accounttype` or `MEX, windows (line 12)`. What cannot be
read here is simply not linked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hybridjoin.model.steps import Step

_JOIN = re.compile(r" \(join by WS-Trust ([^()]+)\)$")
_LINE = re.compile(r",? \(?line (\d{1,7})\)?$")
_PROBE = re.compile(r"(?:^|, )probe ([\w.-]+)$")
_SIDE = re.compile(r"([a-z-]+) (request|reply)$")
_HTTP_STATUS = "HTTP status"
_STEPS = {
    "mex": Step.MEX,
    "rstr": Step.RST,
    "assertion": Step.RST,
    "token endpoint": Step.TOKEN,
    "access token": Step.TOKEN,
    "device registration": Step.JOIN,
    "user realm": Step.REALM,
    "discover": Step.DISCOVER,
    "kerberos": Step.TICKET,
    "ldap, scp": Step.SCP,
    "ldap, computer": Step.COMPUTER,
    "kerberos and ldap, computer": Step.COMPUTER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A spot in a message: an element's or member's local name, the name it bears, the line it came on.

    With `line` and no `name`, `label` alone tells which element of that line is meant.
    """

    name: str = ""
    label: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a verdict points: a message of the join, or a probe; `join` is the WS-Trust version it was made with."""

    step: Step | None = None
    reply: bool = True
    spot: Spot | None = None
    probe: str = ""
    join: str = ""


@lru_cache(maxsize=4096)
def place_of(where: str) -> Place | None:
    """Return the place that `where` names, or None where it names none that the page could show."""
    joined = _JOIN.search(where)
    text = where[: joined.start()] if joined else where
    join = joined[1] if joined else ""
    probe = _PROBE.search(text)
    if probe:
        return Place(probe=probe[1], join=join)
    head, _, rest = text.partition(", ")
    if text.lower() in _STEPS:
        head, rest = text, ""
    if head == "RST":
        return Place(step=Step.RST, reply=False, join=join) if not rest else None
    side = _SIDE.fullmatch(head)
    step = _STEPS.get(head.lower()) or (_step(side[1]) if side else None)
    if step is None:
        return None
    return Place(step=step, reply=side is None or side[2] == "reply", spot=_spot(rest), join=join)


def _step(name: str) -> Step | None:
    return next((step for step in Step if step.value == name), None)


def _spot(text: str) -> Spot | None:
    match = _LINE.search(text)
    line = int(match[1]) if match else 0
    words = text[: match.start()] if match else text
    if not words:
        return None
    if words == _HTTP_STATUS:
        return Spot(name=words)
    first, _, second = words.partition(" ")
    if line and ":" not in first:
        return Spot(label=words, line=line)
    if " " in second or (second and ":" not in first):
        return None  # a sentence, not a name
    return Spot(name=first.rpartition(":")[2].rpartition("/")[2], label=second, line=line)


def is_status(spot: Spot) -> bool:
    """Tell whether a spot is the reply's status line."""
    return spot.name == _HTTP_STATUS

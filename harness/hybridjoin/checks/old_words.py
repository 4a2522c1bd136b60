"""Shim: turns the words of checks that do not name a typed place or reason yet into one. Goes with the last of them.

A check says where as `RSTR, saml:Attribute accounttype` or `MEX, windows (line 12)`; what cannot be read is kept as
it stands, and no view links it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Untested
from hybridjoin.model.where import Side, Spot, Where

_LINE = re.compile(r",? \(?line (\d{1,7})\)?$")
_PROBE = re.compile(r"(?:^|, )probe ([\w.-]+)$")
_READER = re.compile(r", by (xmlsec|zeep)$")
_NOT_ASKED = re.compile(r"the probe ([\w.-]+) (?:was not|could not be) asked: ")
_JUDGED = re.compile(r", which ([A-Z]+-\d\d) judges$")
_STATUS = "HTTP status"
_HEADERS = frozenset({"Content-Type", "WWW-Authenticate"})
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


@lru_cache(maxsize=4096)
def where_of(words: str) -> Where | None:
    """Return the place that a check's words name."""
    if not words:
        return None
    probe = _PROBE.search(words)
    if probe:
        head = words[: probe.start()]
        name = "" if head in {"RST", "MEX"} else head
        return Where(probe=probe[1], spot=_kind(name), name=name)
    read = _READER.search(words)
    text = words[: read.start()] if read else words
    reader = read[1] if read else ""
    head, _, rest = text.partition(", ")
    if text.lower() in _STEPS:
        head, rest = text, ""
    if head == "RST" and not rest:
        return Where(step=Step.RST, side=Side.REQUEST)
    step = _STEPS.get(head.lower())
    if step is None:
        return Where(document=words)
    name, label, line = _named(rest)
    return Where(step=step, spot=_kind(name), name=name, label=label, line=line, reader=reader)


def _named(text: str) -> tuple[str, str, int]:
    match = _LINE.search(text)
    line = int(match[1]) if match else 0
    words = text[: match.start()] if match else text
    first, _, second = words.partition(" ")
    if line and ":" not in first:
        return "", words, line
    if words != _STATUS and (" " in second or (second and ":" not in first)):
        return words, "", line  # a sentence, and no name that stands in the message
    return (first, second, line) if words != _STATUS else (words, "", line)


def _kind(name: str) -> Spot:
    if name == _STATUS:
        return Spot.STATUS
    if name in _HEADERS:
        return Spot.HEADER
    return Spot.ELEMENT if name else Spot.MESSAGE


def reason_of(words: str, *, otherwise: Untested) -> NotTested:
    """Return the reason that a check's words give."""
    probe, judged = _NOT_ASKED.match(words), _JUDGED.search(words)
    if probe:
        kind = Untested.PROBE_SKIPPED if otherwise is Untested.NOT_REACHED else otherwise
        return NotTested(reason=kind, probe=probe[1], detail=words[probe.end() :])
    if judged:
        return NotTested(reason=Untested.JUDGED_ELSEWHERE, requirement=judged[1], detail=words[: judged.start()])
    return NotTested(reason=otherwise, detail=words)

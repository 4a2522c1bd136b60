"""What the knowledge room holds: one article for each code, event, error, fault or requirement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.model.verdict import Certainty


class ArticleKind(StrEnum):
    """What a name is the name of."""

    ENTRA = "Entra error"
    WINDOWS = "Windows code"
    EVENT = "event"
    KERBEROS = "Kerberos error"
    FAULT = "WS-Trust fault"
    REQUIREMENT = "requirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What to do; `vendor` says in whose console, empty where anybody would do it."""

    words: str
    vendor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason, the evidence that proves it, and what mends it.

    `requirements` are the checks that decide: one that is broken proves the cause, all of them kept rule it out.
    `elsewhere` says that it only sends the reader to another code, which stands beside it in a record.
    """

    sentence: str
    proof: str
    fixes: tuple[Fix, ...]
    requirements: tuple[str, ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One thing explained; `causes` are ranked, the likeliest first.

    `id` is how Windows or Entra prints it (`0xcaa20003`, `AADSTS51004`, `event 304`), `decoded` what a message that
    misleads really means, `see` the ids of what to read next, `source` where the meaning is known from. `breaks` are
    the clients that fail without a requirement, each with its source.
    """

    id: str
    kind: ArticleKind
    symbol: str
    meaning: str
    certainty: Certainty
    source: str
    phase: str = ""
    decoded: str = ""
    causes: tuple[Cause, ...] = ()
    see: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()


_VENDORS = {
    "pingone": "PingOne",
    "pingfederate": "PingFederate",
    "adfs": "AD FS",
    "entra": "Entra",
    "windows": "Windows",
    "ad": "Active Directory",
}


def cause(
    sentence: str, proof: str, fix: str = "", *, checks: str = "", elsewhere: bool = False, **vendors: str
) -> Cause:
    """Write a cause down: `fix` for everybody, then one for each vendor's console; `checks` are ids and blanks."""
    fixes = [Fix(words=fix)] if fix else []
    fixes += [Fix(words=words, vendor=_VENDORS[name]) for name, words in vendors.items()]
    return Cause(
        sentence=sentence, proof=proof, fixes=tuple(fixes), requirements=tuple(checks.split()), elsewhere=elsewhere
    )

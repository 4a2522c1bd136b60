"""What the knowledge room holds: one article for each code, event, error, fault or requirement."""

from __future__ import annotations

import re
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
    GRAPH = "Microsoft Graph error"
    REQUIREMENT = "requirement"
    CLIENT = "words of a library"
    FIELD = "words of people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What to do; `vendor` says in whose console, empty where anybody would do it."""

    words: str
    vendor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """A requirement whose verdict decides a cause: broken it proves it, kept it speaks against it.

    `state` narrows that to a claim that came in one way, in the words of scenario files (`missing`,
    `wrong-namespace`, `wrong-value`, `duplicate`) or as `wrong-name`; `claim` says which, where the requirement is not
    about one alone. `proves` is false where the requirement may be broken for other reasons too: kept it still speaks
    against the cause, broken it leaves it open.
    """

    requirement: str
    claim: str = ""
    state: str = ""
    proves: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason, the evidence that proves it, and what mends it.

    One of `deciders` proves the cause, all of them together rule it out; so does one of `codes`, the ids of articles
    that say nothing else. `related` are requirements that it may break besides, which decide nothing. `elsewhere` says
    that it only sends the reader to another code, which stands beside it in a record.
    """

    sentence: str
    proof: str
    fixes: tuple[Fix, ...]
    deciders: tuple[Decider, ...] = ()
    codes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    elsewhere: bool = False

    @property
    def requirements(self) -> tuple[str, ...]:
        """The ids of the checks that decide, each once."""
        return tuple(dict.fromkeys(item.requirement for item in self.deciders))


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideStep:
    """One step of a guide that is followed in its order: what one sees there, and what to do next.

    `here` says that it may be where the reader stands.
    """

    number: int
    sees: str
    does: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One thing explained; `causes` are ranked, the likeliest first.

    `id` is how Windows or Entra prints it (`0xcaa20003`, `AADSTS51004`, `event 304`), `decoded` what a message that
    misleads really means, `see` the ids of what to read next, `source` where the meaning is known from. `breaks` are
    the clients that fail without a requirement, each with its source. `order` is the guide in whose order several
    causes are to be tried, where there is one.
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
    order: tuple[GuideStep, ...] = ()


_DECIDER = re.compile(r"([A-Z]{2,8}-\d\d)(?:/(\w+))?(?::([a-z-]+))?(\??)")
_VENDORS = {
    "pingone": "PingOne",
    "pingfederate": "PingFederate",
    "adfs": "AD FS",
    "entra": "Entra",
    "windows": "Windows",
    "ad": "Active Directory",
}


def field_failure(
    number: str,
    words: str,
    meaning: str,
    source: str,
    *causes: Cause,
    kind: ArticleKind = ArticleKind.FIELD,
    phase: str = "",
    see: str = "",
    aliases: tuple[str, ...] = (),
) -> Article:
    """Write down what people say of a failure; `number` is the failure's own, by which scenarios name it."""
    return Article(
        id=words,
        kind=kind,
        symbol=f"({number})",
        meaning=meaning,
        certainty=Certainty.OBSERVED,
        source=source,
        phase=phase,
        causes=causes,
        see=tuple(see.split()),
        aliases=(number, *aliases),
    )


def cause(
    sentence: str,
    proof: str,
    fix: str = "",
    *,
    checks: str = "",
    related: str = "",
    elsewhere: bool = False,
    **vendors: str,
) -> Cause:
    """Write a cause down: `fix` for everybody, then one for each vendor's console; `checks` decide about it.

    `checks` are words: `SIG-01` proves the cause where it is broken, `CLAIM-01:missing` where its claim came in that
    way (`CLAIM-10/issuerid:duplicate` where it is about none alone), `SAML-05?` rules it out where it is kept and
    proves nothing, and any other word is a code that proves it by itself.
    """
    fixes = [Fix(words=fix)] if fix else []
    fixes += [Fix(words=words, vendor=_VENDORS[name]) for name, words in vendors.items()]
    found = [(_DECIDER.fullmatch(word), word) for word in checks.split()]
    return Cause(
        sentence=sentence,
        proof=proof,
        fixes=tuple(fixes),
        deciders=tuple(
            Decider(requirement=match[1], claim=match[2] or "", state=match[3] or "", proves=not match[4])
            for match, _ in found
            if match is not None
        ),
        codes=tuple(word for match, word in found if match is None),
        related=tuple(related.split()),
        elsewhere=elsewhere,
    )

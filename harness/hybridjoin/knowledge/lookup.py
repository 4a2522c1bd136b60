"""Finds articles by any of their names, and by likeness where a name is mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from hybridjoin.knowledge.aes_guide import steps_about
from hybridjoin.knowledge.areas import AREAS
from hybridjoin.knowledge.article import Article, ArticleKind, Cause, Fix
from hybridjoin.knowledge.bridge_errors import BRIDGE_ERRORS, KEY_ERROR
from hybridjoin.knowledge.browser_errors import BROWSER_ERRORS
from hybridjoin.knowledge.client_errors import CLIENT_ERRORS
from hybridjoin.knowledge.entra import ENTRA
from hybridjoin.knowledge.events import EVENTS
from hybridjoin.knowledge.hresult import number_of
from hybridjoin.knowledge.kerberos import KERBEROS
from hybridjoin.knowledge.logon_errors import LOGON_ERRORS
from hybridjoin.knowledge.set_up import GRAPH
from hybridjoin.knowledge.stranger_errors import STRANGER_ERRORS
from hybridjoin.knowledge.windows import WINDOWS, http_article, status_of
from hybridjoin.knowledge.ws_trust import FAULTS
from hybridjoin.model.loss import NOBODY_KNOWN
from hybridjoin.model.verdict import Certainty

ARTICLES: tuple[Article, ...] = (
    *(*ENTRA, *WINDOWS, *EVENTS, *KERBEROS, *FAULTS, *GRAPH),
    *(*CLIENT_ERRORS, *STRANGER_ERRORS, *BROWSER_ERRORS, *LOGON_ERRORS, *BRIDGE_ERRORS, KEY_ERROR),
)

_BARE_HEX = re.compile(r"([0-9a-f]{8})l?")
_AADSTS = re.compile(r"(?:aadsts[ :]?)?(\d{5,7}):?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A requirement as far as this room needs to know it; checks are on the same floor and are not imported."""

    id: str
    level: str
    sentence: str
    source: str
    verified: bool
    remedy: str
    breaks: tuple[str, ...] = ()


def _names() -> Mapping[str, Article]:
    found = {item.id.lower(): item for item in ARTICLES}  # a symbol of Entra's may be the name of a WS-Trust fault
    for item in ARTICLES:
        named = not item.symbol.startswith("(") and ("_" in item.symbol or item.kind is ArticleKind.ENTRA)
        symbol = (item.symbol,) if named else ()
        for name in (*symbol, *item.aliases):
            found.setdefault(_plain(name), item)
    return MappingProxyType(found)


def _plain(name: str) -> str:
    """Return a name without what stands around it where people paste it."""
    return " ".join(name.lower().split()).strip(".,;:()[]'\"")


NAMES = _names()


def find(name: str) -> Article | None:
    """Find the article of a code, event, error or fault, in whatever case and form it is written."""
    plain = _plain(name)
    direct = NAMES.get(plain)
    if direct is not None:
        return direct
    entra = _AADSTS.fullmatch(plain)
    if entra is not None:
        return NAMES.get(f"aadsts{int(entra[1])}")
    number = _number(plain)
    if number is None:
        return None
    status = status_of(number)
    return NAMES.get(f"0x{number:08x}") or (http_article(status) if status is not None else None)


def _number(plain: str) -> int | None:
    match = _BARE_HEX.fullmatch(plain)
    return int(match[1], 16) if match is not None else number_of(plain.removesuffix("l"))


def near(name: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names that look most like this one; `others` are those of requirements."""
    plain = name.lower().strip()
    if plain.isdigit() and len(plain) > 4:
        plain = f"aadsts{plain}"
    area, dash, number = plain.rpartition("-")
    if dash and area.isalpha() and number.isdigit():
        plain = f"{area}-{number.zfill(2)}"  # how requirements are numbered
    shown = {**{key: item.id for key, item in NAMES.items() if not key.lstrip("-").isdigit()}, **_lower(others)}
    return tuple(dict.fromkeys(shown[key] for key in get_close_matches(plain, shown, n=6, cutoff=0.7)))[:3]


def _lower(names: Iterable[str]) -> dict[str, str]:
    return {item.lower(): item for item in names}


def about(requirement: Sentence) -> Article:
    """Explain a requirement: its own remedy first, then every cause that it would prove, then its area's."""
    area, area_causes = AREAS.get(requirement.id.rpartition("-")[0], ("", ()))
    leading, named = naming(requirement.id)
    causes = tuple(dict.fromkeys((*named, *area_causes)))
    if requirement.remedy:
        causes = (_own(requirement), *causes)
    return Article(
        id=requirement.id,
        kind=ArticleKind.REQUIREMENT,
        symbol=requirement.level,
        meaning=requirement.sentence,
        certainty=Certainty.DOCUMENTED if requirement.verified else Certainty.ASSUMED,
        source=requirement.source + ("" if requirement.verified else "; section unverified: the sentence is ours"),
        phase="",
        decoded=area,
        causes=causes or (_own(requirement),),
        see=leading[:6],
        breaks=requirement.breaks or (NOBODY_KNOWN,),
        order=steps_about(requirement.id),
    )


def naming(requirement: str) -> tuple[tuple[str, ...], tuple[Cause, ...]]:
    """Return the articles that a broken requirement may end in, and those of their causes that name it."""
    pairs = [(item.id, cause) for item in ARTICLES for cause in item.causes if _is_named(requirement, cause)]
    return tuple(dict.fromkeys(name for name, _ in pairs)), tuple(dict.fromkeys(cause for _, cause in pairs))


def _is_named(requirement: str, cause: Cause) -> bool:
    return requirement in cause.requirements or requirement in cause.related


def _own(requirement: Sentence) -> Cause:
    return Cause(
        sentence="What the verdict points at, or a setting about it, does not keep this sentence.",
        proof="The verdict in the report: what was expected, what came, and where.",
        fixes=(Fix(words=requirement.remedy or "Let the IdP do what the specification says there."),),
    )

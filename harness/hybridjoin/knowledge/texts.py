"""Finds what a pasted text names: the screens of dsregcmd, event logs in any export, a message of Entra's, a chat.

What is written in a text is only held against the articles; nothing of it is believed to be anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.knowledge.article import Article, ArticleKind
from hybridjoin.knowledge.hresult import is_failure, number_of
from hybridjoin.knowledge.set_up import NAMES_IN_TEXTS
from hybridjoin.knowledge.windows_causes import NOTHING
from hybridjoin.knowledge.ws_trust import FAULTS

_WRAPPERS: Final = frozenset({"0xcaa1000e", "0xcaa90006", "0xcaa20003", "0xcaa90014"})
# An event's number, as Event Viewer copies it, wevtutil and Get-WinEvent print it (text, XML, list, table), and as
# collectors write it (JSON, key=value).
_EVENT: Final = (
    r"<EventID\b[^>]*>(?P<xml>\d{3,4})</EventID>"
    r"|\b[Ee]vent[ _]?(?:ID|Id|id|Code|code)?[\"']?\s*[:=]?\s*(?P<text>\d{3,4})\b(?![-/:.]\d)"
    r"|^Id\s+:\s(?P<list>\d{3,4})\s*$"
    r"|[AP]M\s+(?P<table>\d{3,4})\s+(?:Error|Warning|Information|Critical)\b"
)
_NAME: Final = (
    r"AADSTS\d{5,7}\b|\b0x[0-9A-Fa-f]{8}\b|(?<![\w.:-])-\d{9,10}\b(?!\.\d)"
    r"|\b(?:KDC_ERR|KRB_AP_ERR|KRB_ERR|KRB5)_[A-Z_]+\b|\b[A-Z]{2,8}-\d\d\b"
    r"|\b(?:" + "|".join((*(item.id for item in FAULTS), *NAMES_IN_TEXTS)) + r")\b"
)
_MENTION = re.compile(f"{_EVENT}|(?P<name>{_NAME})", re.MULTILINE)
_KINDS: Final = {
    ArticleKind.ENTRA: 0,
    ArticleKind.KERBEROS: 0,
    ArticleKind.FAULT: 0,
    ArticleKind.GRAPH: 0,
    ArticleKind.WINDOWS: 1,
}
_LAST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReading:
    """What a text names: the errors, the most telling first; what is printed around them; notes; what nobody knows."""

    errors: tuple[Article, ...]
    around: tuple[Article, ...] = ()
    notes: tuple[Article, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Tell whether anything was found that is known."""
        return bool(self.errors or self.around or self.notes)


def mentions(text: str) -> tuple[str, ...]:
    """Return the names inside a longer text, each once, in the order they come."""
    return tuple(dict.fromkeys(_names(text)))


def _names(text: str) -> Iterator[str]:
    for match in _MENTION.finditer(text):
        number = next((match[group] for group in ("xml", "text", "list", "table") if match[group]), "")
        yield f"event {number}" if number else match["name"]


def read_text(text: str, find: Callable[[str], Article | None]) -> TextReading:
    """Sort what a text names: errors before what is only printed around them, and before what is no error at all."""
    found: dict[str, Article] = {}
    unknown: list[str] = []
    for name in mentions(text):
        article = find(name)
        if article is not None:
            found.setdefault(article.id, article)
        elif _is_a_name(name):
            unknown.append(name)
    notes = tuple(item for item in found.values() if is_note(item))
    serious = sorted((item for item in found.values() if not is_note(item)), key=telling)
    alone = all(is_wrapper(item) for item in serious)
    return TextReading(
        errors=tuple(item for item in serious if alone or not is_wrapper(item)),
        around=() if alone else tuple(item for item in serious if is_wrapper(item)),
        notes=notes,
        unknown=tuple(unknown),
    )


def _is_a_name(name: str) -> bool:
    """Tell an unknown code from a number that only looks like one: flags, counters, a KB-42 in a sentence."""
    number = number_of(name)
    if number is not None:
        return is_failure(number)
    return name.startswith(("AADSTS", "event ", "KDC_ERR", "KRB"))


def is_wrapper(article: Article) -> bool:
    """Tell whether a code is printed around others and says nothing of its own."""
    return article.id in _WRAPPERS


def is_note(article: Article) -> bool:
    """Tell whether an article is of something that is also printed where all is well."""
    return article.causes == (NOTHING,)


def telling(article: Article) -> int:
    """Rank an article by how near it is to the fault, the nearest first; an event only says where it happened."""
    return _LAST if is_wrapper(article) else _KINDS.get(article.kind, _LAST - 1)

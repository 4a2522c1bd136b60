"""What a console hands out about a domain's federation, of whichever kind: settings, commands, a page with either."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.federation import LIMIT_BYTES, FederationSettings, decoded, read_settings
from hybridjoin.intake.federation_commands import (
    Action,
    CommandsRead,
    DomainCommand,
    names_commands,
    read_federation_commands,
)

_READ_BACK: Final = re.compile(r"(?mi)^\s*(?:IssuerUri|ActiveSignInUri|ActiveLogOnUri|MetadataExchangeUri)\s+:")
_URL: Final = re.compile(r"/domains/([^/?]{1,253})/federationConfiguration(?:/([^/?]+))?", re.IGNORECASE)
_ACTIONS: Final = {"POST": Action.CREATE, "PATCH": Action.UPDATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiblingDomains:
    """The other domains that are told of in the same text, each with its IssuerUri."""

    issuers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """What was handed out: each domain's settings, beside the command that sets them where it is one.

    `back` are commands that make a domain managed again.
    """

    domains: tuple[tuple[FederationSettings, DomainCommand | None], ...]
    back: tuple[DomainCommand, ...] = ()

    def siblings(self, settings: FederationSettings) -> SiblingDomains | None:
        """Return the domains besides one; None where there is none, or where nobody knows which domain is which."""
        named = [item for item, _ in self.domains if item.domain and item.domain.lower() != settings.domain.lower()]
        if not settings.domain or not named:
            return None
        return SiblingDomains(issuers=tuple((item.domain, item.issuer_uri) for item in named))


def read_handed_out(body: bytes, *, place: str) -> HandedOut:
    """Read settings or commands.

    Raises:
        UsageError: there are none; what came instead is named.
    """
    if len(body) > LIMIT_BYTES:
        return _settings(body, place)
    text = decoded(body, place)
    if text.lstrip()[:1] == "<" and not text.lstrip().startswith("<#"):
        text = _page(text, place)
    requests = _requests(text, place)
    if requests is not None:
        return requests
    if not names_commands(text):
        return _settings(text.encode("utf-8", "replace"), place)
    found = read_federation_commands(text, place=place)
    if not found.pairs and not found.back:
        return _settings(text.encode("utf-8", "replace"), place)
    shown = _settings(text.encode("utf-8", "replace"), place) if _READ_BACK.search(text) else HandedOut(domains=())
    return _both(found, shown)


def _both(found: CommandsRead, shown: HandedOut) -> HandedOut:
    """Put what commands set before what Entra answered in the same text."""
    pairs = tuple((settings, command) for command, settings in found.pairs)
    return HandedOut(domains=(*pairs, *shown.domains), back=found.back)


def _settings(body: bytes, place: str) -> HandedOut:
    return HandedOut(domains=tuple((item, None) for item in read_settings(body, place=place)))


def _requests(text: str, place: str) -> HandedOut | None:
    """Read requests to Microsoft Graph, as `--emit json` writes them: a method, an address, a body."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None  # whoever reads settings says what is wrong with it
    rows = data.get("requests") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not any(isinstance(row, dict) and "body" in row for row in rows):
        return None
    found = [pair for row in rows if isinstance(row, dict) and (pair := _request(row, place)) is not None]
    return HandedOut(domains=tuple(found)) if found else None


def _request(row: dict[str, object], place: str) -> tuple[FederationSettings, DomainCommand] | None:
    method, url, body = str(row.get("method", "")).upper(), _URL.search(str(row.get("url", ""))), row.get("body")
    if url is None or method not in _ACTIONS or not isinstance(body, dict):
        return None
    named = json.dumps([{**body, "id": url[2] or body.get("id", ""), "domainId": url[1]}])
    settings = read_settings(named.encode(), place=place)[0]
    command = DomainCommand(
        name=f"{method} federationConfiguration",
        action=_ACTIONS[method],
        place=settings.place,
        domain=url[1],
        given=tuple(str(name) for name, value in body.items() if value is not None and value != ""),
        certificate=str(body.get("signingCertificate", "") or ""),
    )
    return settings, command


class _PageText(HTMLParser):
    """Collects what a page shows: its text, a line for each block, and its title."""

    _HIDDEN: Final = frozenset({"script", "style", "template"})
    _BLOCKS: Final = frozenset({"p", "div", "pre", "br", "li", "tr", "td", "code", "textarea", "h1", "h2", "body"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.parts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Remember what is open, and begin a line at a block."""
        del attrs
        if tag in self._HIDDEN | {"title"}:
            self._open.append(tag)
        elif tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        """Keep text that is shown."""
        if self._open[-1:] == ["title"]:
            self.title += data
        elif not self._open:
            self.parts.append(data)


def _page(text: str, place: str) -> str:
    page = _PageText()
    page.feed(text)
    page.close()
    shown = "".join(page.parts).strip()
    if names_commands(shown) or _READ_BACK.search(shown) or shown[:1] in {"{", "["}:
        return shown
    title = " ".join(page.title.split())[:60]
    words = f"an HTML page with the title {title!r}" if title else "an HTML page"
    problem = f"expected a domain's federation settings, or the commands that set them, found {words}"
    raise UsageError(
        Mistake(place=place, problem=problem, hint="where it asks you to sign in, open it in a browser and save it")
    )

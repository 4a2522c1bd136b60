"""What the screens print besides the evidence: the machine's names, and what the registration service said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from hybridjoin.device.identity import Identity
from hybridjoin.model.exchange import Exchange, HttpReply, HttpRequest, Transcript
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinReply:
    """The registration service's answer to a join, as far as the screen shows it."""

    request_id: str
    response_time: str
    http_status: int

    @classmethod
    def of(cls, exchange: Exchange | None) -> Self | None:
        """Read it from the exchange; None where there was no reply."""
        if exchange is None or not isinstance(exchange.request, HttpRequest):
            return None
        if not isinstance(exchange.reply, HttpReply):
            return None
        sent = {name.lower(): value for name, value in exchange.request.headers}
        return cls(
            request_id=sent.get("client-request-id", ""),
            response_time=exchange.reply.header("date") or "",
            http_status=exchange.reply.status,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The machine's surroundings; `at` is the device's clock when the screen was drawn.

    `newer` says that the client is the one of Windows 11 24H2, whose screens have more rows.
    """

    computer: str
    domain: str
    forest: str
    netbios: str
    domain_controller: str
    login_url: str
    at: datetime
    newer: bool = False
    join: JoinReply | None = None
    sync_join: JoinReply | None = None

    @classmethod
    def gather(
        cls, site: Site, identity: Identity, transcript: Transcript, *, at: datetime, newer: bool = False
    ) -> Self:
        """Collect the facts of one join."""
        return cls(
            computer=identity.name,
            domain=site.directory.domain,
            forest=site.directory.forest,
            netbios=site.directory.netbios,
            domain_controller=site.directory.domain_controller,
            login_url=site.entra.login_url,
            at=at,
            newer=newer,
            join=JoinReply.of(transcript.find(Step.JOIN)),
            sync_join=JoinReply.of(transcript.find(Step.SYNC_JOIN)),
        )

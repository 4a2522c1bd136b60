"""What Entra's own token service does with a ticket or a password, and what its token is good for at the grant."""

from __future__ import annotations

import base64
import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from hybridjoin.doubles.entra.answer import Answer, Row
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.autologon.messages import (
    DesktopRequest,
    UnreadableRequest,
    fault,
    read_request,
    response,
    token_in,
)
from hybridjoin.doubles.entra.autologon.rules import AUTOLOGON_RULES
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.errors import Exchange, compact, written
from hybridjoin.doubles.entra.incoming import BODY_LIMIT, body_of
from hybridjoin.doubles.entra.judge import Refusal, UserSubject, first_refusal
from hybridjoin.doubles.entra.oidc.people import password_is_right
from hybridjoin.doubles.entra.request_rules import REQUEST_RULES
from hybridjoin.doubles.entra.sign_in import grant
from hybridjoin.doubles.entra.tenant import SyncedUser, Tenant
from hybridjoin.doubles.kerberos.negotiate import Acceptor, AtFault, Decision, Handshake

_SOAP_XML: Final = "application/soap+xml; charset=utf-8"
# Microsoft: Seamless SSO takes AES 256, AES 128 and RC4, and recommends AES for the account.
_ETYPES: Final = frozenset({18, 17, 23})
_GOOD_FOR: Final = timedelta(hours=1)
_KEPT: Final = 256
_RULE_OF: Final = {
    AtFault.UNREADABLE: "desktop-sso-header",
    AtFault.PACKAGE: "desktop-sso-package",
    AtFault.TIME: "desktop-sso-ticket-over",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Whom a token signs in, and until when."""

    user: SyncedUser
    until: datetime


class _Refused(Exception):
    """A rule fired."""

    def __init__(self, rule: str, **fields: str) -> None:
        super().__init__(rule)
        self.refusal = Refusal(rule=AUTOLOGON_RULES[rule], fields=fields)


class AutoLogon:
    """A tenant's service for tickets and passwords; its tokens are good for an hour."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority
        self._tokens: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        keytab = tenant.config.seamless_keytab
        self._acceptor = Acceptor(Path(keytab), etypes=_ETYPES) if keytab else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """Each endpoint."""
        base = r"/(?P<tenant>[^/]+)/winauth/trust/2005"
        return (
            ("seamless", "POST", rf"{base}/windowstransport", self._windows),
            ("seamless", "POST", rf"{base}/usernamemixed", self._username),
        )

    def redeem(self, case: Case) -> Answer | Refusal | None:
        """Trade a token for the user's access token; None where the grant brings an ordinary assertion, or none."""
        token = token_in(case.assertion.element) if case.defect is None and case.parameter("assertion") else ""
        if not token:
            return None
        refusal = first_refusal(case, REQUEST_RULES)
        if refusal is not None:
            return refusal
        with self._lock:
            kept = self._tokens.get(token)
        if kept is None or kept.until < case.now:
            return Refusal(rule=AUTOLOGON_RULES["desktop-sso-token"], fields={})
        client_id, realm = case.parameter("client_id"), kept.user.upn.rpartition("@")[2]
        subject = UserSubject(user=kept.user, realm=realm, client_id=client_id, audience=case.audience)
        return Answer(status=200, body=compact(grant(case, subject, self._authority).document))

    async def _windows(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        body, shown = await body_of(request), request.headers.get("authorization")
        client = (request.client.host, request.client.port) if request.client else ("", 0)
        return await run_in_threadpool(self._by_ticket, match["tenant"], body, shown, client, exchange)

    async def _username(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        return await run_in_threadpool(self._by_password, match["tenant"], await body_of(request), exchange)

    def _by_ticket(
        self, addressed: str, body: bytes, shown: str | None, client: tuple[str, int], exchange: Exchange
    ) -> Answer:
        headers: dict[str, str] = {}
        try:
            acceptor = self._ready(addressed)
            handshake = acceptor.accept(shown, client)
            if handshake.token:
                headers["WWW-Authenticate"] = f"Negotiate {base64.b64encode(handshake.token).decode('ascii')}"
            if handshake.decision in {Decision.CHALLENGE, Decision.CONTINUE}:
                return Answer(status=401, body=b"", media_type="text/plain", headers=headers or _CHALLENGE)
            user = self._user_of(handshake)
            answer = self._answer(_read(body), user, exchange)
        except _Refused as refused:
            return self._refused(refused.refusal, exchange)
        return replace(answer, headers=headers)

    def _by_password(self, addressed: str, body: bytes, exchange: Exchange) -> Answer:
        try:
            self._ready(addressed)
            asked = _read(body)
            return self._answer(asked, self._named(asked), exchange)
        except _Refused as refused:
            return self._refused(refused.refusal, exchange)

    def _ready(self, addressed: str) -> Acceptor:
        """Return who accepts tickets for a tenant.

        Raises:
            _Refused: the tenant is not here, or has no Seamless single sign-on.
        """
        config = self._tenant.config
        if not config.is_tenant(addressed):
            raise _Refused("desktop-sso-tenant", tenant=addressed)
        if self._acceptor is None or not any(domain.seamless and not domain.federated for domain in config.domains):
            raise _Refused("desktop-sso-off")
        return self._acceptor

    def _user_of(self, handshake: Handshake) -> SyncedUser:
        """Return the synced user whose ticket was shown.

        Raises:
            _Refused: the ticket is refused, or its user is nobody here.
        """
        if handshake.decision is Decision.REFUSED:
            self._tenant.notes.append(f"AZUREADSSOACC: {handshake.problem}")
            raise _Refused(_RULE_OF.get(handshake.fault or AtFault.OTHER, "desktop-sso-ticket"))
        user = self._tenant.user_of_account(handshake.account)
        if user is None:
            raise _Refused("desktop-sso-nobody")
        self._tenant.notes.append(f"AZUREADSSOACC: {handshake.account}@{handshake.realm} {handshake.ticket}")
        return user

    def _named(self, asked: DesktopRequest) -> SyncedUser:
        """Return the synced user whose name and password came.

        Raises:
            _Refused: nobody has that name, or the password is another one.
        """
        user = self._tenant.user_named(asked.username)
        if user is None:
            raise _Refused("desktop-sso-unknown-name", tenant_id=str(self._tenant.config.tenant_id))
        if not password_is_right(self._tenant, user, asked.password):
            raise _Refused("desktop-sso-password")
        return user

    def _answer(self, asked: DesktopRequest, user: SyncedUser, exchange: Exchange) -> Answer:
        """Hand out a token.

        Raises:
            _Refused: the account is disabled, or a policy wants more than was shown.
        """
        if not user.enabled:
            raise _Refused("desktop-sso-disabled")
        if self._tenant.config.require_mfa:
            raise _Refused("desktop-sso-second-factor")
        token = secrets.token_urlsafe(96)
        with self._lock:
            self._tokens[token] = _Kept(user=user, until=exchange.now + _GOOD_FOR)
            while len(self._tokens) > _KEPT:
                self._tokens.popitem(last=False)
        return Answer(status=200, body=response(asked, token, now=exchange.now), media_type=_SOAP_XML)

    def _refused(self, refusal: Refusal, exchange: Exchange) -> Answer:
        words = written(refusal.rule.code, refusal.description, exchange)
        return Answer(
            status=400,  # seen to be an error of HTTP; which one is not published
            body=fault(words, now=exchange.now),
            media_type=_SOAP_XML,
            rule=refusal.rule.id,
            code=f"AADSTS{refusal.rule.code}",
        )


_CHALLENGE: Final = {"WWW-Authenticate": "Negotiate"}


def _read(body: bytes) -> DesktopRequest:
    try:
        return read_request(body[:BODY_LIMIT])  # what is longer is cut, and no document any more
    except UnreadableRequest:
        raise _Refused("desktop-sso-request") from None

"""The device registration service of one tenant: enterpriseregistration.windows.net by path."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from hybridjoin.doubles.entra.answer import Answer, Row, unknown_tenant
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.documents import discover, nonce
from hybridjoin.doubles.entra.errors import Exchange, JoinRefused, compact, registration_error
from hybridjoin.doubles.entra.incoming import body_of
from hybridjoin.doubles.entra.leaving import leave
from hybridjoin.doubles.entra.registration import Joined, JoinRequest, join, sync_join
from hybridjoin.doubles.entra.tenant import Tenant


class RegistrationService:
    """Where devices find out about the tenant, join and leave."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority

    @property
    def rows(self) -> tuple[Row, ...]:
        """Each endpoint."""
        one = r"/enrollmentserver/device/(?P<device>[^/]+)/?"
        return (
            ("join", "POST", r"/enrollmentserver/device/?", self._join),
            ("sync-join", "PUT", one, self._sync_join),
            ("leave", "DELETE", one, self._leave),
            ("nonce", "GET", r"/enrollmentserver/nonce/(?P<tenant>[^/]+)/?", self._nonce),
            ("discover", "GET", r"/(?P<tenant>[^/]+)/discover/?", self._discover),
        )

    async def _discover(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        if (
            not self._tenant.config.is_tenant(match["tenant"])
            or self._tenant.config.fault("tenant-unknown") is not None
        ):
            return unknown_tenant(match["tenant"], exchange)
        document = discover(
            self._tenant.config,
            match["tenant"],
            version=request.query_params.get("api-version", "1.0"),
            managed=request.query_params.get("managed", "").lower() == "true",
        )
        return Answer(status=200, body=compact(document).replace(b"/", b"\\/"))  # as .NET's JSON serializer does

    async def _nonce(self, _request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        if not self._tenant.config.is_tenant(match["tenant"]):
            return unknown_tenant(match["tenant"], exchange)
        return Answer(status=200, body=compact(nonce(secrets.token_bytes(32), exchange)))

    async def _join(self, request: Request, _match: re.Match[str], exchange: Exchange) -> Answer:
        asked = JoinRequest(
            body=await body_of(request),
            api_version=request.query_params.get("api-version", ""),
            authorization=request.headers.get("authorization", ""),
        )
        return await self._registered(join, asked, exchange)

    async def _sync_join(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        asked = JoinRequest(
            body=await body_of(request),
            api_version=request.query_params.get("api-version", ""),
            device_id=match["device"],
        )
        return await self._registered(sync_join, asked, exchange)

    async def _leave(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        shown = next(iter(request.scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())), "")
        try:
            gone = leave(self._tenant, match["device"], shown)
        except JoinRefused as refused:
            return _join_refused(refused, exchange)
        return Answer(status=200, body=b"", device_id=str(gone.device_id))

    async def _registered(self, register: Callable[..., Joined], asked: JoinRequest, exchange: Exchange) -> Answer:
        try:
            joined = await run_in_threadpool(register, self._tenant, self._authority, asked, now=exchange.now)
        except JoinRefused as refused:
            return _join_refused(refused, exchange)
        return Answer(status=200, body=compact(joined.reply), device_id=str(joined.device.device_id))


def _join_refused(refused: JoinRefused, exchange: Exchange) -> Answer:
    rule = refused.rule
    body = registration_error(rule.error_type, refused.message, exchange, rule.subcode)
    return Answer(status=rule.status, body=body, rule=rule.id, code=rule.error_type)

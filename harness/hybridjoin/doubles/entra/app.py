"""The Entra double as an application: login.microsoftonline.com and enterpriseregistration.windows.net by path."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hybridjoin.doubles.entra.answer import Answer, Handler, instead, truncated
from hybridjoin.doubles.entra.audit import Audit, AuditEntry
from hybridjoin.doubles.entra.authority import Authority, process_authority
from hybridjoin.doubles.entra.autologon.service import AutoLogon
from hybridjoin.doubles.entra.browser.service import BrowserSignIn
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.clock import Clock
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.connect import data_source, directory_source
from hybridjoin.doubles.entra.errors import Exchange, compact, token_error
from hybridjoin.doubles.entra.graph import Graph
from hybridjoin.doubles.entra.incoming import body_of, correlation_of, form_of
from hybridjoin.doubles.entra.judge import Refusal, judge
from hybridjoin.doubles.entra.logon import Logons
from hybridjoin.doubles.entra.oidc.provider import Provider
from hybridjoin.doubles.entra.oidc.token import GRANT_TYPE
from hybridjoin.doubles.entra.public_documents import PublicDocuments
from hybridjoin.doubles.entra.refusals import REFUSALS
from hybridjoin.doubles.entra.registration_service import RegistrationService
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.sign_in import grant
from hybridjoin.doubles.entra.tenant import Tenant

# Entra has no such header. Whoever judges a refusal has to know that nobody has published it.
ASSUMED_RULE = "x-hybridjoin-assumed-rule"
_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]


def build_entra(config: EntraConfig, *, authority: Authority | None = None) -> Starlette:
    """Build the application of one tenant and run Entra Connect's first cycle.

    `app.state.tenant` is the tenant's directory (`sync()` runs another cycle), `app.state.audit` what was
    asked and answered, `app.state.administrator_token(scope, …)` makes a token for Microsoft Graph,
    `app.state.client_authority` is the authority (PEM) of the certificates that devices show.

    Raises:
        SyncError: the directory to sync from cannot be read.
    """
    source = directory_source(config.connect, config.source_anchor) if config.connect else data_source(config)
    tenant = Tenant(config, source)
    tenant.sync()
    for name in config.connect.deleted if config.connect else ():
        tenant.delete(name)
    authority = authority or process_authority()
    double = _Entra(tenant, authority)
    app = Starlette(routes=[Route("/{path:path}", endpoint=double.answer, methods=_METHODS)])
    app.state.tenant = tenant
    app.state.audit = double.audit
    app.state.administrator_token = double.administrator_token
    app.state.client_authority = authority.ca_pem
    return app


class _Entra:
    """The endpoints of one tenant."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self.audit = Audit()
        self._tenant = tenant
        self._graph = Graph(tenant, authority)
        self._authority = authority
        self._logons = Logons(tenant, authority)
        self._clock = Clock(tenant.config.clock_offset_s)
        self._provider = Provider(tenant, authority)
        self._browser = BrowserSignIn(tenant, authority, self._provider)
        self._autologon = AutoLogon(tenant, authority)
        self._routes: tuple[tuple[str, str, re.Pattern[str], Handler], ...] = tuple(
            (endpoint, method, re.compile(pattern, re.IGNORECASE), handler)
            for endpoint, method, pattern, handler in (
                *PublicDocuments(tenant, authority).rows,
                *self._autologon.rows,
                ("token", "POST", r"/(?P<tenant>[^/]+)/oauth2/(?P<v2>v2\.0/)?token", self._token),
                *RegistrationService(tenant, authority).rows,
                ("authorize", "GET", r"/(?P<tenant>[^/]+)/oauth2/(?P<v2>v2\.0/)?authorize", self._authorize),
                ("login", "POST", r"/login\.srf", self._browser.answer),
                *self._provider.rows,
                *self._graph.rows,
            )
        )

    @property
    def _config(self) -> EntraConfig:
        return self._tenant.config

    def administrator_token(self, *scopes: str) -> str:
        """Return a cloud administrator's token for Microsoft Graph."""
        return self._graph.administrator_token(*scopes, now=self._clock.now().timestamp())

    async def answer(self, request: Request) -> Response:
        """Answer one request, whatever it is, and write it down."""
        exchange = Exchange(correlation_id=correlation_of(request), now=self._clock.now())
        endpoint, answer = await self._dispatch(request, exchange)
        self.audit.add(
            AuditEntry(
                at=exchange.now,
                endpoint=endpoint,
                method=request.method,
                status=answer.status,
                correlation_id=exchange.correlation_id,
                trace_id=exchange.trace_id,
                rule=answer.rule,
                code=answer.code,
                device_id=answer.device_id,
                fault=answer.fault,
            )
        )
        headers = {
            "Cache-Control": "no-store, no-cache",
            "Pragma": "no-cache",
            "request-id": exchange.trace_id,
            "x-ms-request-id": exchange.trace_id,
            "client-request-id": exchange.correlation_id,
            **answer.headers,
        }
        return Response(answer.body, status_code=answer.status, headers=headers, media_type=answer.media_type)

    async def _dispatch(self, request: Request, exchange: Exchange) -> tuple[str, Answer]:
        path: str = request.scope["path"]
        allowed: set[str] = set()
        for endpoint, method, pattern, handler in self._routes:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            if request.method == method:
                return endpoint, await self._handle(endpoint, handler, request, match, exchange)
            allowed.add(method)
        plain = "text/plain; charset=utf-8"
        if allowed:
            headers = {"Allow": ", ".join(sorted(allowed))}
            return "", Answer(status=405, body=b"method not allowed\n", media_type=plain, headers=headers)
        return "", Answer(status=404, body=b"no such resource\n", media_type=plain)

    async def _handle(
        self, endpoint: str, handler: Handler, request: Request, match: re.Match[str], exchange: Exchange
    ) -> Answer:
        faults = self._config.faults
        replaced = await instead(faults, endpoint, request, exchange)
        return replaced or truncated(faults, endpoint, await handler(request, match, exchange))

    async def _token(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        refused = self._config.fault("refused-with")
        if refused is not None:
            answer = REFUSALS[refused.integer("code")]
            body = token_error(answer.code, answer.error, answer.message, exchange)
            return Answer(status=answer.status, body=body, code=f"AADSTS{answer.code}", fault=refused.name)
        form = form_of(request, await body_of(request))
        if self._browser.issued(form):
            return self._browser.redeem(form, exchange)
        if form.get("grant_type") == (GRANT_TYPE,):
            plain = {name: values[0] for name, values in form.items()}
            return await self._provider.token(request, match, exchange, plain)
        logon = await self._logons.answered(form, match["tenant"], exchange)
        if logon is not None:
            return self._refused(logon, exchange) if isinstance(logon, Refusal) else logon
        case = Case(
            tenant=self._tenant,
            addressed=match["tenant"],
            form=form,
            now=exchange.now,
            v2=match["v2"] is not None,
            policies=True,
        )
        of_desktop = self._autologon.redeem(case)
        if of_desktop is not None:
            return self._refused(of_desktop, exchange) if isinstance(of_desktop, Refusal) else of_desktop
        # In a thread of its own: xmlsec leaves a refused signature in OpenSSL's error queue, which belongs to the
        # thread, and where it shares the library with Python the server's next TLS read would trip over it.
        subject = await run_in_threadpool(judge, case)
        if isinstance(subject, Refusal):
            return self._refused(subject, exchange)
        granted = grant(case, subject, self._authority)
        return Answer(status=200, body=compact(granted.document), device_id=granted.device_id)

    async def _authorize(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        if self._browser.takes(match["tenant"], request.query_params):
            return self._browser.authorize(request.query_params, exchange, v2=match["v2"] is not None)
        return await self._provider.authorize(request, match, exchange)

    def _refused(self, refusal: Refusal, exchange: Exchange) -> Answer:
        if self._switched_on("another-correlation-id"):
            exchange = replace(exchange, correlation_id=str(uuid.uuid4()))
        rule = refusal.rule
        body = token_error(rule.code, rule.error, refusal.description, exchange)
        headers = {ASSUMED_RULE: rule.id} if rule.certainty is Certainty.ASSUMED else {}
        return Answer(status=rule.status, body=body, rule=rule.id, code=f"AADSTS{rule.code}", headers=headers)

    def _switched_on(self, fault: str) -> bool:
        return self._config.fault(fault) is not None

"""The Entra double as an application: login.microsoftonline.com and enterpriseregistration.windows.net by path."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hybridjoin.doubles.entra import openid, seamless
from hybridjoin.doubles.entra.answer import Answer, instead, truncated
from hybridjoin.doubles.entra.audit import Audit, AuditEntry
from hybridjoin.doubles.entra.authority import Authority, process_authority
from hybridjoin.doubles.entra.browser.service import BrowserSignIn
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.clock import Clock
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.connect import data_source, directory_source
from hybridjoin.doubles.entra.documents import Document, discover, nonce, user_realm, user_realm_srf
from hybridjoin.doubles.entra.errors import Exchange, JoinRefused, compact, registration_error, token_error
from hybridjoin.doubles.entra.graph import Graph
from hybridjoin.doubles.entra.judge import Refusal, judge
from hybridjoin.doubles.entra.leaving import leave
from hybridjoin.doubles.entra.logon import Logons
from hybridjoin.doubles.entra.oidc.provider import Provider
from hybridjoin.doubles.entra.oidc.token import GRANT_TYPE
from hybridjoin.doubles.entra.refusals import REFUSALS
from hybridjoin.doubles.entra.registration import Joined, JoinRequest, join, sync_join
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.sign_in import grant
from hybridjoin.doubles.entra.tenant import Tenant

BODY_LIMIT = 1024 * 1024
# Entra has no such header. Whoever judges a refusal has to know that nobody has published it.
ASSUMED_RULE = "x-hybridjoin-assumed-rule"
_FORM = "application/x-www-form-urlencoded"
_OPENID = r"/(?P<tenant>[^/]+)/(?P<v2>v2\.0/)?\.well-known/openid-configuration"
_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]

Handler = Callable[[Request, "re.Match[str]", Exchange], Awaitable[Answer]]


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
        self._browser = BrowserSignIn(tenant, authority)
        self._routes: tuple[tuple[str, str, re.Pattern[str], Handler], ...] = tuple(
            (endpoint, method, re.compile(pattern, re.IGNORECASE), handler)
            for endpoint, method, pattern, handler in (
                ("realm", "GET", r"/[^/]+/userrealm(?:/(?P<user>.*))?", self._realm),
                ("realm", "GET", r"/getuserrealm\.srf", self._realm_srf),
                ("seamless", "GET", r"/[^/]+/winauth/trust/mex", self._seamless_metadata),
                ("seamless", "POST", r"/[^/]+/winauth/trust/2005/windowstransport", self._seamless),
                ("token", "POST", r"/(?P<tenant>[^/]+)/oauth2/(?P<v2>v2\.0/)?token", self._token),
                ("instance", "GET", r"/common/discovery/instance", self._instance),
                ("openid", "GET", _OPENID, self._openid),
                ("keys", "GET", r"/[^/]+/discovery/(?P<v2>v2\.0/)?keys", self._keys),
                ("join", "POST", r"/enrollmentserver/device/?", self._join),
                ("sync-join", "PUT", r"/enrollmentserver/device/(?P<device>[^/]+)/?", self._sync_join),
                ("leave", "DELETE", r"/enrollmentserver/device/(?P<device>[^/]+)/?", self._leave),
                ("nonce", "GET", r"/enrollmentserver/nonce/(?P<tenant>[^/]+)/?", self._nonce),
                ("discover", "GET", r"/(?P<tenant>[^/]+)/discover/?", self._discover),
                ("authorize", "GET", r"/(?P<tenant>[^/]+)/oauth2/(?P<v2>v2\.0/)?authorize", self._authorize),
                ("login", "POST", r"/login\.srf", self._browser.answer),
                *self._provider.routes,
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
        exchange = Exchange(correlation_id=_correlation(request), now=self._clock.now())
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

    async def _realm(self, request: Request, match: re.Match[str], _: Exchange) -> Answer:
        user = match["user"] or request.query_params.get("user", "")
        version = request.query_params.get("api-version", "1.0")
        document = user_realm(
            self._config,
            user,
            version=version,
            hidden=self._switched_on("realm-unknown"),
            domain_hint="domain_hint" in request.query_params,
        )
        domain = self._config.domain(user.rpartition("@")[2])
        if seamless.shown_as_federated(domain, request.headers.get("x-client-sku", "")):
            document |= seamless.realm_members(self._config)
        if self._switched_on("realm-without-metadata-url"):
            document.pop("federation_metadata_url", None)
        return Answer(status=200, body=compact(document))

    async def _realm_srf(self, request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        login = request.query_params.get("login", "")
        document = user_realm_srf(self._config, login, hidden=self._switched_on("realm-unknown"))
        return Answer(status=200, body=compact(document))

    async def _seamless_metadata(self, _request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        return seamless.metadata(self._config)

    async def _seamless(self, _request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        return seamless.challenge()

    async def _discover(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        if not self._config.is_tenant(match["tenant"]) or self._switched_on("tenant-unknown"):
            return _unknown_tenant(match["tenant"], exchange)
        document = discover(
            self._config,
            match["tenant"],
            version=request.query_params.get("api-version", "1.0"),
            managed=request.query_params.get("managed", "").lower() == "true",
        )
        return Answer(status=200, body=compact(document).replace(b"/", b"\\/"))  # as .NET's JSON serializer does

    async def _nonce(self, _request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        if not self._config.is_tenant(match["tenant"]):
            return _unknown_tenant(match["tenant"], exchange)
        return Answer(status=200, body=compact(nonce(secrets.token_bytes(32), exchange)))

    async def _token(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        refused = self._config.fault("refused-with")
        if refused is not None:
            answer = REFUSALS[refused.integer("code")]
            body = token_error(answer.code, answer.error, answer.message, exchange)
            return Answer(status=answer.status, body=body, code=f"AADSTS{answer.code}", fault=refused.name)
        form = _form(request, await _body(request))
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
        )
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

    async def _instance(self, request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        endpoint = request.query_params.get("authorization_endpoint", "")
        return Answer(status=200, body=compact(openid.instance(self._config, endpoint)))

    async def _openid(self, _request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        addressed = match["tenant"]
        if addressed.lower() not in openid.COMMON and not self._config.is_tenant(addressed):
            return _unknown_tenant(addressed, exchange)
        document = openid.configuration(self._config, addressed, v2=match["v2"] is not None)
        headers = {"Cache-Control": "max-age=86400, private"}
        return Answer(status=200, body=compact(document), headers=headers)

    async def _keys(self, _request: Request, match: re.Match[str], _: Exchange) -> Answer:
        tenant_issuer = openid.issuer(self._config, v2=True) if match["v2"] else ""
        return Answer(status=200, body=compact(self._key_set(tenant_issuer)))

    def _key_set(self, tenant_issuer: str) -> Document:
        certificates = not self._switched_on("keys-without-certificates")
        return openid.keys(self._authority, tenant_issuer=tenant_issuer, certificates=certificates)

    def _refused(self, refusal: Refusal, exchange: Exchange) -> Answer:
        if self._switched_on("another-correlation-id"):
            exchange = replace(exchange, correlation_id=str(uuid.uuid4()))
        rule = refusal.rule
        body = token_error(rule.code, rule.error, refusal.description, exchange)
        headers = {ASSUMED_RULE: rule.id} if rule.certainty is Certainty.ASSUMED else {}
        return Answer(status=rule.status, body=body, rule=rule.id, code=f"AADSTS{rule.code}", headers=headers)

    async def _join(self, request: Request, _match: re.Match[str], exchange: Exchange) -> Answer:
        asked = JoinRequest(
            body=await _body(request),
            api_version=request.query_params.get("api-version", ""),
            authorization=request.headers.get("authorization", ""),
        )
        return await self._registered(join, asked, exchange)

    async def _sync_join(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        asked = JoinRequest(
            body=await _body(request),
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

    def _switched_on(self, fault: str) -> bool:
        return self._config.fault(fault) is not None


def _join_refused(refused: JoinRefused, exchange: Exchange) -> Answer:
    rule = refused.rule
    body = registration_error(rule.error_type, refused.message, exchange, rule.subcode)
    return Answer(status=rule.status, body=body, rule=rule.id, code=rule.error_type)


def _unknown_tenant(name: str, exchange: Exchange) -> Answer:
    message = (
        f"AADSTS90002: Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant."
    )
    body = registration_error("DirectoryError", message, exchange)
    return Answer(status=400, body=body, rule="tenant-unknown", code="AADSTS90002")


def _correlation(request: Request) -> str:
    """Return the client's request id where it is one, else a fresh one."""
    try:
        return str(uuid.UUID(request.headers.get("client-request-id", "")))
    except ValueError:
        return str(uuid.uuid4())


async def _body(request: Request) -> bytes:
    """Read the body up to the limit; what is longer is cut, and then refused as what it no longer is."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > BODY_LIMIT:
            break
    return bytes(read[: BODY_LIMIT + 1])


def _form(request: Request, body: bytes) -> dict[str, tuple[str, ...]]:
    """Read a form; a body of another type, or one that cannot be a form, has no parameters."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM or len(body) > BODY_LIMIT:
        return {}
    try:
        found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return {}
    return {name: tuple(values) for name, values in found.items()}

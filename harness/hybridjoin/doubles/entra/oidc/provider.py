"""The OpenID provider of one tenant: who may ask what, at which path, and how the answer goes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, urlencode
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from hybridjoin.doubles.entra.answer import Answer, Row, compact
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import Domain
from hybridjoin.doubles.entra.errors import Exchange, token_error, written
from hybridjoin.doubles.entra.incoming import body_of
from hybridjoin.doubles.entra.oidc import graph
from hybridjoin.doubles.entra.oidc.asked import Addressee, Asked, RefusedAtApplication, read_asked
from hybridjoin.doubles.entra.oidc.claims import groups_of
from hybridjoin.doubles.entra.oidc.grants import PATIENCE, IssuedCode, Kept, Waiting
from hybridjoin.doubles.entra.oidc.graph import Caller, GraphRefused
from hybridjoin.doubles.entra.oidc.page import error_page, posting_page, sign_in_page
from hybridjoin.doubles.entra.oidc.people import check_assignment, check_password, consented, find_person
from hybridjoin.doubles.entra.oidc.rules import OpenIdRefused
from hybridjoin.doubles.entra.oidc.token import Redeeming, answer, redeem
from hybridjoin.doubles.entra.tenant import SyncedUser, Tenant
from hybridjoin.doubles.entra.way_to_idp import address_of_idp, wrapped

BODY_LIMIT = 64 * 1024
_HTML = "text/html; charset=utf-8"
_AGAIN = frozenset({"password-wrong", "user-unknown", "user-account-disabled"})
"""The refusals that Entra's page tells above the same form: the person may try once more."""


class Provider:
    """The endpoints of OpenID Connect and of Graph, for the applications of one tenant."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority
        self._waiting: Kept[Waiting] = Kept("rQQIA")
        self._codes: Kept[IssuedCode] = Kept("1.A")

    @property
    def rows(self) -> tuple[Row, ...]:
        """Each endpoint: its name, its method, its path, and who answers."""
        authorize = r"/(?P<tenant>[^/]+)/oauth2/(?P<v2>v2\.0/)?authorize"
        return (
            ("authorize", "GET", authorize, self.authorize),
            ("authorize", "POST", authorize, self.authorize),
            ("login", "POST", r"/(?P<tenant>[^/]+)/login", self._login),
            ("userinfo", "GET", r"/oidc/userinfo|/[^/]+/openid/userinfo", self._userinfo),
            ("userinfo", "POST", r"/oidc/userinfo|/[^/]+/openid/userinfo", self._userinfo),
            ("graph", "POST", r"/v1\.0/(?P<who>me|users/[^/]+)/getMember(?:Groups|Objects)", self._member_ids),
            (
                "graph",
                "GET",
                r"/v1\.0/(?P<who>me|users/[^/]+)/transitiveMemberOf(?:/microsoft\.graph\.group)?",
                self._member_of,
            ),
            ("graph", "GET", r"/v1\.0/groups", self._groups),
        )

    async def authorize(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        """Show the page to sign in, for an application's request that may be answered."""
        parameters = dict(request.query_params)
        if request.method == "POST":
            parameters |= await form_of(request)
        try:
            asked = read_asked(self._tenant.config, match["tenant"], parameters, v2=match["v2"] is not None)
        except OpenIdRefused as refused:
            return _shown(refused, exchange)
        except RefusedAtApplication as refused:
            return _returned(refused.to, _error_fields(refused.refused, refused.to, exchange), refused.refused)
        context = self._waiting.keep(Waiting(asked=asked, since=exchange.now))
        hint = parameters.get("login_hint", "")
        at_once = self._tenant.config.domain(asked.application.accelerated)
        if at_once is not None and at_once.sends_browsers_on:
            return self._to_the_idp(at_once, hint, context, exchange)
        return self._form(match["tenant"], asked, context, hint=hint)

    async def _login(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        form = await form_of(request)
        context, name = form.get("ctx", ""), form.get("login", "").strip()
        waiting = self.waiting(context, exchange)
        if waiting is None:
            return _shown(OpenIdRefused("sign-in-unasked"), exchange)
        asked = waiting.asked
        try:
            user = find_person(self._tenant, asked, name)
            home = self._home(asked, user)
            if home is not None:
                return self._to_the_idp(home, user.upn, context, exchange)
            await run_in_threadpool(check_password, self._tenant, user, form.get("passwd", ""))
            check_assignment(asked.application, user)
        except OpenIdRefused as refused:
            if refused.rule.id not in _AGAIN:
                return _shown(refused, exchange)
            problem = written(refused.rule.code, refused.description, exchange)
            form_again = self._form(match["tenant"], asked, context, hint=name, problem=problem)
            return _noted(form_again, refused)
        return self._signed_in(asked, user, exchange)

    def waiting(self, context: str, exchange: Exchange) -> Waiting | None:
        """Return the request that a person signs in for; None where there is none, or it has waited too long."""
        found = self._waiting.look(context)
        return None if found is None or exchange.now - found.since > PATIENCE else found

    def arrived(self, waiting: Waiting, user: SyncedUser, exchange: Exchange) -> Answer:
        """Let a person on whom the identity provider has sent back."""
        try:
            check_assignment(waiting.asked.application, user)
        except OpenIdRefused as refused:
            return _shown(refused, exchange)
        return self._signed_in(waiting.asked, user, exchange)

    def _signed_in(self, asked: Asked, user: SyncedUser, exchange: Exchange) -> Answer:
        to = Addressee(redirect_uri=asked.redirect_uri, state=asked.state, mode=asked.mode)
        try:
            permissions = consented(asked)
        except OpenIdRefused as refused:
            return _returned(to, _error_fields(refused, to, exchange), refused)
        issued = IssuedCode(asked=asked, user=user, at=exchange.now, permissions=permissions)
        fields = {"code": self._codes.keep(issued)}
        if to.state is not None and not self._tenant.config.fault("state-lost"):
            fields["state"] = to.state
        fields["session_state"] = str(uuid4())
        return _returned(to, fields)

    def _home(self, asked: Asked, user: SyncedUser) -> Domain | None:
        """Return the domain of a federated person; None where Entra signs in itself."""
        domain = self._tenant.config.domain(user.upn.rpartition("@")[2])
        followed = domain is not None and domain.sends_browsers_on and not asked.application.cloud_password
        return domain if followed else None

    def _to_the_idp(self, domain: Domain, user: str, context: str, exchange: Exchange) -> Answer:
        """Send a browser to the identity provider of a domain."""
        told, request_id = wrapped(context), exchange.correlation_id
        location = address_of_idp(domain, user=user, context=told, correlation_id=request_id, more={})
        return Answer(status=302, body=b"", headers={"Location": location})

    def _form(self, tenant: str, asked: Asked, context: str, *, hint: str = "", problem: str = "") -> Answer:
        action = f"{self._tenant.config.login_url}/{quote(tenant)}/login"
        name = asked.application.display_name
        page = sign_in_page(action, context=context, application=name, hint=hint, problem=problem)
        return Answer(status=200, body=page, media_type=_HTML)

    async def token(
        self, request: Request, match: re.Match[str], exchange: Exchange, form: Mapping[str, str]
    ) -> Answer:
        """Redeem a code."""
        redeeming = Redeeming(
            addressed=match["tenant"],
            parameters=form,
            authorization=request.headers.get("authorization", ""),
            now=exchange.now,
            v2=match["v2"] is not None,
        )
        try:
            signed = redeem(self._tenant, self._codes, redeeming)
        except OpenIdRefused as refused:
            rule = refused.rule
            body = token_error(rule.code, rule.error, refused.description, exchange, joint="\r\n")
            return Answer(status=rule.status, body=body, rule=rule.id, code=f"AADSTS{rule.code}")
        return Answer(status=200, body=compact(answer(signed, self._authority)))

    async def _userinfo(self, request: Request, _: re.Match[str], exchange: Exchange) -> Answer:
        return self._graph(request, exchange, lambda caller: graph.userinfo(self._tenant, caller))

    async def _member_ids(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        body = await body_of(request)
        return self._graph(
            request,
            exchange,
            lambda caller: graph.member_ids(
                self._tenant, groups_of(self._tenant, self._whom(match["who"], caller)), body
            ),
        )

    async def _member_of(self, request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        query, path = dict(request.query_params), str(request.scope["path"])

        def page(caller: Caller) -> dict[str, object]:
            groups = groups_of(self._tenant, self._whom(match["who"], caller))
            return graph.group_page(self._tenant, groups, path, query)

        return self._graph(request, exchange, page)

    async def _groups(self, request: Request, _: re.Match[str], exchange: Exchange) -> Answer:
        query = dict(request.query_params)

        def page(caller: Caller) -> dict[str, object]:
            caller.need(graph.READ_GROUPS)
            return graph.group_page(self._tenant, self._tenant.groups, "/v1.0/groups", query)

        return self._graph(request, exchange, page)

    def _whom(self, who: str, caller: Caller) -> SyncedUser:
        """Return whose groups are asked for: the caller's own take less than somebody's by id."""
        if self._tenant.config.fault("graph-denied"):
            caller.need(frozenset())
        if who.lower() == "me":
            caller.need(graph.READ_OWN)
            return caller.user
        caller.need(graph.READ_GROUPS)
        wanted = who.partition("/")[2].lower()
        for user in self._tenant.users:
            if wanted in {self._tenant.cloud_id(user.object_guid), user.upn.lower()}:
                return user
        raise GraphRefused(404, "Request_ResourceNotFound", f"Resource '{wanted}' does not exist.")

    def _graph(self, request: Request, exchange: Exchange, ask: Callable[[Caller], Mapping[str, object]]) -> Answer:
        try:
            authorization = request.headers.get("authorization", "")
            caller = graph.find_caller(self._tenant, self._authority, authorization, now=exchange.now)
            return Answer(status=200, body=compact(ask(caller)))
        except GraphRefused as refusal:
            return graph.refused(refusal, exchange)


def _noted(found: Answer, refused: OpenIdRefused) -> Answer:
    """Return the answer with what the audit shall say of the refusal."""
    return Answer(
        status=found.status,
        body=found.body,
        media_type=found.media_type,
        headers=found.headers,
        rule=refused.rule.id,
        code=f"AADSTS{refused.rule.code}",
    )


def _shown(refused: OpenIdRefused, exchange: Exchange) -> Answer:
    """Tell the person; the application learns nothing."""
    page = error_page(written(refused.rule.code, refused.description, exchange))
    return _noted(Answer(status=400, body=page, media_type=_HTML), refused)


def _error_fields(refused: OpenIdRefused, to: Addressee, exchange: Exchange) -> dict[str, str]:
    rule = refused.rule
    fields = {
        "error": rule.error,
        "error_description": written(rule.code, refused.description, exchange, joint="\r\n"),
        "error_uri": f"https://login.microsoftonline.com/error?code={rule.code}",
    }
    return fields | ({"state": to.state} if to.state is not None else {})


def _returned(to: Addressee, fields: Mapping[str, str], refused: OpenIdRefused | None = None) -> Answer:
    """Send an answer to the application in the way it asked for."""
    if to.mode == "form_post":
        found = Answer(status=200, body=posting_page(to.redirect_uri, fields), media_type=_HTML)
    else:
        joint = "#" if to.mode == "fragment" else "&" if "?" in to.redirect_uri else "?"
        found = Answer(status=302, body=b"", headers={"Location": f"{to.redirect_uri}{joint}{urlencode(fields)}"})
    return _noted(found, refused) if refused is not None else found


async def _short_body(request: Request) -> bytes:
    """Read the body, nothing of a longer one: nobody sends more in good faith."""
    body = await body_of(request, limit=BODY_LIMIT)
    return body if len(body) <= BODY_LIMIT else b""


async def form_of(request: Request) -> dict[str, str]:
    """Read a form; the first of several values counts."""
    text = (await _short_body(request)).decode("utf-8", "replace")
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return {}
    return dict(reversed(fields))

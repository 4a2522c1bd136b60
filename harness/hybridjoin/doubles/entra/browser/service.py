"""The three endpoints of a sign-in by browser: authorize, login.srf, and the grant of an authorization code."""

from __future__ import annotations

import base64
import re
import secrets
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from hybridjoin.doubles.entra import second_factor
from hybridjoin.doubles.entra.answer import Answer
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.browser import rules
from hybridjoin.doubles.entra.browser.pages import error_page, redirect, scripted_page
from hybridjoin.doubles.entra.browser.request import AuthorizeRequest, context_of, read_authorize, request_of
from hybridjoin.doubles.entra.browser.wresult import token_in
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.config import Domain
from hybridjoin.doubles.entra.errors import Exchange, compact, token_error
from hybridjoin.doubles.entra.judge import DeviceSubject, Refusal, UserSubject, judge
from hybridjoin.doubles.entra.oidc.provider import Provider, form_of
from hybridjoin.doubles.entra.openid import COMMON
from hybridjoin.doubles.entra.request_checks import GRANT_TYPE
from hybridjoin.doubles.entra.resources import DEVICE_CLIENTS, GRAPH, USER_CLIENTS
from hybridjoin.doubles.entra.rule import Rule
from hybridjoin.doubles.entra.sign_in import grant
from hybridjoin.doubles.entra.tenant import Tenant
from hybridjoin.doubles.entra.user_rules import SECOND_FACTOR_NOT_TOLD
from hybridjoin.doubles.entra.way_to_idp import address_of_idp, unwrapped

PASSWORD = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password"
PORTAL = "https://www.office.com/?auth=2"
CODES_KEPT = 256
Form = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    """What an authorization code is good for."""

    asked: AuthorizeRequest
    case: Case
    subject: DeviceSubject | UserSubject


class BrowserSignIn:
    """A tenant's sign-in by browser; codes are good once."""

    def __init__(self, tenant: Tenant, authority: Authority, applications: Provider) -> None:
        self._tenant = tenant
        self._applications = applications
        self._config = tenant.config
        self._authority = authority
        self._codes: OrderedDict[str, _Code] = OrderedDict()
        self._lock = threading.Lock()

    def takes(self, tenant: str, query: Mapping[str, str]) -> bool:
        """Say whether a program asks that is at home in every tenant; others are applications, with a page."""
        known = tenant.lower() in COMMON or self._config.is_tenant(tenant)
        return known and query.get("client_id", "").lower() in (*USER_CLIENTS, *DEVICE_CLIENTS)

    def authorize(self, query: Mapping[str, str], exchange: Exchange, *, v2: bool) -> Answer:
        """Send a browser to the IdP of the person's domain; where only a page could ask who comes, return that."""
        asked = read_authorize(query, v2=v2)
        if not asked.reply_known:
            named = {"client_id": asked.client_id, "redirect_uri": asked.redirect_uri}
            return self._refused(rules.REPLY_UNKNOWN, exchange, **named)
        domain = self._config.domain(asked.domain)
        if domain is None or not domain.sends_browsers_on:
            return scripted_page("ConvergedSignIn", "Sign in to your account")
        return self._to_the_idp(domain, asked, exchange, self._fresh(domain, asked))

    async def answer(self, request: Request, _match: re.Match[str], exchange: Exchange) -> Answer:
        """Take what a browser brings to login.srf."""
        return await run_in_threadpool(self.login, await form_of(request), exchange)

    def login(self, value: Mapping[str, str], exchange: Exchange) -> Answer:
        """Judge what the IdP sent back; a code for the program that began, or a page that says why not."""
        if not value.get("wa"):
            return self._refused(rules.WA_MISSING, exchange)
        assertion = token_in(value.get("wresult", ""))
        if isinstance(assertion, Rule):
            return self._refused(assertion, exchange)
        if not value.get("wctx"):
            return redirect(PORTAL)  # nobody had asked: the person lands where such sign-ins land
        asked = request_of(value["wctx"])
        if asked is None:
            return self._at_application(value["wctx"], assertion, exchange)
        case = self._case(asked, assertion, exchange)
        subject = judge(case)
        if isinstance(subject, Refusal):
            return error_page(rules.in_browser(subject.rule), subject.description, exchange)
        factor = self._second_factor(case, partial(self._back_to_the_idp, case, asked, exchange))
        return factor or self._issue(asked, case, subject)

    def _at_application(self, context: str, assertion: bytes, exchange: Exchange) -> Answer:
        """Judge what the IdP sent back for an application, whose own request was judged before anybody signed in."""
        waiting = self._applications.waiting(unwrapped(context), exchange)
        if waiting is None:
            return self._refused(rules.WCTX_STRANGE, exchange)
        form = {"resource": (GRAPH,), "assertion": (base64.b64encode(assertion).decode("ascii"),)}
        case = Case(tenant=self._tenant, addressed=str(self._config.tenant_id), form=form, now=exchange.now)
        subject = judge(case, rules=rules.OF_AN_ASSERTION)
        if isinstance(subject, Refusal):
            return error_page(rules.in_browser(subject.rule), subject.description, exchange)
        if isinstance(subject, DeviceSubject):
            raise LookupError("a computer passed the rules for a person's token")  # noqa: TRY004 - a rule out of order

        def again(more: Mapping[str, str]) -> Answer:
            user, request_id = subject.user.upn, exchange.correlation_id
            domain = case.domains[0]
            return redirect(address_of_idp(domain, user=user, context=context, correlation_id=request_id, more=more))

        return self._second_factor(case, again) or self._applications.arrived(waiting, subject.user, exchange)

    def issued(self, form: Form) -> bool:
        """Say whether a code was issued here, and not redeemed yet."""
        with self._lock:
            return next(iter(form.get("code", ())), "") in self._codes

    def redeem(self, form: Form, exchange: Exchange) -> Answer:
        """Trade a code that was issued here for tokens; it is spent by that."""
        value = {name: values[0] for name, values in form.items()}
        with self._lock:
            kept = self._codes.pop(value["code"])
        named = (value.get("client_id", ""), value.get("redirect_uri", ""))
        if named != (kept.asked.client_id, kept.asked.redirect_uri):
            return self._token_refused(rules.CODE_OF_ANOTHER, exchange, redirect_uri=named[1])
        return Answer(status=200, body=compact(grant(kept.case, kept.subject, self._authority).document))

    def _fresh(self, domain: Domain, asked: AuthorizeRequest) -> dict[str, str]:
        """Say to the IdP that the program wants a fresh sign-in, as the domain's promptLoginBehavior has it."""
        if asked.prompt != "login":
            return {}
        if domain.prompt_login_behavior == "nativeSupport":
            return {"prompt": "login"}
        if domain.prompt_login_behavior == "disabled":
            return {"wfresh": "0"}
        return {"wfresh": "0", "wauth": PASSWORD}

    def _to_the_idp(
        self, domain: Domain, asked: AuthorizeRequest, exchange: Exchange, more: Mapping[str, str]
    ) -> Answer:
        context = context_of(replace(asked, rounds=asked.rounds + 1))
        user, request_id = asked.login_hint, exchange.correlation_id
        return redirect(address_of_idp(domain, user=user, context=context, correlation_id=request_id, more=more))

    def _case(self, asked: AuthorizeRequest, assertion: bytes, exchange: Exchange) -> Case:
        form = {
            "grant_type": (GRANT_TYPE,),
            "client_id": (asked.client_id,),
            "scope": (asked.scope,),
            "resource": (asked.resource,) if asked.resource else (),
            "client_info": ("1",),
            "assertion": (base64.b64encode(assertion).decode("ascii"),),
        }
        tenant = str(self._config.tenant_id)
        return Case(tenant=self._tenant, addressed=tenant, form=form, now=exchange.now, v2=asked.v2, by_browser=True)

    def _second_factor(self, case: Case, again: Callable[[Mapping[str, str]], Answer]) -> Answer | None:
        """Return where a policy that wants a second factor leads, or None where there is none or it was shown.

        `again` sends the person to the identity provider once more.
        """
        if not second_factor.is_wanting(case):
            return None
        if second_factor.behavior_of(case) == second_factor.ENFORCED:
            return again({"wauth": second_factor.MULTIPLE})
        return scripted_page("ConvergedTFA", "Verify your identity")

    def _back_to_the_idp(
        self, case: Case, asked: AuthorizeRequest, exchange: Exchange, more: Mapping[str, str]
    ) -> Answer:
        if asked.rounds > 1 and self._config.fault("sends-back-once") is not None:
            rule = SECOND_FACTOR_NOT_TOLD
            return error_page(rule, rule.message.format(resource=case.resources[0]), exchange)
        return self._to_the_idp(case.domains[0], asked, exchange, more)

    def _issue(self, asked: AuthorizeRequest, case: Case, subject: DeviceSubject | UserSubject) -> Answer:
        code = f"1.{secrets.token_urlsafe(96)}"
        with self._lock:
            self._codes[code] = _Code(asked=asked, case=case, subject=subject)
            while len(self._codes) > CODES_KEPT:
                self._codes.popitem(last=False)
        reply = {"code": code, "state": asked.state, "session_state": str(uuid.uuid4())}
        joint = "&" if "?" in asked.redirect_uri else "?"
        return redirect(f"{asked.redirect_uri}{joint}{urlencode(reply)}")

    def _refused(self, rule: Rule, exchange: Exchange, **fields: str) -> Answer:
        words = rule.message.format(display_name=self._config.display_name, **fields)
        return error_page(rule, words, exchange)

    def _token_refused(self, rule: Rule, exchange: Exchange, **fields: str) -> Answer:
        body = token_error(rule.code, rule.error, rule.message.format(**fields), exchange)
        return Answer(status=rule.status, body=body, rule=rule.id, code=f"AADSTS{rule.code}")

"""Entra's part of a sign-in by browser: the realm, the way to the IdP, the way back, and the code."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode

from hybridjoin.device.browser.context import (
    AUTHORIZE,
    REALM,
    TOKEN,
    WRESULT,
    BrowserBuilder,
    BrowserContext,
    origin,
)
from hybridjoin.device.needs import Flow, NewId, Send, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.device.steps.grant import trade
from hybridjoin.errors import PeerError
from hybridjoin.evidence.browser import AuthorizationCode
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import oauth, passive, windows
from hybridjoin.protocol.address import leads_to, split_address
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.page import HtmlPage, read_page
from hybridjoin.protocol.passive import PassiveForm
from hybridjoin.protocol.realm import parse_sign_in_realm

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENTRAS_OWN_FACTOR = (
    "let the IdP tell of the second factor that it asks for (multipleauthn), or expect Entra to ask for its own: a "
    "browser with a person before it goes on here"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOn:
    """Entra sends the browser to the IdP at an address, in the place of back to the program: its answer to a step."""

    address: str
    at: StepRow


def ask_realm(context: BrowserContext, builder: BrowserBuilder) -> Flow[None]:
    """Ask whose the name is, as the sign-in page does (version 2).

    Raises:
        StepFailed: nobody answers, or the domain is not federated.
    """
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.login_url}/common/userrealm/{quote(context.name, safe='@')}?api-version=2.1",
        headers=(*context.headers, ("client-request-id", builder.evidence.client_request_id)),
    )
    reply = yield from demand(Send(request=request, at=REALM))
    if reply.status != 200:
        raise StepFailed(_at_realm(f"user realm discovery answered HTTP {reply.status}"))
    found = builder.read(
        REALM,
        lambda: parse_sign_in_realm(reply.body),
        lambda error: _at_realm(f"the user realm document cannot be read: {error.problem}"),
    )
    builder.keep(realm=found)
    if not found.federated:
        domain = found.domain_name or context.name.rpartition("@")[2]
        reason = f"Entra calls the domain {domain} {found.kind!r}: there is no IdP to sign {context.name} in at"
        raise StepFailed(_at_realm(reason, "sign in with a name of a verified, federated domain of the tenant"))


def ask_for_a_code(context: BrowserContext, builder: BrowserBuilder) -> Flow[tuple[str, str]]:
    """Ask for a code as a program does; return its state, and where Entra sends the browser to.

    `domain_hint` has Entra skip the page that would ask who comes, which is written by a script alone.

    Raises:
        StepFailed: Entra sends the browser nowhere.
    """
    state, nonce = str((yield from ask(NewId()))), str((yield from ask(NewId())))
    asked = {
        "client_id": context.client_id,
        "response_type": "code",
        "redirect_uri": context.redirect_uri,
        **dict((context.wanted,)),
        "state": state,
        "nonce": nonce,
        "login_hint": context.name,
        "domain_hint": context.name.rpartition("@")[2],
        **({"prompt": context.prompt} if context.prompt else {}),
    }
    url = f"{context.authorize_at}?{urlencode(asked)}"
    headers = (*context.headers, ("client-request-id", builder.evidence.client_request_id))
    reply = yield from demand(Send(request=HttpRequest(method="GET", url=url, headers=headers), at=AUTHORIZE))
    if reply.status not in REDIRECTS:
        raise StepFailed(_stayed(builder, AUTHORIZE, reply, url))
    return state, to_the_idp(builder, leads_to(url, reply.header("location") or ""), AUTHORIZE)


def hand_over(context: BrowserContext, form: PassiveForm) -> Flow[HttpReply]:
    """Take the IdP's answer to login.srf."""
    known = (("wa", form.wa), ("wresult", form.wresult), ("wctx", form.wctx))
    body = passive.encode_fields(tuple((name, value) for name, value in known if value is not None))
    headers = (*context.headers, ("Content-Type", oauth.CONTENT_TYPE))
    request = HttpRequest(method="POST", url=form.action, headers=headers, body=body)
    return (yield from demand(Send(request=request, at=WRESULT)))


def bring(context: BrowserContext, builder: BrowserBuilder, form: PassiveForm, state: str) -> Flow[str | SentOn]:
    """Take the IdP's answer to login.srf; return the code, or where that leads instead.

    Raises:
        StepFailed: Entra refuses the answer, or sends the browser somewhere else.
    """
    reply = yield from hand_over(context, form)
    target = leads_to(form.action, reply.header("location") or "")
    if reply.status in REDIRECTS and target.startswith(context.redirect_uri):
        return _code(builder, target, state)
    return sent_on(builder, form, reply)


def sent_on(builder: BrowserBuilder, form: PassiveForm, reply: HttpReply) -> SentOn:
    """Return where login.srf sends the browser to whom it gives no code: once more to the IdP.

    Raises:
        StepFailed: it shows a page, or sends the browser somewhere else.
    """
    if reply.status not in REDIRECTS:
        raise StepFailed(_stayed(builder, WRESULT, reply, form.action))
    target = leads_to(form.action, reply.header("location") or "")
    if passive.read_request(target).value("wa") == passive.SIGN_IN:
        return SentOn(address=to_the_idp(builder, target, WRESULT), at=WRESULT)
    where = split_address(target).hostname or "nowhere"
    reason = f"Entra sent the browser to {where} instead of back to the program that had asked"
    remedy = "return wctx as it came: without it Entra takes the answer for a sign-in that nobody had asked for"
    raise StepFailed(failure(WRESULT, reason, windows.UNKNOWN, remedy=remedy))


def redeem(context: BrowserContext, builder: BrowserBuilder, code: str) -> Flow[Token]:
    """Trade the code for the user's access token."""
    body = oauth.build_code_grant(
        code, client_id=context.client_id, redirect_uri=context.redirect_uri, wanted=context.wanted
    )
    request = HttpRequest(
        method="POST",
        url=context.token_at,
        headers=(
            ("Accept", "application/json"),
            ("Content-Type", oauth.CONTENT_TYPE),
            ("client-request-id", builder.evidence.client_request_id),
        ),
        body=body,
    )
    return (yield from trade(builder, TOKEN, request))


def sent_round(times: int) -> Failure:
    """Entra and the IdP send the browser to each other."""
    reason = f"Entra sent the browser to the IdP {times} times, and took none of its answers for enough"
    remedy = (
        "let the IdP answer wauth=…/claims/multipleauthn with the claim of that name, or set "
        "federatedIdpMfaBehavior to acceptIfMfaDoneByFederatedIdp"
    )
    return failure(WRESULT, reason, windows.UNKNOWN, remedy=remedy)


def to_the_idp(builder: BrowserBuilder, target: str, at: StepRow) -> str:
    """Keep and return the address of the IdP that Entra names.

    Raises:
        StepFailed: it is none that a browser could be sent to with a credential.
    """
    request = passive.read_request(target)
    if request.value("wa") != passive.SIGN_IN or origin(target)[0] != "https":
        reason = f"Entra sent the browser to {request.address}, which is no https address with wa=wsignin1.0"
        remedy = "set the domain's passiveSignInUri to the https address of the IdP's passive endpoint"
        raise StepFailed(failure(at, reason, windows.UNKNOWN, remedy=remedy))
    builder.keep(request=request)
    return target


def _code(builder: BrowserBuilder, target: str, state: str) -> str:
    """Return the code of the program's own address.

    Raises:
        StepFailed: there is an error in its place.
    """
    answer = {name: values[0] for name, values in parse_qs(split_address(target).query).items()}
    if not answer.get("code"):
        told = oauth.error_of_a_page(answer.get("error_description", answer.get("error", "")), http_status=302)
        reason = f"Entra gave no code: {answer.get('error', 'without a word')}"
        raise StepFailed(failure(WRESULT, reason, windows.UNKNOWN, server=told))
    builder.keep(code=AuthorizationCode(state_returned=answer.get("state") == state))
    return answer["code"]


def _stayed(builder: BrowserBuilder, at: StepRow, reply: HttpReply, url: str) -> Failure:
    """Entra showed a page where it should have sent the browser on."""
    try:
        page = read_page(reply.body, content_type=reply.header("content-type") or "", url=url)
    except PeerError as error:
        builder.unreadable(at.step, str(error))
        reason = f"Entra's answer (HTTP {reply.status}) cannot be read: {error.problem}"
        return failure(at, reason, windows.http_status(reply.status), remedy="look for a proxy in Entra's place")
    words = passive.refusal_in(page)
    if words:
        told = oauth.error_of_a_page(
            words, http_status=reply.status, assumed_rule=reply.header(oauth.ASSUMED_RULE) or ""
        )
        reason = f"Entra refused the sign-in: AADSTS{told.code}"
        return failure(at, reason, windows.UNKNOWN, server=told)
    return failure(at, _shown(page), windows.UNKNOWN, remedy=_ENTRAS_OWN_FACTOR)


def _shown(page: HtmlPage) -> str:
    title = page.title or page.text[:80] or "without a title"
    return f"Entra shows a page of its own ({title!r}), which only a person with a script engine can go on from"


def _at_realm(reason: str, remedy: str = "look at the name after the @, and for a proxy") -> Failure:
    return failure(REALM, reason, windows.UNKNOWN, remedy=remedy)

"""Writes the passive door's answers: the form that takes the token to the relying party, and pages for people."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp import token_faults
from hybridjoin.doubles.idp.handed_over import HandedOver
from hybridjoin.doubles.idp.issue import signed_assertion
from hybridjoin.doubles.idp.passive import faults as passive_faults
from hybridjoin.doubles.idp.passive.faults import Form, bent
from hybridjoin.doubles.idp.passive.request import PassiveRequest
from hybridjoin.doubles.idp.rendering import render
from hybridjoin.doubles.idp.rst import SOAP_12, Rst
from hybridjoin.doubles.idp.signing import SigningIdentity
from hybridjoin.doubles.idp.token import Token, new_reply

HTML = "text/html; charset=utf-8"
_PLACEHOLDER = "<assertions/>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page for people."""

    title: str
    words: str
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """What the page for name and password shows."""

    action: str
    username: str
    problem: str = ""


def write_page(page: Page) -> bytes:
    """Write a page with a message."""
    return render("passive/message.html", page=page).encode()


def write_sign_in(page: SignInPage) -> bytes:
    """Write the page for name and password."""
    return render("passive/sign_in.html", page=page).encode()


def write_form(
    asked: PassiveRequest,
    token: Token,
    identity: SigningIdentity,
    *,
    profile: str,
    reply_url: str,
    faults: tuple[Misbehaviour, ...],
    handed_over: HandedOver,
) -> tuple[bytes, str]:
    """Return the page whose form takes a token to the relying party, and its media type."""
    form = Form(
        action=reply_url,
        fields=(
            ("wa", asked.wa),
            ("wresult", _wresult(token, identity, profile=profile, faults=faults, handed_over=handed_over)),
            *((("wctx", asked.wctx),) if asked.wctx else ()),
        ),
    )
    form = bent(passive_faults.FORM, form, faults)
    written = Form(action=form.action, method=form.method, fields=tuple(_written(item) for item in form.fields))
    page = render("passive/form.html", form=written).encode()
    return bent(passive_faults.PAGE, (page, HTML), faults)


def _written(field: tuple[str, str]) -> tuple[str, str]:
    """Escape a value by HTML's rules alone: a carriage return stays one, as in the pages of those who write any."""
    name, value = field
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return name, Markup(escaped)  # noqa: S704 - escaped in the line above


def _wresult(
    token: Token,
    identity: SigningIdentity,
    *,
    profile: str,
    faults: tuple[Misbehaviour, ...],
    handed_over: HandedOver,
) -> str:
    def bend(assertion: etree._Element) -> None:
        bent(passive_faults.ASSERTION, assertion, faults)

    expires = token.not_on_or_after
    token = bent(token_faults.CONTENT, token, faults)
    assertion = signed_assertion(token, identity, profile, handed_over, faults, bend)
    rst = Rst(trust="2005", soap=SOAP_12, applies_to=token.audience)
    reply = new_reply(rst, token, (assertion,), expires=expires)
    for table in (token_faults.REPLY, passive_faults.REPLY):
        reply = bent(table, reply, faults)
    text = render("passive/rstr.xml", reply=reply).replace(_PLACEHOLDER, "".join(reply.assertions))
    return bent(passive_faults.WRESULT, text, faults)

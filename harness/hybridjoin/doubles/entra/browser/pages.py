"""Entra's pages, as far as somebody reads them who is no browser: an error, and a page that needs its script."""

from __future__ import annotations

import json
from html import escape

from hybridjoin.doubles.entra.answer import Answer
from hybridjoin.doubles.entra.errors import Exchange
from hybridjoin.doubles.entra.rule import Certainty, Rule

HTML = "text/html; charset=utf-8"
ASSUMED_RULE = "x-hybridjoin-assumed-rule"


def error_page(rule: Rule, words: str, exchange: Exchange) -> Answer:
    """Return the page that a sign-in ends on: the code in its text, and in the settings of its script."""
    moment = f"{exchange.now:%Y-%m-%d %H:%M:%SZ}"
    text = f"AADSTS{rule.code}: {words}"
    facts = f"Trace ID: {exchange.trace_id} Correlation ID: {exchange.correlation_id} Timestamp: {moment}"
    settings = json.dumps({"iErrorCode": rule.code, "strServiceExceptionMessage": text}).replace("<", "\\u003c")
    body = (
        "<!DOCTYPE html>\n<html><head><title>Sign in to your account</title></head><body>"
        f"<script>$Config={settings};</script><h1>Sorry, but we're having trouble signing you in.</h1>"
        f'<p id="exceptionMessageContainer">{escape(text)} {escape(facts)}</p></body></html>\n'
    )
    headers = {ASSUMED_RULE: rule.id} if rule.certainty is Certainty.ASSUMED else {}
    code = f"AADSTS{rule.code}"
    return Answer(status=200, body=body.encode(), media_type=HTML, rule=rule.id, code=code, headers=headers)


def scripted_page(page: str, title: str) -> Answer:
    """Return a page that is written by its script alone; `page` is what Entra calls it in its settings."""
    body = (
        f"<!DOCTYPE html>\n<html><head><title>{escape(title)}</title></head><body>"
        f"<script>$Config={json.dumps({'pgid': page})};</script>"
        "<noscript>JavaScript required to sign in</noscript></body></html>\n"
    )
    return Answer(status=200, body=body.encode(), media_type=HTML, rule=page)


def redirect(location: str) -> Answer:
    """Send a browser on."""
    return Answer(status=302, body=b"", media_type=HTML, headers={"Location": location})

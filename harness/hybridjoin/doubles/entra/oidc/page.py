"""The pages that a person sees: the sign-in form, an error, and the form that posts an answer by itself.

Entra's own page is a program in JavaScript; this one is a plain form with the names of its fields, so that every client
can fill it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_FRAME = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n<body>{body}</body>'
    "</html>\n"
)


def sign_in_page(action: str, *, context: str, application: str, hint: str = "", problem: str = "") -> bytes:
    """Return the form for a name and a password; `problem` is what was wrong with the last ones."""
    told = f'<div role="alert">{escape(problem)}</div>' if problem else ""
    body = (
        f"<h1>Sign in to {escape(application)}</h1>{told}"
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="ctx" value="{escape(context)}">'
        f'<label>User <input type="email" name="login" value="{escape(hint)}"></label>'
        '<label>Password <input type="password" name="passwd"></label>'
        '<input type="submit" value="Sign in"></form>'
    )
    return _page("Sign in to your account", body)


def error_page(message: str) -> bytes:
    """Return the page that says why there is no way on."""
    told = f"<h1>Sorry, but we&#39;re having trouble signing you in.</h1><p>{escape(message)}</p>"
    return _page("Sign in to your account", told)


def posting_page(action: str, fields: Mapping[str, str]) -> bytes:
    """Return the form that hands an answer to the application as soon as it is seen (response_mode=form_post)."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    body = (
        f'<form method="post" name="hiddenform" action="{escape(action)}">{inputs}'
        '<noscript><input type="submit" value="Continue"></noscript></form>'
        "<script>document.forms[0].submit();</script>"
    )
    return _page("Working...", body)


def _page(title: str, body: str) -> bytes:
    return _FRAME.format(title=escape(title), body=body).encode("utf-8")

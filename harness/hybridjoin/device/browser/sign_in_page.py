"""Filling in somebody's sign-in page: which form takes a name and a password, and by which fields."""

from __future__ import annotations

from hybridjoin.model.site import SignInPage
from hybridjoin.protocol.page import Field, Form, HtmlPage

_NAMES = ("username", "user", "login", "email", "userid", "loginfmt", "identifier", "pf.username", "j_username")


def filled_in(
    page: HtmlPage, known: SignInPage, *, name: str, password: str
) -> tuple[Form, tuple[tuple[str, str], ...]] | None:
    """Return the form of a page that asks who comes, and its values as they are sent; None where there is none.

    A page that asks for the name alone, as some do before the password, is one as well. Where the site file names the
    fields, only a form that has them is meant.
    """
    for form in page.forms:
        user, secret = _fields(form, known)
        if secret is None and (user is None or known.password_field):
            continue
        typed = {**({user.name: name} if user else {}), **({secret.name: password} if secret else {})}
        return form, tuple(_values(form, typed))
    return None


def _fields(form: Form, known: SignInPage) -> tuple[Field | None, Field | None]:
    """Return the field for the name, and the one for the password."""
    if known.password_field:
        named = {item.name: item for item in form.fields}
        return named.get(known.user_field), named.get(known.password_field)
    secret = next(iter(form.of_kind("password")), None)
    texts = form.of_kind("text", "email", "tel")
    likely = [item for item in texts if item.name.lower() in _NAMES]
    if secret is not None:
        return next(iter((*likely, *texts)), None), secret
    return next(iter(likely), None), None


def _values(form: Form, typed: dict[str, str]) -> list[tuple[str, str]]:
    """Return what a browser sends: typed and hidden fields, and the first button with a name that is pressed."""
    values: list[tuple[str, str]] = []
    pressed = False
    for item in form.fields:
        if item.name in typed:
            values.append((item.name, typed[item.name]))
        elif item.kind == "submit":
            if not pressed:
                values.append((item.name, item.value))
            pressed = True
        elif item.kind not in {"checkbox", "radio", "button", "image", "reset", "file"}:
            values.append((item.name, item.value))
    return values

"""The way of a browser to a domain's identity provider: what Entra asks there, and gives along to come back by."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, parse_qsl, urlencode

from hybridjoin.doubles.entra.config import Domain


def wrapped(request: str) -> str:
    """Return the wctx that carries a request past the IdP."""
    return urlencode({"LoginOptions": "3", "estsredirect": "2", "estsrequest": request})


def unwrapped(context: str) -> str:
    """Return what a wctx carries; empty where it is none of this form."""
    return parse_qs(context).get("estsrequest", [""])[0]


def address_of_idp(domain: Domain, *, user: str, context: str, correlation_id: str, more: Mapping[str, str]) -> str:
    """Return where a domain's people sign in, with what Entra asks the IdP for."""
    base, _, own = domain.passive_sign_in_uri.partition("?")
    parameters = {
        **dict(parse_qsl(own, keep_blank_values=True)),
        "client-request-id": correlation_id,
        **({"username": user} if user else {}),  # assumed: where nobody has said a name, none is told
        "wa": "wsignin1.0",
        "wtrealm": "urn:federation:MicrosoftOnline",
        "wctx": context,
        **more,
    }
    return f"{base}?{urlencode(parameters)}"

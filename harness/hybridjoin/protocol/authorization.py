"""The authorization code on its way: the address that asks for it, the page in between, and how it comes back."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import lxml.html
from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.relying_party import RelyingParty
from hybridjoin.protocol import limits
from hybridjoin.protocol.address import leads_to
from hybridjoin.protocol.oauth import ASSUMED_RULE, EntraError

_AADSTS = re.compile(r"AADSTS(\d{4,9}): .{1,2000}", re.ASCII | re.DOTALL)
_FACT = r"{name}: ([0-9A-Za-z:-]{{1,40}}(?: [0-9:]{{8}}Z)?)"
_USER, _PASSWORD = frozenset({"email", "text"}), frozenset({"password"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInForm:
    """A form for a name and a password: where it goes, its two fields, and what goes along hidden."""

    action: str
    user_field: str
    password_field: str
    hidden: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def filled(self, user: str, password: str) -> bytes:
        """Write what a browser would post."""
        entries = (*self.hidden, (self.user_field, user), (self.password_field, password))
        return urlencode(entries).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationResponse:
    """What came back to the application: the code, and where to; `target` is without the answer's own parameters."""

    code: str = field(repr=False)
    state: str
    target: str


def build_request(party: RelyingParty, endpoint: str, *, state: str, nonce: str, verifier: str = "") -> str:
    """Write the address that the user is sent to (OpenID Connect core, 3.1.2.1; RFC 7636, 4.3)."""
    asked = {
        "client_id": party.client_id,
        "response_type": "code",
        "redirect_uri": party.redirect_uri,
        "response_mode": party.response_mode,
        "scope": " ".join(party.scopes),
        "state": state,
        "nonce": nonce,
    }
    if verifier:
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        asked["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        asked["code_challenge_method"] = "S256"
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def read_form(reply: HttpReply, *, url: str) -> SignInForm | None:
    """Return the form that a page asks for a name and a password with; None where it has none.

    Raises:
        PeerError: it is no page, or a large one.
    """
    for form in _forms(reply):
        fields = [(str(item.get("name")), _kind(item), str(item.get("value") or "")) for item in form.iter("input")]
        named = [(name, kind, value) for name, kind, value in fields if name != "None"]
        user = next((name for name, kind, _ in named if kind in _USER), "")
        password = next((name for name, kind, _ in named if kind in _PASSWORD), "")
        if user and password:
            hidden = tuple((name, value) for name, kind, value in named if kind == "hidden")
            action = leads_to(url, str(form.get("action") or ""))
            return SignInForm(action=action, user_field=user, password_field=password, hidden=hidden)
    return None


def read_answer(reply: HttpReply, *, redirect_uri: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return where an answer to the application goes and what it says: by redirect, or by a form that posts itself.

    None where nothing goes to the application.

    Raises:
        PeerError: it is no page, or a large one.
    """
    location = reply.header("location") or ""
    if 300 <= reply.status < 400 and location:
        target = redirect_uri if location.startswith(redirect_uri) else location.partition("#")[0].partition("?")[0]
        said = location.removeprefix(target).lstrip("?&#")
        return target, tuple(parse_qsl(said.replace("#", "&"), keep_blank_values=True))
    for form in _forms(reply):
        fields = tuple((str(item.get("name")), str(item.get("value") or "")) for item in form.iter("input"))
        if {"code", "error"} & {name for name, _ in fields}:
            return str(form.get("action") or ""), tuple(pair for pair in fields if pair[0] != "None")
    return None


def refusal_of(fields: tuple[tuple[str, str], ...], *, http_status: int) -> EntraError | None:
    """Return the refusal that the application was told; None where it was told a code."""
    said = dict(fields)
    if "error" not in said:
        return None
    return _error(said.get("error_description", ""), error=said["error"], http_status=http_status)


def refusal_shown(reply: HttpReply) -> EntraError | None:
    """Return the refusal that the person reads on a page; None where it tells none.

    Raises:
        PeerError: it is no page, or a large one.
    """
    words = _text(reply)
    found = _AADSTS.search(words)
    rule = reply.header(ASSUMED_RULE) or ""
    return _error(found.group(), error="", http_status=reply.status, assumed_rule=rule) if found else None


def _error(words: str, *, error: str, http_status: int, assumed_rule: str = "") -> EntraError:
    number = _AADSTS.search(words)
    return EntraError(
        http_status=http_status,
        error=error,
        description=words,
        code=int(number[1]) if number else None,
        trace_id=_fact(words, "Trace ID"),
        correlation_id=_fact(words, "Correlation ID"),
        timestamp=_fact(words, "Timestamp"),
        raw=words,
        assumed_rule=assumed_rule,
    )


def _fact(words: str, name: str) -> str:
    found = re.search(_FACT.format(name=name), words)
    return found[1] if found else ""


def _kind(control: lxml.html.HtmlElement) -> str:
    return str(control.get("type") or "text").lower()


def _forms(reply: HttpReply) -> tuple[lxml.html.HtmlElement, ...]:
    root = _root(reply)
    return () if root is None else tuple(root.iter("form"))


def _text(reply: HttpReply) -> str:
    root = _root(reply)
    return "" if root is None else " ".join(str(root.text_content()).split())


def _root(reply: HttpReply) -> lxml.html.HtmlElement | None:
    kind = (reply.header("content-type") or "").partition(";")[0].strip().lower()
    if kind != "text/html" or not reply.body.strip():
        return None
    limits.PAGE_BYTES.hold(len(reply.body), where="a page")
    limits.PAGE_TAGS.hold(reply.body.count(b"<"), where="a page")
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        return lxml.html.document_fromstring(reply.body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PeerError(f"expected a page, found nothing that is one: {error}", where="a page") from error

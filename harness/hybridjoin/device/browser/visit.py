"""The IdP's pages, as a browser without a script engine goes through them: to the form that leads back to Entra."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from hybridjoin.device.browser.context import CREDENTIALS, PASSIVE, BrowserBuilder, BrowserContext, origin
from hybridjoin.device.browser.endings import (
    at_a_challenge,
    leads_nowhere,
    no_page,
    not_on_https,
    password_elsewhere,
    password_refused,
    refused_with,
    round_and_round,
    typing_wanted,
)
from hybridjoin.device.browser.sign_in_page import filled_in
from hybridjoin.device.needs import Flow, Send
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand
from hybridjoin.errors import PeerError
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import negotiate, oauth, passive
from hybridjoin.protocol.address import leads_to
from hybridjoin.protocol.page import Form, HtmlPage, read_page
from hybridjoin.protocol.passive import PassiveForm

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAME_SEEN = 3
_MOST_HOPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hop:
    """Where the browser goes next: by GET, or with a form."""

    url: str
    at: StepRow = PASSIVE
    body: bytes = b""

    @property
    def request_line(self) -> str:
        """What two hops are the same by."""
        return f"{'POST' if self.body else 'GET'} {self.url}"


def visit(
    context: BrowserContext, builder: BrowserBuilder, address: str, *, number: int
) -> Flow[tuple[PassiveForm, StepRow]]:
    """Go where Entra sent the browser and on from there; return the form for Entra, and the step that brought it.

    Raises:
        StepFailed: no such form comes; the failure says whose affair that is.
    """
    way = _Way(context, builder, address, PassiveVisit(rounds=number))
    hop = _Hop(url=address)
    seen: dict[str, int] = {}
    for _ in range(_MOST_HOPS):
        seen[hop.request_line] = seen.get(hop.request_line, 0) + 1
        if seen[hop.request_line] > _SAME_SEEN:
            break
        reply = yield from way.go(hop)
        found = way.read(hop, reply)
        if isinstance(found, PassiveForm):
            return found, hop.at
        hop = found
    raise StepFailed(round_and_round(hop.at, hop.url, way.gone))


class _Way:
    """One visit at the IdP."""

    def __init__(self, context: BrowserContext, builder: BrowserBuilder, address: str, gone: PassiveVisit) -> None:
        self._context = context
        self._builder = builder
        self._home = origin(address)
        self._typed = False
        self.gone = gone

    def go(self, hop: _Hop) -> Flow[HttpReply]:
        """Ask for the next page; a ticket is shown to the host alone that Entra named."""
        if origin(hop.url)[0] != "https":
            raise StepFailed(not_on_https(hop.at, hop.url))
        headers = self._context.headers
        if hop.body:
            headers = (*headers, ("Content-Type", oauth.CONTENT_TYPE))
        request = HttpRequest(method="POST" if hop.body else "GET", url=hop.url, headers=headers, body=hop.body)
        shows = self._context.by_ticket and not hop.body and origin(hop.url) == self._home
        return (yield from demand(Send(request=request, at=hop.at, as_computer=shows)))

    def read(self, hop: _Hop, reply: HttpReply) -> _Hop | PassiveForm:
        """Say where an answer leads.

        Raises:
            StepFailed: nowhere.
        """
        if reply.status in _REDIRECTS:
            self._note(redirects=self.gone.redirects + 1)
            return _Hop(url=leads_to(hop.url, reply.header("location") or ""))
        self._note(pages=self.gone.pages + 1)
        if reply.status == 401 and any(item.lower() == "negotiate" for item in negotiate.offered_schemes(reply)):
            self._note(challenged=True)
        page = self._page(hop, reply)
        form = passive.answering_form(page)
        if form is not None and reply.status == 200:
            self._note(answered_at=hop.at.step)
            kind = reply.header("content-type") or ""
            home = f"{self._context.site.entra.login_url}{passive.LOGIN_PATH}"
            return passive.read_form(form, page, url=hop.url, status=reply.status, content_type=kind, meant_for=home)
        return self._on_from(hop, reply, page)

    def _on_from(self, hop: _Hop, reply: HttpReply, page: HtmlPage) -> _Hop:
        """Say where a page leads that is not the last one."""
        fields = self._context.site.idp.sign_in_page
        typed = filled_in(page, fields, name=self._context.name, password=self._context.password or "")
        if typed is not None:
            return self._type(hop, reply, page, typed)
        if reply.status == 401:
            raise StepFailed(at_a_challenge(hop.at, reply, by_ticket=self._context.by_ticket))
        if reply.status >= 400:
            raise StepFailed(refused_with(hop.at, reply.status, page))
        if page.refresh:
            return _Hop(url=page.refresh)
        onward = _submits_itself(page)
        if onward is None:
            raise StepFailed(leads_nowhere(hop.at, page))
        return _submitted(onward, tuple((item.name, item.value) for item in onward.of_kind("hidden")))

    def _type(
        self, hop: _Hop, reply: HttpReply, page: HtmlPage, typed: tuple[Form, tuple[tuple[str, str], ...]]
    ) -> _Hop:
        """Fill a page in, once; the password goes to the host alone that Entra named, or the site file."""
        form, values = typed
        self._note(asked_to_type=True)
        if self._context.by_ticket:
            if reply.status == 401:
                raise StepFailed(at_a_challenge(hop.at, reply, by_ticket=True))
            raise StepFailed(typing_wanted(hop.at, agent=self._context.habits.agent))
        secret = any(value == self._context.password for _, value in values)
        if secret and self._typed:
            raise StepFailed(password_refused(CREDENTIALS, page))
        allowed = self._context.site.idp.sign_in_page.hosts
        if secret and origin(form.action) != self._home and origin(form.action)[1] not in allowed:
            raise StepFailed(password_elsewhere(hop.at, form.action, home=self._home[1]))
        self._typed |= secret
        return replace(_submitted(form, values), at=CREDENTIALS)

    def _page(self, hop: _Hop, reply: HttpReply) -> HtmlPage:
        """Read a page.

        Raises:
            StepFailed: it is none.
        """
        kind = reply.header("content-type") or ""
        return self._builder.read(
            hop.at,
            lambda: read_page(reply.body, content_type=kind, url=hop.url),
            lambda error: self._no_page(hop, reply, error),
        )

    def _no_page(self, hop: _Hop, reply: HttpReply, error: PeerError) -> Failure:
        if reply.status == 401:
            return at_a_challenge(hop.at, reply, by_ticket=self._context.by_ticket)
        return no_page(hop.at, reply.status, error.problem)

    def _note(self, **changes: object) -> None:
        self.gone = replace(self.gone, **changes)  # type: ignore[arg-type]  # by the names of its fields
        self._builder.keep(visit=self.gone)


def _submits_itself(page: HtmlPage) -> Form | None:
    """Return a form of nothing but hidden fields on a page with a script: some IdPs go on by one of their own."""
    forms = [form for form in page.forms if not form.of_kind("text", "email", "password", "tel")]
    return next((form for form in forms if form.of_kind("hidden") and page.scripts), None)


def _submitted(form: Form, values: tuple[tuple[str, str], ...]) -> _Hop:
    if form.method == "POST":
        return _Hop(url=form.action, body=passive.encode_fields(values))
    return _Hop(url=f"{form.action.partition('?')[0]}?{urlencode(values)}")

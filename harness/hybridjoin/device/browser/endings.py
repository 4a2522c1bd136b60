"""How a browser's visit at an IdP may end without an answer for Entra, and whose affair each is."""

from __future__ import annotations

from hybridjoin.device.steps.failures import failure
from hybridjoin.evidence.browser import PassiveVisit
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import negotiate, windows
from hybridjoin.protocol.page import HtmlPage

_SHOWN = 200


def _page_words(page: HtmlPage) -> str:
    words = (page.text or page.noscript or page.title)[:_SHOWN]
    return f"; it says: {words}" if words else ""


def not_on_https(at: StepRow, url: str) -> Failure:
    """The IdP leads away from TLS, or to no address."""
    reason = f"the IdP sent the browser to {url[:_SHOWN]}, which is no https address"
    return failure(at, reason, windows.UNKNOWN, remedy="let every redirect and form of the sign-in stay on https")


def round_and_round(at: StepRow, url: str, gone: PassiveVisit) -> Failure:
    """The IdP's pages lead to each other."""
    reason = (
        f"the IdP sends the browser round and round: {gone.redirects} redirects and {gone.pages} pages, "
        f"the last to {url.partition('?')[0]}"
    )
    remedy = "look whether its session cookie is kept: Secure, SameSite=None, and for the host that sets it"
    return failure(at, reason, windows.UNKNOWN, remedy=remedy)


def no_page(at: StepRow, status: int, problem: str) -> Failure:
    """Something else than a page came."""
    reason = f"the IdP's passive address answered HTTP {status} with no page: {problem}"
    remedy = "let passiveSignInUri name the endpoint for browsers, and serve its pages as text/html"
    return failure(at, reason, windows.UNKNOWN, remedy=remedy)


def refused_with(at: StepRow, status: int, page: HtmlPage) -> Failure:
    """The IdP shows an error page, which is all the protocol has for errors."""
    reason = f"the IdP ended the sign-in with HTTP {status}{_page_words(page)}"
    remedy = "look in the IdP's log at that time: WS-Federation tells a relying party nothing of an error"
    return failure(at, reason, windows.http_status(status), remedy=remedy)


def leads_nowhere(at: StepRow, page: HtmlPage) -> Failure:
    """A page has nothing that a browser without a script engine could go on by."""
    if page.scripts and not page.forms:
        reason = f"the IdP's page is written by a script and has no form{_page_words(page)}"
        remedy = "sign in with a real browser (the extra [browser]); a page for browsers without scripts is optional"
    else:
        reason = f"the IdP's page has neither a form for Entra nor fields for name and password{_page_words(page)}"
        remedy = "name the fields of the page in the site file (idp.sign_in_page), or look what it really shows"
    return failure(at, reason, windows.UNKNOWN, remedy=remedy)


def typing_wanted(at: StepRow, *, agent: str) -> Failure:
    """A page for name and password comes where a ticket could have been shown."""
    reason = "the IdP shows a page for name and password, and asks for no ticket (no 401 with Negotiate)"
    remedy = (
        f"let the IdP ask this browser for a ticket: AD FS goes by a list of User-Agents (WIASupportedUserAgents), and "
        f"this one calls itself {agent[:_SHOWN]!r}; a request that wants a password (wauth, prompt=login) is asked none"
    )
    return failure(at, reason, windows.UNKNOWN, remedy=remedy)


def at_a_challenge(at: StepRow, reply: HttpReply, *, by_ticket: bool) -> Failure:
    """A 401 stands, and no page to type into is used."""
    schemes = ", ".join(negotiate.offered_schemes(reply)) or "no scheme at all"
    if by_ticket:
        reason = f"the IdP answered HTTP 401 ({schemes}) to the ticket: its Kerberos acceptor refused it"
        remedy = "compare the service account's key (password, AES setting) with the IdP's keytab"
    else:
        reason = f"the IdP answered HTTP 401 ({schemes}) and shows no page for name and password"
        remedy = "show a ticket, or let the IdP offer a page to whoever has none"
    return failure(at, reason, windows.http_status(401), remedy=remedy)


def password_refused(at: StepRow, page: HtmlPage) -> Failure:
    """The page comes back after the password was typed; it is not typed a second time."""
    reason = f"the IdP's page asks again after name and password were sent{_page_words(page)}"
    remedy = "a wrong, expired or locked password looks so to a browser; the IdP's log tells them apart"
    return failure(at, reason, windows.UNKNOWN, remedy=remedy)


def password_elsewhere(at: StepRow, action: str, *, home: str) -> Failure:
    """A form would take the password to another host than the one that Entra named."""
    reason = f"the sign-in page would send the password to {action.partition('?')[0]}, not to {home}: it was not typed"
    remedy = "where that host belongs to the IdP, name it in the site file (idp.sign_in_page.hosts)"
    return failure(at, reason, windows.UNKNOWN, remedy=remedy)

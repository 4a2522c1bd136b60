"""The device's HTTP: verified TLS, strict limits, no redirect with a credential, no other host ever."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER

from hybridjoin.device.adapters.bodies import SIZE_LIMIT, read_body
from hybridjoin.device.adapters.breakages import explain
from hybridjoin.device.adapters.dialing import ClientCertificate, Dialing, SiteAdapter, address_book, tls_context
from hybridjoin.device.adapters.live import LIVE, demand_allowed
from hybridjoin.device.driver import Sent
from hybridjoin.device.needs import Manner
from hybridjoin.errors import Breakage, HarnessError, LabError, PeerUnreachable
from hybridjoin.model.exchange import HttpReply, HttpRequest, ServerProof
from hybridjoin.model.site import Site
from hybridjoin.protocol.address import take_apart

if TYPE_CHECKING:  # whoever sends no ticket, as `hybridjoin mex`, does without the libraries of Kerberos
    from hybridjoin.device.adapters.kerberos import Kerberos
    from hybridjoin.device.adapters.negotiate_auth import ComputerAuth

__all__ = ["SIZE_LIMIT", "Http"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOLLOWED_AT_MOST = 5
# requests and urllib3 would name themselves and offer compression; Windows does neither.
_AS_WE_ARE: Mapping[str, Any] = MappingProxyType(
    {"stream": True, "allow_redirects": False, "verify": True, "cert": None, "proxies": {}}
)
_UNSAID = {"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER}


class Http:
    """One device's connections; they are kept open between its requests.

    One on which credentials were shown is closed behind them: an acceptor may know its caller for as long as the
    connection lasts (RFC 4559, 6; GssapiConnectionBound of httpd), and what is asked next, without a ticket or with an
    odd one, has to stand for itself.
    With `mutual_authentication` a server that took the ticket and does not prove who it is has given no answer.
    `certificate` is shown to a server that asks for one in its handshake.
    At a live site nobody is asked again who has asked to be left alone for a while.
    Whoever acts `as_browser` keeps cookies, and gets each redirect as an answer: where to go is the flow's to decide.
    """

    def __init__(
        self,
        site: Site,
        kerberos: Kerberos | None,
        *,
        limit_s: float,
        mutual_authentication: bool = False,
        certificate: ClientCertificate | None = None,
        as_browser: bool = False,
    ) -> None:
        self._kerberos = kerberos
        self._mutual = mutual_authentication
        self._as_browser = as_browser
        self._site = site
        self._dialing = Dialing(limit_s=limit_s, addresses=address_book(site.connect), by_proxy=site.live)
        self._session = requests.Session()
        # Only to be shown again, by a probe of replays; it is never handed out.
        self._shown: dict[str, str] = {}
        # Neither proxies nor .netrc of whoever runs us: the device is another machine. Where Microsoft's own services
        # are asked, this machine is meant, and `Dialing` goes through the proxy that it has to go through.
        self._session.trust_env = False
        for scheme in tuple(self._session.adapters):
            del self._session.adapters[scheme]
        context = tls_context((site.directory.ca_file, site.idp.ca_file, site.entra.ca_file), certificate=certificate)
        self._session.mount("https://", SiteAdapter(self._dialing, context))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    @property
    def limit_s(self) -> float:
        """How long a peer's answer may take."""
        return self._dialing.limit_s

    def send(self, request: HttpRequest, *, as_computer: bool = False, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        """Make an exchange; raise PeerUnreachable where no reply can be kept, KerberosError where no ticket is."""
        try:
            return self._follow(request, as_computer=as_computer, manner=manner)
        except HarnessError:
            self._dialing.hang_up()
            raise

    def _follow(self, request: HttpRequest, *, as_computer: bool, manner: Manner) -> Sent:
        """Make an exchange, and further ones where redirects may be followed."""
        self._dialing.start()
        sent = self._exchange(request, as_computer=as_computer, manner=manner)
        for _ in range(0 if self._as_browser else _FOLLOWED_AT_MOST):
            if sent.reply.status not in _REDIRECTS:
                return sent
            target = _redirect_target(request, sent.reply, as_computer=as_computer)
            sent = self._exchange(HttpRequest(method="GET", url=target, headers=request.headers), as_computer=False)
        if self._as_browser:
            return sent
        raise _redirect(request.url, f"more than {_FOLLOWED_AT_MOST} redirects")

    def _exchange(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        """Send one request and read its reply within the limits."""
        auth = self._auth(manner) if as_computer else None
        where = f"{request.method} {request.url}"
        _demand_an_address(request.url)
        demand_allowed(self._site, request.url)
        try:
            headers = _UNSAID | dict(request.headers)
            if as_computer and manner is Manner.AGAIN:
                headers["Authorization"] = self._token_shown(request.url)
            kept = self._session.cookies if self._as_browser else None
            prepared = requests.Request(
                request.method, request.url, headers=headers, data=request.body, auth=auth, cookies=kept
            ).prepare()
            response = self._session.send(prepared, timeout=self._dialing.limit_s, **_AS_WE_ARE)
            with response:
                body = read_body(response.raw, where=where)
            self._keep_apart(request.url, response.request.headers.get("Authorization"), ours=auth is not None)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            raise explain(error, where=where, limit_s=self._dialing.limit_s) from error
        proof = auth.server_proof if auth is not None else None
        reply = _reply(response, body, proof)
        if self._site.live:
            LIVE.heard(request.url, reply)
        return Sent(request=_as_sent(request, response.request), reply=reply)

    def _keep_apart(self, url: str, shown: object, *, ours: bool) -> None:
        """Close a connection that may know who we are, and note a token of ours that can be shown again."""
        if shown is None:
            return
        parts = take_apart(url)
        self._dialing.hang_up((parts.hostname or "", parts.port or 443))
        if ours:
            self._shown[_host(url)] = str(shown)

    def _token_shown(self, url: str) -> str:
        """Return the header of the last time; raise LabError where this host was never shown one."""
        shown = self._shown.get(_host(url))
        if shown is None:
            raise LabError(
                f"no ticket was shown to {_host(url)} that could be shown again", remedy="send it once before"
            )
        return shown

    def _auth(self, manner: Manner) -> ComputerAuth | None:
        """Return who answers challenges; a token that is shown again needs nobody."""
        if self._kerberos is None or manner is Manner.AGAIN:
            return None
        from hybridjoin.device.adapters.negotiate_auth import ComputerAuth  # noqa: PLC0415 - see above

        return ComputerAuth(self._kerberos, self._dialing, manner=manner, mutual_authentication=self._mutual)


def _demand_an_address(url: str) -> None:
    """Dial nothing that whoever decides about addresses would read in another way than the libraries below."""
    try:
        take_apart(url)
    except ValueError as error:
        problem = f"this is not a URL that can be called: {error}"
        raise PeerUnreachable(problem, where=ascii(url), breakage=Breakage.MALFORMED) from error


def _host(url: str) -> str:
    return take_apart(url).netloc.lower()


def _as_sent(request: HttpRequest, prepared: requests.PreparedRequest) -> HttpRequest:
    """Return the request with the headers that really went out."""
    headers = tuple((name, str(value)) for name, value in prepared.headers.items() if value != SKIP_HEADER)
    return HttpRequest(method=request.method, url=request.url, headers=headers, body=request.body)


def _reply(response: requests.Response, body: bytes, proof: ServerProof | None) -> HttpReply:
    """Return the reply with its headers as they came, duplicates included."""
    headers = tuple((str(name), str(value)) for name, value in response.raw.headers.items())
    return HttpReply(
        status=response.status_code, reason=response.reason or "", headers=headers, body=body, server_proof=proof
    )


def _redirect_target(request: HttpRequest, reply: HttpReply, *, as_computer: bool) -> str:
    """Return where a redirect leads, if it may be followed."""
    location = reply.header("location") or ""
    try:
        target = urljoin(request.url, location)
        same_origin = _origin(request.url) == _origin(target)
    except ValueError as error:
        raise _redirect(request.url, f"a redirect to {location!r}, which is no address: {error}") from error
    names = {name.lower() for name, _ in request.headers}
    if as_computer or "authorization" in names or request.method != "GET":
        raise _redirect(request.url, f"a redirect to {target}; it is not followed with a credential or a body")
    if not same_origin:
        raise _redirect(request.url, f"a redirect to another host: {target}")
    return target


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = take_apart(url)
    return parts.scheme, parts.hostname, parts.port


def _redirect(url: str, found: str) -> PeerUnreachable:
    """A redirect that is not followed."""
    return PeerUnreachable(f"expected an answer, found {found}", where=url, breakage=Breakage.REDIRECT)

"""The passive door: a browser comes with a question, and leaves with a form that takes the answer on.

As at AD FS, whoever signs in by name and password is sent back to the very address with a cookie, and gets the form
there; whoever shows a ticket gets it at once.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hybridjoin.doubles.idp.channel import expected_channel
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.passive.answer import HTML, Page, SignInPage, write_form, write_page, write_sign_in
from hybridjoin.doubles.idp.passive.request import (
    KNOWN_METHODS,
    MULTIPLE,
    PASSWORD_METHODS,
    PassiveRefused,
    PassiveRequest,
    check_request,
    read_request,
)
from hybridjoin.doubles.idp.passive.sessions import COOKIE, Session, Sessions
from hybridjoin.doubles.idp.rst import SOAP_12, Rst, RstRefused
from hybridjoin.doubles.idp.sts import PASSWORD_METHOD, Caller, SecurityTokenService
from hybridjoin.doubles.idp.token import with_second_factor
from hybridjoin.doubles.kerberos.negotiate import Acceptor, Decision, Handshake
from hybridjoin.doubles.serve import hold

BODY_LIMIT_BYTES = 64 * 1024
_WINDOWS = "urn:federation:authentication:windows"
_HUNG_S = 60.0


class PassiveDoor:
    """The endpoint of one IdP; sessions end with it."""

    def __init__(self, config: IdpConfig, service: SecurityTokenService, acceptor: Acceptor) -> None:
        self._config = config
        self._service = service
        self._acceptor = acceptor
        self._sessions = Sessions()
        self._faults = {fault.name: fault for fault in config.faults}

    async def answer(self, request: Request) -> Response:
        """Answer a browser."""
        if "passive-hangs" in self._faults:
            await hold(request.receive, limit_s=_HUNG_S)
        body = await request.body() if request.method == "POST" else b""
        if len(body) > BODY_LIMIT_BYTES:
            return Response(status_code=413)
        return await run_in_threadpool(self._answer, request, body)

    def _answer(self, request: Request, body: bytes) -> Response:
        asked = read_request(request.query_params)
        try:
            self._look_at_the_address(request)
            return _DOES.get(asked.wa, PassiveDoor.unknown)(self, request, asked, body)
        except PassiveRefused as refused:
            self._service.note("Sign-In Refused", refused.words)
            page = Page(title="An error occurred", words=refused.words)
            return Response(write_page(page), status_code=refused.status, media_type=HTML)

    def _look_at_the_address(self, request: Request) -> None:
        limit = self._faults.get("passive-long-url")
        if limit is not None and len(str(request.url)) > limit.integer("characters"):
            raise PassiveRefused("The request line is too long.", status=414)

    def _look_at_the_device(self, request: Request) -> None:
        trust = self._faults.get("passive-device-trust")
        agent = request.headers.get("user-agent", "")
        if trust is not None and not any(piece in agent for piece in trust.words("exempt")):
            raise PassiveRefused("Access denied. This device is not managed by your organization.", status=403)

    def unknown(self, _request: Request, asked: PassiveRequest, _body: bytes) -> Response:
        """Refuse another action.

        Raises:
            PassiveRefused: always.
        """
        raise PassiveRefused(f"MSIS7000: The value '{asked.wa}' of wa is not supported.", status=400)

    def sign_in(self, request: Request, asked: PassiveRequest, body: bytes) -> Response:
        """Sign a person in: by a session, by name and password, or by a ticket."""
        lost = PASSWORD_METHODS if "passive-without-method" in self._faults else ()
        methods = tuple(item for item in KNOWN_METHODS if item not in lost)
        check_request(asked, audience=self._config.audience, methods=methods)
        if "passive-redirects-forever" in self._faults:
            return Response(status_code=302, headers={"Location": _here(request)})
        session = self._sessions.find(request.cookies.get(COOKIE))
        if body:
            return self._by_password(request, asked, body)
        if session is not None and self._still_good(asked, session):
            self._look_at_the_device(request)
            return self._form(asked, session)
        return self._ask(request, asked)

    def sign_out(self, request: Request, _asked: PassiveRequest, _body: bytes) -> Response:
        """End the session, and have the relying party's page clean up in a frame (MS-MWBF 2.2.5)."""
        session = self._sessions.end(request.cookies.get(COOKIE))
        account = session.account if session else "nobody"
        self._service.note("Signed Out", account)
        frames = (f"{self._config.passive.reply_url}?wa=wsignoutcleanup1.0",)
        page = Page(title="Signed out", words="You have successfully signed out.", frames=frames)
        response = Response(write_page(page), media_type=HTML)
        response.delete_cookie(COOKIE, secure=True, httponly=True)
        return response

    def _still_good(self, asked: PassiveRequest, session: Session) -> bool:
        """Say whether a session answers the request: one of a moment ago does, where a fresh one is wanted."""
        if asked.by_ticket and session.method != _WINDOWS:
            return False
        fresh = (self._service.now() - session.at).total_seconds() < 10
        return fresh and session.method == PASSWORD_METHOD if asked.afresh else True

    def _ask(self, request: Request, asked: PassiveRequest) -> Response:
        """Ask for a ticket, for name and password, or for either."""
        agent = request.headers.get("user-agent", "")
        by_ticket = self._config.passive.asks_for_a_ticket(agent) and not asked.by_password
        if not by_ticket and not asked.by_ticket:
            return self._sign_in_page(request, asked)
        client = (request.client.host, request.client.port) if request.client else ("", 0)
        channel = expected_channel(request.scope, self._config.faults)
        handshake = self._acceptor.accept(request.headers.get("authorization"), client, channel=channel)
        if handshake.decision is not Decision.ACCEPTED:
            return self._challenge(request, asked, handshake)
        self._service.note("Kerberos Check Succeeded", f"{handshake.account}@{handshake.realm} {handshake.ticket}")
        self._look_at_the_device(request)
        session = self._session(handshake.account, handshake.realm, _WINDOWS)
        response = self._form(asked, session)
        _keep(response, self._sessions.begin(session))
        if handshake.token:
            response.headers["WWW-Authenticate"] = _negotiate(handshake.token)
        return response

    def _challenge(self, request: Request, asked: PassiveRequest, handshake: Handshake) -> Response:
        if handshake.decision is Decision.REFUSED:
            self._service.note("Kerberos Check Failed", handshake.problem)
        if self._config.passive.door == "integrated" or asked.by_ticket:
            page = Page(title="401 - Unauthorized", words="Access is denied due to invalid credentials.")
            response = Response(write_page(page), status_code=401, media_type=HTML)
        else:
            response = self._sign_in_page(request, asked, status=401)
        response.headers["WWW-Authenticate"] = _negotiate(handshake.token)
        return response

    def _sign_in_page(
        self, request: Request, asked: PassiveRequest, *, status: int = 200, problem: str = ""
    ) -> Response:
        elsewhere = self._faults.get("passive-password-elsewhere")
        host = f"https://{elsewhere.text('host')}" if elsewhere is not None else ""
        page = SignInPage(action=f"{host}{_here(request)}", username=asked.username, problem=problem)
        return Response(write_sign_in(page), status_code=status, media_type=HTML)

    def _by_password(self, request: Request, asked: PassiveRequest, body: bytes) -> Response:
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        name, password = form.get("UserName", ""), form.get("Password", "")
        rst = Rst(trust="2005", soap=SOAP_12, username=name, password=password)
        try:
            caller = self._service.caller_by_password(rst)
        except RstRefused as refused:
            words = "Incorrect user ID or password. Type the correct user ID and password, and try again."
            if refused.name != "FailedAuthentication":
                raise PassiveRefused(refused.reason) from refused
            return self._sign_in_page(request, asked, problem=words)
        session = self._session(caller.account, caller.realm, PASSWORD_METHOD)
        response = Response(status_code=302, headers={"Location": _here(request)})
        _keep(response, self._sessions.begin(session))
        return response

    def _session(self, account: str, realm: str, method: str) -> Session:
        return Session(account=account, realm=realm, method=method, at=self._service.now())

    def _form(self, asked: PassiveRequest, session: Session) -> Response:
        """Issue a token and have the browser take it on."""
        rst = Rst(trust="2005", soap=SOAP_12, applies_to=asked.wtrealm)
        caller = Caller(account=session.account, realm=session.realm)
        method = self._config.authentication_method if session.method == _WINDOWS else session.method
        try:
            token = self._service.token_for(rst, caller, method=method)
        except RstRefused as refused:
            raise PassiveRefused(refused.reason) from refused
        if asked.with_a_second_factor:
            token = with_second_factor(token, MULTIPLE, self._config.passive.factors)
        try:
            page, media_type = write_form(
                asked,
                token,
                self._service.identity,
                profile=self._config.profile,
                reply_url=self._config.passive.reply_url,
                faults=self._config.faults,
                handed_over=self._config.handed_over,
            )
        except ValueError as failure:
            raise PassiveRefused(str(failure)) from failure
        return Response(page, media_type=media_type)


_DOES: dict[str, Callable[[PassiveDoor, Request, PassiveRequest, bytes], Response]] = {
    "wsignin1.0": PassiveDoor.sign_in,
    "wsignout1.0": PassiveDoor.sign_out,
    "wsignoutcleanup1.0": PassiveDoor.sign_out,
}


def _here(request: Request) -> str:
    """Return the very address that was asked, without its host, which a proxy may have changed."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _keep(response: Response, session: str) -> None:
    response.set_cookie(COOKIE, session, secure=True, httponly=True, samesite="none")


def _negotiate(token: bytes) -> str:
    return f"Negotiate {base64.b64encode(token).decode('ascii')}" if token else "Negotiate"

"""The reference IdP as an ASGI application: addresses of both profiles, metadata and the security token service."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import lru_cache, partial

from lxml import etree
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hybridjoin.doubles.idp import commands, leniency, mex
from hybridjoin.doubles.idp.channel import expected_channel
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.federation_metadata import PATH, federation_metadata
from hybridjoin.doubles.idp.issue import Answer, soap_fault
from hybridjoin.doubles.idp.passive.door import PassiveDoor
from hybridjoin.doubles.idp.rst import ADDRESSING, BODY_LIMIT_BYTES, SOAP_11, SOAP_12, Rst, RstRefused
from hybridjoin.doubles.idp.sts import Caller, SecurityTokenService
from hybridjoin.doubles.idp.transport_faults import FaultyTransport
from hybridjoin.doubles.kerberos.negotiate import Acceptor, Decision, Handshake

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9a-fA-F:]+\](:[0-9]{1,5})?")
_USERNAME_TOKEN = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?UsernameToken[\s/>]")
_UNAUTHORIZED = b"<!DOCTYPE html>\n<html><head><title>401</title></head><body>401 - Unauthorized</body></html>\n"


def build_idp(config: IdpConfig) -> Starlette:
    """Return the IdP; what it noted is in `app.state.audit`. Raises ConfigError when a key file cannot be used."""
    service = SecurityTokenService(config)
    replays = leniency.REPLAYS in leniency.names(config.faults)
    acceptor = Acceptor(config.keytab, etypes=config.ticket_etypes, replays=replays)
    doors = _Doors(config, service, acceptor)
    passive = PassiveDoor(config, service, acceptor)
    people = {"adfs": "/adfs/ls/", "jumpcloud": f"/wsfed/{config.application_id}"}.get(config.profile)
    people = people or f"/wsf/{config.application_id}"
    published = Route(PATH, doors.federation_metadata, methods=["GET"])
    routes = [*_routes(config, doors), published, Route(people, passive.answer, methods=["GET", "POST"])]
    app = Starlette(routes=routes)
    app.state.audit = service.audit
    app.add_middleware(FaultyTransport, faults=config.faults, area_of=_area_of)
    return app


def _area_of(path: str) -> str | None:
    if path.startswith(("/wsf/mex", "/adfs/services/trust/mex")) or path.endswith("/mex"):
        return "mex"
    return "sts" if path.startswith(("/wsf/sts/", "/adfs/services/trust/")) or path.endswith("/sts") else None


def _routes(config: IdpConfig, doors: _Doors) -> list[Route]:
    if config.profile == "pingone":
        application = config.application_id
        return [
            Route(f"/wsf/mex/{application}", doors.metadata("mex"), methods=["GET", "POST"]),
            Route(f"/wsf/mex13/{application}", doors.metadata("mex13"), methods=["GET", "POST"]),
            Route(f"/wsf/sts/{application}", doors.one_address, methods=["POST"]),
        ]
    if config.profile == "jumpcloud":
        own = f"/wsfed/{config.application_id}"
        return [
            Route(f"{own}/mex", doors.metadata("mex13"), methods=["GET", "POST"]),
            Route(f"{own}/sts", doors.username(config.trust_versions[0]), methods=["POST"]),
            Route(f"{own}/commands", doors.commands, methods=["GET"]),
        ]
    base = "/adfs/services/trust"
    routes = [Route(f"{base}/mex", doors.metadata("mex"), methods=["GET", "POST"])]
    for trust in config.trust_versions:
        short = "13" if trust == "1.3" else "2005"
        for kind, door in (
            (mex.WINDOWS, doors.windows),
            (mex.USERNAME, doors.username),
            (mex.CERTIFICATE, doors.certificate),
        ):
            routes.append(Route(f"{base}/{short}/{kind}", door(trust), methods=["POST"]))
    return routes


Endpoint = Callable[[Request], "object"]


class _Doors:
    """The endpoints behind the routes; each returns an async function for Starlette."""

    def __init__(self, config: IdpConfig, service: SecurityTokenService, acceptor: Acceptor) -> None:
        self._config = config
        self._service = service
        self._acceptor = acceptor
        # Nothing in a document changes while the IdP stands, but the name that it was asked by.
        self._document = lru_cache(maxsize=16)(partial(mex.mex_document, config))

    def metadata(self, document: str) -> Endpoint:
        """Serve one MEX document by GET and by a SOAP request."""

        async def serve(request: Request) -> Response:
            body = await _body(request)
            if body is None:
                return Response(status_code=413)
            return await run_in_threadpool(self._metadata, request, document, body)

        return serve

    async def one_address(self, request: Request) -> Response:
        """PingOne: password clients and Windows clients knock at the same address; the message tells them apart."""
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if "authorization" not in request.headers and _USERNAME_TOKEN.search(body):
            return _response(await run_in_threadpool(self._service.answer_username, body, trusts=("1.3", "2005")))
        return await run_in_threadpool(self._windows, request, body, ("1.3", "2005"))

    async def federation_metadata(self, request: Request) -> Response:
        """Publish the certificate and the addresses, signed."""
        host = request.headers.get("host", self._config.service_host)
        document = await run_in_threadpool(federation_metadata, self._config, self._service.identity, host=host)
        if document is None:
            return Response(status_code=404)
        body, media_type = document
        return Response(body, headers={"Content-Type": media_type})

    async def commands(self, request: Request) -> Response:
        """JumpCloud: print the PowerShell that federates the domain, for an administrator to paste."""
        text = commands.powershell(self._config, request.headers.get("host", self._config.service_host))
        return Response(text, media_type="text/plain; charset=utf-8")

    def windows(self, trust: str) -> Endpoint:
        """Serve callers who authenticate with HTTP Negotiate."""

        async def serve(request: Request) -> Response:
            body = await _body(request)
            if body is None:
                return Response(status_code=413)
            return await run_in_threadpool(self._windows, request, body, (trust,))

        return serve

    def username(self, trust: str) -> Endpoint:
        """Serve callers who send a name and a password."""
        return self._mixed(lambda body: self._service.answer_username(body, trusts=(trust,)))

    def certificate(self, trust: str) -> Endpoint:
        """Serve callers who sign with a certificate."""
        return self._mixed(lambda body: self._service.answer_certificate(body, trusts=(trust,)))

    def _mixed(self, answer: Callable[[bytes], Answer]) -> Endpoint:
        async def serve(request: Request) -> Response:
            body = await _body(request)
            return Response(status_code=413) if body is None else _response(await run_in_threadpool(answer, body))

        return serve

    def _windows(self, request: Request, body: bytes, trusts: tuple[str, ...]) -> Response:
        client = (request.client.host, request.client.port) if request.client else ("", 0)
        channel = expected_channel(request.scope, self._config.faults)
        shown = request.headers.get("authorization")
        handshake = self._acceptor.accept(shown, client, channel=channel)
        handshake = leniency.vouched(handshake, shown, self._config.faults, self._config.ldap.realm)
        if handshake.decision is not Decision.ACCEPTED:
            return self._unauthorized(handshake, shown)
        self._service.note("Kerberos Check Succeeded", f"{handshake.account}@{handshake.realm} {handshake.ticket}")
        caller = Caller(account=handshake.account, realm=handshake.realm)
        return _response(self._service.answer_windows(body, caller, trusts=trusts), token=handshake.token)

    def _unauthorized(self, handshake: Handshake, shown: str | None) -> Response:
        if handshake.decision is Decision.REFUSED:
            self._service.note("Kerberos Check Failed", handshake.problem)
        insides = leniency.trace(shown, self._config.faults)
        if insides:
            return Response(insides, status_code=500, media_type="text/plain")
        challenges = leniency.challenges(shown, self._config.faults)
        if handshake.token:
            challenges = ("Negotiate " + base64.b64encode(handshake.token).decode("ascii"),)
        response = Response(_UNAUTHORIZED, status_code=401, media_type="text/html")
        for challenge in challenges:
            response.headers.append("WWW-Authenticate", challenge)
        return response

    def _metadata(self, request: Request, document: str, body: bytes) -> Response:
        wanted = request.query_params.get("xsd", "")
        if wanted.removeprefix("trust") in self._config.trust_versions:
            return Response(mex.schema(wanted.removeprefix("trust")), media_type="text/xml")
        host = request.headers.get("host", "")
        if not _HOST.fullmatch(host):
            host = self._config.service_host
        text = self._document(document=document, base_url=f"https://{host}", spn_host=re.sub(r":[0-9]+$", "", host))
        if request.method == "GET":
            text = mex.wrapped(self._config, text, wrapper=self._config.mex_wrapper)
            return Response(mex.finished(self._config, text), media_type="text/xml")
        return self._asked_by_soap(body, text)

    def _asked_by_soap(self, body: bytes, text: str) -> Response:
        soap, action, message_id = _addressing(body)
        reply_action = mex.MEX_ACTIONS.get(action)
        if reply_action is None:
            rst = Rst(trust="1.3", soap=soap, message_id=message_id)
            reason = f"The action {action!r} is not supported by the metadata service."
            refused = RstRefused("ActionNotSupported", reason, rst=rst, namespace=ADDRESSING)
            return _response(soap_fault(refused, now=self._service.now()))
        metadata = mex.wrapped(self._config, text, wrapper="metadata")
        envelope = mex.enveloped(metadata, soap=soap, action=reply_action, relates_to=message_id)
        media_type = "text/xml" if soap == SOAP_11 else "application/soap+xml; charset=utf-8"
        return Response(mex.finished(self._config, envelope), media_type=media_type)


async def _body(request: Request) -> bytes | None:
    """Return the body, or None when it passes the limit or the client has gone."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT_BYTES:
                return None
    except ClientDisconnect:
        return None
    return body


def _response(answer: Answer, *, token: bytes = b"") -> Response:
    headers = {"WWW-Authenticate": "Negotiate " + base64.b64encode(token).decode("ascii")} if token else None
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=answer.content_type)


def _addressing(body: bytes) -> tuple[str, str, str]:
    """Return SOAP namespace, action and message id of a metadata request, as far as they can be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return SOAP_12, "", ""
    soap = SOAP_11 if etree.QName(root).namespace == SOAP_11 else SOAP_12
    texts: dict[str, str] = {}
    for element in root.iter("{*}Action", "{*}MessageID"):
        texts.setdefault(etree.QName(element).localname, (element.text or "").strip())
    return soap, texts.get("Action", ""), texts.get("MessageID", "")

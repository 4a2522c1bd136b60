"""How an HTTP exchange broke, told from the errors that the libraries pack into one another."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator

from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import DecodeError, IncompleteRead, LocationParseError, NameResolutionError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from hybridjoin.errors import Breakage, PeerUnreachable

_CERTIFICATE = {
    9: "the server's TLS certificate is not valid yet",
    10: "the server's TLS certificate has expired",
    18: "the server's TLS certificate is signed by itself and not trusted",
    19: "the server's TLS certificate comes from an authority that is not trusted",
    20: "the server's TLS certificate comes from an authority that is not trusted",
    21: "the server's TLS certificate comes from an authority that is not trusted",
    23: "the server's TLS certificate has been revoked",
    62: "the server's TLS certificate is for another name, or names the server in its subject alone",
    64: "the server's TLS certificate is for another address",
}


class LateConnection(TimeoutError):
    """Nobody took a connection in time; its text says within what time."""


def explain(error: BaseException, *, where: str, limit_s: float) -> PeerUnreachable:
    """Turn whatever ended an exchange into a verdict on the peer, in plain words."""
    causes = list(_causes(error))
    for describe in (_tls, _name, _late, _time, _cut_off, _connection, _grammar):
        for cause in causes:
            found = describe(cause, limit_s)
            if found is not None:
                breakage, words = found
                return PeerUnreachable(words, where=where, breakage=breakage)
    return PeerUnreachable(f"the exchange broke off: {error}", where=where, breakage=Breakage.RESET)


Finding = tuple[Breakage, str] | None


def _tls(cause: BaseException, _limit_s: float) -> Finding:
    """Certificates and handshakes."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        words = _CERTIFICATE.get(cause.verify_code, "the server's TLS certificate was not accepted")
        return Breakage.TLS, f"{words} ({cause.verify_message})"
    if isinstance(cause, ssl.SSLZeroReturnError | ssl.SSLEOFError):
        return Breakage.RESET, "the server closed the TLS connection in the middle"
    if isinstance(cause, ssl.SSLError):
        if cause.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST"}:
            return Breakage.TLS, "expected TLS, found something else on that port (plain HTTP?)"
        return Breakage.TLS, f"the TLS handshake failed: {cause.reason or cause}"
    return None


def _name(cause: BaseException, _limit_s: float) -> Finding:
    """Names that lead nowhere."""
    if isinstance(cause, socket.gaierror | NameResolutionError):
        return Breakage.NAME_NOT_RESOLVED, "the server's name cannot be resolved"
    return None


def _late(cause: BaseException, _limit_s: float) -> Finding:
    """Connections that nobody took in time; a firewall that drops packets looks like that."""
    return (Breakage.TIMEOUT, str(cause)) if isinstance(cause, LateConnection) else None


def _time(cause: BaseException, limit_s: float) -> Finding:
    """Time limits: the builtin TimeoutError is an OSError, urllib3's is not."""
    if isinstance(cause, TimeoutError | PoolTimeoutError):
        return Breakage.TIMEOUT, f"no complete answer within {limit_s:g} s"
    return None


def _cut_off(cause: BaseException, _limit_s: float) -> Finding:
    """Answers that began and did not end."""
    if isinstance(cause, IncompleteRead | http.client.IncompleteRead):
        return Breakage.RESET, f"the answer breaks off: {cause}"
    return None


def _connection(cause: BaseException, _limit_s: float) -> Finding:
    """Connections refused, reset or closed."""
    if isinstance(cause, ConnectionRefusedError):
        return Breakage.REFUSED, "the server refuses connections"
    if isinstance(cause, http.client.RemoteDisconnected):
        return Breakage.RESET, "the server closed the connection without an answer"
    if isinstance(cause, ConnectionError):
        return Breakage.RESET, "the server reset the connection"
    if type(cause) is OSError:
        return Breakage.REFUSED, f"no way to the server: {cause.strerror or cause}"
    return None


def _grammar(cause: BaseException, _limit_s: float) -> Finding:
    """URLs and answers that are none."""
    if isinstance(cause, InvalidURL | MissingSchema | InvalidSchema | LocationParseError):
        return Breakage.MALFORMED, f"this is not a URL that can be called: {cause}"
    if isinstance(cause, DecodeError):
        return Breakage.MALFORMED, "the answer is not compressed the way its header says"
    if isinstance(cause, http.client.HTTPException):
        return Breakage.MALFORMED, f"expected an HTTP answer, found something else ({type(cause).__name__})"
    if isinstance(cause, ValueError):
        return Breakage.MALFORMED, f"the answer's headers cannot be read: {cause}"
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk an error and all that it was made from, outermost first."""
    todo, seen = [error], set[int]()
    while todo:
        found = todo.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        packed = (found.__cause__, found.__context__, getattr(found, "reason", None), *found.args)
        todo += [item for item in packed if isinstance(item, BaseException)]

"""The request for a primary refresh token, and what comes of it ([MS-OAPXBC]; the inner grant as public tools send it).

The request is a form with a JWT that the device's key signs. The grant inside it that carries a SAML assertion is not
in the specification, which has a password, a refresh token and a certificate; ROADtools and AADInternals both send it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.reading import SessionKeyReading
from hybridjoin.protocol import json_text
from hybridjoin.protocol.oauth import GRANT_TYPE, EntraError, parse_error

BROKER = "38aa3b87-a06d-4817-b275-7a316988d93b"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "openid aza ugs"
KDF_VERSION = 2
WINDOWS_API = "2.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestNonce:
    """The nonce that ties a request to its time."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryRefreshToken:
    """Entra's answer; `refresh_token` is the token itself, `session_key_jwe` holds the key that goes with it."""

    refresh_token: str = field(repr=False)
    token_type: str
    expires_in: int
    session_key_jwe: str = field(repr=False)
    id_token: str = field(repr=False)


def build_nonce_request() -> bytes:
    """Build the form that asks for a nonce."""
    return urlencode({"grant_type": "srv_challenge"}).encode("ascii")


def build_prt_request(
    *, certificate: bytes, key: RSAPrivateKey, nonce: str, assertion_xml: bytes, os_version: str
) -> bytes:
    """Build the form with the JWT that the device signs; `certificate` is the device's, in DER."""
    header = {
        "alg": "RS256",
        "typ": "JWT",
        "x5c": base64.b64encode(certificate).decode("ascii"),
        "kdf_ver": KDF_VERSION,
    }
    payload = {
        "client_id": BROKER,
        "request_nonce": nonce,
        "scope": SCOPE,
        "group_sids": [],
        "win_ver": os_version,
        "grant_type": GRANT_TYPE,
        "assertion": base64.b64encode(assertion_xml).decode("ascii"),
    }
    signed = f"{_segment(header)}.{_segment(payload)}"
    signature = key.sign(signed.encode("ascii"), PKCS1v15(), hashes.SHA256())
    form = {
        "windows_api_version": WINDOWS_API,
        "grant_type": JWT_BEARER,
        "request": f"{signed}.{_encode(signature)}",
        "client_info": "1",
        "tgt": "true",
    }
    return urlencode(form).encode("ascii")


def parse_nonce_reply(reply: HttpReply) -> RequestNonce | EntraError:
    """Read the nonce, or Entra's error.

    Raises:
        PeerError: the reply is neither.
    """
    where = f"nonce (HTTP {reply.status})"
    answer = json_text.read_object(reply.body, where=where)
    value = json_text.text(answer, "Nonce")
    if reply.status < 400 and value:
        return RequestNonce(value=value)
    return parse_error(reply, answer, where=where, expected="Nonce")


def parse_prt_reply(reply: HttpReply) -> PrimaryRefreshToken | EntraError:
    """Read the token, or Entra's error.

    Raises:
        PeerError: the reply is neither.
    """
    where = f"primary refresh token (HTTP {reply.status})"
    answer = json_text.read_object(reply.body, where=where)
    token = json_text.text(answer, "refresh_token")
    if reply.status >= 400 or not token:
        return parse_error(reply, answer, where=where, expected="refresh_token")
    lifetime = json_text.text(answer, "refresh_token_expires_in")
    return PrimaryRefreshToken(
        refresh_token=token,
        token_type=json_text.text(answer, "token_type"),
        expires_in=int(lifetime) if lifetime.isascii() and lifetime.isdecimal() else 0,
        session_key_jwe=json_text.text(answer, "session_key_jwe"),
        id_token=json_text.text(answer, "id_token"),
    )


def read_session_key(jwe: str, transport_key: RSAPrivateKey) -> SessionKeyReading:
    """Take the session key out: the JWE's encrypted key is the key itself, and its other parts hold nothing more."""
    header = _header_of(jwe)
    algorithm, encryption = json_text.text(header, "alg"), json_text.text(header, "enc")
    try:
        wrapped = _decode(jwe.split(".")[1])
        key = transport_key.decrypt(wrapped, OAEP(mgf=MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None))  # noqa: S303 - the algorithm of RSA-OAEP (RFC 7518, 4.3)
    except (ValueError, IndexError):
        return SessionKeyReading(ours=False, algorithm=algorithm, encryption=encryption)
    return SessionKeyReading(ours=True, bits=8 * len(key), algorithm=algorithm, encryption=encryption)


def _header_of(jwe: str) -> object:
    try:
        return json.loads(_decode(jwe.split(".", maxsplit=1)[0]))
    except ValueError:
        return {}


def _segment(part: Mapping[str, object]) -> str:
    return _encode(json.dumps(part, separators=(",", ":")).encode())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    """Decode unpadded base64url; raise ValueError where it is none."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

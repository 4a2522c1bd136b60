"""What a program asks the authorization endpoint for, and how it is carried past the IdP: sealed, within wctx."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from hybridjoin.doubles.entra.way_to_idp import unwrapped, wrapped

_KEY = secrets.token_bytes(32)
_BEGINNING = b"\xad\x04\x00"  # real ones begin with rQQ or rQI, whatever that stands for
_SEAL_BYTES = 32
_BROKER = "ms-appx-web://microsoft.aad.brokerplugin"
_NATIVE = ("https://login.microsoftonline.com/common/oauth2/nativeclient", "urn:ietf:wg:oauth:2.0:oob")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeRequest:
    """One request of a program for a code; `rounds` counts how often the IdP was asked for it."""

    client_id: str
    redirect_uri: str
    scope: str
    resource: str
    state: str
    nonce: str
    v2: bool
    login_hint: str
    domain_hint: str
    prompt: str
    rounds: int = 0

    @property
    def domain(self) -> str:
        """The domain that the person's home is looked for by, empty where a page would have to ask."""
        return (self.domain_hint or self.login_hint.rpartition("@")[2]).lower()

    @property
    def reply_known(self) -> bool:
        """Whether the code may be sent there: to a native program's own addresses."""
        try:
            address = urlsplit(self.redirect_uri)
        except ValueError:
            return False
        local = address.scheme == "http" and address.hostname in {"localhost", "127.0.0.1"}
        broker = self.redirect_uri.lower() == f"{_BROKER}/{self.client_id.lower()}"
        return local or broker or self.redirect_uri in _NATIVE


def read_authorize(query: Mapping[str, str], *, v2: bool) -> AuthorizeRequest:
    """Read the query of the authorization endpoint; what is missing is empty."""
    return AuthorizeRequest(
        client_id=query.get("client_id", ""),
        redirect_uri=query.get("redirect_uri", ""),
        scope=query.get("scope", ""),
        resource=query.get("resource", ""),
        state=query.get("state", ""),
        nonce=query.get("nonce", ""),
        v2=v2,
        login_hint=query.get("login_hint", ""),
        domain_hint=query.get("domain_hint", ""),
        prompt=query.get("prompt", ""),
    )


def context_of(asked: AuthorizeRequest) -> str:
    """Return the wctx of a request: what the IdP has to bring back, byte for byte."""
    packed = zlib.compress(json.dumps(asdict(asked)).encode())
    sealed = hmac.digest(_KEY, packed, "sha256") + packed
    return wrapped(base64.urlsafe_b64encode(_BEGINNING + sealed).rstrip(b"=").decode("ascii"))


def request_of(context: str) -> AuthorizeRequest | None:
    """Return the request that a wctx was made for; None where this is none of ours."""
    blob = unwrapped(context)
    if not re.fullmatch(r"[A-Za-z0-9_-]{40,16384}", blob):
        return None
    try:
        raw = base64.urlsafe_b64decode(blob + "=" * (-len(blob) % 4)).removeprefix(_BEGINNING)
    except (binascii.Error, ValueError):
        return None
    seal, packed = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, hmac.digest(_KEY, packed, "sha256")):
        return None
    return AuthorizeRequest(**json.loads(zlib.decompress(packed)))

"""OpenID Connect's documents: the provider's configuration, its keys, tokens, and what userinfo says."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import json_text

WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdConfiguration:
    """What a provider says of itself (OpenID Connect Discovery, 3); an address that it does not name is empty."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    scopes: tuple[str, ...] = ()
    response_types: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ()
    auth_methods: tuple[str, ...] = ()
    graph_host: str = ""

    @property
    def endpoints(self) -> tuple[tuple[str, str], ...]:
        """The addresses that a provider has to name, each under its member's name."""
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return tuple((name, str(getattr(self, name))) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyOffered:
    """One key of the set; the certificate is base64 of DER, empty where none came along.

    `thumbprint` is what the set says of the certificate, `certificate_thumbprint` what its octets say.
    """

    key_id: str
    kind: str
    use: str
    certificate: str = ""
    thumbprint: str = ""

    @property
    def certificate_thumbprint(self) -> str:
        """The SHA-1 of the certificate as base64url (RFC 7517, 4.8), empty where there is none to be read."""
        try:
            der = base64.b64decode(self.certificate, validate=True)
        except ValueError:
            return ""
        digest = hashlib.sha1(der, usedforsecurity=False).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii") if der else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """The provider's keys (RFC 7517, 5), and the document as it came."""

    keys: tuple[SigningKeyOffered, ...]
    body: bytes = field(repr=False)

    @property
    def signing(self) -> tuple[SigningKeyOffered, ...]:
        """The RSA keys that may sign, each with its id."""
        return tuple(item for item in self.keys if item.kind == "RSA" and item.use in {"sig", ""} and item.key_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTokens:
    """The token endpoint's good answer to a code; `scope` is what the access token permits."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    token_type: str
    scope: str
    refresh_token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """What userinfo says (OpenID Connect core, 5.3); `members` are the names that came."""

    sub: str
    email: str = ""
    name: str = ""
    members: tuple[str, ...] = ()


def parse_configuration(body: bytes) -> OpenIdConfiguration:
    """Read the metadata document.

    Raises:
        PeerError: it is no JSON object, or names no issuer.
    """
    document = json_text.read_object(body, where="OpenID configuration")
    issuer = json_text.text(document, "issuer")
    if not issuer:
        found = json_text.member_names(document)
        raise PeerError(f"expected an issuer, found {found}", where="OpenID configuration")
    return OpenIdConfiguration(
        issuer=issuer,
        authorization_endpoint=json_text.text(document, "authorization_endpoint"),
        token_endpoint=json_text.text(document, "token_endpoint"),
        jwks_uri=json_text.text(document, "jwks_uri"),
        userinfo_endpoint=json_text.text(document, "userinfo_endpoint"),
        scopes=_texts(document, "scopes_supported"),
        response_types=_texts(document, "response_types_supported"),
        algorithms=_texts(document, "id_token_signing_alg_values_supported"),
        auth_methods=_texts(document, "token_endpoint_auth_methods_supported"),
        graph_host=json_text.text(document, "msgraph_host"),
    )


def parse_keys(body: bytes) -> KeySet:
    """Read the key set.

    Raises:
        PeerError: it is none.
    """
    entries = json_text.member(json_text.read_object(body, where="key set"), "keys")
    if not isinstance(entries, list):
        raise PeerError("expected a JWK set with the member keys, found none", where="key set")
    return KeySet(keys=tuple(_key(item) for item in entries if isinstance(item, dict)), body=body)


def _key(entry: dict[str, Any]) -> SigningKeyOffered:
    chain = json_text.member(entry, "x5c")
    return SigningKeyOffered(
        key_id=json_text.text(entry, "kid"),
        kind=json_text.text(entry, "kty"),
        use=json_text.text(entry, "use"),
        certificate=chain[0] if isinstance(chain, list) and chain and isinstance(chain[0], str) else "",
        thumbprint=json_text.text(entry, "x5t"),
    )


def parse_tokens(reply: HttpReply) -> CodeTokens | None:
    """Read the tokens; None where the answer holds none, as an error does.

    Raises:
        PeerError: it is no JSON object.
    """
    answer = json_text.read_object(reply.body, where=f"token endpoint (HTTP {reply.status})")
    access_token = json_text.text(answer, "access_token")
    if reply.status != 200 or not access_token:
        return None
    return CodeTokens(
        access_token=access_token,
        id_token=json_text.text(answer, "id_token"),
        token_type=json_text.text(answer, "token_type"),
        scope=json_text.text(answer, "scope"),
        refresh_token=bool(json_text.text(answer, "refresh_token")),
    )


def parse_userinfo(body: bytes) -> UserInfo:
    """Read what userinfo says.

    Raises:
        PeerError: it is no JSON object, or names no subject.
    """
    document = json_text.read_object(body, where="userinfo")
    sub = json_text.text(document, "sub")
    if not sub:
        raise PeerError(f"expected sub, found {json_text.member_names(document)}", where="userinfo")
    return UserInfo(
        sub=sub,
        email=json_text.text(document, "email"),
        name=json_text.text(document, "name"),
        members=tuple(document),
    )


def _texts(document: object, name: str) -> tuple[str, ...]:
    found = json_text.member(document, name)
    return tuple(json_text.writable(item) for item in found if isinstance(item, str)) if isinstance(found, list) else ()

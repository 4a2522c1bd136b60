"""What only the secret bytes could prove, as data: read once, where the bytes are, and kept in their place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReading:
    """What the assertion's signature says of itself, and whether it holds.

    `valid` is about the octets and the key in KeyInfo (or the trusted key when there is none);
    `trusted` says that this key is one of the domain's signing certificates; `problem` is the
    reader's sentence when it does not hold. `signed_assertion_id` is what was really signed.

    `signatures` counts the Signature children of the assertion, `key_bits` is the RSA key's size, and `key_info` says
    what KeyInfo held: `X509Certificate`, `an unreadable X509Certificate`, `KeyValue`, another name, or nothing.
    `key_sha256` is the digest of the key that was verified with (SubjectPublicKeyInfo, in hex). `second_opinion` says
    whether another implementation finds it valid, None where that one was not asked. `objects` counts the ds:Object in
    the signature. `refused` says that its form was refused before anything was computed, and `doubt` why the first
    verifier would not compute what the second one finds valid: `valid` is then the second one's word.
    """

    present: bool
    valid: bool
    trusted: bool
    problem: str
    signature_algorithm: str
    digest_algorithms: tuple[str, ...]
    canonicalization: str
    transforms: tuple[str, ...]
    references: tuple[str, ...]
    signed_assertion_id: str
    certificate_thumbprint: str
    certificate_expired_at_issue: bool | None
    has_line_breaks: bool
    signatures: int = 1
    key_bits: int | None = None
    key_info: str = ""
    certificate_subject: str = ""
    certificate_not_after: datetime | None = None
    key_sha256: str = ""
    second_opinion: bool | None = None
    objects: int = 0
    refused: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokenReading:
    """The claims of an access token, unverified; empty where it is opaque, which OAuth allows."""

    claims: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKeyReading:
    """Whether a device certificate is for the device's own key."""

    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKeyReading:
    """Whether a session key could be taken out of its JWE with the device's transport key, and how long it is.

    `algorithm` and `encryption` are those of the JWE's header, empty where it has none.
    """

    ours: bool
    bits: int = 0
    algorithm: str = ""
    encryption: str = ""


class TokenKind(StrEnum):
    """What a Negotiate token turns out to be; only Kerberos, bare or inside SPNEGO, is a computer's ticket."""

    KERBEROS = "kerberos"
    SPNEGO = "spnego"
    NTLM = "ntlm"
    NONE = "none"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiateReading:
    """What kind of token a server sent with its challenge or its consent."""

    token: TokenKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IdTokenReading:
    """What an id_token says, and whether its signature holds (RFC 7519; OpenID Connect core, 2).

    `claims` are text pairs; a list is not among them, its values are in `groups` or left out. `key_known` says that the
    key set holds the key that the header names; `valid` that the signature holds with it, and `problem` is the
    library's word where it does not. `overage` says that groups are only pointed at.
    """

    claims: tuple[tuple[str, str], ...]
    algorithm: str = ""
    key_id: str = ""
    key_known: bool = False
    valid: bool = False
    problem: str = ""
    groups: tuple[str, ...] | None = None
    overage: bool = False

    def claim(self, name: str) -> str:
        """Return a claim's value; empty where there is none."""
        return next((value for key, value in self.claims if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecretReading:
    """What a client secret looks like: whether it is the client id itself, or another GUID, as a Secret ID is."""

    is_client_id: bool
    is_guid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Octets that could not be read; `problem` says what was expected and what came, `where` in which message."""

    problem: str
    where: str


Reading = (
    SignatureReading
    | AccessTokenReading
    | DeviceKeyReading
    | NegotiateReading
    | IdTokenReading
    | ClientSecretReading
    | SessionKeyReading
    | Unread
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKept:
    """A reading, and the SHA-256 (hex) of the octets that it is of: whoever has them can read them again."""

    about: str
    reading: Reading

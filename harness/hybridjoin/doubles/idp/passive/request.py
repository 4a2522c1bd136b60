"""A browser's request to the passive door, read from its query: MS-MWBF 2.2.1 and WS-Federation 1.2, 13.2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PASSWORD_METHODS = (
    "urn:oasis:names:tc:SAML:1.0:am:password",
    "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
)
WINDOWS_METHOD = "urn:federation:authentication:windows"
MULTIPLE = "http://schemas.microsoft.com/claims/multipleauthn"
WINDOWS_OR_MULTIPLE = "http://schemas.microsoft.com/claims/wiaormultiauthn"
KNOWN_METHODS = (*PASSWORD_METHODS, WINDOWS_METHOD, MULTIPLE, WINDOWS_OR_MULTIPLE)


class PassiveRefused(Exception):
    """The request ends on a page of the IdP's own: there is no error parameter in this protocol (MS-MWBF 2.2)."""

    def __init__(self, words: str, *, status: int = 500) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveRequest:
    """What the relying party asked for; absent parameters are empty, `wctx` is decoded once and kept as it is."""

    wa: str
    wtrealm: str
    wctx: str
    wauth: str
    wfresh: str
    prompt: str
    wreply: str
    username: str

    @property
    def afresh(self) -> bool:
        """Whether the person has to sign in now, whatever session there is."""
        return self.wfresh == "0" or self.prompt == "login"

    @property
    def by_password(self) -> bool:
        """Whether a ticket would not do."""
        return self.wauth in PASSWORD_METHODS or self.prompt == "login"

    @property
    def by_ticket(self) -> bool:
        """Whether a password would not do."""
        return self.wauth == WINDOWS_METHOD

    @property
    def with_a_second_factor(self) -> bool:
        """Whether a second factor is wanted."""
        return self.wauth in {MULTIPLE, WINDOWS_OR_MULTIPLE}


def read_request(query: Mapping[str, str]) -> PassiveRequest:
    """Read a query; unknown parameters are passed over."""
    return PassiveRequest(
        wa=query.get("wa", ""),
        wtrealm=query.get("wtrealm", ""),
        wctx=query.get("wctx", ""),
        wauth=query.get("wauth", ""),
        wfresh=query.get("wfresh", ""),
        prompt=query.get("prompt", ""),
        wreply=query.get("wreply", ""),
        username=query.get("username", "") or query.get("login_hint", ""),
    )


def check_request(request: PassiveRequest, *, audience: str, methods: tuple[str, ...] = KNOWN_METHODS) -> None:
    """Let through what can be answered; `methods` are the ways to sign in that this IdP has.

    Raises:
        PassiveRefused: the relying party is unknown, or asks for what there is not.
    """
    if request.wtrealm != audience:
        raise PassiveRefused(f"MSIS3020: The relying party trust with identifier '{request.wtrealm}' was not found.")
    if request.wauth and request.wauth not in methods:
        raise PassiveRefused("MSIS7102: Requested Authentication Method is not supported on the STS.")

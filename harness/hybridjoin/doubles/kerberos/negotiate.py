"""HTTP Negotiate (RFC 4559) for real: GSSAPI with a keytab decides, and we say why it said no.

The acceptor answers as a strict IdP: tickets only in the encryption types it was configured with, no NTLM, no anonymous
client, no replay, no ticket bound to another TLS channel (one that is bound to none, as curl's is, is taken). A token's
secrets never leave this room; what comes out are names, encryption types and sentences.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import gssapi
from gssapi.raw.misc import GSSError

from hybridjoin.doubles.kerberos.keytab import keys_held
from hybridjoin.doubles.kerberos.spnego_token import ETYPE_NAMES, NegotiateToken, read_token

CONVERSATIONS_KEPT = 64
TOKEN_LIMIT_BYTES = 128 * 1024
REPLAY_MEMORY_S = 15 * 60  # thrice the clock skew that Kerberos allows either way


# What libkrb5's acceptor says, and the error of RFC 4120 (7.5.9) that it means: SPNEGO hides the number behind its own.
_ERRORS = (
    ("found in keytab but cannot decrypt ticket", "KRB_AP_ERR_BAD_INTEGRITY"),
    ("found in keytab but not with enctype", "KRB_AP_ERR_BADKEYVER"),
    ("not found in keytab; ", "KRB_AP_ERR_BADKEYVER"),
    ("not found in keytab (", "KRB_AP_ERR_NOT_US"),
)


_NO_KEY = "KRB_AP_ERR_BADKEYVER"
_OF_TIME = ("Clock skew", "expired", "not yet valid")


class Decision(Enum):
    """What the acceptor makes of one Authorization header."""

    CHALLENGE = "challenge"
    CONTINUE = "continue"
    REFUSED = "refused"
    ACCEPTED = "accepted"


class AtFault(Enum):
    """What a refusal lies in."""

    UNREADABLE = "the header, or the token in it"
    PACKAGE = "another mechanism than Kerberos"
    TYPE = "the ticket's encryption type"
    KEY = "the key that the ticket is encrypted with"
    TIME = "the ticket's time, or one of the clocks"
    OTHER = "something else about the ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """The outcome of one leg: `token` goes into the answer's WWW-Authenticate, `account` is the client's name."""

    decision: Decision
    account: str = ""
    realm: str = ""
    ticket: str = ""
    token: bytes = b""
    problem: str = ""
    fault: AtFault | None = None


class ReplayCache:
    """Remembers the authenticators of the last minutes (RFC 4120, 3.2.3); older ones fail for their clock."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, digest: bytes) -> bool:
        """Remember an authenticator's digest; say whether it was not there yet."""
        now = time.monotonic()
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < now - REPLAY_MEMORY_S:
                self._seen.popitem(last=False)
            new = digest not in self._seen
            self._seen.setdefault(digest, now)
            return new


class Acceptor:
    """Accepts service tickets with the keys of one keytab, whatever the service name; `replays` lets them pass."""

    def __init__(self, keytab: Path, *, etypes: frozenset[int], replays: bool = False) -> None:
        self._etypes = etypes
        self._replays_pass = replays
        self._conversations: OrderedDict[Hashable, gssapi.SecurityContext] = OrderedDict()
        self._lock = threading.Lock()
        # MIT's replay cache is a file that would be left behind and shared; ours lives and dies with the acceptor.
        store: dict[str | bytes, str | bytes] = {"keytab": f"FILE:{keytab}", "rcache": "none:"}
        self._replays = ReplayCache()
        self._credentials = gssapi.Credentials(usage="accept", store=store)
        self._keytab = keytab

    def accept(self, authorization: str | None, connection: Hashable, *, channel: bytes | None = None) -> Handshake:
        """Judge one Authorization header; `connection` joins the legs of a conversation that needs more than one.

        `channel` is the binding of the TLS channel (RFC 5929) that a ticket may be bound to, None to ignore bindings.
        """
        scheme, _, credentials = (authorization or "").strip().partition(" ")
        if not scheme:
            return Handshake(decision=Decision.CHALLENGE)
        if scheme.lower() != "negotiate":
            problem = f"the client offered the scheme {scheme!r}; only Negotiate is accepted"
            return _refused(problem, AtFault.PACKAGE)
        try:
            raw = base64.b64decode(credentials, validate=True)
            if len(raw) > TOKEN_LIMIT_BYTES:
                problem = f"the token has {len(raw)} bytes; the limit is {TOKEN_LIMIT_BYTES}"
                return _refused(problem, AtFault.UNREADABLE)
            token = read_token(raw)
        except (binascii.Error, ValueError) as failure:
            return _refused(f"the Negotiate token cannot be read: {failure}", AtFault.UNREADABLE)
        refusal = self._refusal(token)
        if refusal:
            return _refused(refusal, AtFault.PACKAGE if token.kind == "ntlm" else AtFault.TYPE)
        return self._step(raw, token, connection, channel)

    def _refusal(self, token: NegotiateToken) -> str:
        if token.kind == "ntlm":
            return "the client sent NTLM instead of a Kerberos ticket: it found no service principal for this host"
        if token.ticket is not None and token.ticket.etype not in self._etypes:
            wanted = ", ".join(ETYPE_NAMES.get(etype, str(etype)) for etype in sorted(self._etypes, reverse=True))
            return (
                f"the ticket for {token.ticket.service} is encrypted with {token.ticket.etype_name}, not with {wanted} "
                "(does the service account support AES, and were old tickets purged?)"
            )
        return ""

    def _step(self, raw: bytes, token: NegotiateToken, connection: Hashable, channel: bytes | None) -> Handshake:
        with self._lock:
            context = self._conversations.pop(connection, None)
        if context is None or token.kind != "spnego-response":
            bindings = gssapi.raw.ChannelBindings(application_data=channel) if channel is not None else None
            context = gssapi.SecurityContext(creds=self._credentials, usage="accept", channel_bindings=bindings)
        try:
            answer = context.step(raw) or b""
            complete = context.complete  # python-gssapi keeps an error back here when there is a token to send with it
        except GSSError as failure:
            problem = self._why(failure, token)
            return _refused(problem, _fault_of(problem))
        if not complete:
            self._remember(connection, context)
            return Handshake(decision=Decision.CONTINUE, token=answer)
        old = token.ticket is not None and not self._replays.is_new(token.ticket.authenticator_digest)
        if token.ticket is not None and old and not self._replays_pass:
            problem = f"the ticket for {token.ticket.service} was refused: its authenticator is a replay"
            return _refused(problem, AtFault.TIME)
        return _accepted(context, token, answer)

    def _why(self, failure: GSSError, token: NegotiateToken) -> str:
        """Say why a ticket was refused; where no key fits, which keys there are."""
        service, words = f" for {token.ticket.service}" if token.ticket else "", _words(failure)
        held = f"; the keytab holds {keys_held(self._keytab)}" if _NO_KEY in words else ""
        return f"the ticket{service} was refused: {words}{held}"

    def _remember(self, connection: Hashable, context: gssapi.SecurityContext) -> None:
        with self._lock:
            self._conversations[connection] = context
            while len(self._conversations) > CONVERSATIONS_KEPT:
                self._conversations.popitem(last=False)


def _accepted(context: gssapi.SecurityContext, token: NegotiateToken, answer: bytes) -> Handshake:
    if gssapi.RequirementFlag.anonymity in context.actual_flags:
        return _refused("the client is anonymous")
    account, _, realm = str(context.initiator_name).rpartition("@")
    if realm == "WELLKNOWN:ANONYMOUS" or account.startswith("WELLKNOWN/"):
        return _refused("the client is anonymous")
    shown = token.ticket
    ticket = f"{shown.service} ({shown.etype_name}, kvno {shown.kvno})" if shown else ""
    return Handshake(decision=Decision.ACCEPTED, account=account, realm=realm, ticket=ticket, token=answer)


def _refused(problem: str, fault: AtFault = AtFault.OTHER) -> Handshake:
    return Handshake(decision=Decision.REFUSED, problem=problem, fault=fault)


def _fault_of(problem: str) -> AtFault:
    """Tell by libkrb5's words whether the key or the time is at fault: SPNEGO hides the number behind its own."""
    if any(name in problem for _, name in _ERRORS):
        return AtFault.KEY
    return AtFault.TIME if any(mark in problem for mark in _OF_TIME) else AtFault.OTHER


def _words(failure: GSSError) -> str:
    """Return the mechanism's own sentence (the minor status) where there is one, else the GSS-API's, after its name."""
    message = str(failure.gen_message())
    match = re.fullmatch(r"Major \(\d+\): (.*), Minor \(-?\d+\): (.*)", message, re.DOTALL)
    if match is None:
        return message
    words = match[1] if match[2] in {"", "Unknown error", "Success"} else match[2]
    name = next((name for mark, name in _ERRORS if mark in words), "")
    return f"{name}: {words}" if name else words

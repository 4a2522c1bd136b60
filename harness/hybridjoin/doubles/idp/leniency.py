"""How each fault of the area `request` lets something pass that a token service has to refuse.

What a message may say wrongly is passed over by its reader (`rst.LENIENT`), a replay by the acceptor; what concerns
the Authorization header, and the token that comes of it, stands here.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import traceback
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp.issue import Answer, soap_fault
from hybridjoin.doubles.idp.mapping import ACCOUNT_TYPE_NAMESPACE, USERS, Claim
from hybridjoin.doubles.idp.rst import ADDRESSING, LENIENT, Rst, RstRefused
from hybridjoin.doubles.idp.token import Token
from hybridjoin.doubles.kerberos.negotiate import Decision, Handshake
from hybridjoin.doubles.kerberos.spnego_token import read_token

REPLAYS = "accepts-replays"
SAME_ID = "repeats-assertion-id"
USERS_TOO = "takes-users-for-computers"
ANONYMOUS = "accepts-anonymous"
ANY_TOKEN = "accepts-any-token"
NTLM = "takes-up-ntlm"
AS_HTML = "refusals-as-html"
VAGUE = "vague-refusals"
STACK_TRACE = "stack-trace"
FOREIGN = "takes-foreign-tickets"
ELSEWHERE = "replies-elsewhere"
ANY_PASSWORD = "takes-any-password"
REPEATED = "repeats-the-password"
AS_400 = "refusals-with-400"
BARE = "refusals-without-subcode"
FAULTS = (
    *LENIENT,
    REPLAYS,
    SAME_ID,
    USERS_TOO,
    ANONYMOUS,
    ANY_TOKEN,
    NTLM,
    AS_HTML,
    VAGUE,
    STACK_TRACE,
    FOREIGN,
    ELSEWHERE,
    ANY_PASSWORD,
    REPEATED,
    AS_400,
    BARE,
)
_SUBCODE = re.compile(rb"<s:Subcode>.*?</s:Subcode>", re.DOTALL)
_PAGE = b"<!DOCTYPE html>\n<html><head><title>Error</title></head><body>The request failed.</body></html>\n"
# NTLMSSP CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2): no target, the negotiated flags, then eight octets of chance.
_NTLM_CHALLENGE = b"NTLMSSP\x00" + bytes.fromhex("02000000" + "0000000038000000" + "05820880")


def names(faults: Iterable[Misbehaviour]) -> frozenset[str]:
    """Return which of these faults were chosen."""
    return frozenset(fault.name for fault in faults if fault.fault.area == "request")


def vouched(handshake: Handshake, authorization: str | None, faults: Iterable[Misbehaviour], realm: str) -> Handshake:
    """Return a handshake as accepted where a fault takes its caller for somebody without any proof."""
    for fault in faults:
        anonymous = fault.name == ANONYMOUS and not authorization
        odd = fault.name == ANY_TOKEN and _kind(authorization) != "ticket"
        if anonymous or odd or (fault.name == FOREIGN and _realm(authorization) not in {"", realm}):
            return Handshake(decision=Decision.ACCEPTED, account=fault.text("account"), realm=realm, ticket="unproven")
    return handshake


def challenges(authorization: str | None, faults: Iterable[Misbehaviour]) -> tuple[str, ...]:
    """Return the challenges that a fault adds to, or puts in the place of, a bare Negotiate."""
    if NTLM not in names(faults):
        return ("Negotiate",)
    if _kind(authorization) == "ntlm":
        challenge = _NTLM_CHALLENGE + os.urandom(8) + bytes(16)
        return (f"Negotiate {base64.b64encode(challenge).decode('ascii')}",)
    return ("Negotiate", "NTLM")


def trace(authorization: str | None, faults: Iterable[Misbehaviour]) -> str:
    """Return the stack trace of an unreadable token where a fault shows it, else nothing."""
    if STACK_TRACE not in names(faults) or not authorization:
        return ""
    try:
        read_token(base64.b64decode(authorization.partition(" ")[2], validate=True))
    except (binascii.Error, ValueError):
        return traceback.format_exc()
    return ""


def issued(token: Token, message_id: str, user_type: str, faults: Iterable[Misbehaviour]) -> Token:
    """Return a token with the id of its request, or with the claim of a computer, where a fault says so."""
    chosen = names(faults)
    if SAME_ID in chosen:
        token = replace(token, assertion_id=f"_{uuid.uuid5(uuid.NAMESPACE_URL, message_id)}")
    if USERS_TOO in chosen and user_type == USERS:
        others = tuple(claim for claim in token.claims if claim.name != "accounttype")
        computer = Claim(name="accounttype", namespace=ACCOUNT_TYPE_NAMESPACE, values=("DJ",))
        token = replace(token, claims=(*others, computer))
    return token


def refusal(refused: RstRefused, faults: Iterable[Misbehaviour], *, now: datetime) -> Answer:
    """Return the answer to a request that is refused: the fault that fits, or what a fault makes of it."""
    chosen = names(faults)
    if AS_HTML in chosen:
        return Answer(status=500, body=_PAGE, content_type="text/html; charset=utf-8")
    if VAGUE in chosen:
        rst = replace(refused.rst, message_id="")
        vague = soap_fault(RstRefused("RequestFailed", "The request failed.", rst=rst), now=now)
        return replace(vague, status=200, body=vague.body.replace(b":Sender<", b":Receiver<"))
    answer = soap_fault(refused, now=now)
    if BARE in chosen:
        answer = replace(answer, body=_SUBCODE.sub(b"", answer.body).replace(b":Sender<", b":Receiver<"))
    return replace(answer, status=400) if AS_400 in chosen else answer


def sent_away(rst: Rst, faults: Iterable[Misbehaviour]) -> Answer | None:
    """Return the answer where a fault obeys a ReplyTo of another host, as if the token were sent there; it is not."""
    if ELSEWHERE not in names(faults) or rst.reply_to in {"", f"{ADDRESSING}/anonymous"}:
        return None
    return Answer(status=202, body=b"", content_type="text/plain")


def _realm(authorization: str | None) -> str:
    """Return the realm that a ticket names in the clear, nothing where there is no ticket."""
    try:
        token = read_token(base64.b64decode((authorization or "").partition(" ")[2], validate=True))
    except (binascii.Error, ValueError):
        return ""
    return token.ticket.realm if token.ticket is not None else ""


def _kind(authorization: str | None) -> str:
    """Say what an Authorization header holds: nothing, noise, ntlm or (what looks like) a ticket."""
    if not authorization:
        return "ticket"
    try:
        token = read_token(base64.b64decode(authorization.partition(" ")[2], validate=True))
    except (binascii.Error, ValueError):
        return "noise"
    return "ntlm" if token.kind == "ntlm" else "ticket"

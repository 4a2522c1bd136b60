"""Answers to probes, parsed from real documents: those of a healthy IdP, and whatever a test bends of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from hybridjoin.errors import PeerError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer, ProbeResult
from hybridjoin.model.exchange import Headers, Proof, ServerProof
from hybridjoin.protocol import mex, rstr, transfer
from hybridjoin.protocol.negotiate import TokenKind
from tests.protocol.documents import DJ, MESSAGE_ID, T2005, AssertionText, ReplyText, fault_12, sign
from tests.protocol.metadata import USERNAME_13, WAYS, metadata

SOAP_TYPE: Headers = (("Content-Type", "application/soap+xml; charset=utf-8"),)
XML_TYPE: Headers = (("Content-Type", "text/xml"),)
CHALLENGE: Headers = (("Content-Type", "text/html"), ("WWW-Authenticate", "Negotiate"))
REPLY_ACTION = transfer.GET_RESPONSE


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def signed_token(assertion_id: str = "") -> str:
    return sign(str(AssertionText(assertion_id=assertion_id) if assertion_id else AssertionText()))


def answer(body: bytes = b"", *, status: int = 200, headers: Headers = (), **more: object) -> ProbeAnswer:
    found = ProbeAnswer(
        status=status,
        sent_digest=digest("changed"),
        baseline_digest=digest("plain"),
        message_id=MESSAGE_ID,
        headers=headers,
        body=body,
        **more,  # type: ignore[arg-type] # the fields of ProbeAnswer
    )
    try:
        read = rstr.parse_reply(body, http_status=status, content_type="")
    except PeerError as error:
        return replace(found, unreadable=error.problem)
    return replace(found, fault=read) if isinstance(read, rstr.SoapFault) else replace(found, response=read)


def token(reply: ReplyText | None = None) -> ProbeAnswer:
    body = bytes(reply or ReplyText(tokens=(signed_token(),)))
    proof = ServerProof(proof=Proof.GOOD)
    return answer(body, headers=SOAP_TYPE, server_token=TokenKind.SPNEGO, server_proof=proof)


def unchanged(found: ProbeAnswer) -> ProbeAnswer:
    """An answer to a message in which the probe changes nothing."""
    return replace(found, sent_digest=digest("plain"), baseline_digest="")


def fault(name: str = "RequestFailed", *, status: int = 500, code: str = "Sender", **how: str) -> ProbeAnswer:
    body = fault_12(name, **how).replace(b"e:Sender", f"e:{code}".encode())
    return answer(body, status=status, headers=SOAP_TYPE, server_token=TokenKind.SPNEGO)


def page(status: int, *, headers: Headers = (), body: bytes = b"<html/>", **more: object) -> ProbeAnswer:
    return answer(body, status=status, headers=headers, **more)


def document(body: bytes = metadata(), *, headers: Headers = XML_TYPE) -> ProbeAnswer:
    found = ProbeAnswer(status=200, sent_digest=digest("plain"), message_id=MESSAGE_ID, headers=headers, body=body)
    return replace(found, mex=mex.parse_mex(body))


def by_message(
    *, action: str = REPLY_ACTION, relates_to: str = MESSAGE_ID, version: str = "2003/05", ways: object = WAYS
) -> ProbeAnswer:
    space = (
        "http://www.w3.org/2003/05/soap-envelope"
        if version == "2003/05"
        else "http://schemas.xmlsoap.org/soap/envelope/"
    )
    body = (
        f'<e:Envelope xmlns:e="{space}" xmlns:w="http://www.w3.org/2005/08/addressing"><e:Header>'
        f"<w:Action>{action}</w:Action><w:RelatesTo>{relates_to}</w:RelatesTo></e:Header><e:Body>"
        f"{metadata(ways).decode()}</e:Body></e:Envelope>"  # type: ignore[arg-type] # some of WAYS
    )
    return document(body.encode(), headers=SOAP_TYPE)


NO_ANSWER = ProbeAnswer(status=None, sent_digest=digest("plain"), breakage="connection reset: it hung up")
NO_TICKET = replace(NO_ANSWER, breakage="", kerberos_error="KDC_ERR_CLIENT_REVOKED: the account is disabled")
REFUSED = fault()
UNAUTHORIZED = page(401, headers=CHALLENGE)
DEVICE_TOKEN = token()
USER_TOKEN = token(ReplyText(tokens=(sign(str(AssertionText(claims=((DJ, "accounttype", ("User",)),)))),)))


def healthy_probes() -> tuple[ProbeResult, ...]:
    """What a healthy IdP answers to each probe of the catalogue."""
    good = token()
    again = unchanged(token(ReplyText(tokens=(signed_token("_another"),))))
    answers: dict[str, tuple[ProbeAnswer, ...]] = {
        "mex-transfer-get": (by_message(), document()),
        "mex-unknown-action": (fault("ActionNotSupported"),),
        "mex-twice": (document(), document()),
        "mex-query": (document(),),
        "mex-accept": (document(), document()),
        "mex-other-agent": (document(), document()),
        "username-port": (unchanged(fault("FailedAuthentication")),),
        "rst-other-agent": (unchanged(good), unchanged(good)),
        "mex-twin": (document(), document(metadata((USERNAME_13,)))),
        "rst-plain": (unchanged(good),),
        "rst-empty-first": (UNAUTHORIZED, unchanged(good)),
        "rst-at-once": (unchanged(good),),
        "rst-13": (unchanged(good),),
        "rst-2005": (unchanged(token(ReplyText(tokens=(signed_token(),), trust=T2005))),),
        "rst-anonymous": (unchanged(UNAUTHORIZED),),
        "rst-get": (page(405),),
        "rst-applies-to": (fault("InvalidScope"),),
        "rst-request-type": (fault("BadRequest"),),
        "rst-unknown-token-type": (REFUSED,),
        "rst-action-mismatch": (fault("ActionNotSupported", trust="http://www.w3.org/2005/08/addressing"),),
        "rst-must-understand": (fault("", code="MustUnderstand"),),
        "rst-envelope": (fault("", code="VersionMismatch"),),
        "rst-media-type": (page(415),),
        "rst-other-channel": (unchanged(UNAUTHORIZED),),
        "rst-user": (unchanged(USER_TOKEN),),
        "rst-disabled": (NO_TICKET,),
        "rst-malformed": (page(400),),
        "rst-dtd": (REFUSED,),
        "rst-stale": (fault("ExpiredData"),),
        "rst-duplicate": (unchanged(good), again),
        "rst-replay": (unchanged(good), unchanged(UNAUTHORIZED)),
        "rst-ntlm": (UNAUTHORIZED,),
        "rst-garbage": (UNAUTHORIZED,),
        "rst-foreign-ticket": (UNAUTHORIZED,),
        "sts-folder": (page(404),),
        "rst-reply-elsewhere": (good,),
        "rst-oversize": (page(413), unchanged(good)),
    }
    tolerated = (
        "soap-action",
        "action-parameter",
        "msal",
        "lower-case-message-id",
        "token-type",
        "query",
        "timestamp",
        "large-header",
    )
    answers |= {f"rst-{name}": (good,) for name in tolerated}
    return tuple(ProbeResult(probe=name, answers=found) for name, found in answers.items())


def with_probe(evidence: JoinEvidence, result: ProbeResult) -> JoinEvidence:
    """The same evidence, one probe of it answered otherwise."""
    others = tuple(item for item in evidence.probes if item.probe != result.probe)
    return replace(evidence, probes=(*others, result))


Case = Callable[[], JoinEvidence]
STACK = b"<pre>System.NullReferenceException\n   at Sts.Issue(Request request)\n</pre>"


def breaking_probes(healthy: JoinEvidence) -> dict[str, Case]:
    """For each requirement on probes, answers that break it."""

    def gets(name: str, *answers: ProbeAnswer) -> Case:
        return lambda: with_probe(healthy, ProbeResult(probe=name, answers=answers))

    bare = answer(status=200, headers=SOAP_TYPE)
    plain = unchanged
    other_trust = plain(token(ReplyText(tokens=(signed_token(),), trust=T2005)))
    basic: Headers = (("WWW-Authenticate", 'Basic realm="sts"'), ("WWW-Authenticate", "Negotiate"))
    ntlm: Headers = (("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "NTLM"))
    return {
        "MEX-21": gets("mex-transfer-get", page(405), document()),
        "MEX-22": gets("mex-transfer-get", by_message(action="urn:other"), document()),
        "MEX-23": gets("mex-transfer-get", by_message(relates_to="urn:uuid:other"), document()),
        "MEX-24": gets("mex-transfer-get", by_message(ways=(USERNAME_13,)), document()),
        "MEX-25": gets("mex-transfer-get", by_message(version="1.1"), document()),
        "MEX-26": gets("mex-unknown-action", document()),
        "MEX-27": gets("mex-twice", document(), document(metadata((USERNAME_13,)))),
        "MEX-28": gets("mex-query", page(404)),
        "MEX-29": gets("mex-accept", document(), page(406)),
        "MEX-30": gets("mex-twice", document(headers=(("Content-Type", "text/html"),)), document()),
        "MEX-31": gets("mex-twin", document(metadata((USERNAME_13,))), document()),
        "MEX-34": gets("mex-other-agent", page(403), document()),
        "MEX-36": gets("username-port", page(404)),
        "RST-13": gets("rst-other-agent", page(403), plain(DEVICE_TOKEN)),
        "HTTP-01": gets("rst-anonymous", plain(page(403))),
        "HTTP-02": gets("rst-anonymous", plain(page(401))),
        "HTTP-03": gets("rst-anonymous", plain(page(401, headers=ntlm))),
        "HTTP-04": gets("rst-anonymous", plain(page(401, headers=basic))),
        "HTTP-05": gets("rst-anonymous", plain(page(401, headers=CHALLENGE, server_token=TokenKind.SPNEGO))),
        "HTTP-06": gets("rst-anonymous", plain(DEVICE_TOKEN)),
        "HTTP-09": gets("rst-empty-first", fault("InvalidRequest"), plain(DEVICE_TOKEN)),
        "HTTP-10": gets("rst-at-once", plain(UNAUTHORIZED)),
        "HTTP-11": gets("rst-large-header", page(431)),
        "HTTP-12": gets("rst-get", page(500)),
        "HTTP-13": gets("rst-media-type", page(500)),
        "HTTP-14": gets("rst-other-channel", plain(DEVICE_TOKEN)),
        "RST-01": gets("rst-plain", plain(REFUSED)),
        "RST-02": gets("rst-soap-action", REFUSED),
        "RST-03": gets("rst-action-parameter", page(415)),
        "RST-04": gets("rst-msal", REFUSED),
        "RST-05": gets("rst-lower-case-message-id", REFUSED),
        "RST-06": gets("rst-empty-first", UNAUTHORIZED, plain(UNAUTHORIZED)),
        "RST-07": gets("rst-13", other_trust),
        "RST-08": gets("rst-2005", plain(REFUSED)),
        "RST-09": gets("rst-token-type", REFUSED),
        "RST-10": gets("rst-query", page(404)),
        "RST-11": gets("rst-timestamp", fault("ExpiredData")),
        "RST-12": gets("rst-msal", token(ReplyText(tokens=(signed_token(),), relates_to="urn:uuid:first"))),
        "NEG-01": gets("rst-applies-to", DEVICE_TOKEN),
        "NEG-02": gets("rst-request-type", DEVICE_TOKEN),
        "NEG-03": gets("rst-action-mismatch", DEVICE_TOKEN),
        "NEG-04": gets("rst-unknown-token-type", DEVICE_TOKEN),
        "NEG-05": gets("rst-must-understand", DEVICE_TOKEN),
        "NEG-06": gets("rst-envelope", DEVICE_TOKEN),
        "NEG-07": gets("rst-malformed", DEVICE_TOKEN),
        "NEG-08": gets("rst-dtd", DEVICE_TOKEN),
        "NEG-09": gets("rst-stale", DEVICE_TOKEN),
        "NEG-10": gets("rst-replay", plain(DEVICE_TOKEN), plain(DEVICE_TOKEN)),
        "NEG-11": gets("rst-duplicate", plain(DEVICE_TOKEN), plain(DEVICE_TOKEN)),
        "NEG-12": gets("rst-user", plain(DEVICE_TOKEN)),
        "NEG-13": gets("rst-ntlm", DEVICE_TOKEN),
        "NEG-14": gets("rst-ntlm", page(401, headers=CHALLENGE, server_token=TokenKind.NTLM)),
        "NEG-15": gets("rst-garbage", DEVICE_TOKEN),
        "NEG-16": gets("rst-garbage", page(500)),
        "NEG-17": gets("rst-malformed", page(400, body=STACK)),
        "NEG-19": gets("rst-reply-elsewhere", page(202, body=b"")),
        "NEG-20": gets("rst-foreign-ticket", DEVICE_TOKEN),
        "NEG-21": gets("rst-garbage", page(401, headers=(*CHALLENGE, ("Server", "Apache/2.4.57 (Debian)")))),
        "NEG-22": gets("sts-folder", page(200, body=b"<html><title>Index of /sts</title></html>")),
        "NEG-23": gets("rst-oversize", page(413), plain(page(503))),
        "NEG-18": gets("rst-disabled", replace(NO_TICKET, kerberos_error=""), plain(DEVICE_TOKEN)),
        "FAULT-04": gets("rst-applies-to", page(400)),
        "FAULT-05": gets("rst-applies-to", fault("InvalidScope", relates_to="urn:uuid:other")),
        "FAULT-06": gets("rst-unknown-token-type", fault(reason="")),
        "FAULT-07": gets("rst-applies-to", fault("InvalidScope", code="Oops")),
        "FAULT-08": gets("rst-applies-to", fault("InvalidScope", status=200)),
        "FAULT-09": gets("rst-applies-to", fault("InvalidScope", code="Receiver")),
        "FAULT-10": gets("rst-applies-to", fault("BadRequest")),
        "FAULT-11": gets("rst-request-type", fault("RequestFailed")),
        "FAULT-12": gets("rst-stale", fault("RequestFailed")),
        "FAULT-13": gets("rst-action-mismatch", fault("ExpiredData")),
        "FAULT-14": gets("rst-must-understand", fault("InvalidRequest")),
        "FAULT-15": gets("rst-envelope", fault("InvalidRequest")),
        "FAULT-16": gets("rst-malformed", bare),
    }

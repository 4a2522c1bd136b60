"""Issues the answer: an assertion from its template, signed by xmlsec, wrapped as WS-Trust asks; or a SOAP fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp import token_faults
from hybridjoin.doubles.idp.handed_over import NOTHING, HandedOver
from hybridjoin.doubles.idp.rendering import render, render_element, shape_of
from hybridjoin.doubles.idp.rst import SOAP_11, SOAP_12, TRUST_NAMESPACES, Rst, RstRefused
from hybridjoin.doubles.idp.signing import SigningIdentity, sign, signer
from hybridjoin.doubles.idp.token import Reply, Token, new_reply

_PLACEHOLDER = "<assertions/>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer of the STS."""

    status: int
    body: bytes
    content_type: str


def issue(
    rst: Rst,
    token: Token,
    identity: SigningIdentity,
    *,
    profile: str,
    faults: tuple[Misbehaviour, ...],
    handed_over: HandedOver = NOTHING,
) -> Answer:
    """Answer a request with a token, bent by whatever faults there are.

    Raises:
        RstRefused: a fault cannot be put into this assertion.
    """
    expires = token.not_on_or_after
    for fault in faults:
        token = token_faults.CONTENT.get(fault.name, token_faults.keep)(token, fault)
    tokens = [token]
    if any(fault.name == "second-assertion" for fault in faults):
        tokens.append(replace(token, assertion_id=f"{token.assertion_id}-second"))
    try:
        bent = tuple(signed_assertion(item, identity, profile, handed_over, faults) for item in tokens)
    except ValueError as failure:
        raise RstRefused("RequestFailed", str(failure), rst=rst) from failure
    reply = new_reply(rst, token, bent, expires=expires)
    for fault in faults:
        reply = token_faults.REPLY.get(fault.name, token_faults.keep)(reply, fault)
    answer = Answer(status=200, body=_envelope(reply, profile), content_type=_content_type(reply.soap))
    for fault in faults:
        answer = replace(answer, body=token_faults.BYTES.get(fault.name, token_faults.keep)(answer.body, fault))
    return answer


def soap_fault(refused: RstRefused, *, now: datetime, soap: str = "") -> Answer:
    """Answer with a SOAP fault, HTTP 500 as AD FS does for every one of them."""
    version = soap or refused.rst.soap or SOAP_12
    fault = {
        "soap": version,
        "is_soap_12": version == SOAP_12,
        "name": refused.name,
        "namespace": refused.namespace,
        "reason": refused.reason,
        "not_understood": refused.not_understood,
        "relates_to": refused.rst.message_id,
        "sent_at": now,
        "stale_at": now + timedelta(minutes=5),
    }
    return Answer(status=500, body=render("fault.xml", fault=fault).encode(), content_type=_content_type(version))


def ordered_fault(fault: Misbehaviour, rst: Rst, *, now: datetime) -> Answer:
    """Answer with the SOAP fault that a scenario ordered."""
    refused = RstRefused(fault.text("name"), fault.text("reason"), rst=rst, namespace=TRUST_NAMESPACES[rst.trust])
    return soap_fault(refused, now=now, soap=SOAP_11 if fault.text("soap") == "1.1" else SOAP_12)


def signed_assertion(
    token: Token,
    identity: SigningIdentity,
    profile: str,
    handed_over: HandedOver,
    faults: tuple[Misbehaviour, ...],
    bend: Callable[[etree._Element], None] = lambda _: None,
) -> str:
    """Return an assertion as its template has it, signed, as text; `bend` changes it before that.

    Raises:
        ValueError: it has nothing that one of the faults could bend.
    """
    template = "saml20.xml" if token.saml == "2.0" else f"{shape_of(profile)}/assertion.xml"
    assertion = render_element(template, bare=not token.prefix, token=token)
    bend(assertion)
    chosen = handed_over.chosen_of(faults)
    if chosen:
        return handed_over.tokens(assertion, chosen, signer(identity))
    sign(assertion, identity)
    return etree.tostring(assertion, encoding="unicode")


def _envelope(reply: Reply, profile: str) -> bytes:
    """Wrap the assertions without touching a byte of them."""
    text = render(f"{shape_of(profile)}/rstr.xml", reply=reply)
    return text.replace(_PLACEHOLDER, "".join(reply.assertions)).encode()


def _content_type(soap: str) -> str:
    return "text/xml" if soap == SOAP_11 else "application/soap+xml; charset=utf-8"

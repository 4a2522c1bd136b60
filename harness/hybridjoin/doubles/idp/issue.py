"""Issues the answer: an assertion from its template, signed by xmlsec, wrapped as WS-Trust asks; or a SOAP fault."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import xmlsec
from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp import token_faults
from hybridjoin.doubles.idp.rendering import render, render_element
from hybridjoin.doubles.idp.rst import SOAP_11, SOAP_12, TRUST_NAMESPACES, Rst, RstRefused
from hybridjoin.doubles.idp.token import Reply, SigningPlan, Token, new_reply
from hybridjoin.doubles.settings import ConfigError

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"
_PLACEHOLDER = "<assertions/>"
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer of the STS."""

    status: int
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """The IdP's signing key (PEM) and certificate (base64 of its DER, in one line)."""

    key: bytes
    certificate: str

    def __repr__(self) -> str:
        return "SigningIdentity(…)"

    @classmethod
    def read(cls, key_file: Path, certificate_file: Path) -> SigningIdentity:
        """Read both PEM files; raises ConfigError when one is not what it should be."""
        match = _CERTIFICATE.search(certificate_file.read_bytes())
        if match is None:
            raise ConfigError([f"signing_certificate: no PEM certificate in {certificate_file}"])
        key = key_file.read_bytes()
        try:
            xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
        except (xmlsec.Error, TypeError) as failure:
            raise ConfigError([f"signing_key: no PEM private key in {key_file}"]) from failure
        return cls(key=key, certificate=b"".join(match[1].split()).decode("ascii"))


def issue(
    rst: Rst, token: Token, identity: SigningIdentity, *, profile: str, faults: tuple[Misbehaviour, ...]
) -> Answer:
    """Answer a request with a token, bent by whatever faults there are."""
    expires = token.not_on_or_after
    for fault in faults:
        token = token_faults.CONTENT.get(fault.name, token_faults.keep)(token, fault)
    assertions = [_assertion(token, identity, profile=profile, faults=faults)]
    if any(fault.name == "second-assertion" for fault in faults):
        another = replace(token, assertion_id=f"{token.assertion_id}-second")
        assertions.append(_assertion(another, identity, profile=profile, faults=faults))
    reply = new_reply(rst, token, tuple(assertions), expires=expires)
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


def sign(assertion: etree._Element, plan: SigningPlan, *, id_attribute: str) -> None:
    """Put an enveloped signature into an assertion and leave no line break in it (XML-DSig, 4.4 and 6.6.4)."""
    signature = render_element("signature.xml", plan=plan)
    assertion.insert(0 if plan.position == "first" else len(assertion), signature)
    context = xmlsec.SignatureContext()
    context.key = _loaded(plan.key)
    context.register_id(assertion, id_attribute)
    context.sign(signature)
    for name in ("SignatureValue", "DigestValue"):
        for element in signature.iter(SIGNATURE + name):
            element.text = "".join((element.text or "").split())


@lru_cache(maxsize=4)
def _loaded(key: bytes) -> xmlsec.Key:
    """Parse a PEM key once; every context takes a copy of it."""
    return xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)


def _assertion(token: Token, identity: SigningIdentity, *, profile: str, faults: tuple[Misbehaviour, ...]) -> str:
    template = "saml20.xml" if token.saml == "2.0" else f"{profile}/assertion.xml"
    assertion = render_element(template, token=token)
    plan: SigningPlan | None = SigningPlan(
        key=identity.key, certificate=identity.certificate, reference=f"#{token.assertion_id}"
    )
    for fault in faults:
        plan = None if plan is None else token_faults.SIGNING.get(fault.name, token_faults.keep)(plan, fault)
    if plan is not None:
        sign(assertion, plan, id_attribute=token.id_attribute)
    for fault in faults:
        token_faults.SIGNED.get(fault.name, token_faults.keep)(assertion, fault)
    return etree.tostring(assertion, encoding="unicode")


def _envelope(reply: Reply, profile: str) -> bytes:
    """Wrap the assertions without touching a byte of them."""
    text = render(f"{profile}/rstr.xml", reply=reply)
    return text.replace(_PLACEHOLDER, "".join(reply.assertions)).encode()


def _content_type(soap: str) -> str:
    return "text/xml" if soap == SOAP_11 else "application/soap+xml; charset=utf-8"

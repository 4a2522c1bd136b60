"""How each fault of the areas `rstr` and `signature` bends the answer, one table for each stage of issuing it.

CONTENT changes what the assertion says, SIGNING how it is signed, SIGNED what is left after signing, REPLY the response
around it, BYTES the finished message. `second-assertion` and `soap-fault` are carried out by their callers.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp.token import HOLDER_OF_KEY, INCLUSIVE, RSA_SHA1, SHA1, Reply, SigningPlan, Token

Thing = TypeVar("Thing")
Bend = Callable[[Thing, Misbehaviour], Thing]

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
LINE_LENGTH = 76
NEVER_SENT = "urn:uuid:00000000-0000-4000-8000-000000000000"


def keep(thing: Thing, fault: Misbehaviour) -> Thing:  # noqa: ARG001 - the signature of a fault
    """Change nothing: what a stage does for the faults of other stages."""
    return thing


def _window(token: Token, begin: datetime) -> Token:
    return replace(token, not_before=begin, not_on_or_after=begin + (token.not_on_or_after - token.not_before))


def _expired(token: Token, fault: Misbehaviour) -> Token:
    length = token.not_on_or_after - token.not_before
    return _window(token, token.issue_instant - timedelta(seconds=fault.integer("by_s")) - length)


def _future(token: Token, fault: Misbehaviour) -> Token:
    return _window(token, token.issue_instant + timedelta(seconds=fault.integer("by_s")))


CONTENT: Mapping[str, Bend[Token]] = {
    "expired-window": _expired,
    "future-window": _future,
    "wrong-audience": lambda token, fault: replace(token, audience=fault.text("audience")),
    "wrong-issuer": lambda token, fault: replace(token, issuer=fault.text("issuer")),
    "no-conditions": lambda token, _: replace(token, has_conditions=False),
    "holder-of-key": lambda token, _: replace(token, confirmation=HOLDER_OF_KEY),
    "saml20-assertion": lambda token, _: replace(token, saml="2.0"),
}


def _wrong_key(plan: SigningPlan, fault: Misbehaviour) -> SigningPlan:
    key, certificate = _nobodys_key()
    own = fault.text("certificate") == "own"
    return replace(plan, key=key, certificate=certificate if own else plan.certificate)


@lru_cache(maxsize=1)
def _nobodys_key() -> tuple[bytes, str]:
    """Make a key and a self-signed certificate that no domain has registered; once in a process, it takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nobody's signing key")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")


SIGNING: Mapping[str, Callable[[SigningPlan, Misbehaviour], SigningPlan | None]] = {
    "wrong-signing-key": _wrong_key,
    "sha1-signature": lambda plan, _: replace(plan, signature_method=RSA_SHA1, digest_method=SHA1),
    "unsigned": lambda _plan, _: None,
    "no-certificate": lambda plan, _: replace(plan, certificate=""),
    "inclusive-c14n": lambda plan, _: replace(plan, canonicalization=INCLUSIVE),
    "signature-first": lambda plan, _: replace(plan, position="first"),
    "whole-document-reference": lambda plan, _: replace(plan, reference=""),
}


def _tamper(assertion: etree._Element, fault: Misbehaviour) -> etree._Element:
    if fault.text("what") == "attribute":
        for attribute in assertion.iter("{*}Attribute"):
            if fault.text("attribute") in {
                attribute.get("AttributeName"),
                (attribute.get("Name") or "").split("/")[-1],
            }:
                attribute[0].text = _other_text(attribute[0].text or "")
        return assertion
    for statement in assertion.iter("{*}AuthenticationStatement", "{*}AuthnStatement"):
        name = "AuthenticationInstant" if "AuthenticationInstant" in statement.attrib else "AuthnInstant"
        moment = datetime.fromisoformat(str(statement.get(name)))
        text = (moment - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
        statement.set(name, text + str(statement.get(name))[len(text) :])
    return assertion


def _other_text(text: str) -> str:
    """Return a text of the same length that differs in its last character."""
    return text[:-1] + ("1" if text[-1:] != "1" else "2")


def _break_lines(assertion: etree._Element, fault: Misbehaviour) -> etree._Element:
    ending = "\r\n" if fault.text("ending") == "crlf" else "\n"
    for element in assertion.iter(f"{DSIG}SignatureValue", f"{DSIG}X509Certificate"):
        text = element.text or ""
        lines = [text[start : start + LINE_LENGTH] for start in range(0, len(text), LINE_LENGTH)]
        element.text = ending.join(lines)
    return assertion


SIGNED: Mapping[str, Bend[etree._Element]] = {
    "tampered-after-signing": _tamper,
    "line-breaks-in-signature": _break_lines,
}

REPLY: Mapping[str, Bend[Reply]] = {
    "empty-rstr": lambda reply, _: replace(reply, assertions=()),
    "rstr-without-collection": lambda reply, _: replace(reply, in_collection=False),
    "missing-relates-to": lambda reply, _: replace(reply, relates_to=""),
    "wrong-relates-to": lambda reply, _: replace(reply, relates_to=NEVER_SENT),
}

BYTES: Mapping[str, Bend[bytes]] = {
    "rstr-truncated": lambda body, _: body[: len(body) // 2],
    "rstr-not-xml": lambda _body, _: b"This is not the answer you are looking for.\n",
}

ELSEWHERE = ("second-assertion", "soap-fault")

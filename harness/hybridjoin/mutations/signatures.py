"""Faults of the signature: how it is made, and what becomes of it afterwards."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hybridjoin.mutations import parts, tree
from hybridjoin.mutations.operator import AS_USUAL, Area, Bend, Key, Operator, Signing
from hybridjoin.mutations.parts import SIGNATURE, dsig, need, put, saml
from hybridjoin.mutations.spelling import Respell
from hybridjoin.mutations.tree import Element
from hybridjoin.mutations.values import read_instant, write_instant

_HMAC = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
_LINE = 76


def operators() -> Iterator[Operator]:
    """Yield every fault of the signature, wrapping apart."""
    yield from _made()
    yield from _spoiled()


def _made() -> Iterator[Operator]:
    make = _operator
    yield make("signature-removed", "The assertion is not signed.", Signing(key=Key.NONE), "SIG-01")
    yield make("signature-strangers", "Somebody else signed, and sent the own certificate along.",
               Signing(key=Key.STRANGERS, certificate=Key.STRANGERS), "SIG-03")  # fmt: skip
    yield make("signature-wrong-key", "Somebody else signed, and sent the domain's certificate along.",
               Signing(key=Key.STRANGERS), "SIG-02")  # fmt: skip
    yield make("signature-other-certificate", "The domain's key signed, and KeyInfo holds somebody else's certificate.",
               Signing(certificate=Key.STRANGERS), "SIG-02", "SIG-03")  # fmt: skip
    yield make("signature-no-certificate", "KeyInfo holds no certificate.", Signing(certificate=Key.NONE), "SIG-09")
    yield make("signature-sha1", "Signature and digest are made with SHA-1.", Signing(sha1=True), "SIG-04", "SIG-05")
    yield make("signature-inclusive", "Canonicalization is inclusive.", Signing(inclusive=True), "SIG-07", "SIG-08")
    yield make("signature-whole-document", "The Reference names the whole document.", Signing(reference=""), "SIG-06")
    yield make("signature-extra-transform", "A third transform, XPath, chooses what is signed.",
               Signing(xpath=True), "SIG-02", "SIG-08")  # fmt: skip
    yield make("signature-twice", "The assertion is signed twice.", Signing(times=2), "SIG-13")
    yield make("signature-first", "The Signature is the first child of the assertion.", Signing(first=True), "SAML-15")
    yield Operator(
        id="signature-of-a-part",
        sentence="The Reference names an Id on the Conditions, and nothing else is signed.",
        area=Area.SIGNATURE,
        touches=frozenset({"signature"}),
        catches=frozenset({"SIG-02", "SIG-06"}),
        applies=lambda assertion: "" if _conditions(assertion) is not None else "the assertion has no Conditions",
        bend=lambda assertion: need(_conditions(assertion)).set("Id", "_part"),
        signing=Signing(reference="#_part"),
    )


def _spoiled() -> Iterator[Operator]:
    make = _operator
    spoil_texts = {
        "signature-value": ("SignatureValue", "One character of the SignatureValue is changed after signing."),
        "signature-digest": ("DigestValue", "One character of the DigestValue is changed after signing."),
    }
    for name, (tag, sentence) in spoil_texts.items():
        yield make(name, sentence, AS_USUAL, "SIG-02", spoil=_text(tag, _other_character))
    yield make("signature-empty", "The SignatureValue is empty.", AS_USUAL, "SIG-02",
               spoil=_text("SignatureValue", lambda _: ""))  # fmt: skip
    yield make("signature-hmac", "The SignatureMethod is changed to HMAC, so that the certificate would be the secret.",
               AS_USUAL, "SIG-02", spoil=_algorithm("SignatureMethod", _HMAC))  # fmt: skip
    yield make("signature-reference", "The Reference is led to another id after signing.", AS_USUAL, "SIG-02", "SIG-06",
               spoil=lambda assertion: _in_signature(assertion, "Reference").set("URI", "#_nothing"))  # fmt: skip
    yield make("signature-body-changed", "IssueInstant is written in another way after signing.", AS_USUAL, "SIG-02",
               spoil=_tamper)  # fmt: skip
    yield make("signature-instant-changed", "AuthenticationInstant is a second earlier than what was signed.", AS_USUAL,
               "SIG-02", spoil=_a_second_earlier)  # fmt: skip
    yield value_changed("primarysid", "CLAIM-06")
    yield make("signature-attribute-added", "An Attribute is added after signing.", AS_USUAL, "SIG-02", spoil=_add)
    yield make("signature-digest-in-a-comment",
               "The body is changed, and its new digest stands in a comment before the signed one.", AS_USUAL, "SIG-02",
               spoil=_digest_in_a_comment)  # fmt: skip
    for suffix, ending in (("lf", "\n"), ("crlf", "\r\n")):
        words = "carriage returns (&#13;) and line feeds" if suffix == "crlf" else "line feeds"
        yield make(f"signature-line-breaks-{suffix}", f"SignatureValue and X509Certificate are broken by {words}.",
                   AS_USUAL, "SIG-11", spoil=_broken(ending))  # fmt: skip


def value_changed(claim: str, *catches: str) -> Operator:
    """Return the fault of a claim whose value is changed after signing, by the name of its attribute."""

    def attribute(assertion: Element) -> Element | None:
        found = (item for item in assertion.iter(saml("Attribute")) if item.get("AttributeName") == claim)
        return next((item for item in found if len(item)), None)

    def spoil(assertion: Element) -> None:
        for value in list(need(attribute(assertion)))[:1]:
            put(value, _other_end(tree.raw_text(value)))

    sentence = f"The last character of {claim} is changed after signing."
    changed = _operator("signature-value-changed", sentence, AS_USUAL, "SIG-02", *catches, spoil=spoil)
    missing = f"the assertion has no {claim} with a value"
    return replace(changed, applies=lambda assertion: "" if attribute(assertion) is not None else missing)


def _operator(
    name: str, sentence: str, signing: Signing, *catches: str, harmless: str = "", spoil: Bend | None = None
) -> Operator:
    return Operator(
        id=name,
        sentence=sentence,
        area=Area.SIGNATURE,
        touches=frozenset({"signature"}),
        catches=frozenset(catches),
        harmless=harmless,
        signing=signing,
        spoil=spoil,
    )


def _conditions(assertion: Element) -> Element | None:
    return tree.first(assertion, saml("Conditions"))


def _in_signature(assertion: Element, local: str) -> Element:
    return need(next(need(tree.first(assertion, SIGNATURE)).iter(dsig(local)), None))


def _text(local: str, respell: Respell) -> Bend:
    def spoil(assertion: Element) -> None:
        element = _in_signature(assertion, local)
        put(element, respell(tree.raw_text(element)))

    return spoil


def _other_character(text: str) -> str:
    """Change the first character of base64, which always changes the octets that it stands for."""
    return ("B" if text[:1] == "A" else "A") + text[1:]


def _other_end(text: str) -> str:
    """Return a text of the same length that differs in its last character."""
    return text[:-1] + ("2" if text[-1:] == "1" else "1")


def _a_second_earlier(assertion: Element) -> None:
    for statement in assertion.iter(saml("AuthenticationStatement")):
        text = statement.get("AuthenticationInstant", "")
        moment = read_instant(text)
        if moment is not None:
            statement.set("AuthenticationInstant", write_instant(moment - timedelta(seconds=1), like=text))


def _algorithm(local: str, uri: str) -> Bend:
    return lambda assertion: _in_signature(assertion, local).set("Algorithm", uri)


def _tamper(assertion: Element) -> None:
    assertion.set("IssueInstant", assertion.get("IssueInstant", "").removesuffix("Z") + "+00:00")


def _add(assertion: Element) -> None:
    statement = next(assertion.iter(saml("AttributeStatement")), assertion)
    attribute = tree.new(statement, saml("Attribute"))
    attribute.set("AttributeName", "role")
    attribute.set("AttributeNamespace", "http://schemas.microsoft.com/ws/2008/06/identity/claims")
    tree.new(attribute, saml("AttributeValue")).text = "Administrator"


def _digest_in_a_comment(assertion: Element) -> None:
    _add(assertion)
    bare = tree.copy(assertion)
    parts.drop(tree.first(bare, SIGNATURE))
    forged = base64.b64encode(hashlib.sha256(tree.canonical(bare)).digest()).decode()
    parts.comment_before(_in_signature(assertion, "DigestValue"), forged)


def _broken(ending: str) -> Bend:
    def spoil(assertion: Element) -> None:
        for local in ("SignatureValue", "X509Certificate"):
            element = _in_signature(assertion, local)
            text = tree.raw_text(element)
            put(element, ending.join(text[at : at + _LINE] for at in range(0, len(text), _LINE)))

    return spoil

"""Signs an assertion that somebody has bent, as the reference IdP signs its own; or as a careless or evil signer does.

For mutants: each is signed again, so that the one fault in it is not hidden behind a broken signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import xmlsec
from lxml import etree

from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.doubles.idp.issue import SIGNATURE, SigningIdentity
from hybridjoin.doubles.idp.rendering import render_element
from hybridjoin.doubles.idp.token import INCLUSIVE, RSA_SHA1, SHA1, SigningPlan
from hybridjoin.doubles.idp.token_faults import SIGNING

_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_ID_ATTRIBUTES = ("AssertionID", "Id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to sign: whose key, whose certificate (`own`, `stranger's` or `none`), and with what algorithms.

    `reference` is the Reference's URI where it is not the AssertionID's; with `xpath` a third transform chooses all.
    """

    key: str = "own"
    certificate: str = "own"
    sha1: bool = False
    inclusive: bool = False
    first: bool = False
    reference: str | None = None
    xpath: bool = False


def resign(assertion: etree._Element, identity: SigningIdentity, manner: Manner) -> None:
    """Put an enveloped signature into an assertion, without a line break in it."""
    plan = _plan(assertion, identity, manner)
    signature = render_element("signature.xml", plan=plan)
    if manner.xpath:
        _add_xpath(signature)
    assertion.insert(0 if manner.first else len(assertion), signature)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(plan.key, xmlsec.constants.KeyDataFormatPem)
    for name in _ID_ATTRIBUTES:
        for element in assertion.iter(etree.Element):
            if name in element.attrib:
                context.register_id(element, name)
    context.sign(signature)
    for name in ("SignatureValue", "DigestValue"):
        for element in signature.iter(SIGNATURE + name):
            element.text = "".join((element.text or "").split())


def _plan(assertion: etree._Element, identity: SigningIdentity, manner: Manner) -> SigningPlan:
    strangers = _strangers(identity)
    certificates: Mapping[str, str] = {"own": identity.certificate, "stranger's": strangers.certificate, "none": ""}
    reference = f"#{assertion.get('AssertionID')}" if manner.reference is None else manner.reference
    plan = SigningPlan(
        key=identity.key if manner.key == "own" else strangers.key,
        certificate=certificates[manner.certificate],
        reference=reference,
    )
    if manner.sha1:
        plan = replace(plan, signature_method=RSA_SHA1, digest_method=SHA1)
    return replace(plan, canonicalization=INCLUSIVE) if manner.inclusive else plan


def _strangers(identity: SigningIdentity) -> SigningPlan:
    """Return the plan of a signer whom nobody knows: the fault of the reference IdP that has the same key."""
    fault = FAULTS["wrong-signing-key"].chosen(certificate="own")
    plan = SigningPlan(key=identity.key, certificate=identity.certificate, reference="")
    bent = SIGNING[fault.name](plan, fault)
    if bent is None:
        raise LookupError("the reference IdP has no fault called wrong-signing-key")
    return bent


def _add_xpath(signature: etree._Element) -> None:
    """Put an XPath transform that keeps every node between the two usual ones."""
    transforms = next(signature.iter(f"{SIGNATURE}Transforms"))
    transform = etree.Element(f"{SIGNATURE}Transform", Algorithm=_XPATH)
    etree.SubElement(transform, f"{SIGNATURE}XPath").text = "true()"
    transforms.insert(1, transform)

"""What is said of a signature whose form is refused, of a dispute between verifiers, and of keys under other names."""

from __future__ import annotations

import base64
from dataclasses import replace

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.checks import judge
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import Outcome, Verdict
from tests.checks.breaking import twice_signed
from tests.checks.evidence_factory import HEALTHY, bent, reply_evidence
from tests.protocol.documents import AssertionText, ReplyText, sign, signer


def verdict(requirement: str, evidence: JoinEvidence) -> Verdict:
    return next(item for item in judge(evidence.parts) if item.requirement == requirement)


def changed(old: str, new: str) -> JoinEvidence:
    """A join whose assertion was changed after it was signed."""
    signed = sign(str(AssertionText()))
    assert old in signed
    return bent(**reply_evidence(bytes(ReplyText(tokens=(signed.replace(old, new),)))))


def test_a_signature_that_is_refused_unread_is_told_once_and_says_nothing_of_its_key() -> None:
    evidence = changed("</ds:Signature>", "<ds:Object/></ds:Signature>")
    found = verdict("SIG-02", evidence)

    assert found.outcome is Outcome.FAILED
    assert found.found.startswith("the signature is refused unread: expected no ds:Object")
    for requirement in ("SIG-03", "SIG-10", "SIG-12", "SIG-14"):
        silent = verdict(requirement, evidence)
        assert silent.not_tested is not None
        assert silent.not_tested.requirement == "SIG-02", requirement


def test_a_text_that_is_signed_in_base64_does_not_stand_for_the_assertion() -> None:
    transform = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
    evidence = changed(transform, '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>')

    assert verdict("SIG-02", evidence).outcome is Outcome.FAILED
    assert verdict("SIG-08", evidence).outcome is Outcome.WARNING


def test_what_one_verifier_alone_computes_is_told_as_a_dispute_and_not_as_a_broken_signature() -> None:
    reading = HEALTHY.signature
    assert reading is not None
    disputed = bent(signature=replace(reading, doubt="no word for InclusiveNamespaces", second_opinion=True))

    assert verdict("SIG-02", disputed).outcome is Outcome.PASSED
    found = verdict("SIG-14", disputed)
    assert found.outcome is Outcome.REVIEW
    assert found.found == "xmlsec: it verifies; signxml: no word for InclusiveNamespaces"


def test_of_several_signatures_the_second_verifier_is_not_asked() -> None:
    silent = verdict("SIG-14", twice_signed())

    assert silent.not_tested is not None
    assert silent.not_tested.requirement == "SIG-13"


def renewed_certificate() -> bytes:
    """Another certificate for the key that signs."""
    was = x509.load_der_x509_certificate(signer().certificate)
    builder = x509.CertificateBuilder().subject_name(was.subject).issuer_name(was.issuer).public_key(was.public_key())
    builder = builder.serial_number(2).not_valid_before(was.not_valid_before_utc)
    renewed = builder.not_valid_after(was.not_valid_after_utc).sign(signer().key, hashes.SHA256())
    return renewed.public_bytes(Encoding.DER)


def keyed(certificate: bytes) -> JoinEvidence:
    """A join whose signature is the domain's, with another content of X509Certificate."""
    held, other = (base64.b64encode(item).decode() for item in (signer().certificate, certificate))
    return changed(f">{held}<", f">{other}<")


def test_the_domains_key_under_another_certificate_is_for_people_to_decide() -> None:
    """The device knows keys, Entra's way is not published: it may look for the certificate that KeyInfo holds."""
    evidence = keyed(renewed_certificate())
    found = verdict("SIG-03", evidence)

    assert verdict("SIG-02", evidence).outcome is Outcome.PASSED
    assert found.outcome is Outcome.REVIEW
    assert "the domain's key, and in KeyInfo another certificate for it, " in found.found


def test_an_empty_certificate_is_told_by_the_requirement_about_certificates() -> None:
    evidence = keyed(b"")

    assert (verdict("SIG-02", evidence).outcome, verdict("SIG-03", evidence).outcome) == (Outcome.PASSED,) * 2
    assert verdict("SIG-09", evidence).outcome is Outcome.WARNING
    assert verdict("SIG-09", evidence).found == "an unreadable X509Certificate"

"""Every fault of the areas rstr and signature changes its thing and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xmlsec
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.doubles.idp.issue import Answer
from hybridjoin.mutations.chosen import NAMED

SAML_11 = "{urn:oasis:names:tc:SAML:1.0:assertion}"
SAML_20 = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
Issuer = Callable[..., Answer]
Verifier = Callable[..., None]
Chosen = tuple[str, dict[str, object]]


def chosen(name: str, **options: object) -> Chosen:
    return name, options


def assertion_of(answer: Answer, tag: str = SAML_11) -> etree._Element:
    """Cut the first assertion out, as a client does that sends it on alone."""
    found = etree.fromstring(answer.body).find(f".//{tag}Assertion")
    assert found is not None
    return etree.fromstring(etree.tostring(found, with_tail=False))


def read_by_signxml(assertion: etree._Element, certificate: Path) -> bytes:
    result = XMLVerifier().verify(assertion, x509_cert=certificate.read_text("utf-8"), id_attribute="AssertionID")
    assert not isinstance(result, list)
    return result.signed_data


def flattened(body: bytes) -> Counter[tuple[str, str]]:
    """Return every attribute and text of a document, each named by its element; signature values are left out."""
    found: Counter[tuple[str, str]] = Counter()
    for element in etree.fromstring(body).iter("*"):
        name = etree.QName(element).localname
        found[name, "element"] += 1
        for attribute, value in element.attrib.items():
            found[f"{name}@{etree.QName(attribute).localname}", str(value)] += 1
        if element.text and name not in {"DigestValue", "SignatureValue"}:
            found[name, element.text] += 1
    return found


def changed(without: Answer, with_fault: Answer) -> set[str]:
    before, after = flattened(without.body), flattened(with_fault.body)
    return {name for name, _ in (before - after) + (after - before)}


WINDOW = {"Conditions@NotBefore", "Conditions@NotOnOrAfter"}
CONDITIONS = WINDOW | {"Conditions", "AudienceRestrictionCondition", "Audience"}
SIGNATURE = {
    "Signature", "SignedInfo", "CanonicalizationMethod", "CanonicalizationMethod@Algorithm", "SignatureMethod",
    "SignatureMethod@Algorithm", "Reference", "Reference@URI", "Transforms", "Transform", "Transform@Algorithm",
    "DigestMethod", "DigestMethod@Algorithm", "DigestValue", "SignatureValue", "KeyInfo", "X509Data",
    "X509Certificate",
}  # fmt: skip
REFERENCES = {
    "RequestedSecurityToken", "RequestedAttachedReference", "RequestedUnattachedReference", "SecurityTokenReference",
    "SecurityTokenReference@TokenType", "KeyIdentifier", "KeyIdentifier@ValueType",
}  # fmt: skip
ASSERTION = {
    "Assertion", "Assertion@MajorVersion", "Assertion@MinorVersion", "Assertion@AssertionID", "Assertion@Issuer",
    "Assertion@IssueInstant", "AttributeStatement", "Subject", "NameIdentifier", "NameIdentifier@Format",
    "SubjectConfirmation", "ConfirmationMethod", "Attribute", "Attribute@AttributeName",
    "Attribute@AttributeNamespace", "AttributeValue", "AuthenticationStatement",
    "AuthenticationStatement@AuthenticationMethod", "AuthenticationStatement@AuthenticationInstant",
}  # fmt: skip
SAML_20_OWN = {
    "Assertion@ID", "Assertion@Version", "Issuer", "NameID", "NameID@Format", "SubjectConfirmation@Method",
    "SubjectConfirmationData", "SubjectConfirmationData@NotOnOrAfter", "AudienceRestriction", "AuthnStatement",
    "AuthnStatement@AuthnInstant", "AuthnContext", "AuthnContextClassRef", "Attribute@Name",
}  # fmt: skip

EXACT = [
    (chosen("expired-window"), WINDOW),
    (chosen("future-window"), WINDOW),
    (chosen("wrong-audience"), {"Audience"}),
    (chosen("wrong-issuer"), {"Assertion@Issuer"}),
    (chosen("no-conditions"), CONDITIONS),
    (chosen("holder-of-key"), {"ConfirmationMethod"}),
    (
        chosen("saml20-assertion"),
        (ASSERTION | SAML_20_OWN | WINDOW | {"AudienceRestrictionCondition", "TokenType"})
        - {"Assertion", "Subject", "SubjectConfirmation", "AttributeStatement", "Attribute", "AttributeValue"}
        | {"SecurityTokenReference@TokenType", "KeyIdentifier@ValueType", "Subject", "SubjectConfirmation"},
    ),
    (chosen("second-assertion"), ASSERTION | CONDITIONS | SIGNATURE),
    (chosen("assertion-without-prefix"), set()),
    (chosen("text-behind-assertion"), set()),
    (chosen("empty-rstr"), ASSERTION | CONDITIONS | SIGNATURE | REFERENCES),
    (chosen("rstr-without-collection"), {"RequestSecurityTokenResponseCollection"}),
    (chosen("missing-relates-to"), {"RelatesTo"}),
    (chosen("wrong-relates-to"), {"RelatesTo"}),
    (chosen("token-type-of-profile"), {"TokenType"}),
    (chosen("wrong-signing-key"), {"X509Certificate"}),
    (chosen("wrong-signing-key", certificate="configured"), set()),
    (
        chosen("sha1-signature"),
        {"SignatureMethod@Algorithm", "DigestMethod@Algorithm"},
    ),
    (chosen("unsigned"), SIGNATURE),
    (chosen("tampered-after-signing"), {"AuthenticationStatement@AuthenticationInstant"}),
    (chosen("tampered-after-signing", what="attribute"), {"AttributeValue"}),
    (chosen("line-breaks-in-signature"), {"X509Certificate"}),
    (chosen("line-breaks-in-signature", ending="crlf"), {"X509Certificate"}),
    (chosen("no-certificate"), {"KeyInfo", "X509Data", "X509Certificate"}),
    (chosen("inclusive-c14n"), {"CanonicalizationMethod@Algorithm", "Transform@Algorithm"}),
    (chosen("signature-first"), set()),
    (chosen("whole-document-reference"), {"Reference@URI"}),
]


@pytest.mark.parametrize(
    ("fault", "names"), EXACT, ids=[" ".join(map(str, (fault[0], *fault[1].values()))) for fault, _ in EXACT]
)
def test_a_fault_changes_its_thing_and_nothing_else(answer: Issuer, fault: Chosen, names: set[str]) -> None:
    without, with_fault = answer(), answer(fault)

    assert with_fault.body != without.body
    assert (with_fault.status, with_fault.content_type) == (without.status, without.content_type)
    difference = changed(without, with_fault)
    if fault[0] in {"saml20-assertion", "second-assertion", "empty-rstr"}:
        assert difference <= names
        assert difference
    else:
        assert difference == names


def test_every_fault_of_the_answer_is_tried_here() -> None:
    tried = {name for (name, _), _ in EXACT} | {"rstr-truncated", "rstr-not-xml", "soap-fault"}

    own = {fault.name for fault in FAULTS.values() if fault.area == "rstr"}
    assert sorted(tried ^ (own | {item.name for item in NAMED} | {"signature-first"})) == []


STILL_VALID = (
    "expired-window", "future-window", "wrong-audience", "wrong-issuer", "no-conditions", "holder-of-key",
    "second-assertion", "assertion-without-prefix", "text-behind-assertion", "missing-relates-to", "signature-first",
    "no-certificate",
)  # fmt: skip


@pytest.mark.parametrize("name", STILL_VALID)
@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_a_fault_that_is_not_about_the_signature_leaves_it_valid(
    answer: Issuer, verify: Verifier, profile: str, name: str
) -> None:
    verify(assertion_of(answer(chosen(name), profile=profile)))


@pytest.mark.parametrize(
    "fault",
    [
        chosen("wrong-signing-key", certificate="configured"),
        chosen("tampered-after-signing"),
        chosen("tampered-after-signing", what="attribute", attribute="accounttype"),
    ],
    ids=["wrong key", "tampered instant", "tampered attribute"],
)
@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_a_fault_that_breaks_the_signature_breaks_it_for_both_libraries(
    answer: Issuer, verify: Verifier, keys: Path, profile: str, fault: Chosen
) -> None:
    assertion = assertion_of(answer(fault, profile=profile))

    with pytest.raises(xmlsec.Error):
        verify(assertion)
    with pytest.raises((InvalidSignature, InvalidDigest)):
        read_by_signxml(assertion, keys / "signing.pem")


def test_the_wrong_key_signs_truly_under_its_own_certificate(answer: Issuer, verify: Verifier, tmp_path: Path) -> None:
    assertion = assertion_of(answer(chosen("wrong-signing-key")))
    text = assertion.findtext(f".//{DSIG}X509Certificate")
    (tmp_path / "own.pem").write_text(f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")

    verify(assertion, certificate=tmp_path / "own.pem")


def test_a_sha1_signature_verifies_where_sha1_is_allowed(answer: Issuer, keys: Path) -> None:
    configuration = SignatureConfiguration(
        signature_methods=frozenset({SignatureMethod.RSA_SHA1}), digest_algorithms=frozenset({DigestAlgorithm.SHA1})
    )
    XMLVerifier().verify(
        assertion_of(answer(chosen("sha1-signature"))),
        x509_cert=(keys / "signing.pem").read_text(),
        id_attribute="AssertionID",
        expect_config=configuration,
    )


def test_line_breaks_do_not_break_the_signature_for_a_lenient_reader(answer: Issuer, verify: Verifier) -> None:
    reply = answer(chosen("line-breaks-in-signature", ending="crlf"))

    verify(assertion_of(reply))
    assert b"&#13;\n" in reply.body


def test_a_saml_20_assertion_is_signed_by_its_id(answer: Issuer, verify: Verifier) -> None:
    assertion = assertion_of(answer(chosen("saml20-assertion")), SAML_20)

    verify(assertion, id_attribute="ID")


def test_the_second_assertion_has_an_id_of_its_own_and_stands_behind_the_first(answer: Issuer) -> None:
    reply = answer(chosen("second-assertion"))
    first, second = (a.get("AssertionID") or "" for a in etree.fromstring(reply.body).iter(f"{SAML_11}Assertion"))

    assert second == f"{first}-second"


def test_the_windows_are_off_by_what_was_asked(answer: Issuer) -> None:
    expired = assertion_of(answer(chosen("expired-window", by_s=600), profile="adfs")).find(f"{SAML_11}Conditions")
    future = assertion_of(answer(chosen("future-window", by_s=600), profile="adfs")).find(f"{SAML_11}Conditions")

    assert expired is not None
    assert future is not None
    assert datetime.fromisoformat(expired.get("NotOnOrAfter") or "") == NOW - timedelta(seconds=600)
    assert datetime.fromisoformat(future.get("NotBefore") or "") == NOW + timedelta(seconds=600)


def test_a_truncated_answer_is_not_xml_any_more(answer: Issuer) -> None:
    reply = answer(chosen("rstr-truncated"))

    assert answer().body.startswith(reply.body)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(reply.body)


def test_an_answer_that_is_not_xml_keeps_its_media_type(answer: Issuer) -> None:
    reply = answer(chosen("rstr-not-xml"))

    assert reply.content_type.startswith("application/soap+xml")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(reply.body)


def test_faults_add_up(answer: Issuer) -> None:
    both = answer(chosen("wrong-audience"), chosen("missing-relates-to"))

    assert changed(answer(), both) == {"Audience", "RelatesTo"}

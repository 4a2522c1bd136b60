"""The answer has the shape of its version and profile, says what the token says, and verifies with two libraries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from signxml.verifier import XMLVerifier

from hybridjoin.doubles.idp.config import ConfigError, IdpConfig
from hybridjoin.doubles.idp.issue import Answer
from hybridjoin.doubles.idp.mapping import Claim
from hybridjoin.doubles.idp.signing import SigningIdentity

SAML_11 = "{urn:oasis:names:tc:SAML:1.0:assertion}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
SOAP_12 = "{http://www.w3.org/2003/05/soap-envelope}"
CLAIMS = {
    ("http://schemas.microsoft.com/ws/2012/01", "accounttype"): ("DJ",),
    ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid"): ("S-1-5-9",),
    ("urn:n", "two"): ("a", "b"),
}
Issuer = Callable[..., Answer]
Verifier = Callable[..., None]


def assertion_of(answer: Answer, tag: str = SAML_11) -> etree._Element:
    """Cut the first assertion out, as a client does that sends it on alone."""
    found = etree.fromstring(answer.body).find(f".//{tag}Assertion")
    assert found is not None
    return etree.fromstring(etree.tostring(found, with_tail=False))


def read_by_signxml(assertion: etree._Element, certificate: Path) -> bytes:
    result = XMLVerifier().verify(assertion, x509_cert=certificate.read_text("utf-8"), id_attribute="AssertionID")
    assert not isinstance(result, list)
    return result.signed_data


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
@pytest.mark.parametrize("trust", ["1.3", "2005"])
def test_the_assertion_verifies_with_xmlsec_and_with_signxml(
    answer: Issuer, verify: Verifier, keys: Path, profile: str, trust: str
) -> None:
    assertion = assertion_of(answer(profile=profile, trust=trust))

    verify(assertion)
    assert b"accounttype" in read_by_signxml(assertion, keys / "signing.pem")


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_the_signature_is_the_last_child_without_a_line_break_in_it(answer: Issuer, profile: str) -> None:
    assertion = assertion_of(answer(profile=profile))
    texts = "".join(text for element in assertion.iter(f"{DSIG}*") for text in (element.text, element.tail) if text)

    assert assertion[-1].tag == f"{DSIG}Signature"
    assert texts.split() == [texts]


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_the_assertion_says_what_the_token_says(
    answer: Issuer, make_config: Callable[..., IdpConfig], profile: str
) -> None:
    assertion = assertion_of(answer(profile=profile))
    attributes = {
        (a.get("AttributeNamespace"), a.get("AttributeName")): tuple(value.text for value in a)
        for a in assertion.iter(f"{SAML_11}Attribute")
    }

    assert (assertion.get("MajorVersion"), assertion.get("MinorVersion")) == ("1", "1")
    assert assertion.get("Issuer") == make_config(profile=profile).issuer
    assert attributes == CLAIMS
    assert {e.text for e in assertion.iter(f"{SAML_11}NameIdentifier")} == {"bxFP8oBuXUKCNgmAPaffvg=="}
    assert {e.text for e in assertion.iter(f"{SAML_11}ConfirmationMethod")} == {"urn:oasis:names:tc:SAML:1.0:cm:bearer"}
    assert [e.text for e in assertion.iter(f"{SAML_11}Audience")] == ["urn:federation:MicrosoftOnline"]
    assert len(list(assertion.iter(f"{SAML_11}AuthenticationStatement"))) == 1


def test_adfs_writes_milliseconds_and_pingone_whole_seconds(answer: Issuer) -> None:
    assert assertion_of(answer(profile="adfs")).get("IssueInstant") == "2026-11-20T12:00:00.250Z"
    assert assertion_of(answer(profile="pingone")).get("IssueInstant") == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
@pytest.mark.parametrize(
    ("trust", "namespace", "outermost", "action", "key_type"),
    [
        (
            "1.3",
            "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
            "RequestSecurityTokenResponseCollection",
            "/RSTRC/IssueFinal",
            "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
        ),
        (
            "2005",
            "http://schemas.xmlsoap.org/ws/2005/02/trust",
            "RequestSecurityTokenResponse",
            "/RSTR/Issue",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
        ),
    ],
    ids=["1.3", "2005"],
)
def test_the_response_has_the_shape_of_its_version(
    answer: Issuer, profile: str, trust: str, namespace: str, outermost: str, action: str, key_type: str
) -> None:
    reply = answer(profile=profile, trust=trust)
    root = etree.fromstring(reply.body)
    body = root.find(f"{SOAP_12}Body")

    assert reply.content_type == "application/soap+xml; charset=utf-8"
    assert body is not None
    assert body[0].tag == f"{{{namespace}}}{outermost}"
    assert root.findtext(".//{*}Header/{*}Action") == namespace + action
    assert root.findtext(".//{*}Header/{*}RelatesTo") == "urn:uuid:1"
    assert root.findtext(f".//{{{namespace}}}KeyType") == key_type
    assert root.findtext(f".//{{{namespace}}}RequestType") == f"{namespace}/Issue"
    assert root.findtext(f".//{{{namespace}}}TokenType") == "urn:oasis:names:tc:SAML:1.0:assertion"
    references = {element.text for element in root.iter("{*}KeyIdentifier")}
    assert references == {assertion_of(reply).get("AssertionID")}


HOSTILE = ("<&>\"'", " ", "two\nlines", "cr\r\nlf", "nul\x00bell\x07", "😀", "</AttributeValue>", "{{ 7*7 }}", "")


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_any_value_arrives_as_it_is_and_the_signature_holds(
    answer: Issuer, verify: Verifier, profile: str, value: str
) -> None:
    claim = Claim(name="n", namespace="urn:n", values=(value,))
    assertion = assertion_of(answer(profile=profile, claims=(claim,)))

    verify(assertion)
    expected = value.replace("\x00", "\ufffd").replace("\x07", "\ufffd")
    assert (assertion.findtext(f".//{SAML_11}AttributeValue") or "") == expected


def test_a_signing_identity_never_shows_its_key(identity: SigningIdentity) -> None:
    assert "PRIVATE" not in repr(identity)


def test_files_that_are_no_key_or_certificate_are_configuration_mistakes(keys: Path) -> None:
    with pytest.raises(ConfigError, match="no PEM certificate"):
        SigningIdentity.read(keys / "signing.key", keys / "signing.key")
    with pytest.raises(ConfigError, match="no PEM private key"):
        SigningIdentity.read(keys / "lookup.password", keys / "signing.pem")

"""A signature's form is judged before anything of it is computed, and nothing that it names is ever opened."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
import xmlsec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hybridjoin.model.reading import SignatureReading
from hybridjoin.protocol import limits, second_verifier, signature
from hybridjoin.protocol.signature import read_signature
from tests.protocol.documents import ASSERTION_ID, NOW, AssertionText, sign, signer

DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SIGNED = sign(str(AssertionText()))
TRANSFORM = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'
REFERENCE = SIGNED[SIGNED.index("<ds:Reference") : SIGNED.index("</ds:Reference>") + len("</ds:Reference>")]
CERTIFICATE = SIGNED[SIGNED.index("<ds:X509Certificate>") : SIGNED.index("</ds:X509Data>")]
NEVER = "file:///nothing-opens-this"


def read(text: str) -> SignatureReading:
    return read_signature(
        text.encode(), assertion_id=ASSERTION_ID, trusted_certificates=(signer().certificate,), issued_at=NOW
    )


def with_algorithm(local: str, algorithm: str, inside: str = "") -> str:
    """The signed assertion with another algorithm in its last element of that name."""
    start = SIGNED.rindex(f"<ds:{local} Algorithm")
    end = SIGNED.index("/>", start) + 2
    return f'{SIGNED[:start]}<ds:{local} Algorithm="{algorithm}">{inside}</ds:{local}>{SIGNED[end:]}'


def in_signature(added: str) -> str:
    return SIGNED.replace("</ds:Signature>", f"{added}</ds:Signature>")


def in_key_info(added: str) -> str:
    return SIGNED.replace("</ds:KeyInfo>", f"{added}</ds:KeyInfo>")


def manifest(uri: str) -> str:
    digest = (
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue>'
    )
    return f'<ds:Manifest><ds:Reference URI="{uri}">{digest}</ds:Reference></ds:Manifest>'


XSLT = (
    '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0">'
    f'<x:include href="{NEVER}"/></x:stylesheet>'
)
DIGITS = "A" * (limits.NUMBER_CHARACTERS.most + 4)
RSA = "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>"
DSA = "<ds:KeyValue><ds:DSAKeyValue><ds:P>{}</ds:P></ds:DSAKeyValue></ds:KeyValue>"

REFUSED = {
    "a Manifest in an Object": (in_signature(f"<ds:Object>{manifest(NEVER)}</ds:Object>"), "no ds:Object"),
    "an empty Object": (in_signature("<ds:Object/>"), "no ds:Object"),
    "a Manifest in KeyInfo": (in_key_info(manifest(NEVER)), "no ds:Manifest"),
    "something after KeyInfo": (in_signature('<x xmlns="urn:x"/>'), "only SignedInfo, SignatureValue, KeyInfo"),
    "an Object in SignedInfo": (SIGNED.replace(REFERENCE, f"{REFERENCE}<ds:Object/>"), "no ds:Object"),
    "two references": (SIGNED.replace(REFERENCE, REFERENCE * 2), "Reference in SignedInfo, found 2"),
    "no reference": (SIGNED.replace(REFERENCE, ""), "Reference in SignedInfo, found 0"),
    "a reference without a URI": (SIGNED.replace(f' URI="#{ASSERTION_ID}"', ""), "found one without a URI"),
    "a reference to another id": (SIGNED.replace(f'URI="#{ASSERTION_ID}"', 'URI="#_other"'), "found #_other"),
    "an XPointer": (SIGNED.replace(f'URI="#{ASSERTION_ID}"', 'URI="#xpointer(/)"'), "found #xpointer(/)"),
    "an external reference": (SIGNED.replace(f'URI="#{ASSERTION_ID}"', 'URI="http://example.test/x"'), "found http:"),
    "a file": (SIGNED.replace(f'URI="#{ASSERTION_ID}"', f'URI="{NEVER}"'), f"found {NEVER}"),
    "XSLT": (
        with_algorithm("Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116", XSLT),
        "found http://www.w3.org",
    ),
    "XPath": (
        with_algorithm("Transform", "http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>//*</ds:XPath>"),
        "enveloped-signature and canonicalization as ds:Transform",
    ),
    "XPath 2": (
        with_algorithm("Transform", "http://www.w3.org/2002/06/xmldsig-filter2"),
        "found http://www.w3.org/2002",
    ),
    "base64": (with_algorithm("Transform", f"{DSIG}base64"), f"found {DSIG}base64"),
    "an XPath in a good transform": (with_algorithm("Transform", EXCLUSIVE, "<ds:XPath/>"), "found <XPath>"),
    "a transform without a name": (with_algorithm("Transform", ""), "found none"),
    "five transforms": (SIGNED.replace(TRANSFORM, TRANSFORM * 4), "at most 4 transforms of a reference, found 5"),
    "a strange canonicalization": (with_algorithm("CanonicalizationMethod", f"{DSIG}base64"), "a canonicalization"),
    "a long PrefixList": (
        with_algorithm(
            "Transform", EXCLUSIVE, f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{"p " * 201}"/>'
        ),
        "at most 200 prefixes in a PrefixList, found 201",
    ),
    "a DEREncodedKeyValue": (
        in_key_info('<k:DEREncodedKeyValue xmlns:k="http://www.w3.org/2009/xmldsig11#"/>'),
        "no ds:DEREncodedKeyValue",
    ),
    "many certificates": (
        SIGNED.replace(CERTIFICATE, CERTIFICATE * 11),
        "at most 10 X509Certificate in KeyInfo, found 11",
    ),
    "a huge certificate": (
        SIGNED.replace("<ds:X509Certificate>", f"<ds:X509Certificate>{'A' * 16384}"),
        "at most 16384 characters of base64 in an X509Certificate",
    ),
    "a huge RSA key": (in_key_info(RSA.format(DIGITS)), "at most 4096 characters of base64 in a key"),
    "a huge DSA key": (in_key_info(DSA.format(DIGITS)), "in ds:P"),
    "a huge SignatureValue": (
        SIGNED.replace("<ds:SignatureValue>", f"<ds:SignatureValue>{DIGITS}"),
        "in ds:SignatureValue",
    ),
    "much in KeyInfo": (in_key_info("<ds:KeyName/>" * 100), "at most 100 elements in KeyInfo"),
    "a comment in a digest": (
        SIGNED.replace("</ds:DigestValue>", "<!-- --></ds:DigestValue>"),
        "found a comment in it",
    ),
    "an instruction in the value": (
        SIGNED.replace("</ds:SignatureValue>", "<?x?></ds:SignatureValue>"),
        "found a processing instruction in it",
    ),
    "no SignedInfo": (SIGNED.replace("ds:SignedInfo", "ds:Nothing"), "found <Nothing>"),
    "two values": (in_signature("<ds:SignatureValue/>"), "SignatureValue in Signature, found 2"),
}


@pytest.fixture
def nothing_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where either library is asked at all."""

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("a library met a signature whose form is refused")

    monkeypatch.setattr(signature._Verifier, "verify", never)
    monkeypatch.setattr(second_verifier, "opinion", never)


@pytest.mark.usefixtures("nothing_computed")
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_tokens_signature_has_no_use_for_is_refused_unread(name: str) -> None:
    text, words = REFUSED[name]
    assert text != SIGNED

    reading = read(text)

    assert (reading.present, reading.valid, reading.trusted, reading.refused) == (True, False, False, True)
    assert reading.problem.startswith("the signature is refused unread: expected ")
    assert words in reading.problem
    assert (reading.second_opinion, reading.key_sha256, reading.signed_assertion_id) == (None, "", "")


@pytest.mark.parametrize("place", ["Object", "KeyInfo", "Reference", "RetrievalMethod"])
def test_no_file_that_a_signature_names_is_opened(tmp_path: Path, place: str) -> None:
    never = tmp_path / "never"
    os.mkfifo(never)  # whoever opens it waits for ever
    texts = {
        "Object": in_signature(f"<ds:Object>{manifest(never.as_uri())}</ds:Object>"),
        "KeyInfo": in_key_info(manifest(never.as_uri())),
        "Reference": SIGNED.replace(f'URI="#{ASSERTION_ID}"', f'URI="{never.as_uri()}"'),
        "RetrievalMethod": in_key_info(f'<ds:RetrievalMethod URI="{never.as_uri()}"/>'),
    }

    assert read(texts[place]).valid is (place == "RetrievalMethod"), "a RetrievalMethod is legal, and nobody follows it"


def resigned(change: str, into: str, *, text: str = "") -> str:
    """Change the signature's SignedInfo and sign it anew, so that all its arithmetic is right."""
    root = etree.fromstring((text or sign(str(AssertionText()))).replace(change, into))
    found = root.find(f"{{{DSIG}}}Signature")
    assert found is not None
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(signer().pem, xmlsec.constants.KeyDataFormatPem)
    context.register_id(root, "AssertionID")
    key_info = found.find(f"{{{DSIG}}}KeyInfo")
    assert key_info is not None
    found.remove(key_info)
    context.sign(found)
    found.append(key_info)
    for value in found.iter(f"{{{DSIG}}}SignatureValue"):
        value.text = "".join((value.text or "").split())
    return etree.tostring(root, encoding="unicode")


def prefix_list(prefixes: str) -> str:
    return f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{prefixes}"/>'


METHOD = f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'


def test_a_prefix_list_of_the_canonicalization_method_is_legal_and_told_as_a_dispute() -> None:
    reading = read(resigned(METHOD, METHOD.replace("/>", f">{prefix_list('saml')}</ds:CanonicalizationMethod>")))

    assert (reading.valid, reading.trusted, reading.problem, reading.refused) == (True, True, "", False)
    assert (reading.second_opinion, reading.signed_assertion_id) == (True, ASSERTION_ID)
    assert "InclusiveNamespaces" in reading.doubt


def test_a_dispute_over_the_form_does_not_save_a_body_that_was_changed() -> None:
    legal = resigned(METHOD, METHOD.replace("/>", f">{prefix_list('saml')}</ds:CanonicalizationMethod>"))

    reading = read(legal.replace(">DJ<", ">User<"))

    assert (reading.valid, reading.doubt, reading.second_opinion) == (False, "", False)


@pytest.mark.parametrize(
    ("change", "into"),
    [
        pytest.param(TRANSFORM, TRANSFORM, id="as it is"),
        pytest.param(TRANSFORM, TRANSFORM.replace("/>", f">{prefix_list('xs saml')}</ds:Transform>"), id="PrefixList"),
        pytest.param(
            TRANSFORM, TRANSFORM.replace("/>", f">{prefix_list('xs&#10;saml')}</ds:Transform>"), id="with a line break"
        ),
        pytest.param(EXCLUSIVE, f"{EXCLUSIVE}WithComments", id="with comments"),
        pytest.param(EXCLUSIVE, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", id="inclusive"),
        pytest.param(EXCLUSIVE, "http://www.w3.org/2006/12/xml-c14n11", id="inclusive 1.1"),
        pytest.param(f'URI="#{ASSERTION_ID}"', 'URI=""', id="the whole document"),
        pytest.param("</ds:SignedInfo>", "</ds:SignedInfo><!-- legal -->", id="a comment between"),
    ],
)
def test_what_is_unusual_and_harmless_verifies_with_both(change: str, into: str) -> None:
    reading = read(resigned(change, into))

    assert (reading.valid, reading.trusted, reading.second_opinion) == (True, True, True), reading.problem
    assert (reading.doubt, reading.refused) == ("", False)


def test_a_stranger_s_key_value_is_not_held_against_the_domain_s_certificate() -> None:
    reading = read(sign(str(AssertionText()), signer("stranger"), key_value=True))

    assert (reading.valid, reading.trusted, reading.second_opinion) == (True, False, None)


DSIG_11 = "http://www.w3.org/2009/xmldsig11#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
CURVE = "urn:oid:1.2.840.10045.3.1.7"
ODD_NUMBERS = st.one_of(
    st.sampled_from(
        ["", " ", "!", "A", "AA==", "AAAA", "AQAB", "/" * 344, "//" * 2048, "=", "\u00e9", "BA==" + "A" * 88]
    ),
    st.binary(max_size=70).map(lambda raw: base64.b64encode(raw).decode()),
)
METHODS = {
    "RSAKeyValue": f"{MORE}rsa-sha256",
    "DSAKeyValue": f"{DSIG_11}dsa-sha256",
    "ECKeyValue": f"{MORE}ecdsa-sha256",
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(METHODS)),
    method=st.sampled_from([*METHODS.values(), f"{MORE}hmac-sha256", "urn:x"]),
    numbers=st.lists(ODD_NUMBERS, min_size=4, max_size=4),
    value=ODD_NUMBERS,
    curve=st.sampled_from([CURVE, "urn:oid:1.2", ""]),
    beside=st.booleans(),
)
def test_whatever_stands_in_a_key_value_the_signature_is_judged(
    kind: str, method: str, numbers: list[str], value: str, curve: str, *, beside: bool
) -> None:
    parts = {"RSAKeyValue": ("Modulus", "Exponent"), "DSAKeyValue": ("P", "Q", "G", "Y"), "ECKeyValue": ()}[kind]
    inner = "".join(f"<ds:{part}>{number}</ds:{part}>" for part, number in zip(parts, numbers, strict=False))
    if kind == "ECKeyValue":
        public = f"<k:PublicKey>{numbers[0]}</k:PublicKey>"
        key = f'<k:ECKeyValue xmlns:k="{DSIG_11}"><k:NamedCurve URI="{curve}"/>{public}</k:ECKeyValue>'
    else:
        key = f"<ds:{kind}>{inner}</ds:{kind}>"
    start, end = SIGNED.index("<ds:KeyInfo>"), SIGNED.index("</ds:KeyInfo>")
    held = SIGNED[start + len("<ds:KeyInfo>") : end] if beside else ""
    text = f"{SIGNED[:start]}<ds:KeyInfo><ds:KeyValue>{key}</ds:KeyValue>{held}{SIGNED[end:]}"
    value_start, value_end = SIGNED.index("<ds:SignatureValue>") + 19, SIGNED.index("</ds:SignatureValue>")
    text = text.replace(SIGNED[value_start:value_end], value).replace(f"{MORE}rsa-sha256", method)

    reading = read(text)

    assert (reading.valid, reading.trusted and not beside) == (False, False)
    assert reading.problem

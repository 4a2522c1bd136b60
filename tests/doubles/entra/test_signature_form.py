"""What xmlsec would follow, run or never end never comes to it: the double reads a signature's form first."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlsec

from hybridjoin.doubles.entra.case import Case
from tests.doubles.entra.bench import case, fired
from tests.doubles.entra.forge import GOOD, certificate

SIGNED = GOOD.xml().decode()
DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
TRANSFORM = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'
REFERENCE = SIGNED[SIGNED.index("<ds:Reference") : SIGNED.index("</ds:Reference>") + len("</ds:Reference>")]
HELD = SIGNED[SIGNED.index("<ds:X509Certificate>") : SIGNED.index("</ds:X509Data>")]
KEY = "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>"


def posted(document: str) -> Case:
    return case(base64.b64encode(document.encode()).decode())


def in_signature(added: str) -> str:
    return SIGNED.replace("</ds:Signature>", f"{added}</ds:Signature>")


def in_key_info(added: str) -> str:
    return SIGNED.replace("</ds:KeyInfo>", f"{added}</ds:KeyInfo>")


STRANGE = {
    "an Object": in_signature("<ds:Object/>"),
    "an element of another namespace": in_signature('<x xmlns="urn:x"/>'),
    "a Manifest in KeyInfo": in_key_info("<ds:Manifest/>"),
    "a DEREncodedKeyValue": in_key_info('<k:DEREncodedKeyValue xmlns:k="http://www.w3.org/2009/xmldsig11#"/>'),
    "two references": SIGNED.replace(REFERENCE, REFERENCE * 2),
    "no reference": SIGNED.replace(REFERENCE, ""),
    "a stylesheet": SIGNED.replace(TRANSFORM, TRANSFORM.replace("/>", '><x xmlns="urn:x"/></ds:Transform>')),
    "many transforms": SIGNED.replace(TRANSFORM, TRANSFORM * 4),
    "many certificates": SIGNED.replace(HELD, HELD * 11),
    "a huge certificate": SIGNED.replace("<ds:X509Certificate>", "<ds:X509Certificate>" + "A" * 20_000),
    "a huge key": in_key_info(KEY.format("A" * 5_000)),
    "a huge value": SIGNED.replace("<ds:SignatureValue>", "<ds:SignatureValue>" + "A" * 5_000),
    "much in KeyInfo": in_key_info("<ds:KeyName/>" * 200),
    "an instruction in the digest": SIGNED.replace("</ds:DigestValue>", "<?x?></ds:DigestValue>"),
    "an endless PrefixList": SIGNED.replace(
        TRANSFORM,
        TRANSFORM.replace(
            "/>", f'><e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{"p " * 5000}"/></ds:Transform>'
        ),
    ),
}


@pytest.fixture
def without_xmlsec(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where xmlsec is asked to verify."""

    def never() -> None:
        raise AssertionError("xmlsec met a signature whose form is strange")

    monkeypatch.setattr(xmlsec, "SignatureContext", never)


@pytest.mark.usefixtures("without_xmlsec")
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_form_is_refused_before_any_cryptography(name: str) -> None:
    assert STRANGE[name] != SIGNED

    assert fired(posted(STRANGE[name])) == "signature-form"


@pytest.mark.usefixtures("without_xmlsec")
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        pytest.param(TRANSFORM, TRANSFORM.replace(EXCLUSIVE, f"{DSIG}base64"), "signature-algorithm", id="base64"),
        pytest.param('URI="#_3f2c"', 'URI="file:///dev/zero"', "signature-reference", id="a file"),
        pytest.param('URI="#_3f2c"', 'URI="#xpointer(/)"', "signature-reference", id="an XPointer"),
        pytest.param('URI="#_3f2c"', 'URI=""', "signature-reference", id="the whole document"),
    ],
)
def test_what_other_rules_refuse_does_not_come_to_xmlsec_either(old: str, new: str, rule: str) -> None:
    assert old in SIGNED

    assert fired(posted(SIGNED.replace(old, new))) == rule


def test_no_file_that_a_signature_names_is_opened(tmp_path: Path) -> None:
    never = tmp_path / "never"
    os.mkfifo(never)  # whoever opens it waits for ever
    uri = never.as_uri()
    digest = (
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue>'
    )
    manifest = f'<ds:Object><ds:Manifest><ds:Reference URI="{uri}">{digest}</ds:Reference></ds:Manifest></ds:Object>'

    assert fired(posted(in_signature(manifest))) == "signature-form"
    assert fired(posted(SIGNED.replace('URI="#_3f2c"', f'URI="{uri}"'))) == "signature-reference"
    assert fired(posted(in_key_info(f'<ds:RetrievalMethod URI="{uri}"/>'))) == ""


HARMLESS: dict[str, Callable[[], Case]] = {
    "a name for the key": lambda: posted(in_key_info("<ds:KeyName>idp</ds:KeyName>")),
    "the key beside its certificate": lambda: posted(in_key_info(KEY.format("AQAB"))),
    "a chain": lambda: posted(SIGNED.replace(HELD, HELD + HELD)),
    "a comment in the digest, which reading drops": lambda: posted(
        SIGNED.replace("</ds:DigestValue>", "<!-- --></ds:DigestValue>")
    ),
    "the end of a day": lambda: case(GOOD.but(issue_instant="2026-03-13T24:00:00Z")),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_taken(name: str) -> None:
    assert fired(HARMLESS[name]()) == ""


def advice(inner: str) -> str:
    return SIGNED.replace(
        "<saml:AttributeStatement>", f"<saml:Advice>{inner}</saml:Advice><saml:AttributeStatement>", 1
    )


ENDLESS = {
    "elements": advice("<a/>" * 12_000),
    "attributes": advice("<a " + " ".join(f'a{at}=""' for at in range(20_000)) + "/>"),
    "namespaces": advice("<a " + " ".join(f'xmlns:p{at}="u"' for at in range(10_000)) + "/>"),
    "instructions": advice("<?a?>" * 40_000),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_canonicalization_would_not_end_over_is_refused_at_once(name: str) -> None:
    begun = time.process_time()

    assert fired(posted(ENDLESS[name])) == "assertion-too-large"
    assert time.process_time() - begun < 2


def test_the_same_key_under_another_certificate_is_not_the_registered_one() -> None:
    other = certificate("idp", days=10)

    assert fired(case(GOOD.but(certificate=other))) == "signing-key-unknown"
    assert fired(posted(SIGNED.replace(HELD, "<ds:X509Certificate/>"))) == "signing-key-unknown"

"""What is said of FederationMetadata.xml: each fault by its own requirement alone, and nothing of what is no fault."""

from __future__ import annotations

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.browser import PublishedMetadata
from hybridjoin.model.redact import redact_body
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol.federation_metadata import parse_federation_metadata
from tests.checks import fedmeta_cases as cases
from tests.checks.browser_cases import browsed
from tests.protocol.documents import ISSUER, signer

GOOD = {Outcome.PASSED, Outcome.SKIPPED}


def judged(published: PublishedMetadata, **changes: object) -> dict[str, Verdict]:
    evidence = browsed(published=published, **changes)
    return {item.requirement: item for item in judge(evidence.parts, BOOK.select("FEDMETA-*"))}


def broken(published: PublishedMetadata, **changes: object) -> set[str]:
    return {name for name, item in judged(published, **changes).items() if item.outcome not in GOOD}


@pytest.mark.parametrize("name", cases.BREAKING)
def test_a_fault_is_told_by_one_requirement_alone(name: str) -> None:
    beside = {"FEDMETA-11": {"FEDMETA-08"}}  # a certificate of another time, of another key as well

    assert broken(cases.BREAKING[name]()) == {name, *beside.get(name, ())}


@pytest.mark.parametrize(
    "published",
    [
        cases.read(b"", status=404),
        cases.read(b"", status=302),
        cases.read(b"<html><body>Sign in</body></html>", kind="text/html"),
        cases.read(b'{"error": "not found"}', kind="application/json"),
    ],
    ids=["404", "redirect", "a page", "JSON"],
)
def test_a_document_that_is_not_there_is_said_and_no_fault(published: PublishedMetadata) -> None:
    said = judged(published)

    assert {item.outcome for item in said.values()} == {Outcome.SKIPPED}
    assert "no federation metadata stands at" in str(said["FEDMETA-01"].not_tested)
    assert published.problem
    assert published.problem in str(said["FEDMETA-02"].not_tested)


@pytest.mark.parametrize(
    "published",
    [cases.read(b"", status=404, named=True), cases.read(b"<html/>", kind="text/html", named=True)],
    ids=["404", "a page"],
)
def test_a_document_that_the_site_file_names_has_to_be_there(published: PublishedMetadata) -> None:
    assert broken(published) == {"FEDMETA-01"}


def test_a_farm_of_several_domains_has_one_entity_and_an_issuer_for_each_domain() -> None:
    own = "http://hybridjoin.test/adfs/services/trust/"

    assert judged(cases.published(issuer="http://sts.corp.test/adfs"), issuer=own)["FEDMETA-02"].outcome in GOOD
    assert "FEDMETA-02" in broken(cases.published(issuer="http://sts.corp.test/adfs"))


def test_of_several_entities_the_issuers_own_is_judged() -> None:
    other = cases.entity(issuer="https://another.hybridjoin.test/").replace("_fed", "_other")
    text = (
        f'<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ID="_fed">{other}{{}}</EntitiesDescriptor>'
    )
    published = cases.read(cases.signed(text.format(cases.entity().replace('ID="_fed"', 'ID="_own"'))))

    assert published.document is not None
    assert published.document.entity_id == ISSUER
    assert broken(published) == set()


def test_adfs_own_shape_is_accused_of_nothing() -> None:
    """AD FS describes an application before its token service, and both roles of SAML 2.0 behind it."""
    other, later = (
        cases.key(use="encryption", der=signer("encryption").certificate),
        "urn:oasis:names:tc:SAML:2.0:protocol",
    )
    application = cases.role(kind="ApplicationServiceType", keys=other, active=None, passive=cases.ACTIVE)
    saml_20 = f'<SPSSODescriptor protocolSupportEnumeration="{later}">{other}{cases.key()}</SPSSODescriptor>'
    certificate = cases.ACTIVE.replace("usernamemixed", "certificatemixed")
    published = cases.published(roles=f"{application}{cases.role(active=certificate)}{saml_20}")

    assert broken(published) == set()
    assert published.document is not None
    assert [role.spelt for role in published.document.roles] == [
        "fed:ApplicationServiceType", "fed:SecurityTokenServiceType",
    ]  # fmt: skip


def test_a_next_certificate_beside_the_one_in_use_is_no_fault() -> None:
    following = cases.key(der=signer("next").certificate)

    assert broken(cases.published(keys=cases.key() + following)) == set()
    assert broken(cases.published(keys=following + cases.key())) == set()


def test_keys_for_encryption_are_nobodys_affair_here() -> None:
    other = cases.key(use="encryption", text="MIIB")

    assert broken(cases.published(keys=cases.key() + other)) == set()


def test_what_is_optional_may_be_left_out() -> None:
    assert broken(cases.published(passive=None)) == set()


def test_the_key_is_not_asked_for_where_the_assertions_signature_does_not_hold() -> None:
    reading = browsed().signature
    assert reading is not None

    said = judged(cases.published(), signature=None)

    assert said["FEDMETA-08"].outcome is Outcome.SKIPPED
    assert said["FEDMETA-11"].outcome is Outcome.PASSED


def test_a_masked_document_is_judged_alike() -> None:
    body = cases.signed(cases.entity())

    masked = redact_body(body, cases.XML)

    assert masked != body
    assert parse_federation_metadata(masked) == parse_federation_metadata(body)

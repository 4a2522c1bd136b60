"""Where the sentences come from: documents that exist, sections in their own form, and how many were read there."""

from __future__ import annotations

import re

import pytest

from hybridjoin.checks.breaks import BREAKS
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.sources import SOURCES
from hybridjoin.checks.untested import UNTESTED

_BY_NUMBER = (
    "WS",
    "SOAP12",
    "SAML11",
    "XMLDSIG",
    "RFC",
    "MS-N2HT",
    "MS-SPNG",
    "MS-KILE",
    "MS-DVRJ",
    "MS-MWBF",
    "MS-OAPXBC",
    "MS-NLMP",
    "CWE",
    "OIDC",
    "WSFED",
    "SAML-META",
)
_NUMBER = re.compile(r"\d+(\.\d+)*(, \d+)*")
LOSSES = {tuple(loss.source.split(" ", 1)) for losses in BREAKS.values() for loss in losses}
SECTIONS = sorted(
    {(item.specification, item.section) for item in BOOK}
    | {(item.specification, item.section) for item in UNTESTED}
    | {(source, section) for source, section in LOSSES}
)


@pytest.mark.parametrize(("source", "section"), SECTIONS, ids=[" ".join(item) for item in SECTIONS])
def test_a_section_is_written_as_its_document_writes_sections(source: str, section: str) -> None:
    assert source in SOURCES
    assert section.strip()
    assert bool(_NUMBER.fullmatch(section)) is source.startswith(_BY_NUMBER)


def test_no_document_stands_there_for_nothing() -> None:
    assert {source for source, _ in SECTIONS} == set(SOURCES)


# Sentences of ours that the text they lean on does not say in so many words, or whose text could not be had. They say
# `unverified` wherever they are shown.
UNVERIFIED = {
    *("AD-01", "MEX-13", "MEX-19", "MEX-24", "MEX-27", "MEX-28", "MEX-30", "MEX-35", "KRB-03"),
    *("HTTP-04", "HTTP-14", "RSTR-09", "RSTR-20", "SAML-09", "SAML-14", "SIG-11", "SIG-12", "CLAIM-11"),
    *("MANAGED-03", "MANAGED-06", "MANAGED-07", "MANAGED-08"),
    *("FED-04", "FED-07", "FED-08", "FED-12", "FED-13", "FED-14", "FED-18", "FED-23", "FED-28"),
    *("USER-06", "USER-07", "USER-08", "USER-09", "USER-11", "USER-14", "USER-15"),
    *("PASSIVE-14", "PASSIVE-15"),
    *("BRIDGE-25", "BRIDGE-30"),
    *("GATEWAY-12", "GATEWAY-13", "GATEWAY-14"),
    *("PRT-05", "PRT-07"),
    *("FEDMETA-06", "FEDMETA-12", "FEDMETA-13", "FEDMETA-15", "FEDMETA-16", "FEDMETA-17", "FEDMETA-18"),
    *("WORK-02", "WORK-03", "WORK-04", "WORK-05"),
}


def test_a_sentence_was_read_in_its_document_or_is_known_to_be_ours() -> None:
    unverified = {item.id for item in BOOK if not item.verified}

    assert unverified - UNVERIFIED == set(), "read the section and say verified=True, or name the id in UNVERIFIED"
    assert UNVERIFIED - unverified == set(), "these were read by now"
    assert len(unverified) <= len(BOOK) // 6, "too many sentences that no document carries"


@pytest.mark.parametrize(
    ("source", "section", "address"),
    [
        ("RFC4559", "4.1", "https://www.rfc-editor.org/rfc/rfc4559#section-4.1"),
        ("CWE", "209", "https://cwe.mitre.org/data/definitions/209.html"),
        (
            "MS-RENEW",
            "Step 3: Check if your certificate is about to expire",
            "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-o365-certs"
            "#step-3-check-if-your-certificate-is-about-to-expire",
        ),
        ("SAML11", "5.4.2", SOURCES["SAML11"].url),
    ],
)
def test_an_address_leads_to_the_section_where_the_document_has_such_addresses(
    source: str, section: str, address: str
) -> None:
    assert SOURCES[source].address(section) == address
    assert all(item.url == address for item in BOOK if (item.specification, item.section) == (source, section))

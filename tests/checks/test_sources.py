"""Where the sentences come from: documents that exist, sections in their own form, and how many were read there."""

from __future__ import annotations

import re

import pytest

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
    "MS-NLMP",
    "CWE",
)
_NUMBER = re.compile(r"\d+(\.\d+)*(, \d+)*")
SECTIONS = sorted(
    {(item.specification, item.section) for item in BOOK} | {(item.specification, item.section) for item in UNTESTED}
)


@pytest.mark.parametrize(("source", "section"), SECTIONS, ids=[" ".join(item) for item in SECTIONS])
def test_a_section_is_written_as_its_document_writes_sections(source: str, section: str) -> None:
    assert source in SOURCES
    assert section.strip()
    assert bool(_NUMBER.fullmatch(section)) is source.startswith(_BY_NUMBER)


def test_no_document_stands_there_for_nothing() -> None:
    assert {source for source, _ in SECTIONS} == set(SOURCES)


def test_most_sections_were_read_in_the_text_of_their_document() -> None:
    """The floor is what was measured; it may only rise.

    Who adds a requirement reads its section first, and who moves one to another section reads that one: a section
    taken from memory says `unverified`, and enough of those would bring the share below the floor. What is left has
    no text that could be had, or a text that does not say the sentence; then the sentence is ours, and says so.
    """
    verified = [item.id for item in BOOK if item.verified]

    assert len(verified) >= 162
    assert len(BOOK) - len(verified) <= 25


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

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.errors import PeerError
from hybridjoin.evidence.documents import metadata_parts
from hybridjoin.model.verdict import Outcome, Verdict
from hybridjoin.protocol.mex import choose_windows, parse_mex
from tests.protocol.documents import STS_HOST
from tests.protocol.metadata import WINDOWS_13, definitions, in_metadata, in_soap, metadata
from tests.protocol.test_no_surprises import spoiled


def strict_reading(body: bytes) -> Verdict:
    (verdict,) = judge(metadata_parts(parse_mex(body)), BOOK.select("MEX-20"))
    return verdict


@pytest.mark.parametrize(
    "body",
    [definitions(), in_metadata(definitions()), in_soap(in_metadata(definitions())), definitions((WINDOWS_13,))],
    ids=["bare", "in mex:Metadata", "in SOAP", "one port"],
)
def test_zeep_loads_the_wsdl_from_memory(body: str) -> None:
    verdict = strict_reading(body.encode())

    assert verdict.outcome is Outcome.PASSED
    assert verdict.found in {"3 port(s)", "1 port(s)"}


def test_relative_imports_are_answered_too() -> None:
    assert strict_reading(metadata().replace(f"https://{STS_HOST}/mex".encode(), b"")).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('message="tns:In13"', 'message="tns:Lost"', "Issue"),
        ('type="tns:Issue13"', 'type="tns:Lost"', "Lost"),
        ("<wsdl:types>", '<wsdl:import namespace="urn:x" location="https://x.test/wsdl"/><wsdl:types>', "x.test"),
        ('element="t13:RequestSecurityToken"', 'element="tns:RequestSecurityToken"', "invalid part"),
    ],
    ids=["message", "portType", "import of another WSDL", "schema"],
)
def test_what_is_not_in_the_document_is_a_warning_in_zeeps_words(old: str, new: str, words: str) -> None:
    body = definitions()
    assert old in body

    verdict = strict_reading(body.replace(old, new).encode())

    assert verdict.outcome is Outcome.WARNING
    assert words in verdict.found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('<wsdl:binding name="Windows13" ', "<wsdl:binding ", "wsdl:binding without name in line 1"),
        (' binding="tns:Windows13"', "", "wsdl:port without binding in line 1"),
    ],
    ids=["a binding's name", "a port's binding"],
)
def test_an_attribute_that_is_lacking_is_told_in_wsdls_words(old: str, new: str, words: str) -> None:
    body = definitions()
    assert old in body

    assert strict_reading(body.replace(old, new).encode()).found == words


UNREADABLE = metadata().replace(b"https://sts", b"https://[sts")


def test_an_import_that_no_address_leads_to_is_a_warning() -> None:
    body = metadata().replace(b'schemaLocation="https://sts', b'schemaLocation="https://[sts', 1)
    assert body != metadata()

    verdict = strict_reading(body)

    assert verdict.outcome is Outcome.WARNING
    assert "Invalid IPv6 URL" in verdict.found


def test_addresses_that_cannot_be_taken_apart_make_no_check_fall_over() -> None:
    document = parse_mex(UNREADABLE)
    verdicts = {item.requirement: item for item in judge(metadata_parts(document))}

    assert choose_windows(document) is None
    assert verdicts["MEX-04"].outcome is Outcome.FAILED
    assert [item for item in verdicts.values() if item.outcome is Outcome.INTERRUPTED] == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(spoiled((metadata(), metadata((replace(WINDOWS_13, soap="soap11"),)))))
def test_no_metadata_makes_a_check_fall_over(body: bytes) -> None:
    try:
        document = parse_mex(body)
    except PeerError:
        return
    assert [item for item in judge(metadata_parts(document)) if item.outcome is Outcome.INTERRUPTED] == []


def test_an_insecure_address_is_loaded_as_it_stands_and_without_a_word(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    verdict = strict_reading(metadata((replace(WINDOWS_13, scheme="http"),)))

    assert verdict.outcome is Outcome.PASSED
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")

"""JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from hybridjoin.model.record import RunRecord
from hybridjoin.report.formats.junit import render_junit
from tests.report.certification_sample import certified_record
from tests.report.sample import bad_scenario, good_scenario, sample_record


def suite(record: RunRecord) -> etree._Element:
    return etree.fromstring(render_junit(record).encode())


def test_each_outcome_becomes_its_element_and_the_counts_agree() -> None:
    root = suite(sample_record())

    kinds = {
        case.get("name"): [child.tag for child in case if child.tag != "system-out"] for case in root.iter("testcase")
    }
    assert kinds == {
        "pingone-trust-13": [],
        "accounttype-wrong-namespace": ["failure"],
        "directory-dies": ["error"],
    }
    only = root.find("testsuite")
    assert only is not None
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    assert [only.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "0"]


def test_a_failure_says_what_was_expected_what_was_found_and_where() -> None:
    failure = suite(sample_record(bad_scenario())).find(".//failure")

    assert failure is not None
    assert failure.get("message") == "join: expected federated, found synchronized"
    text = failure.text or ""
    assert "scenarios/claims/accounttype-wrong-namespace.scenario.yaml:12:3: join" in text
    assert "exchange: token" in text
    assert "in the namespace of onpremobjectguid" in text


# What the schema that Jenkins validates by (junit-10.xsd) lets stand where; the required attributes come first.
SHAPE = {
    "testsuites": ((), ("name", "time", "tests", "failures", "errors"), ("testsuite",)),
    "testsuite": (
        ("name", "tests", "failures", "errors"),
        ("time", "skipped", "timestamp", "hostname", "id", "package"),
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "testcase": (("name",), ("time", "classname"), ("skipped", "error", "failure", "system-out", "system-err")),
    "failure": ((), ("type", "message"), ()),
    "error": ((), ("type", "message"), ()),
    "skipped": ((), ("type", "message"), ()),
    "system-out": ((), (), ()),
}


@pytest.mark.parametrize("record", [sample_record(interrupted="x"), certified_record()], ids=["run", "certification"])
def test_nothing_stands_where_jenkins_schema_has_no_room_for_it(record: RunRecord) -> None:
    for element in suite(record).iter():
        required, allowed, children = SHAPE[str(element.tag)]
        assert set(required) <= set(element.attrib) <= {*required, *allowed}
        assert {child.tag for child in element} <= set(children)


def test_what_else_is_known_of_a_case_stands_in_its_output() -> None:
    said = suite(sample_record(bad_scenario())).findtext(".//system-out") or ""
    asked = suite(certified_record()).findtext(".//testcase[@name='NEG-01: Sentence NEG-01.']/system-out") or ""

    assert {"join: synchronized", "code: AADSTS51004", "tag: claims"} <= set(said.split("\n"))
    assert asked.split("\n") == ["level: SHOULD", "outcome: warning", "specification: SAML11 2.4.4 (unverified)"]


def test_identities_hold_no_host_no_port_and_no_time() -> None:
    here = sample_record()
    there = replace(
        here,
        site="https://elsewhere.example:8443",
        backend="docker",
        started_at=here.started_at + timedelta(days=400),
        scenarios=tuple(replace(item, elapsed_s=item.elapsed_s + 1) for item in here.scenarios),
    )

    identities = [
        [(case.get("classname"), case.get("name")) for case in suite(run).iter("testcase")] for run in (here, there)
    ]

    assert identities[0] == identities[1]
    assert identities[0][1] == ("scenarios.claims.accounttype-wrong-namespace", "accounttype-wrong-namespace")


def test_an_interrupted_run_is_an_error_even_when_all_that_ran_was_well() -> None:
    root = suite(sample_record(good_scenario(), interrupted="the Docker engine does not answer"))

    error = root.find(".//error")
    assert error is not None
    assert error.get("message") == "the Docker engine does not answer"
    assert root.get("errors") == "1"


def test_characters_that_xml_cannot_hold_do_not_break_the_file() -> None:
    line = replace(bad_scenario().expectations[0], found="\x00\x1b[31m<&\ud800]]>\ufffe")

    failure = suite(sample_record(replace(bad_scenario(), expectations=(line,)))).find(".//failure")

    assert failure is not None
    assert "<&" in (failure.text or "")

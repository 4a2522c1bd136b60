"""TAP, Markdown, SARIF and JUnit of runs and of certifications."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml
from lxml import etree

from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.record import RunRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import NotTested, Outcome, Untested
from hybridjoin.model.where import Where
from hybridjoin.report.formats.cases import State, cases
from hybridjoin.report.formats.catalogue import FORMATS, NAMES, Format
from hybridjoin.report.formats.junit import render_junit
from hybridjoin.report.formats.markdown import LIMIT_BYTES, render_markdown
from hybridjoin.report.formats.sarif import render_sarif
from hybridjoin.report.formats.tap import render_tap
from tests.report.certification_sample import certification, certified_record, requirement
from tests.report.sample import bad_scenario, good_scenario, large_record, sample_record

HOSTILE = "</details><img src=x> @everyone [a](https://evil.example) `x` | #1 \\ \x1b\u2028\nline\ud800"


def elsewhere(record: RunRecord) -> RunRecord:
    """The same run at another place, another day."""
    return replace(
        record,
        site="https://elsewhere.example:8443",
        backend="docker",
        run_id="other",
        started_at=record.started_at + timedelta(days=400),
        finished_at=record.finished_at + timedelta(days=400, seconds=2),
    )


def hostile(record: RunRecord) -> RunRecord:
    certified = certification()
    rows = tuple(
        replace(
            row,
            found=HOSTILE,
            expected=HOSTILE,
            not_tested=NotTested(reason=Untested.ABSENT, detail=HOSTILE),
            where=Where(document=HOSTILE),
        )
        for row in certified.requirements
    )
    line = replace(bad_scenario().expectations[0], found=HOSTILE)
    return replace(
        record,
        interrupted=HOSTILE,
        scenarios=(replace(bad_scenario(), title=HOSTILE, expectations=(line,), error=HOSTILE),),
        certification=replace(certified, requirements=rows) if record.certification else None,
    )


# TAP 14


def points(text: str) -> dict[str, str]:
    """Return each point's id and its line up to the number."""
    found = re.findall(r"^((?:not )?ok) \d+ - (\S+)(.*)$", text, re.MULTILINE)
    return {name: f"{state}{''.join(re.findall(r' # (SKIP|TODO).*', rest))}" for state, name, rest in found}


def test_tap_counts_a_point_for_each_requirement_and_excuses_what_a_list_forgives() -> None:
    text = render_tap(certified_record())

    assert text.startswith("TAP version 14\n1..10\n")
    assert points(text) == {
        "MEX-01": "ok",
        "MEX-13": "not okTODO",
        "NEG-01": "ok",
        "NEG-07": "okSKIP",
        "NEG-08": "okSKIP",
        "CLAIM-02": "not ok",
        "TOKEN-01": "not ok",
        "known": "ok",
        "expected": "not ok",
        "every": "ok",
    }


@pytest.mark.parametrize(
    "record", [certified_record(), sample_record(), hostile(certified_record()), hostile(sample_record())]
)
def test_tap_holds_the_numbers_it_plans_and_blocks_that_are_yaml(record: RunRecord) -> None:
    text = render_tap(record).encode("utf-8", "replace").decode()

    planned = int(re.findall(r"^1\.\.(\d+)$", text, re.MULTILINE)[0])
    numbers = [int(found) for found in re.findall(r"^(?:not )?ok (\d+) ", text, re.MULTILINE)]
    assert numbers == list(range(1, planned + 1))
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.\n", text, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        assert yaml.safe_load(block)["severity"] in {"fail", "error", "warning", "review"}
    known = re.compile(r"TAP version 14|1\.\.\d+|(not )?ok \d+ - .*|  (---|\.\.\.)|  \w+: .*|Bail out! .*")
    assert [line for line in text.rstrip("\n").split("\n") if not known.fullmatch(line)] == []


def test_tap_escapes_what_would_be_a_directive() -> None:
    text = render_tap(sample_record(replace(good_scenario(), title="all is # TODO well \\ said")))

    assert r"all is \# TODO well \\ said" in text


def test_tap_of_an_interrupted_run_bails_out() -> None:
    assert render_tap(sample_record(interrupted="the directory died\nlog")).endswith(
        "Bail out! the directory died log\n"
    )


# Markdown


def test_markdown_says_what_is_broken_what_is_excused_and_what_was_not_tested() -> None:
    text = render_markdown(certified_record())

    assert text.startswith("## ❌ 1 requirement is broken that nothing excuses")
    assert "`CLAIM-02` MUST | Sentence CLAIM-02.<br>SAML11 2.4.4<br>" in text
    assert "`MEX-13` MUST | Sentence MEX-13.<br>SAML11 2.4.4 (unverified)<br>" in text
    assert "`known deviation until 2027-01-31 (idp-team): mended in 7.4`" in text
    assert "- `it is hostile`: NEG-07, NEG-08" in text
    assert "❌ past its date" in text


@pytest.mark.parametrize("record", [hostile(certified_record()), hostile(sample_record())])
def test_nothing_that_a_peer_said_comes_alive_in_markdown(record: RunRecord) -> None:
    text = render_markdown(record)

    outside = re.sub(r"(`+).*?[^`]\1(?!`)", "", text)
    assert not re.search(r"@everyone|https?://|<img|\x1b|\u2028", outside)
    rows = [line for line in text.split("\n") if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} <= {5, 6, 7, 8}


def test_markdown_fits_into_a_comment_and_counts_what_does_not() -> None:
    record = certified_record()
    rows = tuple(requirement(f"MEX-{number}", Outcome.FAILED) for number in range(2000))
    text = render_markdown(replace(record, certification=replace(certification(), requirements=rows)))

    assert len(text.encode()) < LIMIT_BYTES + 200
    assert "lines do not fit here" in text


def test_markdown_of_a_run_leads_with_the_unexpected() -> None:
    rows = [line for line in render_markdown(sample_record()).split("\n") if line.startswith("|")]

    assert "accounttype-wrong-namespace" in rows[2]
    assert "join: expected `federated`, found `synchronized`" in rows[2]
    assert "directory-dies" in rows[3]


# SARIF 2.1.0, as the OASIS text has it


def log(record: RunRecord) -> dict[str, Any]:
    """Return the one run of a log whose outer shape is right (3.13, 3.14)."""
    data: dict[str, Any] = json.loads(render_sarif(record).encode("utf-8", "replace"))
    assert set(data) == {"$schema", "version", "runs"}
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize(
    "record", [certified_record(), sample_record(), large_record(scenarios=4), hostile(certified_record())]
)
def test_sarif_keeps_the_published_shape(record: RunRecord) -> None:
    run = log(record)

    driver = run["tool"]["driver"]
    rules = [rule["id"] for rule in driver["rules"]]
    assert driver["name"] == "hybridjoin"
    assert len(rules) == len(set(rules)) > 0
    assert {rule["defaultConfiguration"]["level"] for rule in driver["rules"]} <= {"error", "warning", "note"}
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]  # 3.27.6
        assert result["message"]["text"]
        assert result["kind"] in {"fail", "review", "open"}
        assert (result["level"] == "none") == (result["kind"] != "fail")  # 3.27.9
        (location,) = result["locations"]
        assert re.fullmatch(r"[\w./%~-]+", location["physicalLocation"]["artifactLocation"]["uri"])
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["hybridjoin/v1"])
        for suppression in result.get("suppressions", []):
            assert suppression["kind"] == "external"  # 3.35.2
            assert suppression["justification"]
    for invocation in run["invocations"]:
        assert invocation["executionSuccessful"] is all(case.state is not State.ERROR for case in cases(record))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", invocation["startTimeUtc"])


def test_sarif_has_a_result_for_each_verdict_that_is_broken_or_unknown() -> None:
    results = {result["ruleId"]: result for result in log(certified_record())["results"]}

    assert {name: (item["kind"], item["level"]) for name, item in results.items()} == {
        "MEX-13": ("fail", "error"),
        "NEG-01": ("fail", "warning"),
        "CLAIM-02": ("fail", "error"),
        "TOKEN-01": ("open", "none"),
    }
    assert "mended in 7.4" in results["MEX-13"]["suppressions"][0]["justification"]
    assert "suppressions" not in results["CLAIM-02"]
    assert results["CLAIM-02"]["locations"][0]["logicalLocations"] == [
        {
            "name": "saml:Attribute accounttype",
            "fullyQualifiedName": "RSTR, saml:Attribute accounttype",
            "kind": "element",
        }
    ]


def test_sarif_points_at_the_scenario_file_and_suppresses_what_it_expects() -> None:
    expected = replace(bad_scenario(), outcome=Outcome.PASSED)

    result = next(item for item in log(sample_record(expected))["results"] if item["ruleId"] == "CLAIM-02")

    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "scenarios/claims/accounttype-wrong-namespace.scenario.yaml"},
        "region": {"startLine": 1},
    }
    assert result["suppressions"][0]["status"] == "accepted"


SITE_FILE = PlaceFile(
    file="sites/contoso.site.yaml",
    lines=(("idp", 4), ("idp.mex_url", 7), ("directory", 10), ("entra", 18), ("entra.federation", 21)),
)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (Where(step=Step.MEX), 7),
        (Where(step=Step.RST, name="saml:Attribute"), 4),
        (Where(step=Step.COMPUTER), 10),
        (Where(step=Step.TOKEN), 18),
        (Where(document="federation settings"), 21),
        (Where(probe="rst-dtd"), 4),
        (None, 4),
    ],
)
def test_sarif_of_a_certification_leads_to_the_site_files_line(where: Where | None, line: int) -> None:
    rows = tuple(replace(row, where=where) for row in certification().requirements)
    record = replace(certified_record(), place=SITE_FILE, certification=replace(certification(), requirements=rows))

    found = {json.dumps(item["locations"][0]["physicalLocation"], sort_keys=True) for item in log(record)["results"]}
    assert found == {
        json.dumps(
            {"artifactLocation": {"uri": "sites/contoso.site.yaml"}, "region": {"startLine": line}}, sort_keys=True
        )
    }


def test_what_a_site_file_does_not_say_leads_to_what_it_would_stand_in() -> None:
    short = PlaceFile(file="a.site.yaml", lines=(("idp", 3),))

    assert [short.line_of(part) for part in ("idp.mex_url", "idp", "entra.federation")] == [3, 3, 1]


def test_sarif_writes_a_file_from_the_root_as_a_file_uri_and_names_no_address_of_its_own() -> None:
    record = replace(certified_record(), place=PlaceFile(file="/srv/über all/a.site.yaml"))
    run = log(record)

    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///srv/%C3%BCber%20all/a.site.yaml"
    assert "informationUri" not in run["tool"]["driver"]


@pytest.mark.parametrize("record", [certified_record(), sample_record()])
def test_identities_hold_no_host_no_port_and_no_time(record: RunRecord) -> None:
    here, there = record, elsewhere(record)

    prints = [[item["partialFingerprints"] for item in log(run)["results"]] for run in (here, there)]
    assert prints[0] == prints[1]
    assert render_tap(here) == render_tap(there)
    names = [
        [
            (case.get("classname"), case.get("name"))
            for case in etree.fromstring(render_junit(run).encode()).iter("testcase")
        ]
        for run in (here, there)
    ]
    assert names[0] == names[1]


# JUnit of a certification


def test_junit_has_one_case_for_each_requirement() -> None:
    root = etree.fromstring(render_junit(certified_record()).encode())

    cases = {
        f"{case.get('classname')} {case.get('name', '').partition(':')[0]}": [
            child.tag for child in case if child.tag != "system-out"
        ]
        for case in root.iter("testcase")
    }
    assert cases == {
        "hybridjoin.certification.MEX MEX-01": [],
        "hybridjoin.certification.MEX MEX-13": ["skipped"],
        "hybridjoin.certification.NEG NEG-01": [],
        "hybridjoin.certification.NEG NEG-07": ["skipped"],
        "hybridjoin.certification.NEG NEG-08": ["skipped"],
        "hybridjoin.certification.CLAIM CLAIM-02": ["failure"],
        "hybridjoin.certification.TOKEN TOKEN-01": ["error"],
        "hybridjoin.certification.deviations known MEX-*": [],
        "hybridjoin.certification.deviations expected SIG-03": ["failure"],
        "hybridjoin.certification every failed join is explained": [],
    }


@pytest.mark.parametrize("form", FORMATS, ids=NAMES)
def test_every_format_survives_hostile_text(form: Format) -> None:
    for record in (hostile(certified_record()), hostile(sample_record())):
        assert form.draw(record).decode("utf-8", "replace" if form.binary else "strict")

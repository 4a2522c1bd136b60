"""What no format of the catalogue may leave out: an end before the end, what is forgiven, what nobody forgives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hybridjoin.model.place_file import PlaceFile
from hybridjoin.model.record import RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.formats.cases import State, cases
from hybridjoin.report.formats.catalogue import FORMATS, Format
from tests.report.certification_sample import certification, certified_record
from tests.report.sample import good_scenario, lost_scenario, sample_record

# A binary log has no place for any of it; what stands beside it says so.
EVERY = pytest.mark.parametrize("form", [item for item in FORMATS if not item.binary], ids=lambda form: form.name)
TELLING = pytest.mark.parametrize("form", [item for item in FORMATS if item.verdicts], ids=lambda form: form.name)
WHOLE = {"run": sample_record(good_scenario()), "certification": certified_record()}


def with_forgiven(change: Callable[[RequirementRow], RequirementRow]) -> RunRecord:
    """A certification whose forgiven requirements were changed."""
    known = certification()
    rows = tuple(change(row) if row.deviation else row for row in known.requirements)
    return replace(certified_record(), certification=replace(known, requirements=rows))


@EVERY
@pytest.mark.parametrize("record", WHOLE.values(), ids=WHOLE)
def test_what_was_interrupted_does_not_look_whole(form: Format, record: RunRecord) -> None:
    broken_off = replace(record, interrupted="the domain controller is gone")

    assert form.draw(broken_off) != form.draw(replace(record, interrupted=""))


@EVERY
def test_a_scenario_that_was_interrupted_does_not_look_passed(form: Format) -> None:
    assert form.draw(sample_record(good_scenario(), lost_scenario())) != form.draw(sample_record(good_scenario()))


@TELLING
def test_what_a_list_forgives_looks_neither_kept_nor_broken(form: Format) -> None:
    broken = with_forgiven(lambda row: replace(row, deviation=""))
    kept = with_forgiven(lambda row: replace(row, deviation="", outcome=Outcome.PASSED, found="", expected=""))

    assert len({form.draw(record) for record in (certified_record(), broken, kept)}) == 3


@TELLING
def test_an_expectation_that_is_not_met_is_told_though_every_verdict_holds(form: Format) -> None:
    good = good_scenario()
    wrong = replace(good.expectations[0], met=False, found="something else")
    failed = replace(good, outcome=Outcome.FAILED, expectations=(wrong, *good.expectations[1:]))

    assert b"something else" in form.draw(sample_record(failed))


def test_every_text_tells_verdicts_or_shows_what_the_device_saw() -> None:
    assert {item.name for item in FORMATS if not item.verdicts} == {"windows-events", "evtx"}
    assert {item.name for item in FORMATS if item.binary} == {"evtx"}


def test_every_case_leads_to_the_line_that_somebody_has_to_look_at() -> None:
    failed = [case for case in cases(sample_record()) if case.state is State.FAILED]
    site = PlaceFile(file="contoso.site.yaml", lines=(("idp", 3), ("idp.mex_url", 4)))
    known = certification()
    rows = tuple(replace(row, place="known.deviations.yaml:12:5") for row in known.deviations)
    record = replace(certified_record(), place=site, certification=replace(known, deviations=rows))

    leads = {case.name: (case.file, case.line) for case in cases(record)}

    assert failed
    assert all(case.text.startswith(f"{case.file}:{case.line}:") for case in failed)
    assert leads["MEX-13"] == ("contoso.site.yaml", 4)
    assert leads["MEX-01"] == ("contoso.site.yaml", 3)
    assert leads["expected SIG-03"] == ("known.deviations.yaml", 12)
    assert {(case.file, case.line) for case in cases(certified_record())} == {("record.json", 1)}

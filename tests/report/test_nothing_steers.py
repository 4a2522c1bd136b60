"""Whatever a peer says, in any field, no picture of a record and no screen lets it steer, or speak in our name."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hybridjoin.bundle.manifest import encode_coverage
from hybridjoin.model.events import JobFinished, JobKind, JobStarted
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.plugin.told import told_of
from hybridjoin.report.compare.runs import compare
from hybridjoin.report.compare.words import comparison_markdown, comparison_text
from hybridjoin.report.formats.catalogue import FORMATS, NAMES, Format
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.ndjson import EventStream
from hybridjoin.report.page.matrix import render_matrix
from hybridjoin.report.progress import RunProgress
from hybridjoin.report.terminal import Screen, run_screen
from tests.report.certification_sample import certified_record
from tests.report.evtx_readers import by_rust
from tests.report.hostile import FORGED, HOSTILE, STEERING, hostile, steers
from tests.report.sample import bad_scenario, sample_record

RECORDS: dict[str, RunRecord] = {
    "run": hostile(sample_record()),
    "certification": hostile(certified_record()),
    "interrupted": hostile(sample_record(interrupted="the domain controller died")),
}


def test_what_is_looked_for_is_found_where_nothing_was_done() -> None:
    found = steers(HOSTILE)

    assert {"U+001B", "U+009B", "U+007F", "U+202E", "U+200B", "U+2028", "U+FEFF", "U+E0041", "U+000D"} <= set(found)
    assert {"::error", "##vso[", "##[", "##teamcity["} <= set(found)
    assert FORGED in found


# Formats that are made of a CI system's orders themselves, and what each of their lines begins with: that is their own.
OWN_ORDERS: Mapping[str, str] = {}


def text_of_log(body: bytes) -> str:
    """What a reader of event logs shows of one."""
    return "\n".join(text for item in by_rust(body) for text in (*item.system.values(), *dict(item.data).values()))


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize("form", FORMATS, ids=NAMES)
def test_in_no_format(form: Format, record: RunRecord) -> None:
    body = form.draw(record)
    if form.binary:  # nobody writes one to a terminal or a log: what is seen of it is seen in a reader
        told = text_of_log(body)
        assert "\\u001b" in told
        assert [name for name in steers(told) if name.startswith("U+")] == []
        return
    drawn = body.decode("utf-8")
    if form.name in OWN_ORDERS:
        drawn = re.sub(f"^{re.escape(OWN_ORDERS[form.name])}", "", drawn, flags=re.MULTILINE)

    assert "\\u001b" in drawn, "the text is there, and can be read"
    assert steers(drawn, page=form.name == "html") == []


@pytest.mark.parametrize("record", [sample_record(), certified_record()], ids=["run", "certification"])
def test_the_record_itself_is_read_back_as_it_was(record: RunRecord) -> None:
    whole = hostile(record)

    assert decode_record(encode_record(whole), place="r") == whole


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_on_no_terminal(record: RunRecord, width: int, *, terminal: bool) -> None:
    out = io.StringIO()
    screen = Screen(file=out, width=width, force_terminal=terminal)
    screen.print(run_screen(record))
    with RunProgress(screen, total=1) as progress:
        for kind in JobKind:
            progress.tell(JobStarted(name=HOSTILE, kind=kind, number=1, total=1))
            progress.tell(
                JobFinished(
                    name=HOSTILE, kind=kind, outcome=Outcome.INTERRUPTED, elapsed_s=1, number=1, total=1, note=HOSTILE
                )
            )

    assert steers(out.getvalue().replace("\r", ""), colours=True) == []


def test_a_text_that_nobody_made_harmless_is_caught_by_the_screen() -> None:
    out = io.StringIO()
    Screen(file=out, width=120, force_terminal=True).print(STEERING, style="red")

    assert steers(out.getvalue(), colours=True) == []


def events(record: RunRecord) -> str:
    out = io.StringIO()
    stream = EventStream(out)
    stream.run_started(1)
    for item in record.scenarios:
        stream.tell(
            JobFinished(
                name=item.id,
                kind=JobKind.SCENARIO,
                outcome=item.outcome,
                elapsed_s=1,
                number=1,
                total=1,
                note=HOSTILE,
                record=item,
            )
        )
    stream.certification_finished(record, Path(HOSTILE.replace("\0", "")))
    assert all(json.loads(line) for line in out.getvalue().splitlines())
    return out.getvalue()


def coverage(record: RunRecord) -> str:
    assert record.certification is not None
    return encode_coverage(record.certification).decode()


def compared(words: Callable[..., str]) -> Callable[[RunRecord], str]:
    def drawn(record: RunRecord) -> str:
        assert record.certification is not None
        rows = tuple(replace(row, outcome=Outcome.FAILED) for row in record.certification.requirements)
        later = replace(record, certification=replace(record.certification, requirements=rows), run_id=HOSTILE)
        return words(compare(record, later))

    return drawn


@pytest.mark.parametrize(
    "picture",
    [
        events,
        coverage,
        compared(comparison_text),
        compared(comparison_markdown),
        lambda record: render_matrix([record, record]),
        lambda record: "\n".join(told_of(item) for item in record.scenarios),
    ],
    ids=["ndjson", "coverage", "compare", "compare-markdown", "matrix", "pytest"],
)
def test_in_nothing_else_that_is_drawn(picture: Callable[[RunRecord], str]) -> None:
    drawn = picture(RECORDS["certification"])

    assert "\\u001b" in drawn
    assert steers(drawn, page=drawn.startswith("<!doctype")) == []


def test_names_in_every_script_stay_readable() -> None:
    names = "Jürgen 日本 Ελλάδα שלום CORP\\uwe"
    record = sample_record(replace(bad_scenario(), title=names))  # one that every list of what is wrong has in it
    record = replace(record, site=names, finished_at=datetime.now(UTC))
    out = io.StringIO()
    Screen(file=out, width=120).print(run_screen(record))

    without = [
        form.name
        for form in FORMATS
        if form.name != "junit" and not form.binary and "日本" not in form.draw(record).decode("utf-8")
    ]
    assert without == [], "these formats lack the title of the scenario that failed"
